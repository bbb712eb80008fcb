// Writes pictures of the window in its states: parley-screens FOLDER
#include "tests/ui/screens/DemoValues.h"
#include "ui/panels/CannedPopup.h"
#include "ui/panels/ConnectionsView.h"
#include "ui/panels/MainWindow.h"
#include "ui/panels/SettingsPage.h"
#include "ui/panels/ShortcutsDialog.h"
#include "ui/panels/Toasts.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QPushButton>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace parley;
using namespace parley::ui;

namespace {

QImage invoice()
{
    QImage image(452, 206, QImage::Format_ARGB32);
    image.fill(QColor(0xE7, 0xEC, 0xEF));
    QPainter p(&image);
    p.fillRect(90, 0, 280, 206, Qt::white);
    p.fillRect(120, 26, 80, 16, QColor(0x5B, 0x84, 0x96));
    for (int y : {26, 46, 90, 112, 134})
        p.fillRect(y < 60 ? 290 : 120, y, 60, 8, QColor(0xC0, 0xC5, 0xCA));
    p.setPen(QPen(QColor(0xB0, 0x27, 0x1C), 4));
    p.drawRoundedRect(236, 160, 116, 34, 6, 6);
    return image;
}

struct Shot {
    QString name;
    QSize size;
    bool dark = false;
    bool mirrored = false;
    std::function<void(MainWindow &)> set;
};

void fill(MainWindow &window)
{
    window.list().model().assign(demo::rows());
    window.list().setCapacity(6);
    window.list().setCrmShortName(u"SF"_s);
    window.rail().setUnread(3);
    window.rail().setWaiting(4);
    window.rail().setNeedsYou(1);
    window.rail().setMe(u"Nora Whitfield"_s, Presence::Available);
}

void openAmelia(MainWindow &window)
{
    const ChatId id{u"c1"_s};
    window.list().setOpenChat(id);
    window.chat().showRow(*window.list().model().find(id), u"Salesforce"_s, u"SF"_s);
    window.chat().context().showContext(u"Pricing, Team plan"_s, u"tallyworks.example/pricing/team"_s,
                                        u"2 min here"_s, u"Leeds, UK, 10:44"_s);
    window.chat().thread().showThread(demo::thread());
    window.chat().thread().setImage(FileId{u"f1"_s}, invoice());
    window.chat().typing().showTyping(u"Amelia"_s,
                                      u"yes please, and could you also send the receipt to our acc"_s);
    window.chat().composer().setCanned(demo::canned());
    window.chat().composer().focusEdit();
}

void typeSlash(MainWindow &window)
{
    fill(window);
    openAmelia(window);
    window.chat().composer().edit()->insertPlainText(u"/cre"_s);
}

/// Several orgs: one in use, one that writes wait for, a service under a long name; the second asks before it
/// goes.
void connections(MainWindow &window)
{
    fill(window);
    window.settingsPage().connections().setConnections(
        {{.id = u"salesforce"_s,
          .name = u"Salesforce"_s,
          .host = u"tallyworks.my.salesforce.com"_s,
          .userName = u"Nora Whitfield"_s,
          .isActive = true},
         {.id = u"salesforce-2"_s,
          .name = u"Salesforce"_s,
          .host = u"tallyworks--uat.sandbox.my.salesforce.com"_s,
          .userName = u"Nora Whitfield"_s,
          .promised = 3},
         {.id = u"salesforce-3"_s,
          .name = u"Invoices of the subsidiaries in the Netherlands and Belgium"_s,
          .host = u"a-very-long-name-of-a-company--production.my.salesforce.com"_s,
          .userName = u"Integration User"_s,
          .isService = true}},
        demo::salesforce());
    window.showPage(Page::Settings);
    if (auto *const out = window.findChild<QPushButton *>(u"signOutCrm.salesforce-2"_s))
        out->click();
}

QList<Shot> shots()
{
    const QSize big(1440, 900);
    const auto plain = [](MainWindow &window) {
        fill(window);
        openAmelia(window);
    };
    const auto failures = [](MainWindow &window) {
        fill(window);
        openAmelia(window);
        QList<desk::ThreadItem> items = demo::thread();
        desk::ThreadItem failed = items.at(3);
        failed.message.clientId = ClientId{u"x"_s};
        failed.message.seq = 0;
        failed.message.text = u"I’ve removed both seats."_s;
        failed.message.at = demo::now().addSecs(-60);
        failed.delivery = desk::Delivery::NotSent;
        items += failed;
        failed.message.clientId = ClientId{u"y"_s};
        failed.delivery = desk::Delivery::Sending;
        failed.message.at = demo::now();
        items += failed;
        window.chat().thread().showThread(items);
        window.chat().setOffline(u"Offline for 0:24"_s, u"Messages are sent when you are back."_s);
        window.list().setNotice(BannerKind::Warn, u"You are offline"_s, u"Trying again in 8 s"_s);
        window.chat().composer().setMode(Composer::Mode::Note);
        window.chat().composer().setDraft(u"Ask Maya before the credit is booked."_s);
        window.chat().toasts().show({.kind = BannerKind::Ok,
                                     .title = u"Case 00041877 attached"_s,
                                     .detail = u"Amelia Hart"_s,
                                     .action = u"Open"_s});
        window.chat().toasts().show({.kind = BannerKind::Bad,
                                     .title = u"Lead not written"_s,
                                     .detail = u"Phone needs a change"_s,
                                     .action = u"Fix"_s,
                                     .stays = true});
    };
    const auto ending = [](MainWindow &window) {
        fill(window);
        openAmelia(window);
        window.chat().endPanel().ask({.visitor = u"Amelia Hart"_s,
                                      .isTyping = true,
                                      .crm = u"Salesforce"_s,
                                      .attach = crm::Attach::Case,
                                      .subject = u"Invoice 20391 charges two extra seats"_s,
                                      .canAttach = true,
                                      .changedFields = 2,
                                      .changedNames = u"Title, Phone"_s,
                                      .canAddNote = true});
    };
    const auto hostile = [](MainWindow &window) {
        fill(window);
        desk::ChatRow row = demo::rows().at(1);
        row.name = u"\u202Eevil.exe <b>bold</b> "_s + QString(300, u'W');
        row.preview = u"<img src=x onerror=alert(1)>\u0007\u001b[31m red\n\nsecond"_s;
        row.segment = QString(80, u'S');
        window.list().model().upsert(row);
        window.list().setOpenChat(row.id);
        window.chat().showRow(row, u"Salesforce"_s, u"SF"_s);
        window.chat().context().showContext(QString(200, u'p'), QString(300, u'a'), u"2 min here"_s,
                                            u"Leeds, UK, 10:44"_s);
        QList<desk::ThreadItem> items = demo::longThread(8);
        items[1].message.text =
            u"<b>not bold</b> & <script>alert(1)</script> \u202Eabc\u202C \u0007 "_s + QString(300, u'x');
        items[2].message.text = QString(20000, u'm');
        window.chat().thread().showThread(items);
        window.chat().thread().verticalScrollBar()->setValue(0);
    };
    return {
        {u"main-light"_s, big, false, false, typeSlash},
        {u"main-dark"_s, big, true, false, typeSlash},
        {u"main-rtl"_s, big, false, true, typeSlash},
        {u"plain-light"_s, big, false, false, plain},
        {u"small-light"_s, {1100, 700}, false, false, plain},
        {u"small-dark"_s, {1100, 700}, true, false, plain},
        {u"drawer-light"_s, {900, 620}, false, false, plain},
        {u"drawer-open"_s,
         {900, 620},
         false,
         false,
         [](MainWindow &window) {
             fill(window);
             openAmelia(window);
             window.setSideShown(true);
         }},
        {u"loading-light"_s, big, false, false,
         [](MainWindow &window) {
             window.list().setLoading(true);
             window.list().setNotice(BannerKind::Warn, u"You are offline"_s,
                                     u"Parley tries again by itself."_s);
         }},
        {u"contrast-light"_s, big, false, false, typeSlash},
        {u"empty-light"_s, big, false, false,
         [](MainWindow &) {
         }},
        {u"empty-dark"_s, big, true, false,
         [](MainWindow &) {
         }},
        {u"failures-light"_s, big, false, false, failures},
        {u"failures-dark"_s, big, true, false, failures},
        {u"end-light"_s, big, false, false, ending},
        {u"hostile-light"_s, big, false, false, hostile},
        {u"settings-light"_s, big, false, false,
         [](MainWindow &window) {
             fill(window);
             window.settingsPage().showConnection(
                 {.state = desk::LineState::Online, .hubName = u"Tallyworks"_s},
                 {.name = u"Nora Whitfield"_s, .email = u"nora@tallyworks.example"_s},
                 u"wss://chat.tallyworks.example"_s, demo::salesforce());
             window.showPage(Page::Settings);
         }},
        {u"connections-light"_s, big, false, false, connections},
        {u"connections-small-dark"_s, {1100, 700}, true, false, connections},
        {u"connections-rtl"_s, big, false, true, connections},
        {u"sync-light"_s, big, false, false,
         [](MainWindow &window) {
             fill(window);
             desk::WriteLine line{.key = u"k"_s,
                                  .kind = kinds::crmCase,
                                  .state = desk::WriteState::Retrying,
                                  .title = u"Invoice 20391 charges two extra seats"_s,
                                  .attempt = 2,
                                  .maxAttempts = 8,
                                  .nextTry = demo::now().addSecs(480),
                                  .error = Error{.code = Errc::RateLimited}};
             desk::WriteLine bad = line;
             bad.state = desk::WriteState::NeedsYou;
             bad.kind = kinds::lead;
             bad.error = Error{.code = Errc::InvalidInput, .fields = {{u"Phone"_s, u"Start with +"_s}}};
             window.sync().showWrites(
                 {{ChatId{u"c1"_s}, u"Amelia Hart"_s, line}, {ChatId{u"c2"_s}, u"Tomás Keller"_s, bad}},
                 demo::salesforce());
             window.showPage(Page::Sync);
         }},
    };
}

} // namespace

int main(int argc, char **argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    const QString folder = argc > 1 ? QString::fromLocal8Bit(argv[1]) : u"."_s;
    const QString only = argc > 2 ? QString::fromLocal8Bit(argv[2]) : QString();
    QDir().mkpath(folder);
    Theme theme;
    theme.dress(app);
    QTemporaryDir profile;
    settings::Settings settings(profile.path());
    for (const Shot &shot : shots()) {
        if (!only.isEmpty() && !shot.name.startsWith(only))
            continue;
        theme.setHighContrast(shot.name.startsWith(u"contrast"_s));
        theme.choose(shot.dark ? ThemeChoice::Dark : ThemeChoice::Light);
        app.setLayoutDirection(shot.mirrored ? Qt::RightToLeft : Qt::LeftToRight);
        auto *side = new Ground(theme, &Palette::bgSide, nullptr, Qt::LeftEdge);
        MainWindow window(
            theme, settings, [] { return demo::now(); }, side);
        window.resize(shot.size);
        window.show();
        std::ignore = QTest::qWaitForWindowExposed(&window);
        window.activateWindow();
        QTest::qWait(20);
        shot.set(window);
        QTest::qWait(150);
        window.grab().save(QDir(folder).filePath(shot.name + u".png"_s));
    }
    return 0;
}

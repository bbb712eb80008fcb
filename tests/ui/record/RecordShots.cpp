// Renders each state of the record pane to PNG files, to be looked at beside the design:
// record_shots DIR [light|dark] [ltr|rtl]
#include "tests/ui/record/RecordSamples.h"
#include "ui/panels/FieldRow.h"
#include "ui/panels/FormView.h"
#include "ui/panels/RecentView.h"
#include "ui/panels/RecordCardView.h"
#include "ui/panels/RecordTabView.h"
#include "ui/panels/RecordTabs.h"
#include "ui/panels/VisitorPane.h"
#include "ui/text/RecordText.h"

#include <QApplication>
#include <QDir>
#include <QPushButton>
#include <QTest>

using namespace parley;
using namespace parley::test;
using namespace parley::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

class Shots
{
public:
    Shots(Theme &theme, QDir dir, QString suffix)
        : m_theme(theme)
        , m_dir(std::move(dir))
        , m_suffix(std::move(suffix))
    {}

    void tab(const QString &name, const desk::RecordTab &tab, int width,
             const std::function<void(RecordTabView &)> &then = {})
    {
        Ground ground(m_theme, &Palette::bgSide);
        ground.resize(width, 900);
        auto *column = new QVBoxLayout(&ground);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(0);
        auto *header = new Ground(m_theme, &Palette::bgSide, &ground, Qt::BottomEdge);
        header->setFixedHeight(48);
        auto *row = new QHBoxLayout(header);
        row->setContentsMargins(16, 0, 8, 1);
        auto *tabs = new RecordTabs(m_theme, header);
        tabs->setTab(tab);
        row->addWidget(tabs);
        row->addStretch();
        column->addWidget(header);
        auto *view = new RecordTabView(m_theme, {}, &ground);
        view->setTab(tab);
        column->addWidget(view, 1);
        auto *status =
            new ElidedLabel(m_theme, RecordText::statusLine(tab), TextRole::Meta, &Palette::tx2, &ground);
        status->setFixedHeight(32);
        column->addWidget(status);
        ground.show();
        QTest::qWait(260);
        if (then) {
            then(*view);
            QTest::qWait(30);
        }
        save(ground, name, width);
    }

    void form(const QString &name, const desk::RecordForm &form, int width)
    {
        FormView view(m_theme, {}, nullptr);
        view.resize(width, 900);
        view.setForm(form, u"Salesforce"_s);
        view.show();
        QTest::qWait(150);
        if (!form.refusals.isEmpty())
            view.setForm(form, u"Salesforce"_s);
        QTest::qWait(30);
        save(view, name, width);
    }

    void lookup(int width)
    {
        std::function<void(Result<QList<Record>>)> answer;
        FormView view(
            m_theme,
            [&answer](const QString &, const QList<RecordKind> &, QObject *, auto then) { answer = then; },
            nullptr);
        view.resize(width, 900);
        view.setForm(leadForm(), u"Salesforce"_s);
        view.show();
        QTest::qWait(60);
        auto *line = view.field(u"CampaignId"_s)->findChild<QLineEdit *>();
        line->setFocus();
        QTest::keyClicks(line, u"spring"_s);
        QTest::qWait(300);
        if (answer)
            answer(QList<Record>{
                record(kinds::campaign, u"1"_s, u"Spring trial 2026"_s, {{u"Status"_s, u"Active"_s}}),
                record(kinds::campaign, u"2"_s, u"Studio spring webinar"_s, {{u"Status"_s, u"Planned"_s}})});
        QTest::qWait(30);
        save(view, u"form-lookup"_s, width);
    }

    void visitor()
    {
        Ground ground(m_theme, &Palette::bgSide);
        ground.resize(400, 900);
        auto *column = new QVBoxLayout(&ground);
        column->setContentsMargins(0, 0, 0, 0);
        auto *pane = new VisitorPane(m_theme, &ground);
        pane->setChat(visitorChat());
        column->addWidget(pane);
        ground.show();
        QTest::qWait(30);
        save(ground, u"visitor"_s, 400);
    }

    void save(QWidget &widget, const QString &name, int width)
    {
        widget.grab().save(m_dir.filePath(u"%1-%2%3.png"_s.arg(name).arg(width).arg(m_suffix)));
    }

private:
    Theme &m_theme;
    QDir m_dir;
    QString m_suffix;
};

desk::RecordTab editedTab()
{
    desk::RecordTab tab = matchedTab();
    tab.cards[0].fields[2].edited = u"Finance Lead"_s;
    tab.plan.attach = crm::Attach::Case;
    return tab;
}

desk::RecordTab hostileTab()
{
    desk::RecordTab tab = matchedTab();
    tab.cards[0].record.title =
        u"<b>Wolfeschlegelsteinhausenbergerdorff</b> \u202e<img src=x onerror=1> Senior the third"_s;
    tab.cards[0].fields[0].text = u"<script>alert(1)</script>\n\n\u202eevil"_s;
    tab.cards[0].fields[1].text.clear();
    tab.cards[0].fields[4].refusal =
        u"Phone must start with + and the country code, such as +351. <b>Now</b>"_s;
    tab.cards[0].fields[4].edited = u"912"_s;
    tab.cards[0].saveError = Error{.code = Errc::InvalidInput};
    tab.crm.isMemoryOnly = true;
    return tab;
}

desk::RecordTab endedTab()
{
    desk::RecordTab tab = matchedTab();
    tab.isChatEnded = true;
    tab.plan.attach = crm::Attach::Case;
    desk::WriteLine done{.key = u"c:case"_s,
                         .kind = kinds::crmCase,
                         .state = desk::WriteState::Done,
                         .title = u"Invoice 20391"_s,
                         .resultTitle = u"00041877"_s,
                         .url = QUrl(u"https://example.com"_s)};
    desk::WriteLine retry{.key = u"c:note"_s,
                          .kind = kinds::note,
                          .state = desk::WriteState::Retrying,
                          .attempt = 2,
                          .maxAttempts = 8,
                          .nextTry = tab.lookedUpAt.addSecs(540),
                          .error = Error{.code = Errc::RateLimited}};
    desk::WriteLine needs{.key = u"c:file"_s,
                          .kind = kinds::file,
                          .state = desk::WriteState::NeedsYou,
                          .error =
                              Error{.code = Errc::InvalidInput, .remoteMessage = u"Title is required"_s}};
    tab.writes = {done, retry, needs};
    return tab;
}

void shootAll(Shots &shots)
{
    shots.tab(u"matched"_s, matchedTab(), 400);
    shots.tab(u"editing"_s, editedTab(), 400,
              [](RecordTabView &view) { view.findChild<FieldRow *>(u"field.Phone"_s)->startEdit(); });
    desk::RecordTab chosen = notFoundTab();
    chosen.chosen = desk::CreateOption::LeadAndTask;
    chosen.hasNewDetails = true;
    shots.tab(u"notfound"_s, chosen, 400, [](RecordTabView &view) { view.chooseOption(0); });
    chosen.chosen = desk::CreateOption::Case;
    shots.tab(u"notfound-case"_s, chosen, 400);
    shots.tab(u"several"_s, severalTab(), 440);
    shots.tab(u"looking"_s, lookingTab(), 400);
    shots.tab(u"failed"_s, failedTab(Errc::Forbidden), 400);
    shots.tab(u"notconnected"_s, notConnectedTab(), 400);
    desk::RecordTab signIn = editedTab();
    signIn.crm.state = desk::CrmState::SignInNeeded;
    shots.tab(u"signin"_s, signIn, 400);
    desk::RecordTab behind = editedTab();
    behind.crm.lastError = Error{.code = Errc::Offline};
    shots.tab(u"unreachable"_s, behind, 400);
    desk::RecordTab promised = matchedTab();
    promised.crm.lastError = Error{.code = Errc::Offline};
    for (desk::CardField &field : promised.cards[0].fields) {
        if (field.name == u"Title" || field.name == u"Phone") {
            field.value =
                field.name == u"Title" ? u"Head of Finance Operations and Treasury"_s : u"+44 20 7946 0999"_s;
            field.isPromised = true;
        }
    }
    promised.writes = {{.key = u"c:edit:1"_s,
                        .action = crm::IntentAction::Update,
                        .kind = kinds::contact,
                        .state = desk::WriteState::Retrying,
                        .attempt = 2,
                        .maxAttempts = 8,
                        .nextTry = promised.lookedUpAt.addSecs(540)}};
    shots.tab(u"promised"_s, promised, 400);
    shots.tab(u"promised"_s, promised, 320);
    behind.crm.lastError = Error{.code = Errc::RateLimited, .isQuotaUsedUp = true};
    shots.tab(u"usedup"_s, behind, 320);
    shots.tab(u"hostile"_s, hostileTab(), 400);
    shots.tab(u"ended"_s, endedTab(), 400);
    shots.tab(u"narrow"_s, editedTab(), 320);
    shots.tab(u"contested"_s, contestedTab(), 400);
    shots.tab(u"contested"_s, contestedTab(), 320);
    const auto openRecent = [](RecordTabView &view) {
        view.findChild<QPushButton *>(u"recentHead"_s)->click();
        const QDateTime at(QDate(2026, 5, 21), QTime(10, 44), Qt::UTC);
        view.recent().setActivities(
            {{.ref = {.kind = kinds::crmCase, .id = {u"1"_s}},
              .number = u"00041877"_s,
              .subject = u"Invoice 20391 charges two extra seats for the third month"_s,
              .status = u"Working"_s,
              .changedAt = at,
              .url = QUrl(u"https://example.com/1"_s)},
             {.ref = {.kind = kinds::task, .id = {u"2"_s}},
              .subject = u"Call back about the renewal"_s,
              .status = u"Completed"_s,
              .isClosed = true,
              .changedAt = at.addDays(-9)}});
    };
    shots.tab(u"recent"_s, matchedTab(), 400, openRecent);
    shots.tab(u"recent"_s, matchedTab(), 320, openRecent);
    shots.tab(u"duplicates"_s, duplicatesTab(true), 400);
    shots.tab(u"duplicates"_s, duplicatesTab(false), 320);
    shots.form(u"form-duplicates"_s, duplicatesForm(true), 608);
    shots.form(u"form-duplicates"_s, duplicatesForm(true), 400);
    shots.form(u"form-blocked"_s, duplicatesForm(false), 608);
    shots.visitor();
    desk::RecordForm form = leadForm();
    shots.form(u"form"_s, form, 608);
    form.refusals = {{u"Phone"_s, u"start with + and the country code, such as +351."_s}};
    form.error = Error{.code = Errc::InvalidInput};
    form.values.insert(u"Industry"_s, u"Design & Media"_s);
    shots.form(u"form-refused"_s, form, 608);
    shots.form(u"form-narrow"_s, form, 400);
    shots.lookup(608);
}

} // namespace

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    QDir dir(arguments.value(1, u"."_s));
    dir.mkpath(u"."_s);
    const bool isDark = arguments.contains(u"dark"_s);
    const bool isMirrored = arguments.contains(u"rtl"_s);
    QLocale::setDefault(QLocale(u"en_GB"_s));
    Theme theme;
    theme.choose(isDark ? ThemeChoice::Dark : ThemeChoice::Light);
    theme.dress(app);
    if (isMirrored)
        app.setLayoutDirection(Qt::RightToLeft);
    Shots shots(theme, dir, QString(isDark ? u"-dark"_s : u""_s) + (isMirrored ? u"-rtl"_s : u""_s));
    shootAll(shots);
    return 0;
}

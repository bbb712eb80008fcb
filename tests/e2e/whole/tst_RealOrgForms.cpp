// The forms of a real org's Contact, Lead and Case, whose recorded describes a sandbox answers: they open,
// can be filled in and make a record. With PARLEY_SCREENSHOTS=FOLDER their pictures are written there.
#include "app/sandbox/Sandbox.h"
#include "core/auth/OAuthClient.h"
#include "core/auth/OAuthTokenSource.h"
#include "core/net/NetworkTransport.h"
#include "core/salesforce/SalesforceClient.h"
#include "ui/panels/FormField.h"
#include "ui/panels/FormView.h"
#include "ui/style/Theme.h"

#include <QApplication>
#include <QDir>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace parley;
using namespace Qt::Literals::StringLiterals;

namespace {

template <class T> Result<T> wait(Async<T> task)
{
    std::optional<Result<T>> answer;
    QObject context;
    whenDone(std::move(task), &context, [&answer](Result<T> result) { answer = std::move(result); });
    if (!QTest::qWaitFor([&answer] { return answer.has_value(); }, 20'000))
        return fail(Errc::TimedOut, u"the test waited in vain"_s);
    return *answer;
}

/// What can be filled in; the rest of the page shows what it has, and a new record has nothing yet.
QStringList writableOn(const crm::Layout &layout)
{
    QStringList names;
    for (const crm::LayoutSection &section : layout.sections) {
        for (const auto &row : section.rows) {
            for (const crm::LayoutCell &cell : row) {
                if (!cell.field.isEmpty() && !cell.isReadOnly)
                    names += cell.field;
            }
        }
    }
    return names;
}

} // namespace

class RealOrgFormsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        const QString real = QStringLiteral(PARLEY_SOURCE_DIR) + u"/../shared/real"_s;
        if (!QDir(real + u"/salesforce/describe"_s).exists())
            QSKIP("no recordings of a real org here");
        m_sandbox = std::make_unique<sandbox::Sandbox>(m_clock, sandbox::Config{.orgFolder = real});
        QVERIFY(m_sandbox->start().has_value());
        const QJsonObject ready = m_sandbox->readyLine()[u"salesforce"].toObject();
        auto settings =
            auth::salesforceSignIn(QUrl(ready[u"loginUrl"].toString()), ready[u"clientId"].toString(),
                                   ready[u"clientSecret"].toString());
        QVERIFY(settings.has_value());
        settings->grant = auth::Grant::ClientCredentials;
        const auto network = std::make_shared<net::NetworkTransport>();
        const auto oauth = std::make_shared<auth::OAuthClient>(network);
        const auto tokens = std::make_shared<auth::ServiceTokenSource>(&m_clock, oauth, *settings);
        m_client = std::make_shared<salesforce::SalesforceClient>(network, tokens, m_clock);
    }
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support )"_s)); }
    void cleanupTestCase()
    {
        m_client.reset();
        m_sandbox.reset();
    }

    void form_opens_isFilledInAndMakesARecord_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<FieldMap>("typed");
        QTest::newRow("Contact") << u"Contact"_s
                                 << FieldMap{{u"LastName"_s, u"Quist"_s},
                                             {u"Email"_s, u"quist@fjord.example"_s},
                                             {u"Birthdate"_s, QDate(1984, 2, 29)}};
        QTest::newRow("Lead") << u"Lead"_s
                              << FieldMap{{u"LastName"_s, u"Quist"_s},
                                          {u"Company"_s, u"Fjord"_s},
                                          {u"AnnualRevenue"_s, 1250000}};
        QTest::newRow("Case") << u"Case"_s
                              << FieldMap{{u"Subject"_s, u"Wrong seats"_s},
                                          {u"SuppliedName"_s, u"Quist"_s},
                                          {u"Origin"_s, u"Web"_s}};
    }
    void form_opens_isFilledInAndMakesARecord()
    {
        QFETCH(QString, kind);
        QFETCH(FieldMap, typed);
        const RecordKind of{kind};
        const auto schema = wait(m_client->describe(of));
        QVERIFY2(schema, schema ? "" : qPrintable(schema.error().detail));
        for (const crm::LayoutPurpose purpose : {crm::LayoutPurpose::Edit, crm::LayoutPurpose::Create}) {
            const auto layout = wait(m_client->layout(of, purpose, {}));
            QVERIFY2(layout, layout ? "" : qPrintable(layout.error().detail));
            desk::RecordForm form{.kind = of, .kindLabel = schema->label};
            form.schema = *schema;
            form.layout = *layout;
            form.values = typed;
            ui::Theme theme;
            theme.dress(*qApp);
            ui::FormView view(theme, {}, nullptr);
            view.resize(608, 900);
            view.setForm(form, u"Salesforce"_s);
            view.show();
            const QStringList shown = writableOn(*layout);
            for (const QString &name : shown)
                QVERIFY2(view.field(name) != nullptr, qPrintable(name));
            for (const QString &name : typed.keys())
                QVERIFY2(shown.contains(name), qPrintable(name));
            if (purpose != crm::LayoutPurpose::Create)
                continue;
            picture(view, theme, kind);
            QSignalSpy saved(&view, &ui::FormView::saveRequested);
            view.submit();
            QCOMPARE(saved.count(), 1);
            const FieldMap values = saved.first().first().value<FieldMap>();
            FieldMap given;
            for (auto it = values.cbegin(); it != values.cend(); ++it) {
                if (it->isValid() && !it->toString().isEmpty())
                    given.insert(it.key(), it.value());
            }
            const auto made = wait(m_client->create({.kind = of, .fields = given}));
            QVERIFY2(made, made ? "" : qPrintable(made.error().remoteMessage));
            const auto read = wait(m_client->get(made->ref, typed.keys()));
            QVERIFY(read);
            for (auto it = typed.cbegin(); it != typed.cend(); ++it)
                QCOMPARE(read->fields.value(it.key()).toString(), it->toString());
        }
    }

private:
    static void picture(QWidget &view, ui::Theme &theme, const QString &kind)
    {
        const QString folder = qEnvironmentVariable("PARLEY_SCREENSHOTS");
        if (folder.isEmpty())
            return;
        view.resize(608, 1600);
        for (const bool isDark : {false, true}) {
            theme.choose(isDark ? ui::ThemeChoice::Dark : ui::ThemeChoice::Light);
            QTest::qWait(50);
            QVERIFY(QDir().mkpath(folder));
            const QString look = isDark ? u"-dark"_s : QString();
            QVERIFY(view.grab().save(u"%1/real-%2%3.png"_s.arg(folder, kind.toLower(), look)));
        }
        theme.choose(ui::ThemeChoice::Light);
    }

    SystemClock m_clock;
    std::unique_ptr<sandbox::Sandbox> m_sandbox;
    std::shared_ptr<salesforce::SalesforceClient> m_client;
};

QTEST_MAIN(RealOrgFormsTest)
#include "tst_RealOrgForms.moc"

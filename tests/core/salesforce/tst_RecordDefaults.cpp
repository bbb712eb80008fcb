// The page and the values that a new record begins with for this very user (UI API), and what is done
// without.
#include "core/salesforce/Describe.h"
#include "tests/core/salesforce/Harness.h"

#include <QFile>

using namespace parley;
using namespace parley::salesforce;
using namespace Qt::Literals::StringLiterals;
using fakes::Harness;
using fakes::Pending;

namespace {

const QByteArray kDescribe = R"({"name":"Contact","label":"Contact","fields":[
 {"name":"LastName","type":"string","label":"Last Name","createable":true,"updateable":true,"nillable":false},
 {"name":"MailingStreet","type":"textarea","label":"Street","createable":true,"nillable":true,"compoundFieldName":"MailingAddress"},
 {"name":"MailingCity","type":"string","label":"City","createable":true,"nillable":true,"compoundFieldName":"MailingAddress"},
 {"name":"MailingAddress","type":"address","label":"Address","createable":false,"nillable":true},
 {"name":"Level__c","type":"picklist","label":"Level","createable":true,"nillable":true},
 {"name":"Since__c","type":"date","label":"Since","createable":true,"nillable":true},
 {"name":"OwnerId","type":"reference","label":"Owner","createable":true,"nillable":true,"relationshipName":"Owner"},
 {"name":"Score__c","type":"double","label":"Score","createable":false,"nillable":true}]})";

const QByteArray kLayouts =
    R"({"layouts":[{"id":"00hA","editLayoutSections":[{"heading":"Old page","useHeading":true,"columns":1,"layoutRows":[
 {"layoutItems":[{"label":"Last Name","required":true,"editableForNew":true,"layoutComponents":[{"type":"Field","value":"LastName"}]}]}]}]}],
 "recordTypeMappings":[{"recordTypeId":"012000000000000AAA","layoutId":"00hA","master":true,"available":true,"defaultRecordTypeMapping":true,"picklistsForRecordType":[]}]})";

const QByteArray kDefaults =
    R"({"layout":{"sections":[{"heading":"About","useHeading":true,"columns":2,"layoutRows":[
 {"layoutItems":[{"label":"Last Name","required":true,"editableForNew":true,"layoutComponents":[{"apiName":"LastName","componentType":"Field","label":"Last Name"}]},
                 {"label":"","required":false,"editableForNew":false,"layoutComponents":[{"apiName":null,"componentType":"EmptySpace"}]}]},
 {"layoutItems":[{"label":"Address","required":false,"editableForNew":true,"layoutComponents":[{"apiName":"MailingStreet","componentType":"Field","label":"Street"},{"apiName":"MailingCity","componentType":"Field","label":"City"}]},
                 {"label":"Level","required":true,"editableForNew":true,"layoutComponents":[{"apiName":"Level__c","componentType":"Field","label":"Level"}]}]}]}]},
 "objectInfos":{"Contact":{"fields":{"CreatedById":{"required":true}}}},
 "record":{"apiName":"Contact","fields":{
  "Level__c":{"displayValue":"Gold","value":"gold"},"Since__c":{"displayValue":null,"value":"2026-05-21"},
  "LastName":{"displayValue":null,"value":null},"Score__c":{"displayValue":null,"value":5},
  "OwnerId":{"displayValue":null,"value":"005000000000001AAA"},
  "Owner":{"displayValue":"Nora","value":{"apiName":"User","fields":{}}}}}})";

} // namespace

class RecordDefaultsTest : public QObject
{
    Q_OBJECT

    /// Answers whatever the client asks for until the layout is there; the defaults with the given answer.
    static crm::Layout layoutWith(Harness &h, int status, const QByteArray &defaults,
                                  crm::LayoutPurpose purpose = crm::LayoutPurpose::Create)
    {
        Pending<crm::Layout> layout(h.client->layout(kinds::contact, purpose, {}));
        const auto isDone = [&] {
            h.clock.advance(std::chrono::milliseconds(100)); // what failed is tried again
            while (h.network.waiting() > 0) {
                const QString path = h.network.request().url.path();
                if (path.contains(u"/record-defaults/"_s))
                    h.network.answerJson(status, defaults);
                else
                    h.network.answerJson(200, path.endsWith(u"/layouts"_s) ? kLayouts : kDescribe);
            }
            return layout.isDone();
        };
        return QTest::qWaitFor(isDone) ? layout.result().value_or(crm::Layout()) : crm::Layout();
    }
    static int asked(const Harness &h, const QString &part)
    {
        return int(std::ranges::count_if(h.network.requests(), [&part](const net::HttpRequest &one) {
            return one.url.path().contains(part);
        }));
    }
    static QStringList fieldsOf(const crm::Layout &layout)
    {
        QStringList names;
        for (const crm::LayoutSection &section : layout.sections) {
            for (const auto &row : section.rows) {
                for (const crm::LayoutCell &cell : row)
                    names += cell.field + (cell.isRequired ? u"*"_s : QString());
            }
        }
        return names;
    }

private slots:
    void layout_isThePageOfThisUser_withItsValues()
    {
        Harness h;
        const crm::Layout layout = layoutWith(h, 200, kDefaults);
        QCOMPARE(layout.sections.first().label, u"About"_s);
        QCOMPARE(fieldsOf(layout),
                 (QStringList{u"LastName*"_s, {}, u"MailingStreet"_s, u"Level__c*"_s, u"MailingCity"_s, {}}));
        // A field that no form may set, a record beside its id and a null are no values to begin with.
        QCOMPARE(layout.defaults, (FieldMap{{u"Level__c"_s, u"gold"_s},
                                            {u"Since__c"_s, QDate(2026, 5, 21)},
                                            {u"OwnerId"_s, u"005000000000001AAA"_s}}));
        QCOMPARE(asked(h, u"record-defaults/create/Contact"_s), 1);
    }

    /// The page that the cards have: asked for with every first visitor, so it costs no more than it must.
    void editPage_asksForNoDefaults()
    {
        Harness h;
        QCOMPARE(layoutWith(h, 200, kDefaults, crm::LayoutPurpose::Edit).sections.first().label,
                 u"Old page"_s);
        QCOMPARE(asked(h, u"record-defaults"_s), 0);
    }

    void kind_thatTheUiApiLacks_hasThePageOfDescribe_andIsAskedForOnce()
    {
        Harness h;
        const QByteArray refusal = R"([{"errorCode":"INVALID_TYPE","message":"not supported"}])";
        QCOMPARE(layoutWith(h, 400, refusal).sections.first().label, u"Old page"_s);
        QCOMPARE(layoutWith(h, 400, refusal).sections.first().label, u"Old page"_s);
        QCOMPARE(asked(h, u"record-defaults"_s), 1);
    }

    void defaults_outOfReach_leaveThePageOfDescribe()
    {
        Harness h;
        const crm::Layout layout = layoutWith(h, 500, R"([{"errorCode":"UNKNOWN_EXCEPTION","message":"x"}])");
        QCOMPARE(layout.sections.first().label, u"Old page"_s);
        QVERIFY(layout.defaults.isEmpty());
        QVERIFY(layout.isProvisional); // so it is asked for again
    }

    /// CRM_FACTS part C, 7: what an object needs, its system fields too, is not what its form asks for.
    void trap7_objectInfoRequired_isNotFormRequired()
    {
        QFile file(QStringLiteral(PARLEY_SOURCE_DIR
                                  "/../shared/real/salesforce/uiapi/record-defaults-create_Account.json"));
        if (!file.open(QIODevice::ReadOnly))
            QSKIP("the recordings are not here");
        const QJsonObject answer = QJsonDocument::fromJson(file.readAll()).object();
        crm::KindSchema schema;
        QStringList needed;
        const QJsonObject fields = answer[u"objectInfos"][u"Account"][u"fields"].toObject();
        for (auto it = fields.begin(); it != fields.end(); ++it) {
            schema.fields += crm::Field{.name = it.key(), .label = it.value()[u"label"].toString()};
            schema.fields.last().isCreateable = it.value()[u"createable"].toBool();
            if (it.value()[u"required"].toBool())
                needed += it.key();
        }
        QVERIFY(needed.contains(u"CreatedById"_s));
        const crm::Layout page =
            layoutOf(layoutDocumentOfUi(answer[u"layout"].toObject()), schema, crm::LayoutPurpose::Create);
        QStringList required = fieldsOf(page);
        required.removeIf([](const QString &name) { return !name.endsWith(u'*'); });
        QCOMPARE(required, QStringList{u"Name*"_s});
        QVERIFY(fieldsOf(page).contains(u"BillingCity"_s)); // a compound's parts
        QCOMPARE(defaultsOf(answer[u"record"].toObject(), schema).value(u"AreaNumber__c"_s).toInt(), 1000);
    }
};

QTEST_GUILESS_MAIN(RecordDefaultsTest)
#include "tst_RecordDefaults.moc"

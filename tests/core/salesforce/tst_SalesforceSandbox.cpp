// The adapter over real sockets against the sandbox: a second opinion on what Salesforce answers.
#include "app/sandbox/Sandbox.h"
#include "core/auth/OAuthTokenSource.h"
#include "core/base/Clock.h"
#include "core/crm/Plan.h"
#include "core/net/NetworkTransport.h"
#include "tests/core/salesforce/Harness.h"

#include <QEventLoop>
#include <QRegularExpression>
#include <QTest>
#include <QTimer>

using namespace parley;
using namespace parley::fakes;
using namespace Qt::Literals::StringLiterals;

namespace {

/// Waits for a task in the event loop.
template <class T> Result<T> wait(Async<T> task)
{
    QEventLoop loop;
    std::optional<Result<T>> answer;
    whenDone(std::move(task), &loop, [&loop, &answer](Result<T> result) {
        answer = std::move(result);
        loop.quit();
    });
    QTimer::singleShot(10'000, &loop, &QEventLoop::quit);
    loop.exec();
    return answer.value_or(fail(Errc::Cancelled, u"the test's patience ended"_s));
}

crm::IdentifyRequest byMail(const QString &mail)
{
    return {.values = {{fields::visitorEmail, mail}},
            .rules = crm::defaultMatchRules(),
            .shown = crm::defaultShownFields()};
}

} // namespace

class SalesforceSandboxTest : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    std::unique_ptr<sandbox::Sandbox> m_sandbox;
    std::shared_ptr<net::NetworkTransport> m_network;
    std::shared_ptr<auth::OAuthClient> m_oauth;
    std::shared_ptr<auth::TokenSource> m_tokens;
    std::shared_ptr<salesforce::SalesforceClient> m_client;

    sandbox::Faults &faults() { return m_sandbox->faults(); }
    int calls() { return m_sandbox->faults().requests(u"/services/data"_s); }
    int count(const QString &statement)
    {
        const auto found = wait(m_client->query(statement));
        return found ? int(found->size()) : -1;
    }

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u".*"_s));
        m_sandbox = std::make_unique<sandbox::Sandbox>(m_clock, sandbox::Config());
        QVERIFY(m_sandbox->start().has_value());
        const QJsonObject ready = m_sandbox->readyLine()[u"salesforce"].toObject();
        auto settings =
            auth::salesforceSignIn(QUrl(ready[u"loginUrl"].toString()), ready[u"clientId"].toString(),
                                   ready[u"clientSecret"].toString());
        QVERIFY(settings.has_value());
        settings->grant = auth::Grant::ClientCredentials;
        m_network = std::make_shared<net::NetworkTransport>();
        m_oauth = std::make_shared<auth::OAuthClient>(m_network);
        m_tokens = std::make_shared<auth::ServiceTokenSource>(&m_clock, m_oauth, *settings);
        m_client = std::make_shared<salesforce::SalesforceClient>(m_network, m_tokens, m_clock);
    }
    void cleanup()
    {
        m_client.reset();
        m_tokens.reset();
        m_network.reset();
        m_sandbox.reset();
    }

    void identify_contact_isOneCallAtTheServer()
    {
        const auto outcome = wait(m_client->identify(byMail(u"amelia.hart@northgate.example"_s)));
        QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().detail));
        QCOMPARE(outcome->kind(), crm::MatchKind::One);
        QCOMPARE(outcome->roundTrips, 1);
        QCOMPARE(calls(), 1);
        QVERIFY(outcome->account.has_value());
        QCOMPARE(outcome->account->title, u"Northgate Logistics"_s);
        QVERIFY(outcome->unreadable.isEmpty());
        QCOMPARE(outcome->candidates[0].evidence[0].field, u"Email"_s);
    }

    void identify_sharedMail_isSeveralInOrder()
    {
        const auto outcome = wait(m_client->identify(byMail(u"OFFICE@fjordline.example"_s)));
        QVERIFY(outcome.has_value());
        QCOMPARE(outcome->kind(), crm::MatchKind::Several);
        QDateTime newest = m_clock.now().addYears(1);
        for (const auto &candidate : outcome->choices()) {
            const QDateTime at = candidate.record.fields[u"LastModifiedDate"_s].toDateTime();
            QVERIFY(at.isValid() && at <= newest);
            newest = at;
        }
    }

    void identify_unknownField_tellsAndGoesOn()
    {
        auto request = byMail(u"amelia.hart@northgate.example"_s);
        request.shown[kinds::contact] += u"Not_There__c"_s;
        const auto first = wait(m_client->identify(request));
        QVERIFY2(first, first ? "" : qPrintable(first.error().detail));
        QCOMPARE(first->kind(), crm::MatchKind::One);
        QCOMPARE(first->unreadable[kinds::contact], QStringList{u"Not_There__c"_s});
        faults().forgetRequests();
        const auto again = wait(m_client->identify(request));
        QCOMPARE(again->roundTrips, 1);
        QCOMPARE(calls(), 1);
    }

    void identify_numberRule_isComparedAsNumber()
    {
        auto request = byMail(u"x@y.z"_s);
        request.values.insert(u"Variable.Staff"_s, u"12"_s);
        request.rules = {{.kind = kinds::account,
                          .name = u"Staff"_s,
                          .conditions = {{u"NumberOfEmployees"_s, u"Variable.Staff"_s}}}};
        const auto outcome = wait(m_client->identify(request));
        QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().remoteMessage));
        QVERIFY(!outcome->rules[0].error);
    }

    void identify_hostileMails_findNobody()
    {
        for (const QString &mail : {u"' OR Name LIKE '%"_s, u"\\' OR Email != '"_s, u"a\\"_s, u"%"_s, u"_"_s,
                                    u"\\u0027 OR ''='"_s, u"😀'"_s, u"x') OR (Id != ''"_s}) {
            const auto outcome = wait(m_client->identify(byMail(mail)));
            QVERIFY2(outcome, qPrintable(mail));
            QCOMPARE(outcome->kind(), crm::MatchKind::None);
        }
    }

    void create_case_isThereOnceAlsoAfterALostAnswer()
    {
        crm::CreateRequest request{.kind = kinds::crmCase,
                                   .fields = {{u"Subject"_s, u"Chat C81F: it's \\ 100% \"broken\" 😀"_s},
                                              {u"Description"_s, u"one\ntwo"_s},
                                              {u"SuppliedEmail"_s, u"a@b.example"_s}},
                                   .key = u"C81F:case"_s,
                                   .markerField = u"Subject"_s};
        faults().add({.kind = sandbox::Fault::Kind::Drop, .path = u"composite"_s});
        const auto lost = wait(m_client->create(request));
        QVERIFY(!lost);
        QVERIFY(isOutcomeUnknown(lost.error().code));
        request.mayExist = true;
        const auto found = wait(m_client->create(request));
        QVERIFY2(found, found ? "" : qPrintable(found.error().remoteMessage));
        QVERIFY(QRegularExpression(u"^\\d{8}$"_s).match(found->title).hasMatch());
        QCOMPARE(count(u"SELECT Id FROM Case WHERE Subject LIKE 'Chat C81F%'"_s), 1);
        const auto read = wait(m_client->get(found->ref, {u"Subject"_s, u"Description"_s}));
        QCOMPARE(read->fields[u"Subject"_s].toString(), request.fields[u"Subject"_s].toString());
    }

    void create_dropBefore_isMadeByTheSecondTry()
    {
        crm::CreateRequest request{.kind = kinds::crmCase,
                                   .fields = {{u"Subject"_s, u"Chat Z1"_s}},
                                   .key = u"Z1:case"_s,
                                   .markerField = u"Subject"_s};
        faults().add({.kind = sandbox::Fault::Kind::DropBefore, .path = u"composite"_s});
        QVERIFY(!wait(m_client->create(request)));
        request.mayExist = true;
        QVERIFY(wait(m_client->create(request)).has_value());
        QCOMPARE(count(u"SELECT Id FROM Case WHERE Subject = 'Chat Z1'"_s), 1);
    }

    void create_refused_namesTheField()
    {
        const auto refused = wait(
            m_client->create({.kind = kinds::lead, .fields = {{u"FirstName"_s, u"Ann"_s}}, .key = u"k"_s}));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Errc::InvalidInput);
        QCOMPARE(refused.error().remoteCode, u"REQUIRED_FIELD_MISSING"_s);
        QStringList names;
        for (const FieldError &field : refused.error().fields)
            names += field.field;
        QVERIFY2(names.contains(u"LastName"_s) && names.contains(u"Company"_s), qPrintable(names.join(u' ')));
    }

    void create_duplicate_isShownThenAllowed()
    {
        crm::CreateRequest request{.kind = kinds::contact,
                                   .fields = {{u"LastName"_s, u"Hart"_s},
                                              {u"FirstName"_s, u"Amelia"_s},
                                              {u"Email"_s, u"amelia.hart@northgate.example"_s}},
                                   .key = u"k"_s};
        const auto refused = wait(m_client->create(request));
        QVERIFY(!refused);
        const auto duplicates = crm::duplicatesOf(refused.error());
        QVERIFY2(duplicates, qPrintable(refused.error().remoteCode));
        QVERIFY(duplicates->mayOverride);
        QVERIFY(!duplicates->records.isEmpty());
        request.allowDuplicate = true;
        QVERIFY(wait(m_client->create(request)).has_value());
    }

    void recent_casesAndTasks_theLastChangedFirst()
    {
        const Record contact = *wait(m_client->create(
            {.kind = kinds::contact, .fields = {{u"LastName"_s, u"Recent"_s}}, .key = u"r"_s}));
        QVERIFY(wait(m_client->recent(contact.ref))->isEmpty());
        const Record first = *wait(m_client->create(
            {.kind = kinds::crmCase,
             .fields = {{u"Subject"_s, u"2026-05-21"_s}, {u"ContactId"_s, contact.ref.id.value}},
             .key = u"r1"_s}));
        const Record task = *wait(m_client->create(
            {.kind = kinds::task,
             .fields = {{u"Subject"_s, u"Call O'Brien"_s}, {u"WhoId"_s, contact.ref.id.value}},
             .key = u"r2"_s}));
        faults().forgetRequests();
        const auto found = wait(m_client->recent(contact.ref));
        QVERIFY2(found, found ? "" : qPrintable(found.error().remoteMessage));
        QCOMPARE(faults().requests(u"/composite/batch"_s), 1); // one round trip
        QCOMPARE(found->size(), 2);
        QVERIFY(found->first().changedAt >= found->last().changedAt);
        const auto aCase = std::ranges::find(*found, first.ref, &crm::Activity::ref);
        QVERIFY(aCase != found->end());
        QCOMPARE(aCase->subject, u"2026-05-21"_s); // a text, whatever it looks like
        QVERIFY(!aCase->number.isEmpty() && !aCase->status.isEmpty() && !aCase->isClosed);
        QVERIFY(aCase->url.isValid());
        const auto aTask = std::ranges::find(*found, task.ref, &crm::Activity::ref);
        QVERIFY(aTask != found->end() && aTask->number.isEmpty());
        QVERIFY(!wait(m_client->recent({.kind = kinds::contact, .id = {u"003' OR Id != '"_s}})));
    }

    void update_intoADuplicate_isShownThenAllowed()
    {
        const Record other = *wait(m_client->create(
            {.kind = kinds::contact,
             .fields = {{u"LastName"_s, u"Hart"_s}, {u"Email"_s, u"a.hart@northgate.example"_s}},
             .key = u"k"_s}));
        crm::UpdateRequest request{.ref = other.ref,
                                   .fields = {{u"Email"_s, u"amelia.hart@northgate.example"_s}}};
        const auto refused = wait(m_client->update(request));
        QVERIFY(!refused);
        const auto duplicates = crm::duplicatesOf(refused.error());
        QVERIFY2(duplicates, qPrintable(refused.error().remoteCode));
        QVERIFY(duplicates->mayOverride);
        QCOMPARE(duplicates->records.size(), 1);
        request.allowDuplicate = true;
        const auto changed = wait(m_client->update(request));
        QVERIFY(changed);
        QCOMPARE(changed->fields.value(u"Email"_s).toString(), u"amelia.hart@northgate.example"_s);
    }

    void update_changedOnly_thenConflict()
    {
        const auto outcome = wait(m_client->identify(byMail(u"amelia.hart@northgate.example"_s)));
        const Record before = outcome->candidates[0].record;
        const auto changed = wait(m_client->update(
            {.ref = before.ref, .fields = {{u"Phone"_s, u"+44 1"_s}}, .ifVersion = before.version}));
        QVERIFY2(changed, changed ? "" : qPrintable(changed.error().remoteMessage));
        QCOMPARE(changed->fields[u"Phone"_s].toString(), u"+44 1"_s);
        QCOMPARE(changed->fields[u"Department"_s], before.fields[u"Department"_s]);
        const auto late = wait(m_client->update(
            {.ref = before.ref, .fields = {{u"Phone"_s, u"+44 2"_s}}, .ifVersion = before.version}));
        QVERIFY(!late);
        QCOMPARE(late.error().code, Errc::Conflict);
        const auto read = wait(m_client->get(before.ref, {u"Phone"_s}));
        QCOMPARE(read->fields[u"Phone"_s].toString(), u"+44 1"_s);
    }

    void note_twice_isOneNote()
    {
        const auto outcome = wait(m_client->identify(byMail(u"amelia.hart@northgate.example"_s)));
        const RecordRef ann = outcome->candidates[0].record.ref;
        crm::NoteRequest request{
            .parent = ann, .title = u"Chat C81F"_s, .text = u"<b>first</b>"_s, .key = u"C81F:note"_s};
        const auto first = wait(m_client->addNote(request));
        QVERIFY2(first, first ? "" : qPrintable(first.error().remoteMessage + first.error().detail));
        request.text = u"second & last"_s;
        const auto second = wait(m_client->addNote(request));
        QVERIFY2(second, second ? "" : qPrintable(second.error().remoteMessage + second.error().detail));
        QCOMPARE(second->id, first->id);
        QCOMPARE(count(u"SELECT Id FROM ContentDocumentLink WHERE LinkedEntityId = '%1'"_s.arg(ann.id.value)),
                 1);
    }

    void file_twice_isOneFile()
    {
        const auto made = wait(m_client->create(
            {.kind = kinds::crmCase, .fields = {{u"Subject"_s, u"Chat F1"_s}}, .key = u"F1:case"_s}));
        QVERIFY(made.has_value());
        const crm::FileRequest request{.parent = made->ref,
                                       .name = u"invoice.pdf"_s,
                                       .mimeType = u"application/pdf"_s,
                                       .content = QByteArray("%PDF\0\xff", 6),
                                       .key = u"F1:file:x"_s};
        const auto first = wait(m_client->addFile(request));
        QVERIFY2(first, first ? "" : qPrintable(first.error().remoteMessage + first.error().detail));
        const auto second = wait(m_client->addFile(request));
        QVERIFY(second.has_value());
        QCOMPARE(second->id, first->id);
        QCOMPARE(count(u"SELECT Id FROM ContentVersion WHERE FirstPublishLocationId = '%1'"_s.arg(
                     made->ref.id.value)),
                 1);
    }

    void session_lapsed_isRenewedUnseen()
    {
        QVERIFY(wait(m_client->query(u"SELECT Id FROM Contact LIMIT 1"_s)).has_value());
        faults().add({.kind = sandbox::Fault::Kind::Unauthorized, .times = 1, .path = u"/services/data"_s});
        QVERIFY(wait(m_client->query(u"SELECT Id FROM Contact LIMIT 1"_s)).has_value());
        faults().add({.kind = sandbox::Fault::Kind::Unauthorized, .times = -1, .path = u"/services/data"_s});
        const auto refused = wait(m_client->query(u"SELECT Id FROM Contact LIMIT 1"_s));
        QCOMPARE(refused.error().code, Errc::Unauthorized);
    }

    void faults_areToldApart_data()
    {
        QTest::addColumn<int>("fault");
        QTest::addColumn<int>("code");
        using Kind = sandbox::Fault::Kind;
        QTest::newRow("limit") << int(Kind::Limit) << int(Errc::RateLimited);
        QTest::newRow("too many") << int(Kind::TooMany) << int(Errc::RateLimited);
        QTest::newRow("unavailable") << int(Kind::Unavailable) << int(Errc::RateLimited);
        QTest::newRow("page") << int(Kind::Html) << int(Errc::BadReply);
        QTest::newRow("dropped") << int(Kind::DropBefore) << int(Errc::Offline);
    }
    void faults_areToldApart()
    {
        QFETCH(int, fault);
        QFETCH(int, code);
        if (sandbox::Fault::Kind(fault) == sandbox::Fault::Kind::Html)
            QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"a success without JSON"_s));
        faults().add({.kind = sandbox::Fault::Kind(fault), .times = -1, .path = u"/services/data"_s});
        const auto refused = wait(m_client->identify(byMail(u"a@b.c"_s)));
        QVERIFY(!refused);
        QCOMPARE(int(refused.error().code), code);
    }

    void lock_isWaitedFor()
    {
        faults().add({.kind = sandbox::Fault::Kind::Lock, .times = 1, .path = u"sobjects/Case"_s});
        const auto made = wait(m_client->create(
            {.kind = kinds::crmCase, .fields = {{u"Subject"_s, u"Chat L1"_s}}, .key = u"L1:case"_s}));
        QVERIFY2(made, made ? "" : qPrintable(made.error().remoteCode));
    }

    void layout_isThePagesOwn()
    {
        const auto layout = wait(m_client->layout(kinds::contact, crm::LayoutPurpose::Create, {}));
        QVERIFY2(layout, layout ? "" : qPrintable(layout.error().detail));
        const auto schema = wait(m_client->describe(kinds::contact));
        QStringList names;
        for (const auto &section : layout->sections) {
            for (const auto &row : section.rows) {
                for (const auto &cell : row) {
                    if (cell.field.isEmpty())
                        continue;
                    QVERIFY2(schema->field(cell.field) != nullptr, qPrintable(cell.field));
                    QVERIFY2(schema->field(cell.field)->type != crm::FieldType::PersonName,
                             "a compound is expanded");
                    QVERIFY2(schema->field(cell.field)->type != crm::FieldType::Address,
                             "a compound is expanded");
                    names += cell.field;
                    if (cell.field == u"LastName")
                        QVERIFY(cell.isRequired);
                }
            }
        }
        QVERIFY(names.contains(u"LastName"_s) && names.contains(u"Email"_s));
    }

    void search_findsAcrossKinds()
    {
        const auto found = wait(m_client->search(u"Northgate"_s, {}, 10));
        QVERIFY2(found, found ? "" : qPrintable(found.error().detail));
        QVERIFY(std::ranges::any_of(*found,
                                    [](const Record &record) { return record.ref.kind == kinds::account; }));
    }

    // Field-level security and object permissions, as they are for the users of many an org.
    void search_hiddenFieldsAndKinds_areLeftOut()
    {
        QVERIFY(m_sandbox->setOrg(
            {{u"access"_s, QJsonObject{{u"fields"_s, QJsonObject{{u"Contact.Title"_s, u"hidden"_s},
                                                                 {u"Contact.Email"_s, u"hidden"_s}}},
                                       {u"objects"_s, QJsonObject{{u"Lead"_s, u"none"_s}}}}}}));
        const auto found = wait(m_client->search(u"amelia"_s, {}, 10));
        QVERIFY2(found, found ? "" : qPrintable(found.error().detail));
        QCOMPARE(found->first().title, u"Amelia Hart"_s);
        QVERIFY(!found->first().fields.contains(u"Email"_s));
        const auto leads = wait(m_client->search(u"nair"_s, {kinds::lead}, 10));
        QVERIFY(!leads);
        QCOMPARE(leads.error().code, Errc::NotFound);
    }

    void identify_ruleOverAHiddenField_saysWhichOne()
    {
        QVERIFY(m_sandbox->setOrg(
            {{u"access"_s, QJsonObject{{u"fields"_s, QJsonObject{{u"Contact.Email"_s, u"hidden"_s}}}}}}));
        const auto outcome = wait(m_client->identify(byMail(u"amelia.hart@northgate.example"_s)));
        QVERIFY(!outcome);
        QVERIFY2(outcome.error().detail.contains(u"Contact.Email"_s), qPrintable(outcome.error().detail));
    }

    void identify_withheldKind_isNoCandidate()
    {
        QVERIFY(m_sandbox->setOrg(
            {{u"access"_s, QJsonObject{{u"objects"_s, QJsonObject{{u"Lead"_s, u"none"_s}}}}}}));
        const auto outcome = wait(m_client->identify(byMail(u"amelia.hart@northgate.example"_s)));
        QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().detail));
        QCOMPARE(outcome->kind(), crm::MatchKind::One);
    }

    void identify_withheldAccount_leavesTheContact()
    {
        QVERIFY(m_sandbox->setOrg(
            {{u"access"_s, QJsonObject{{u"objects"_s, QJsonObject{{u"Account"_s, u"none"_s}}}}}}));
        const auto outcome = wait(m_client->identify(byMail(u"amelia.hart@northgate.example"_s)));
        QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().detail));
        QCOMPARE(outcome->kind(), crm::MatchKind::One);
        QVERIFY(!outcome->account);
        const int before = calls();
        QVERIFY(wait(m_client->identify(byMail(u"amelia.hart@northgate.example"_s))));
        QCOMPARE(calls() - before, 1); // known by now
        const auto record = wait(m_client->get(outcome->candidates.first().record.ref, {u"Title"_s}));
        QVERIFY2(record, record ? "" : qPrintable(record.error().detail));
    }

    void access_withoutTheObjectsRight_namesNoFields()
    {
        QVERIFY(m_sandbox->setOrg(
            {{u"access"_s, QJsonObject{{u"objects"_s, QJsonObject{{u"Contact"_s, u"read"_s}}},
                                       {u"fields"_s, QJsonObject{{u"Lead.Address"_s, u"hidden"_s},
                                                                 {u"Contact.AccountId"_s, u"hidden"_s}}}}}}));
        const auto report =
            wait(m_client->checkAccess(crm::neededFields(crm::defaultMapping()), crm::defaultShownFields()));
        QVERIFY(report);
        QStringList contact;
        QStringList where;
        for (const crm::AccessFinding &finding : report->missing) {
            where += finding.where;
            if (finding.kind == kinds::contact)
                contact += finding.field + u'/' + finding.right;
        }
        QCOMPARE(contact, (QStringList{u"/create"_s, u"/edit"_s, u"AccountId/read"_s}));
        QVERIFY2(where.join(u'\n').contains(u"Field Permissions: Address, Read Access"_s),
                 qPrintable(where.join(u'\n')));
    }

    void access_hiddenShownField_isNamed()
    {
        QVERIFY(m_sandbox->setOrg(
            {{u"access"_s, QJsonObject{{u"fields"_s, QJsonObject{{u"Contact.Title"_s, u"hidden"_s},
                                                                 {u"Lead.Phone"_s, u"read"_s}}},
                                       {u"objects"_s, QJsonObject{{u"Task"_s, u"read"_s},
                                                                  {u"ContentNote"_s, u"none"_s},
                                                                  {u"Note"_s, u"none"_s}}}}}}));
        const auto report =
            wait(m_client->checkAccess(crm::neededFields(crm::defaultMapping()), crm::defaultShownFields()));
        QVERIFY2(report, report ? "" : qPrintable(report.error().detail));
        QStringList missing;
        for (const crm::AccessFinding &finding : report->missing)
            missing += finding.kind.name + u'/' + finding.field + u'/' + finding.right;
        QVERIFY2(missing.contains(u"Contact/Title/read"_s), qPrintable(missing.join(u' ')));
        QVERIFY(missing.contains(u"Lead/Phone/edit"_s));
        QVERIFY(missing.contains(u"Task//create"_s));
        QVERIFY(missing.contains(u"ContentNote//create"_s));
    }

    void form_ofHiddenAndLockedFields_hasNoneOrLocksThem()
    {
        QVERIFY(m_sandbox->setOrg(
            {{u"access"_s, QJsonObject{{u"fields"_s, QJsonObject{{u"Contact.Title"_s, u"hidden"_s},
                                                                 {u"Contact.Phone"_s, u"read"_s}}}}}}));
        for (const crm::LayoutPurpose purpose : {crm::LayoutPurpose::Create, crm::LayoutPurpose::Edit}) {
            const auto layout = wait(m_client->layout(kinds::contact, purpose, {}));
            QVERIFY2(layout, layout ? "" : qPrintable(layout.error().detail));
            QMap<QString, crm::LayoutCell> cells;
            for (const crm::LayoutSection &section : layout->sections) {
                for (const auto &row : section.rows) {
                    for (const crm::LayoutCell &cell : row)
                        cells.insert(cell.field, cell);
                }
            }
            QVERIFY(!cells.contains(u"Title"_s));
            QVERIFY(cells.contains(u"Phone"_s) && cells.value(u"Phone"_s).isReadOnly);
            QVERIFY(!cells.value(u"Email"_s).isReadOnly);
        }
    }

    void notes_whereContentNotesAreWithheld_areClassicOnes()
    {
        QVERIFY(m_sandbox->setOrg(
            {{u"access"_s, QJsonObject{{u"objects"_s, QJsonObject{{u"ContentNote"_s, u"none"_s}}}}}}));
        const auto person =
            wait(m_client->create({.kind = kinds::contact, .fields = {{u"LastName"_s, u"Noted"_s}}}));
        QVERIFY(person);
        const crm::NoteRequest request{
            .parent = person->ref, .title = u"Chat"_s, .text = u"hello"_s, .key = u"K1"_s};
        const auto note = wait(m_client->addNote(request));
        QVERIFY2(note, note ? "" : qPrintable(note.error().detail));
        QCOMPARE(count(u"SELECT Id FROM Note WHERE ParentId = '%1'"_s.arg(person->ref.id.value)), 1);
    }

    void write_toALockedRecord_waitsForIt()
    {
        const auto person =
            wait(m_client->create({.kind = kinds::contact, .fields = {{u"LastName"_s, u"Held"_s}}}));
        QVERIFY(person);
        QVERIFY(m_sandbox->setOrg({{u"locks"_s, QJsonObject{{person->ref.id.value, 400}}}}));
        const auto changed = wait(m_client->update({.ref = person->ref, .fields = {{u"Title"_s, u"CFO"_s}}}));
        QVERIFY2(changed, changed ? "" : qPrintable(changed.error().detail));
        // Held for longer than anybody waits: said as busy, with nothing written.
        QVERIFY(m_sandbox->setOrg({{u"locks"_s, QJsonObject{{person->ref.id.value, 60'000}}}}));
        const auto refused = wait(m_client->update({.ref = person->ref, .fields = {{u"Title"_s, u"CEO"_s}}}));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Errc::RateLimited);
        QVERIFY(!refused.error().isQuotaUsedUp);
    }

    void findUser_byMail()
    {
        const auto all = wait(
            m_client->query(u"SELECT Id, Email FROM User WHERE IsActive = TRUE AND Email != NULL LIMIT 1"_s));
        QVERIFY(all && !all->isEmpty());
        const auto user = wait(m_client->findUser(all->first().fields[u"Email"_s].toString()));
        QVERIFY(user.has_value() && user->has_value());
        QCOMPARE((*user)->ref, all->first().ref);
        const auto nobody = wait(m_client->findUser(u"no.one@nowhere.example"_s));
        QVERIFY(nobody.has_value() && !nobody->has_value());
    }

    void access_isComplete()
    {
        const auto report = wait(m_client->checkAccess(
            {{kinds::contact, {u"LastName"_s, u"Nope__c"_s}}, {{u"Gone__c"_s}, {}}}, {}));
        QVERIFY2(report, report ? "" : qPrintable(report.error().detail));
        QVERIFY(!report->userName.isEmpty());
        QVERIFY(!report->organisation.isEmpty());
        QCOMPARE(report->missing.size(), 2);
        QVERIFY(m_client->usage().has_value());
    }

    void kinds_areListed()
    {
        const auto all = wait(m_client->describeKinds());
        QVERIFY(all.has_value());
        QVERIFY(std::ranges::any_of(
            *all, [](const auto &kind) { return kind.kind == kinds::lead && kind.isCreateable; }));
    }

    void bench_identify()
    {
        std::ignore = wait(m_client->identify(byMail(u"a@b.c"_s))); // the connection and the token are there
        faults().forgetRequests();
        int rounds = 0;
        QBENCHMARK
        {
            std::ignore = wait(m_client->identify(byMail(u"amelia.hart@northgate.example"_s)));
            ++rounds;
        }
        QCOMPARE(calls(), rounds);
    }
};

QTEST_GUILESS_MAIN(SalesforceSandboxTest)
#include "tst_SalesforceSandbox.moc"

// Salesforce behind the CRM port: REST, one trip per question where Salesforce allows it.
#pragma once

#include "core/crm/CrmClient.h"
#include "core/crm/DocumentCache.h"
#include "core/salesforce/Api.h"
#include "core/salesforce/Documents.h"
#include "core/salesforce/Identify.h"

#include <QHash>
#include <QSet>

namespace parley::salesforce {

struct Config {
    QString apiVersion = QStringLiteral("v62.0");
    /// Where the org lives, if known before the first call: recordUrl is right from the start then.
    QUrl instanceUrl = {};
    crm::ShownFields shown = crm::defaultShownFields();
    /// Where descriptions and layouts are kept; null: in memory, for as long as the client lives.
    std::shared_ptr<crm::DocumentCache> documents = {};
};

// Held by shared_ptr: its coroutines keep it alive until Salesforce answered.
class SalesforceClient final : public crm::CrmClient, public std::enable_shared_from_this<SalesforceClient>
{
public:
    /// The clock must outlive it.
    SalesforceClient(std::shared_ptr<net::HttpTransport> transport, std::shared_ptr<auth::TokenSource> tokens,
                     Clock &clock, Config config = {});

    [[nodiscard]] crm::Capabilities capabilities() const override;
    [[nodiscard]] QUrl recordUrl(RecordRef ref) const override;
    [[nodiscard]] std::optional<crm::Usage> usage() const override;

    Async<Done> readSchemasAnew(QList<RecordKind> kinds) override;
    Async<QList<crm::KindSummary>> describeKinds() override;
    Async<crm::KindSchema> describe(RecordKind kind) override;
    Async<crm::Layout> layout(RecordKind kind, crm::LayoutPurpose purpose, QString variantId) override;

    Async<crm::MatchOutcome> identify(crm::IdentifyRequest request) override;
    Async<Record> get(RecordRef ref, QStringList fields) override;
    Async<QList<Record>> search(QString text, QList<RecordKind> kinds, int limit) override;
    Async<QList<crm::Activity>> recent(RecordRef of) override;
    Async<QList<Record>> query(QString statement) override;

    Async<Record> create(crm::CreateRequest request) override;
    Async<Record> update(crm::UpdateRequest request) override;
    Async<RecordRef> addNote(crm::NoteRequest request) override;
    Async<RecordRef> addFile(crm::FileRequest request) override;

    Async<std::optional<Record>> findUser(QString email) override;
    Async<crm::AccessReport> checkAccess(QMap<RecordKind, QStringList> mapped,
                                         QMap<RecordKind, QStringList> shown) override;
    Async<crm::OrgSnapshot> snapshot(QList<RecordKind> kinds) override;

private:
    struct Described {
        crm::KindSchema schema;
        QDateTime confirmedAt;
    };

    Async<crm::KindSchema> fetchSchema(RecordKind kind, Trust trust);
    /// What a new record begins with for this user: {layout, record} of the UI API.
    Async<QJsonObject> recordDefaults(RecordKind kind, crm::LayoutPurpose purpose, QString variantId);
    Async<Done> describeAll(QList<RecordKind> kinds);
    /// What an earlier run has learned of these kinds, so that a question names no field that the org lacks.
    QCoro::Task<void> recall(QList<RecordKind> kinds);
    void keepSchema(const RecordKind &kind, const QJsonObject &describe, const QDateTime &confirmedAt);
    [[nodiscard]] const crm::KindSchema *knownSchema(const RecordKind &kind) const;
    [[nodiscard]] Schemas knownSchemas() const;

    /// Fields of one kind by conditions; a field that this user cannot read is left out rather than fatal.
    Async<QList<Record>> select(RecordKind kind, QStringList fields, QList<QString> where, QStringList order,
                                int limit);
    Async<QList<Record>> runStatement(QString statement);
    [[nodiscard]] QList<Record> recordsOf(const QJsonArray &records) const;

    Async<QList<Record>> byMarker(crm::CreateRequest request);
    [[nodiscard]] QJsonObject bodyOf(const RecordKind &kind, const FieldMap &fields) const;
    [[nodiscard]] QString readBackPath(const RecordKind &kind, const QStringList &extra,
                                       const QString &id) const;
    /// What was written, as Salesforce has it now.
    Async<Record> readBack(RecordRef ref, FieldMap sent, Part read);

    Async<std::optional<RecordRef>> findNote(crm::NoteRequest request);
    Async<RecordRef> writeContentNote(crm::NoteRequest request, std::optional<RecordRef> existing);
    Async<RecordRef> addClassicNote(crm::NoteRequest request);

    std::shared_ptr<Api> m_api;             // shared with its own coroutines
    std::shared_ptr<Documents> m_documents; // likewise
    QSet<RecordKind> m_withheld;            // kinds that this user does not see
    QSet<QString> m_withoutDefaults;        // kinds that the UI API does not support
    Clock &m_clock;
    Config m_config;
    crm::ShownFields m_shown; ///< of the last identification
    QMap<RecordKind, Described> m_schemas;
    bool m_hasContentNotes = true; ///< until Salesforce said otherwise
    QSet<RecordKind> m_recalled;
};

} // namespace parley::salesforce

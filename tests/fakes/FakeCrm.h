// A CRM in memory that keeps state: it stores records, counts calls, and can stall, refuse, or commit and
// lose the answer.
#pragma once

#include "core/crm/CrmClient.h"

#include <QFile>
#include <QPromise>

#include <map>
#include <memory>
#include <vector>

namespace parley::fakes {

class FakeCrm final : public crm::CrmClient, public std::enable_shared_from_this<FakeCrm>
{
public:
    enum class Op {
        Describe,
        Layout,
        Identify,
        Get,
        Search,
        Recent,
        Query,
        Create,
        Update,
        Note,
        File,
        FindUser,
        Access
    };
    /// Whether the work is done although the answer is an error: an answer lost after the commit.
    enum class Commit { No, Yes };
    struct StoredNote {
        crm::NoteRequest request;
        RecordRef ref;
        int writes = 0; ///< how often it was written: 2 when it was added and then updated
    };
    struct StoredFile {
        crm::FileRequest request;
        RecordRef ref;
    };

    FakeCrm();

    // --- the state ---
    Record put(RecordKind kind, FieldMap fields); ///< a record that is there already
    [[nodiscard]] QList<Record> all(const RecordKind &kind) const;
    [[nodiscard]] std::optional<Record> find(const RecordRef &ref) const;
    /// Someone else changes it: its version grows.
    void change(const RecordRef &ref, const QString &field, const QVariant &value);
    std::map<QString, StoredNote> notes; ///< by key
    std::map<QString, StoredFile> files; ///< by key
    QList<crm::IdentifyRequest> identified;
    QList<crm::CreateRequest> created;
    QList<crm::UpdateRequest> updated;
    QMap<QString, QString> layoutLabels; ///< where the page calls a field otherwise than its description does
    int distrusted = 0;
    FieldMap layoutDefaults; ///< what the page begins with for this user
    crm::Capabilities can;
    std::optional<crm::Usage> used; ///< as its last answer told
    /// Keeps what is created in a file as well, and knows it again: a CRM outlives its clients.
    void keepIn(const QString &path);

    // --- its behaviour ---
    void failNext(Op op, Error error, Commit commit = Commit::No, int times = 1);
    void failAlways(Op op, Error error);
    void heal(Op op);
    /// Works, but does not answer until release().
    void hold(Op op);
    void release(Op op);
    void refuseField(const RecordKind &kind, const QString &field, const QString &message);
    void acceptField(const RecordKind &kind, const QString &field);
    [[nodiscard]] int calls(Op op) const;

    // --- the port ---
    [[nodiscard]] crm::Capabilities capabilities() const override { return can; }
    [[nodiscard]] QUrl recordUrl(RecordRef ref) const override;
    [[nodiscard]] std::optional<crm::Usage> usage() const override { return used; }
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
    Async<crm::OrgSnapshot> snapshot(QList<RecordKind>) override { co_return crm::OrgSnapshot{}; }
    Async<crm::AccessReport> checkAccess(QMap<RecordKind, QStringList> mapped,
                                         QMap<RecordKind, QStringList> shown) override;

private:
    struct Fault {
        Error error;
        Commit commit = Commit::No;
        int left = 1; ///< -1: for ever
    };
    QCoro::Task<void> gate(Op op);
    std::optional<Fault> takeFault(Op op);
    crm::MatchOutcome outcomeOf(const crm::IdentifyRequest &request) const;
    Result<Record> doCreate(const crm::CreateRequest &request);
    Result<Record> doUpdate(const crm::UpdateRequest &request);
    Record &store(RecordKind kind, FieldMap fields);
    std::optional<Error> refusalOf(const RecordKind &kind, const FieldMap &fields) const;
    void append(const Record &record);

    std::vector<Record> m_records;
    std::map<RecordKind, QMap<QString, QString>> m_refused;
    std::map<Op, Fault> m_faults;
    std::map<Op, std::vector<std::shared_ptr<QPromise<void>>>> m_waiting;
    QSet<int> m_held;
    std::map<Op, int> m_calls;
    QString m_path;
    int m_next = 1;
    int m_version = 1;
};

/// A field of the fake's schema; everything else about it is the usual.
crm::Field fakeField(const QString &name, const QString &label, crm::FieldType type = crm::FieldType::String,
                     int length = 80);

} // namespace parley::fakes

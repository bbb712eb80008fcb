// The port to a CRM: one face for Salesforce and Dynamics 365. Capabilities say what differs; nobody asks for
// a vendor.
#pragma once

#include "core/base/Async.h"
#include "core/crm/Match.h"
#include "core/crm/Schema.h"

#include <memory>
#include <optional>

namespace parley::crm {

struct Capabilities {
    QString name;          ///< the product's name for people: "Salesforce"
    QString shortName;     ///< for badges: "SF"
    QString queryLanguage; ///< "SOQL", "FetchXML"
    bool hasCaseWithoutContact = false;
    bool hasContactAlone = false;
    int maxMatchConditions = 0; ///< 0: no limit
    QString changedBy; ///< the field of any record that names who changed it last: "LastModifiedBy.Name"
    QString changedAt; ///< and the one that says when: "LastModifiedDate"
};

/// A create that can be repeated: before it is sent again after a lost answer, the record is looked for by
/// its marker.
struct CreateRequest {
    RecordKind kind;
    FieldMap fields;
    /// Identifies this create for ever ("<chat id>:case"). Salesforce: looked up in markerField; Dataverse:
    /// the row's id.
    QString key;
    /// A filterable field whose value, part of fields, holds the key or names it uniquely; empty: the adapter
    /// has none and the caller must not repeat a create whose outcome is unknown without asking.
    QString markerField = {};
    /// True when an earlier attempt may have been carried out: the adapter looks before it writes.
    bool mayExist = false;
    /// True after a person saw the possible duplicates and wants the record all the same.
    bool allowDuplicate = false;
};

/// What a refused create or update (Errc::Conflict) collided with.
struct Duplicates {
    QList<RecordRef> records;
    bool mayOverride = false; ///< true: allowDuplicate of the request gets it through
    friend bool operator==(const Duplicates &, const Duplicates &) = default;
};
/// Travels in Error::detail, which holds ids only.
QString duplicatesDetail(const Duplicates &duplicates);
/// Nothing when the error is not about duplicates.
std::optional<Duplicates> duplicatesOf(const Error &error);

struct UpdateRequest {
    RecordRef ref;
    FieldMap fields;        ///< the changed ones only
    QString ifVersion = {}; ///< Conflict when the record has another version by now; empty: no guard
    /// True after a person saw the possible duplicates and wants the change all the same.
    bool allowDuplicate = false;
};

struct NoteRequest {
    RecordRef parent;
    QString title;
    QString text; ///< plain text; the adapter escapes it
    QString key;  ///< adding twice with the same key updates the same note
};

struct FileRequest {
    RecordRef parent;
    QString name;
    QString mimeType;
    QByteArray content;
    QString key;
};

/// What is missing for Parley to work, by the CRM's own names.
struct AccessFinding {
    RecordKind kind; ///< empty with "api"
    QString field;   ///< empty: the kind itself
    QString right;   ///< "read", "create", "edit"; "api": this user may not use the CRM's interface at all
    QString where;   ///< where an administrator grants it, by the names of the CRM's own pages
};
struct AccessReport {
    QString userName;
    QString organisation;
    QList<AccessFinding> missing;
    [[nodiscard]] bool isComplete() const { return missing.isEmpty(); }
};

/// One of the answers in which an org describes itself, byte for byte.
struct OrgDocument {
    QString name; ///< where a snapshot keeps it: "salesforce/describe/Contact.json"
    QByteArray content;
};

/// What an org says about itself, without its records and without secrets.
struct OrgSnapshot {
    QList<OrgDocument> documents;
    QStringList skipped; ///< kinds that the org lacks, or that this user may not see
};

/// A case or task that hangs on a record.
struct Activity {
    RecordRef ref;
    QString number; ///< "00041877"; empty where its kind has none
    QString subject;
    QString status; ///< in the org's own words
    bool isClosed = false;
    QDateTime changedAt;
    QUrl url;
    friend bool operator==(const Activity &, const Activity &) = default;
};

/// So many are shown.
inline constexpr int kMostActivities = 8;

/// The requests that the whole company has made of those that its CRM allows in 24 hours.
struct Usage {
    int used = 0;
    int limit = 0;
    /// An administrator should know: at the limit nothing is looked up or written any more.
    [[nodiscard]] bool isNearLimit() const { return limit > 0 && used * 5LL >= limit * 4LL; }
    friend bool operator==(const Usage &, const Usage &) = default;
};

class CrmClient
{
public:
    CrmClient() = default;
    CrmClient(const CrmClient &) = delete;
    CrmClient &operator=(const CrmClient &) = delete;
    virtual ~CrmClient() = default;

    [[nodiscard]] virtual Capabilities capabilities() const = 0;
    [[nodiscard]] virtual QUrl recordUrl(RecordRef ref) const = 0;
    [[nodiscard]] virtual std::optional<Usage> usage() const = 0; ///< nothing before the first reply

    /// What the org says about these kinds now, whatever was read before; the rest is asked for anew when it
    /// is needed. An error where the org did not answer: what was read before stands then.
    virtual Async<Done> readSchemasAnew(QList<RecordKind> kinds) = 0;
    virtual Async<QList<KindSummary>> describeKinds() = 0;
    virtual Async<KindSchema> describe(RecordKind kind) = 0;
    /// An empty variant: the user's default.
    virtual Async<Layout> layout(RecordKind kind, LayoutPurpose purpose, QString variantId) = 0;

    /// All rules in one HTTP round trip.
    virtual Async<MatchOutcome> identify(IdentifyRequest request) = 0;
    /// An empty list of fields: the shown ones of that kind.
    virtual Async<Record> get(RecordRef ref, QStringList fields) = 0;
    virtual Async<QList<Record>> search(QString text, QList<RecordKind> kinds, int limit) = 0;
    /// Cases and tasks of a contact, lead or account, the last changed first; kMostActivities at most. One
    /// round trip. What this user may not read is left out; an error where that is all of it.
    virtual Async<QList<Activity>> recent(RecordRef of) = 0;
    /// Runs a statement that a person wrote, as it is.
    virtual Async<QList<Record>> query(QString statement) = 0;

    virtual Async<Record> create(CreateRequest request) = 0;
    virtual Async<Record> update(UpdateRequest request) = 0;
    virtual Async<RecordRef> addNote(NoteRequest request) = 0;
    virtual Async<RecordRef> addFile(FileRequest request) = 0;

    /// The active user with that e-mail; nothing when there is none.
    virtual Async<std::optional<Record>> findUser(QString email) = 0;
    /// mapped: written by the mapping; shown: only read.
    virtual Async<AccessReport> checkAccess(QMap<RecordKind, QStringList> mapped,
                                            QMap<RecordKind, QStringList> shown) = 0;
    /// Of these kinds; of those that Parley works with where the list is empty.
    virtual Async<OrgSnapshot> snapshot(QList<RecordKind> kinds) = 0;
};

} // namespace parley::crm

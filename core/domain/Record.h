// A record of the CRM in neutral form: what an adapter hands out and takes back.
#pragma once

#include "core/domain/Ids.h"

#include <QDateTime>
#include <QMap>
#include <QString>
#include <QUrl>
#include <QVariant>

namespace parley {

/// What a record is. The well-known kinds have neutral names; any other carries the CRM's API name.
struct RecordKind {
    QString name;
    friend bool operator==(const RecordKind &, const RecordKind &) = default;
    friend bool operator<(const RecordKind &a, const RecordKind &b) { return a.name < b.name; }
    friend size_t qHash(const RecordKind &kind, size_t seed = 0) { return qHash(kind.name, seed); }
};

namespace kinds {
inline const RecordKind contact{QStringLiteral("Contact")};
inline const RecordKind lead{QStringLiteral("Lead")};
inline const RecordKind account{QStringLiteral("Account")};
inline const RecordKind crmCase{QStringLiteral("Case")}; ///< Dataverse: incident
inline const RecordKind task{QStringLiteral("Task")};
inline const RecordKind user{QStringLiteral("User")}; ///< Dataverse: systemuser
inline const RecordKind campaign{QStringLiteral("Campaign")};
inline const RecordKind note{
    QStringLiteral("Note")}; ///< Salesforce: ContentNote or Note; Dataverse: annotation
inline const RecordKind file{QStringLiteral("File")};
} // namespace kinds

struct RecordRef {
    RecordKind kind;
    RecordId id;
    [[nodiscard]] bool isEmpty() const { return id.isEmpty(); }
    friend bool operator==(const RecordRef &, const RecordRef &) = default;
    friend size_t qHash(const RecordRef &ref, size_t seed = 0) { return qHashMulti(seed, ref.kind, ref.id); }
};

/// Field values by the CRM's API name. Dates are QDate, instants UTC QDateTime, multi-picklists QStringList,
/// references the id as QString; an invalid QVariant is the CRM's null.
using FieldMap = QMap<QString, QVariant>;

/// Null and empty are the same to a person, and to the CRMs.
inline bool isSameValue(const QVariant &a, const QVariant &b)
{
    const auto isEmpty = [](const QVariant &value) {
        return !value.isValid() || value.isNull() ||
               (value.typeId() == QMetaType::QString && value.toString().isEmpty());
    };
    return (isEmpty(a) && isEmpty(b)) || a == b;
}

struct Record {
    RecordRef ref;
    QString title;   ///< what people call it: the name, the case number, the subject
    FieldMap fields; ///< a related record's field is keyed "Account.Name"
    QMap<QString, QString>
        display;     ///< what to show instead of the raw value: a reference's name, a formatted choice
    QString version; ///< opaque; guards an update (Salesforce: SystemModstamp, Dataverse: @odata.etag)
    QUrl url;        ///< opens it in the browser
    friend bool operator==(const Record &, const Record &) = default;

    /// The text a person reads for that field; empty when the CRM has nothing there.
    [[nodiscard]] QString text(const QString &field) const
    {
        const auto shown = display.constFind(field);
        if (shown != display.constEnd())
            return *shown;
        return fields.value(field).toString();
    }
};

} // namespace parley

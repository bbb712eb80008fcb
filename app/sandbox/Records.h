// Creates, changes and deletes records as the org's rules allow, and refuses in the org's words.
#pragma once

#include "app/sandbox/HttpFrames.h"
#include "app/sandbox/Metadata.h"
#include "app/sandbox/Refusal.h"
#include "app/sandbox/Store.h"

namespace parley {
class Clock;
}

namespace parley::sandbox {

enum class DuplicateAction { Off, Alert, Block };

struct ValidationRule {
    QString object;
    QString field;
    QString startsWith; ///< the field's value must begin with this, when it has one
    QString message;
};

/// What an administrator of the org may set; over HTTP under /__sandbox/org.
struct OrgSettings {
    QHash<QString, DuplicateAction> duplicateRules{{QStringLiteral("Contact"), DuplicateAction::Alert},
                                                   {QStringLiteral("Lead"), DuplicateAction::Alert}};
    QList<ValidationRule> validationRules;
    int apiLimit = 15000;
    /// Another transaction holds these records until then: whoever writes to them, or hangs something on
    /// them, is refused.
    QHash<QString, QDateTime> locks;
};

struct WriteContext {
    QString userId;
    QString version = QStringLiteral("v62.0");
    bool allowSave = false;            ///< Sforce-Duplicate-Rule-Header
    bool includeRecordDetails = false; ///< the same
    bool ruleless = false; ///< seeds: no duplicate or validation rules, system fields may be given
};

struct Upserted {
    QString id;
    bool created = false;
    QStringList several; ///< ids, where the external id matches more than one record
};

class Records
{
public:
    Records(Store &store, const Metadata &metadata, Clock &clock, const OrgSettings &settings);

    Outcome<QString> create(const ObjectInfo &object, const QJsonObject &body, const WriteContext &context);
    Outcome<Accepted> update(const ObjectInfo &object, const QString &id, const QJsonObject &body,
                             const WriteContext &context);
    Outcome<Accepted> remove(const ObjectInfo &object, const QString &id, const WriteContext &context);
    Outcome<Upserted> upsert(const ObjectInfo &object, const QString &field, const QString &value,
                             const QJsonObject &body, const WriteContext &context);

    /// The record's 18-character id, or why there is none to be had.
    Outcome<QString> existing(const ObjectInfo &object, const QString &id);
    /// Ids of the live records whose external id field has the value.
    Outcome<QStringList> byExternalId(const ObjectInfo &object, const QString &field, const QString &value);

    [[nodiscard]] Store &store() { return m_store; }
    [[nodiscard]] const Metadata &metadata() const { return m_metadata; }

private:
    using Errors = QJsonArray;

    /// The object with what this user may not see of it: rules and defaults know of that too.
    [[nodiscard]] const ObjectInfo &whole(const ObjectInfo &seen) const;
    Outcome<Accepted> checkLocks(const ObjectInfo &object, const QString &id, const QVariantMap &changed);

    Outcome<QVariantMap> values(const ObjectInfo &object, const QJsonObject &body,
                                const WriteContext &context, bool creating, Errors &errors);
    Outcome<QVariant> valueOf(const ObjectInfo &object, const Field &field, const QJsonValue &json,
                              Errors &errors);
    Outcome<QVariant> textValue(const Field &field, const QJsonValue &json, Errors &errors);
    QVariant referenceValue(const ObjectInfo &object, const Field &field, const QString &text,
                            Errors &errors);
    Outcome<QPair<QString, QVariant>> byNestedExternalId(const Field &field, const QJsonObject &nested);
    void checkPicklist(const Field &field, const QString &text, Errors &errors);
    QStringList missing(const ObjectInfo &object, const QVariantMap &values, bool creating) const;

    void applyDefaults(const ObjectInfo &object, QVariantMap &values, const WriteContext &context);
    void stamp(const ObjectInfo &object, QVariantMap &values, const WriteContext &context, bool creating);
    void derive(const ObjectInfo &object, QVariantMap &all, QVariantMap &changed);
    void checkRecordType(const ObjectInfo &object, const QVariantMap &all, const QVariantMap &changed,
                         Errors &errors);
    void checkUnique(const ObjectInfo &object, const QString &id, const QVariantMap &changed, Errors &errors);
    void checkTask(const ObjectInfo &object, const QVariantMap &all, Errors &errors);
    void checkValidationRules(const ObjectInfo &object, const QVariantMap &all, Errors &errors);
    Outcome<Accepted> checkDuplicates(const ObjectInfo &object, const QString &id, const QVariantMap &all,
                                      const WriteContext &context);

    // Content.cpp: files and enhanced notes are three kinds of record that live and die together.
    Outcome<QVariantMap> prepareContent(const ObjectInfo &object, const QJsonObject &body,
                                        const QString &existingId, QVariantMap values,
                                        const WriteContext &context);
    Outcome<QVariantMap> prepareBodies(const ObjectInfo &object, const QJsonObject &body,
                                       const QString &existingId, QVariantMap values);
    void afterContent(const ObjectInfo &object, const QString &id, const QVariantMap &values,
                      const WriteContext &context);
    void removeContent(const ObjectInfo &object, const QString &id);
    void addVersion(const QString &documentId, const QVariantMap &version, const QByteArray &data,
                    const WriteContext &context);

    Store &m_store;
    const Metadata &m_metadata;
    Clock &m_clock;
    const OrgSettings &m_settings;
};

} // namespace parley::sandbox

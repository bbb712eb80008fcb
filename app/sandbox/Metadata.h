// What kinds of record the org has: the built-in org, or the documents of a real one loaded from a folder.
#pragma once

#include "core/base/Result.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QMap>
#include <QStringList>

#include <vector>

namespace parley::sandbox {

struct Field {
    QString name;
    QString label;
    QString type;
    QString relationshipName;
    QString compoundFieldName;
    QString controllerName;
    QStringList referenceTo;
    QList<QPair<QString, QString>> values; ///< active picklist values and their labels
    QString defaultPick;                   ///< the picklist's default
    QJsonValue defaultValue;
    QString derivedFrom; ///< dotted path that this field always shows (Contact.Email), or empty
    QStringList concat;  ///< formula: these fields and 'literals', one after the other
    QString autoFormat;  ///< auto-number: prefix, then the digits ("00001026" -> width 8)
    int length = 0;
    int precision = 0;
    int scale = 0;
    int digits = 0;
    bool nillable = true;
    bool createable = true;
    bool updateable = true;
    bool defaultedOnCreate = false;
    bool filterable = true;
    bool sortable = true;
    bool groupable = true;
    bool aggregatable = true;
    bool custom = false;
    bool calculated = false;
    bool autoNumber = false;
    bool externalId = false;
    bool idLookup = false;
    bool unique = false;
    bool restricted = false;
    bool nameField = false;
    QString mask;         ///< encrypted text: shown for each character; nobody here may "View Encrypted Data"
    bool masksAll = true; ///< false: the last four are shown

    [[nodiscard]] bool isText() const;
    [[nodiscard]] bool isNumber() const;
    [[nodiscard]] bool isReference() const { return type == QLatin1String("reference"); }
    [[nodiscard]] bool isPolymorphic() const { return referenceTo.size() > 1; }
    [[nodiscard]] bool isCompound() const;
    [[nodiscard]] bool isStored() const { return !isCompound() && derivedFrom.isEmpty() && concat.isEmpty(); }
};

struct ChildRelationship {
    QString name;
    QString child;
    QString field;
};

struct RecordTypeInfo {
    QString id;
    QString name;
    QString developerName;
    bool active = true;
    bool available = true;
    bool isDefault = false;
    bool master = false;
    QMap<QString, QStringList> picklists; ///< field -> the values this record type offers
    QMap<QString, QString> defaultPicks;  ///< field -> the one of them that a new record begins with
    QString layout;                       ///< name of its layout in the built-in org
};

struct ObjectInfo {
    QString name;
    QString label;
    QString labelPlural;
    QString keyPrefix;
    bool createable = true;
    bool updateable = true;
    bool deletable = true;
    bool queryable = true;
    bool searchable = true;
    bool custom = false;
    bool namedOnly = false; ///< known from an org's list of objects alone
    std::vector<Field> fields;
    QList<ChildRelationship> children;
    QList<RecordTypeInfo> recordTypes;
    QJsonObject describe;
    QByteArray rawDescribe;                 ///< byte for byte, where it came from a folder
    QJsonObject definition;                 ///< the built-in org's own words on it: layouts and the like
    QByteArray rawLayouts;                  ///< byte for byte, where it came from a folder
    QHash<QString, QByteArray> rawLayoutOf; ///< likewise, by the record type's id of 18 characters

    [[nodiscard]] const Field *field(QStringView fieldName) const; ///< whatever the case
    [[nodiscard]] const Field *byRelationship(QStringView relationship) const;
    [[nodiscard]] const Field *nameField() const;
    [[nodiscard]] bool has(QStringView fieldName) const { return field(fieldName) != nullptr; }
    /// The one of that id of 18 characters; the users' default where the id is empty. Null: none.
    [[nodiscard]] const RecordTypeInfo *recordType(const QString &id) const;

    QHash<QString, int> index; ///< lower-case name -> position in fields
};

/// What a new record of that type begins with; empty: nothing.
[[nodiscard]] QString defaultPickOf(const Field &field, const RecordTypeInfo *type);

class Metadata
{
public:
    /// The org that comes with the sandbox.
    static Result<Metadata> builtIn();
    /// The built-in org, with every document that the folder has in place of its own.
    static Result<Metadata> fromFolder(const QString &folder);
    /// These objects and nothing else; rawGlobal empty: the list of objects is made from them.
    static Metadata of(std::vector<ObjectInfo> objects, QByteArray rawGlobal);

    [[nodiscard]] const ObjectInfo *object(QStringView name) const; ///< whatever the case
    [[nodiscard]] const ObjectInfo *byPrefix(QStringView keyPrefix) const;
    [[nodiscard]] const std::vector<ObjectInfo> &objects() const { return m_objects; }
    [[nodiscard]] QJsonObject globalDescribe(const QString &version) const;
    [[nodiscard]] const QByteArray &rawGlobal() const { return m_rawGlobal; }

private:
    void put(ObjectInfo object);
    void linkChildren();
    void addNamedOnly(const QJsonArray &sobjects);
    void dropBrokenPaths();
    Result<Done> loadDescribe(const QString &path, const QString &name);
    Result<Done> loadLayouts(const QString &folder);

    std::vector<ObjectInfo> m_objects;
    QByteArray m_rawGlobal;
};

/// Describe documents in Salesforce's own form, from the short form in which the built-in org is written.
[[nodiscard]] QJsonObject expandDescribe(const QJsonObject &definition);
/// What the sandbox needs to know of a describe document, whoever wrote it.
[[nodiscard]] ObjectInfo readDescribe(const QJsonObject &describe);
/// base64 bit set: bit k (from the most significant) is on when the controller's k-th value allows the value.
[[nodiscard]] QString validForBits(const QList<int> &allowed, qsizetype controllerValues);
[[nodiscard]] QList<int> validForIndexes(const QString &validFor);

/// describe/layouts, or the one layout of a record type (empty: unknown record type).
[[nodiscard]] QJsonObject describeLayouts(const ObjectInfo &object);
[[nodiscard]] QJsonObject describeLayout(const ObjectInfo &object, const QString &recordTypeId);

} // namespace parley::sandbox

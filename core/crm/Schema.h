// What a CRM says about its kinds of records and how its own pages lay them out, in neutral form.
#pragma once

#include "core/domain/Record.h"

#include <QList>
#include <QSet>

#include <optional>

namespace parley::crm {

enum class FieldType {
    String,
    TextArea,
    RichText,
    Email,
    Phone,
    Url,
    Integer,
    Double,
    Currency,
    Percent,
    Date,
    DateTime,
    Time,
    Boolean,
    Picklist,
    MultiPicklist,
    Combobox,
    Reference,
    Address,
    PersonName,
    Location,
    Encrypted,
    Id,
    Binary,
    Other
};

struct Choice {
    QString value; ///< what is stored
    QString label; ///< what is shown
    bool isActive = true;
    bool isDefault = false;
    QSet<int>
        validFor; ///< indexes of the controlling field's choices that allow it; empty and dependent: none
    friend bool operator==(const Choice &, const Choice &) = default;
};

struct Field {
    QString name;  ///< the CRM's API name
    QString label; ///< in the user's language
    FieldType type = FieldType::Other;
    QString remoteType; ///< the CRM's own type name
    int length = 0;     ///< characters (UTF-16 units); 0 where it means nothing
    int precision = 0;
    int scale = 0;
    bool isRequired = false; ///< a record cannot be created without it
    bool isCreateable = false;
    bool isUpdateable = false;
    bool isFilterable = false;
    bool isCustom = false;
    bool isCalculated = false; ///< formula or roll-up
    bool isAutoNumber = false;
    bool isExternalId = false;
    bool isRestricted = false; ///< a picklist that takes nothing but its choices
    QList<Choice> choices = {};
    QString controller = {};        ///< the field on which the choices depend; empty: they do not
    QList<RecordKind> targets = {}; ///< of a reference
    QString relationship = {};      ///< a reference's name in dotted queries: "Account"
    QString compound = {};          ///< the compound field that this one is a part of
    QString help = {};
    QVariant defaultValue = {};
    friend bool operator==(const Field &, const Field &) = default;
};

/// A variant of a kind with its own layout and choices (Salesforce: record type).
struct Variant {
    QString id;
    QString name;
    bool isDefault = false;
    bool isMaster = false;
    friend bool operator==(const Variant &, const Variant &) = default;
};

struct KindSummary {
    RecordKind kind;
    QString label;
    QString labelPlural;
    bool isCreateable = false;
    bool isUpdateable = false;
    bool isQueryable = false;
};

struct KindSchema {
    RecordKind kind;
    QString label;
    QString labelPlural;
    bool isCreateable = false;
    bool isUpdateable = false;
    bool isQueryable = false;
    QList<Field> fields;
    QList<Variant> variants;

    /// Null when there is no such field.
    [[nodiscard]] const Field *field(const QString &name) const
    {
        for (const Field &candidate : fields) {
            if (candidate.name == name)
                return &candidate;
        }
        return nullptr;
    }
};

enum class LayoutPurpose { Create, Edit };

struct LayoutCell {
    QString field; ///< empty: a gap that keeps the columns aligned
    QString label;
    bool isRequired = false; ///< by the layout or by the field
    bool isReadOnly = false;
};

struct LayoutSection {
    QString label; ///< empty where the page shows no heading
    int columns = 2;
    QList<QList<LayoutCell>> rows; ///< compound fields are expanded into their parts
};

struct Layout {
    RecordKind kind;
    QString name;      ///< as people know it; may be empty
    QString variantId; ///< of the record type it was read for
    QDateTime readAt;
    QList<LayoutSection> sections;
    /// What the record type offers of a picklist; a field that is absent has the schema's choices.
    QMap<QString, QList<Choice>> choices = {};
    /// What a new record of this type begins with for this user, where the CRM tells; elsewhere the fields'
    /// own defaults count.
    FieldMap defaults = {};
    /// The CRM could not be asked for all of it just now: good enough to show, and asked for again the next
    /// time.
    bool isProvisional = false;
};

} // namespace parley::crm

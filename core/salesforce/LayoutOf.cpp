#include "core/salesforce/Describe.h"

#include "core/salesforce/Values.h"

#include <QJsonArray>

namespace parley::salesforce {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString kMasterId = QStringLiteral("012000000000000AAA");

bool isCompound(const crm::KindSchema &schema, const QString &name)
{
    const crm::Field *field = schema.field(name);
    return field != nullptr &&
           (field->type == crm::FieldType::PersonName || field->type == crm::FieldType::Address ||
            field->type == crm::FieldType::Location);
}

/// The field names that an item shows. A compound item names its parts in one of three ways: nested
/// components, several components, or not at all.
QStringList namesIn(const QJsonArray &components, const crm::KindSchema &schema)
{
    QStringList names;
    for (const QJsonValue component : components) {
        if (component[u"type"].toString() != u"Field")
            continue;
        const QStringList nested = namesIn(component[u"components"].toArray(), schema);
        const QString name = component[u"value"].toString();
        if (!nested.isEmpty()) {
            names += nested;
        } else if (isCompound(schema, name)) {
            for (const crm::Field *part : partsOf(schema, name))
                names += part->name;
        } else if (!name.isEmpty()) {
            names += name;
        }
    }
    return names;
}

/// "Required" on a compound item is meant for the part that cannot be missing, not for each of them.
bool carriesRequired(const crm::KindSchema &schema, const crm::Field &part)
{
    const crm::Field *whole = schema.field(part.compound);
    if (whole == nullptr || whole->type == crm::FieldType::Location)
        return true; // half a place is none
    return part.name.endsWith(whole->type == crm::FieldType::Address ? u"Street" : u"LastName");
}

struct Item {
    QList<crm::LayoutCell> cells; ///< one below the other
};

Item itemOf(const QJsonObject &json, const crm::KindSchema &schema, crm::LayoutPurpose purpose)
{
    const bool isCreate = purpose == crm::LayoutPurpose::Create;
    const bool isEditable = json[isCreate ? u"editableForNew"_s : u"editableForUpdate"_s].toBool();
    const bool isRequired = json[u"required"].toBool();
    QStringList names = namesIn(json[u"layoutComponents"].toArray(), schema);
    names.removeDuplicates();
    Item item;
    for (const QString &name : names) {
        const crm::Field *field = schema.field(name);
        if (field == nullptr)
            continue; // field-level security hides it from this user: no form can ask for it
        crm::LayoutCell cell;
        cell.field = name;
        cell.label = names.size() > 1 || json[u"label"].toString().isEmpty() ? field->label
                                                                             : json[u"label"].toString();
        const bool isWritable = isCreate ? field->isCreateable : field->isUpdateable;
        cell.isReadOnly = !isEditable || !isWritable;
        const bool isMeant = isRequired && (names.size() == 1 || carriesRequired(schema, *field));
        cell.isRequired = !cell.isReadOnly && (field->isRequired || isMeant);
        item.cells += cell;
    }
    if (item.cells.isEmpty())
        item.cells += crm::LayoutCell();
    return item;
}

/// A row of the page is as high as its tallest item; the lower ones are followed by gaps, so that columns
/// stay aligned.
void appendRow(crm::LayoutSection &section, const QList<Item> &items)
{
    qsizetype height = 0;
    for (const Item &item : items)
        height = std::max(height, item.cells.size());
    for (qsizetype line = 0; line < height; ++line) {
        QList<crm::LayoutCell> row;
        for (const Item &item : items)
            row += line < item.cells.size() ? item.cells[line] : crm::LayoutCell();
        section.rows += row;
    }
}

bool isAllGaps(const QList<crm::LayoutCell> &row)
{
    return std::ranges::all_of(row, [](const crm::LayoutCell &cell) { return cell.field.isEmpty(); });
}

} // namespace

QList<const crm::Field *> partsOf(const crm::KindSchema &schema, const QString &compound)
{
    static const QStringList order{u"Salutation"_s, u"FirstName"_s,  u"MiddleName"_s, u"LastName"_s,
                                   u"Suffix"_s,     u"Street"_s,     u"City"_s,       u"State"_s,
                                   u"StateCode"_s,  u"PostalCode"_s, u"Country"_s,    u"CountryCode"_s};
    const auto suffixAt = [](const QString &name) {
        qsizetype best = -1;
        for (qsizetype i = 0; i < order.size(); ++i) {
            if (name.endsWith(order[i]) && (best < 0 || order[i].size() > order[best].size()))
                best = i;
        }
        return best;
    };
    QList<std::pair<qsizetype, const crm::Field *>> found;
    bool hasCodes = false;
    const crm::Field *whole = schema.field(compound);
    const bool isLocation = whole != nullptr && whole->type == crm::FieldType::Location;
    for (const crm::Field &field : schema.fields) {
        if (field.compound != compound)
            continue;
        const bool isGeo = field.name.endsWith(u"Latitude") || field.name.endsWith(u"Longitude") ||
                           field.name.endsWith(u"GeocodeAccuracy");
        if (isGeo && !isLocation)
            continue; // an address's page asks for no coordinates
        hasCodes = hasCodes || field.name.endsWith(u"CountryCode");
        found += {suffixAt(field.name), &field};
    }
    // Where the org uses state and country lists, the codes are what a form sets; the names follow.
    if (hasCodes) {
        found.removeIf([](const auto &part) {
            return part.second->name.endsWith(u"State") || part.second->name.endsWith(u"Country");
        });
    }
    std::ranges::stable_sort(found, {}, [](const auto &part) { return part.first; });
    QList<const crm::Field *> parts;
    for (const auto &part : found)
        parts += part.second;
    return parts;
}

QString variantFor(const QJsonObject &layouts, const QString &wanted)
{
    QString chosen;
    QString master = kMasterId;
    for (const QJsonValue mapping : layouts[u"recordTypeMappings"].toArray()) {
        const QString id = mapping[u"recordTypeId"].toString();
        if (!wanted.isEmpty() && id.startsWith(wanted.left(15)))
            return id;
        if (mapping[u"master"].toBool())
            master = id;
        if (chosen.isEmpty() && mapping[u"available"].toBool() &&
            mapping[u"defaultRecordTypeMapping"].toBool())
            chosen = id;
    }
    if (!wanted.isEmpty())
        return wanted;
    return chosen.isEmpty() ? master : chosen;
}

QJsonObject layoutDocument(const QJsonObject &layouts, const QString &variantId)
{
    if (layouts[u"editLayoutSections"].isArray() || layouts[u"detailLayoutSections"].isArray())
        return layouts;
    const QJsonArray all = layouts[u"layouts"].toArray();
    QString layoutId;
    for (const QJsonValue mapping : layouts[u"recordTypeMappings"].toArray()) {
        if (mapping[u"recordTypeId"].toString() == variantId)
            layoutId = mapping[u"layoutId"].toString();
    }
    for (const QJsonValue layout : all) {
        if (!layoutId.isEmpty() && layout[u"id"].toString() == layoutId)
            return layout.toObject();
    }
    return all.size() == 1 ? all.first().toObject() : QJsonObject();
}

crm::Layout layoutOf(const QJsonObject &layout, const crm::KindSchema &schema, crm::LayoutPurpose purpose)
{
    crm::Layout result;
    result.kind = schema.kind;
    result.name = layout[u"name"].toString();
    QJsonArray sections = layout[u"editLayoutSections"].toArray();
    if (sections.isEmpty())
        sections = layout[u"detailLayoutSections"].toArray();
    for (const QJsonValue json : sections) {
        crm::LayoutSection section;
        if (json[u"useHeading"].toBool())
            section.label = json[u"heading"].toString();
        section.columns = std::max(1, json[u"columns"].toInt(1));
        for (const QJsonValue row : json[u"layoutRows"].toArray()) {
            QList<Item> items;
            for (const QJsonValue item : row[u"layoutItems"].toArray())
                items += itemOf(item.toObject(), schema, purpose);
            appendRow(section, items);
        }
        section.rows.removeIf(isAllGaps);
        if (!section.rows.isEmpty())
            result.sections += section;
    }
    return result;
}

QJsonObject layoutDocumentOfUi(const QJsonObject &uiLayout)
{
    // The two layouts say the same in the same places; only a component's two members are called otherwise.
    QJsonArray sections = uiLayout[u"sections"].toArray();
    for (auto section = sections.begin(); section != sections.end(); ++section) {
        QJsonObject one = section->toObject();
        QJsonArray rows = one[u"layoutRows"].toArray();
        for (auto row = rows.begin(); row != rows.end(); ++row) {
            QJsonArray items = row->toObject()[u"layoutItems"].toArray();
            for (auto item = items.begin(); item != items.end(); ++item) {
                QJsonObject shown = item->toObject();
                QJsonArray components;
                for (const QJsonValue component : shown[u"layoutComponents"].toArray())
                    components += QJsonObject{{u"type"_s, component[u"componentType"]},
                                              {u"value"_s, component[u"apiName"]}};
                shown.insert(u"layoutComponents"_s, components);
                *item = shown;
            }
            *row = QJsonObject{{u"layoutItems"_s, items}};
        }
        one.insert(u"layoutRows"_s, rows);
        *section = one;
    }
    return {{u"editLayoutSections"_s, sections}};
}

FieldMap defaultsOf(const QJsonObject &uiRecord, const crm::KindSchema &schema)
{
    FieldMap values;
    const QJsonObject fields = uiRecord[u"fields"].toObject();
    for (auto it = fields.begin(); it != fields.end(); ++it) {
        const QJsonValue value = it.value()[u"value"];
        const crm::Field *field = schema.field(it.key());
        // A relationship stands there as well, as a whole record beside its id.
        if (field && field->isCreateable && !value.isNull() && !value.isUndefined() && !value.isObject())
            values.insert(it.key(), valueOf(value, field));
    }
    return values;
}

QMap<QString, QList<crm::Choice>> choicesOf(const QJsonObject &layouts, const QString &variantId,
                                            const crm::KindSchema &schema)
{
    QMap<QString, QList<crm::Choice>> offered;
    for (const QJsonValue mapping : layouts[u"recordTypeMappings"].toArray()) {
        if (mapping[u"recordTypeId"].toString() != variantId)
            continue;
        for (const QJsonValue list : mapping[u"picklistsForRecordType"].toArray()) {
            const QString name = list[u"picklistName"].toString();
            const crm::Field *field = schema.field(name);
            if (field == nullptr)
                continue;
            QList<crm::Choice> choices;
            for (const QJsonValue value : list[u"picklistValues"].toArray()) {
                // validFor counts the controller's values in the describe; so the describe's entry is kept.
                const auto known =
                    std::ranges::find(field->choices, value[u"value"].toString(), &crm::Choice::value);
                if (known == field->choices.end())
                    continue;
                crm::Choice choice = *known;
                choice.isDefault = value[u"defaultValue"].toBool();
                choices += choice;
            }
            offered.insert(name, choices);
        }
    }
    return offered;
}

} // namespace parley::salesforce

#include "core/desk/ChatMemory.h"

#include "core/store/FieldMapJson.h"

#include <array>
#include <utility>

namespace parley::desk {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::array kOptions{"leadAndTask"_L1, "case"_L1, "contactAndCase"_L1, "contactAndTask"_L1,
                              "contact"_L1};
constexpr std::array kAttach{"nothing"_L1, "case"_L1, "task"_L1};
constexpr std::array kWriting{"notYet"_L1, "promised"_L1, "done"_L1};

template <class Enum, std::size_t N>
std::optional<Enum> named(const std::array<QLatin1StringView, N> &names, const QJsonValue &value)
{
    const QString name = value.toString();
    const auto found = std::ranges::find_if(names, [&name](QLatin1StringView one) { return one == name; });
    if (found == names.end())
        return std::nullopt;
    return Enum(std::distance(names.begin(), found));
}

QJsonObject jsonOfMaps(const QMap<QString, FieldMap> &maps)
{
    QJsonObject object;
    for (auto it = maps.cbegin(); it != maps.cend(); ++it)
        object.insert(it.key(), store::jsonOf(it.value()));
    return object;
}

QMap<QString, FieldMap> mapsOf(const QJsonObject &object)
{
    QMap<QString, FieldMap> maps;
    for (auto it = object.begin(); it != object.end(); ++it)
        maps.insert(it.key(), store::fieldsOf(it.value().toObject()));
    return maps;
}

} // namespace

QString keyOf(const RecordRef &ref)
{
    return ref.kind.name + u'/' + ref.id.value;
}

QString nameOf(CreateOption option)
{
    return kOptions.at(std::size_t(option));
}

RecordKind kindOf(CreateOption option)
{
    switch (option) {
    case CreateOption::LeadAndTask:
        return kinds::lead;
    case CreateOption::Case:
        return kinds::crmCase;
    case CreateOption::ContactAndCase:
    case CreateOption::ContactAndTask:
    case CreateOption::Contact:
        break;
    }
    return kinds::contact;
}

crm::Attach attachOf(CreateOption option)
{
    switch (option) {
    case CreateOption::Case:
    case CreateOption::ContactAndCase:
        return crm::Attach::Case;
    case CreateOption::LeadAndTask:
    case CreateOption::ContactAndTask:
        return crm::Attach::Task;
    case CreateOption::Contact:
        break;
    }
    return crm::Attach::Nothing;
}

bool ChatMemory::enter(const QString &org)
{
    if (org.isEmpty() || organisation == org)
        return false;
    if (!organisation.isEmpty()) {
        const OrgMemory left = std::exchange(static_cast<OrgMemory &>(*this), elsewhere.take(org));
        if (left != OrgMemory{})
            elsewhere.insert(organisation, left);
    }
    organisation = org;
    return true;
}

OrgMemory &ChatMemory::of(const QString &org)
{
    return org == organisation || org.isEmpty() ? *this : elsewhere[org];
}

namespace {

QJsonObject jsonOfOrg(const OrgMemory &memory)
{
    QJsonObject object{{u"attach"_s, kAttach.at(std::size_t(memory.plan.attach))},
                       {u"parent"_s, store::jsonOf(memory.plan.parent)},
                       {u"edited"_s, store::jsonOf(memory.plan.edited)},
                       {u"transcriptNote"_s, memory.plan.attachTranscriptNote},
                       {u"selected"_s, store::jsonOf(memory.selected)},
                       {u"reason"_s, memory.reason},
                       {u"rejected"_s, memory.isRejected},
                       {u"edits"_s, jsonOfMaps(memory.edits)},
                       {u"bases"_s, jsonOfMaps(memory.bases)},
                       {u"forms"_s, jsonOfMaps(memory.forms)},
                       {u"mayHaveCreated"_s, memory.mayHaveCreated},
                       {u"note"_s, store::jsonOf(memory.note)}};
    if (memory.option)
        object.insert(u"option"_s, nameOf(*memory.option));
    return object;
}

OrgMemory orgMemoryOf(const QJsonObject &object)
{
    OrgMemory memory;
    memory.plan.attach =
        named<crm::Attach>(kAttach, object.value(u"attach"_s)).value_or(crm::Attach::Nothing);
    memory.plan.parent = store::refOf(object.value(u"parent"_s).toObject());
    memory.plan.edited = store::fieldsOf(object.value(u"edited"_s).toObject());
    memory.plan.attachTranscriptNote = object.value(u"transcriptNote"_s).toBool();
    memory.option = named<CreateOption>(kOptions, object.value(u"option"_s));
    memory.selected = store::refOf(object.value(u"selected"_s).toObject());
    memory.reason = object.value(u"reason"_s).toString();
    memory.isRejected = object.value(u"rejected"_s).toBool();
    memory.edits = mapsOf(object.value(u"edits"_s).toObject());
    memory.bases = mapsOf(object.value(u"bases"_s).toObject());
    memory.forms = mapsOf(object.value(u"forms"_s).toObject());
    memory.mayHaveCreated = object.value(u"mayHaveCreated"_s).toBool();
    memory.note = store::refOf(object.value(u"note"_s).toObject());
    return memory;
}

} // namespace

QJsonObject jsonOf(const ChatMemory &memory)
{
    QJsonObject details;
    for (auto it = memory.details.cbegin(); it != memory.details.cend(); ++it)
        details.insert(it.key(), it.value());
    QJsonObject elsewhere;
    for (auto it = memory.elsewhere.cbegin(); it != memory.elsewhere.cend(); ++it)
        elsewhere.insert(it.key(), jsonOfOrg(it.value()));
    QJsonObject object = jsonOfOrg(memory);
    object.insert(u"draft"_s, memory.draft);
    object.insert(u"wrapUp"_s, memory.wrapUp);
    object.insert(u"details"_s, details);
    object.insert(u"writing"_s, kWriting.at(std::size_t(memory.writing)));
    object.insert(u"dismissed"_s, memory.isDismissed);
    object.insert(u"organisation"_s, memory.organisation);
    object.insert(u"elsewhere"_s, elsewhere);
    return object;
}

ChatMemory memoryOf(const QJsonObject &object)
{
    ChatMemory memory;
    static_cast<OrgMemory &>(memory) = orgMemoryOf(object);
    memory.draft = object.value(u"draft"_s).toString();
    memory.wrapUp = object.value(u"wrapUp"_s).toString();
    const QJsonObject details = object.value(u"details"_s).toObject();
    for (auto it = details.begin(); it != details.end(); ++it)
        memory.details.insert(it.key(), it.value().toString());
    memory.writing = named<Writing>(kWriting, object.value(u"writing"_s)).value_or(Writing::NotYet);
    memory.isDismissed = object.value(u"dismissed"_s).toBool();
    memory.organisation = object.value(u"organisation"_s).toString();
    const QJsonObject elsewhere = object.value(u"elsewhere"_s).toObject();
    for (auto it = elsewhere.begin(); it != elsewhere.end(); ++it)
        memory.elsewhere.insert(it.key(), orgMemoryOf(it.value().toObject()));
    return memory;
}

} // namespace parley::desk

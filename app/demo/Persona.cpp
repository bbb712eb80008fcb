#include "app/demo/Persona.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

// A static library's resources are linked in only when they are asked for by name, outside any namespace.
static void initResources()
{
    Q_INIT_RESOURCE(demo);
}

namespace parley::demo {

using namespace Qt::Literals::StringLiterals;

namespace {

std::chrono::milliseconds secondsOf(const QJsonValue &value)
{
    return std::chrono::milliseconds(qRound64(value.toDouble() * 1000));
}

Persona personaFrom(const QJsonObject &object)
{
    Persona persona;
    persona.start = secondsOf(object.value("start"_L1));
    persona.isTaken = object.value("taken"_L1).toBool();
    persona.fields = object.value("fields"_L1).toObject();
    persona.page = object.value("page"_L1).toObject();
    persona.env = object.value("env"_L1).toObject();
    persona.variables = object.value("variables"_L1).toObject();
    persona.text = object.value("text"_L1).toString();
    const QJsonArray steps = object.value("steps"_L1).toArray();
    for (const QJsonValue value : steps) {
        persona.steps += PersonaStep{.isAfterReply = value["reply"_L1].toBool(),
                                     .after = secondsOf(value["after"_L1]),
                                     .say = value["say"_L1].toString()};
    }
    return persona;
}

} // namespace

Result<QList<Persona>> personasFrom(const QByteArray &json)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (error.error != QJsonParseError::NoError)
        return fail(Errc::InvalidInput,
                    u"visitors: %1 at byte %2"_s.arg(error.errorString()).arg(error.offset));
    QList<Persona> personas;
    const QJsonArray visitors = document.object().value("visitors"_L1).toArray();
    for (const QJsonValue visitor : visitors)
        personas += personaFrom(visitor.toObject());
    return personas;
}

QList<Persona> builtInPersonas()
{
    initResources();
    QFile file(u":/parley/demo/visitors.json"_s);
    const bool isOpen = file.open(QIODevice::ReadOnly);
    Q_ASSERT(isOpen);
    const auto personas = personasFrom(file.readAll());
    Q_ASSERT(personas);
    return personas.value_or(QList<Persona>());
}

} // namespace parley::demo

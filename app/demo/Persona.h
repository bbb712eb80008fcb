// A made-up visitor of the demo and what that person says, read from resources/demo/visitors.json.
#pragma once

#include "core/base/Result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QString>

#include <chrono>

namespace parley::demo {

struct PersonaStep {
    bool isAfterReply = false; ///< first waits until the agent has written
    std::chrono::milliseconds after{0};
    QString say;
};

struct Persona {
    std::chrono::milliseconds start{0}; ///< after the demo began
    bool isTaken = false;               ///< the demo accepts the chat for its agent
    QJsonObject fields;                 ///< the pre-chat form's answers
    QJsonObject page;
    QJsonObject env;
    QJsonObject variables;
    QString text; ///< the first message
    QList<PersonaStep> steps;
};

Result<QList<Persona>> personasFrom(const QByteArray &json);

/// Those that ship with the program.
QList<Persona> builtInPersonas();

} // namespace parley::demo

// A line on a scripted hub, with a profile that outlives the line: what the tests of core/chat stand on.
#pragma once

#include "core/chat/Line.h"
#include "core/store/Database.h"
#include "tests/core/chat/ScriptedHub.h"

#include <QTemporaryDir>

namespace parley::tests {

class LineBench
{
public:
    /// A console starts with that profile; the one before is gone as if killed.
    void restart()
    {
        using namespace Qt::Literals::StringLiterals;
        line.reset();
        // What was handed to the disk before the kill is on it; the next console reads by another connection.
        if (database)
            std::ignore = database->runBlocking([](QSqlDatabase &) -> Result<Done> { return Done{}; });
        static constexpr store::Migration steps[] = {{1, &chat::createLineTables}};
        auto opened = store::Database::open(folder.filePath(u"parley.db"_s), steps);
        if (!opened)
            qFatal("no database");
        database = *opened;
        auto started = chat::Line::open(database, clock);
        if (!started)
            qFatal("no line");
        line = *started;
    }
    void signIn()
    {
        using namespace Qt::Literals::StringLiterals;
        line->signIn(hub.door(), u"nora@tallyworks.example"_s, u"right"_s);
    }
    [[nodiscard]] QStringList texts(const QString &id) const
    {
        QStringList texts;
        for (const Message &message : line->messages({id})) {
            if (message.kind != MessageKind::Event)
                texts += message.attachment ? message.attachment->name : message.text;
        }
        return texts;
    }

    SystemClock clock;
    QTemporaryDir folder;
    ScriptedHub hub;
    std::shared_ptr<store::Database> database;
    std::shared_ptr<chat::Line> line;
};

} // namespace parley::tests

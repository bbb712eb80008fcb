// A desk between a scripted hub and a CRM in memory, on a clock that stands still unless moved.
#pragma once

#include "core/chat/Line.h"
#include "core/desk/Desk.h"
#include "core/desk/ProfileSchema.h"
#include "core/store/Database.h"
#include "tests/core/chat/ScriptedHub.h"
#include "tests/fakes/FakeClock.h"
#include "tests/fakes/FakeCrm.h"

#include <QTemporaryDir>
#include <QTest>

namespace parley::tests {

class DeskBench
{
public:
    DeskBench();
    ~DeskBench();

    void start(); ///< a console with that profile: the one before is gone as if killed
    void stop();
    bool signIn(); ///< false when the hub does not let us in
    void connectCrm() { connectCrm(crm, {}); }
    void connectCrm(std::shared_ptr<fakes::FakeCrm> org, const QString &organisation);
    /// A contact with the address amelia@b.example.
    Record putAmelia();
    /// An open chat of ours with that visitor, known to the hub.
    void addChat(const QString &id, const QString &email,
                 const QString &name = QStringLiteral("Amelia Hart"));
    [[nodiscard]] desk::RecordTab tab(const QString &id) const { return desk->recordTab({id}); }
    /// Of the card that the tab shows first; blank where it has none of that name.
    [[nodiscard]] desk::CardField field(const QString &id, const QString &name) const;
    [[nodiscard]] desk::ChatRow row(const QString &id) const;
    [[nodiscard]] desk::WriteLine write(const QString &id, const QString &key) const;
    /// Lets events run, and moves the clock a little at a time, until it is so.
    template <class Condition> bool until(Condition condition)
    {
        for (int i = 0; i < 600; ++i) {
            if (QTest::qWaitFor(condition, 10))
                return true;
            clock.advance(std::chrono::milliseconds(100));
        }
        return false;
    }
    template <class T> Result<T> wait(Async<T> task)
    {
        std::optional<Result<T>> answer;
        QObject context;
        whenDone(std::move(task), &context, [&answer](Result<T> result) { answer = std::move(result); });
        if (!until([&answer] { return answer.has_value(); }))
            return fail(Errc::TimedOut, QStringLiteral("the test waited in vain"));
        return *answer;
    }

    fakes::FakeClock clock;
    QTemporaryDir folder;
    ScriptedHub hub;
    std::shared_ptr<fakes::FakeCrm> crm = std::make_shared<fakes::FakeCrm>();
    std::shared_ptr<store::Database> database;
    std::shared_ptr<chat::Line> line;
    std::unique_ptr<desk::Desk> desk;
};

} // namespace parley::tests

// The frames that the hub sends, typed. Each has from(members) and toJson().
#pragma once

#include "core/wire/ClientFrames.h"

namespace parley::wire {

/// A refused frame.
struct Refusal {
    Code code = Code::Malformed;
    QString message; ///< for the log
    QString chat = {};
    QString cid = {};
    bool fatal = false;
    QString file = {};                                      ///< of a refused piece
    static Result<Refusal> from(const QJsonObject &object); ///< an unknown code becomes Malformed; see word
    [[nodiscard]] QJsonObject toJson() const;
    QString word = {}; ///< the code as it came
    friend bool operator==(const Refusal &, const Refusal &) = default;
};

/// A chat as the visitor's page sees it.
struct OwnChat {
    ChatId id;
    ChatState state = ChatState::Waiting;
    qint64 lastSeq = 0;
    QString agentName;
    static Result<OwnChat> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const OwnChat &, const OwnChat &) = default;
};

struct VisitorWelcome {
    QString token;
    VisitorId visitor;
    bool online = false;
    QString brandName;
    QString brandReply;
    QList<FormField> form;
    Limits limits;
    std::optional<OwnChat> chat;
    static Result<VisitorWelcome> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const VisitorWelcome &, const VisitorWelcome &) = default;
};

struct AgentWelcome {
    QString token;
    Agent agent;
    QString hubName;
    QString hubVersion;
    Limits limits;
    static Result<AgentWelcome> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const AgentWelcome &, const AgentWelcome &) = default;
};

struct Started {
    ClientId cid;
    OwnChat chat;
    static Result<Started> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const Started &, const Started &) = default;
};

struct Ack {
    ChatId chat;
    ClientId cid;
    qint64 seq = 0;
    QDateTime at;
    static Result<Ack> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const Ack &, const Ack &) = default;
};

struct Entry {
    Message message;
    static Result<Entry> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const Entry &, const Entry &) = default;
};

struct Marks {
    ChatId chat;
    qint64 deliveredSeq = 0;
    qint64 readSeq = 0;
    qint64 agentReadSeq = 0;
    static Result<Marks> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const Marks &, const Marks &) = default;
};

struct Log {
    ChatId chat;
    QList<Message> entries;
    qint64 lastSeq = 0;
    bool more = false;
    static Result<Log> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const Log &, const Log &) = default;
};

struct FileReady {
    ClientId cid;
    FileId file;
    qint64 offset = 0;
    qint64 chunk = 0;
    static Result<FileReady> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const FileReady &, const FileReady &) = default;
};

struct FileGot {
    FileId file;
    qint64 offset = 0;
    static Result<FileGot> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const FileGot &, const FileGot &) = default;
};

struct FileData {
    FileId file;
    qint64 offset = 0;
    qint64 size = 0;
    QByteArray data;
    bool last = false;
    static Result<FileData> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const FileData &, const FileData &) = default;
};

struct ChatChanged {
    Chat chat;
    static Result<ChatChanged> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const ChatChanged &, const ChatChanged &) = default;
};

struct Gone {
    ChatId chat;
    static Result<Gone> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const Gone &, const Gone &) = default;
};

/// To visitors: whether an agent is available has changed.
struct Online {
    bool online = false;
    static Result<Online> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const Online &, const Online &) = default;
};

struct Claimed {
    ChatId chat;
    ClientId cid;
    bool granted = false;
    QDateTime until;   ///< of the lease that holds, ours or another's
    bool done = false; ///< somebody has written it already: nothing is left to do
    static Result<Claimed> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const Claimed &, const Claimed &) = default;
};

} // namespace parley::wire

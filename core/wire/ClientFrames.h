// The frames that a visitor's page or a console sends to the hub, typed. Each has from(members) and toJson().
#pragma once

#include "core/wire/Objects.h"

namespace parley::wire {

struct PageInfo {
    QString url;
    QString title;
    QString referrer;
    static Result<PageInfo> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const; ///< as the frame `page`
    friend bool operator==(const PageInfo &, const PageInfo &) = default;
};

struct Environment {
    QString language;
    QString timeZone;
    QString screen;
    QString userAgent;
    friend bool operator==(const Environment &, const Environment &) = default;
};

struct VisitorHello {
    qint64 version = kVersion;
    QString token;
    PageInfo page;
    Environment env;
    static Result<VisitorHello> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const VisitorHello &, const VisitorHello &) = default;
};

struct AgentHello {
    qint64 version = kVersion;
    QString token; ///< or e-mail and password
    QString email;
    QString password;
    static Result<AgentHello> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const AgentHello &, const AgentHello &) = default;
};

struct Start {
    ClientId cid;
    QMap<QString, QString> fields; ///< the form's answers by the form's names
    QMap<QString, QString> variables;
    QMap<QString, QString> context;
    QString text;
    static Result<Start> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const Start &, const Start &) = default;
};

struct Say {
    ChatId chat;
    ClientId cid;
    QString text;
    MessageKind kind = MessageKind::Text;
    static Result<Say> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const Say &, const Say &) = default;
};

/// Both ways: the hub adds author and name when it passes it on.
struct Typing {
    ChatId chat;
    QString text; ///< what a visitor has typed so far; to a visitor "…" or empty
    std::optional<Author> author;
    QString name;
    static Result<Typing> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const Typing &, const Typing &) = default;
};

struct Read {
    ChatId chat;
    qint64 delivered = 0;
    qint64 read = 0;
    static Result<Read> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const Read &, const Read &) = default;
};

struct Resume {
    ChatId chat;
    qint64 after = 0;
    static Result<Resume> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const Resume &, const Resume &) = default;
};

struct End {
    ChatId chat;
    ClientId cid;
    static Result<End> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const End &, const End &) = default;
};

struct Offline {
    ClientId cid;
    QMap<QString, QString> fields;
    QString text;
    static Result<Offline> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const Offline &, const Offline &) = default;
};

struct FileBegin {
    ChatId chat;
    ClientId cid;
    QString name;
    QString mimeType;
    qint64 size = 0;
    static Result<FileBegin> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const FileBegin &, const FileBegin &) = default;
};

struct FileChunk {
    FileId file;
    qint64 offset = 0;
    QByteArray data;
    static Result<FileChunk> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const FileChunk &, const FileChunk &) = default;
};

struct FileGet {
    ChatId chat;
    FileId file;
    qint64 offset = 0;
    static Result<FileGet> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const FileGet &, const FileGet &) = default;
};

struct SetPresence {
    Presence status = Presence::Offline;
    qint64 capacity = 0; ///< 0: no limit
    static Result<SetPresence> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const SetPresence &, const SetPresence &) = default;
};

struct Accept {
    ChatId chat; ///< empty: the one that waits longest
    ClientId cid;
    static Result<Accept> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const Accept &, const Accept &) = default;
};

struct Link {
    ChatId chat;
    ClientId cid;
    QList<RecordRef> links;
    static Result<Link> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const Link &, const Link &) = default;
};

struct Claim {
    ChatId chat;
    ClientId cid;
    qint64 leaseSeconds = 120;
    static Result<Claim> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const Claim &, const Claim &) = default;
};

struct Release {
    ChatId chat;
    ClientId cid;
    bool done = false;
    static Result<Release> from(const QJsonObject &object);
    [[nodiscard]] QJsonObject toJson() const;
    friend bool operator==(const Release &, const Release &) = default;
};

} // namespace parley::wire

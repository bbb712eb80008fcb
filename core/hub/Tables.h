// The hub's tables: every question and change of chats, messages, files and visitors. Lives on the store's
// thread, inside the store's transaction; an answer with Errc::Storage makes the store roll everything back.
#pragma once

#include "core/store/Sqlite.h"
#include "core/wire/HubFrames.h"

#include <QHash>
#include <QSet>

namespace parley::hub {

/// On whose behalf something is asked.
struct Who {
    VisitorId visitor; ///< empty for an agent
    AgentId agent;
    QString name;  ///< of the agent
    QString email; ///< of the agent
    bool isSupervisor = false;
    [[nodiscard]] bool isAgent() const { return !agent.isEmpty(); }
};

/// What is to be added to a chat.
struct Draft {
    ChatId chat;
    ClientId cid;
    MessageKind kind = MessageKind::Text;
    QString text = {};
    QString event = {};
    std::optional<Attachment> file = {};
    qint64 fileNo = 0;
};

/// What was added, or had been under the same cid.
struct Appended {
    Message message;
    qint64 atMs = 0;
    bool isRepeated = false;
    Chat chat; ///< as it is now
};

struct ChatStart {
    ClientId cid;
    LiveChatFields fields;
    QString text;
    Channel channel = Channel::Web;
    bool isOffline = false; ///< ended at once: nobody was there
};

struct ChatStarted {
    Chat chat;
    QList<Message> added; ///< empty when repeated
    bool isRepeated = false;
    bool isOther = false; ///< nothing was started: the visitor has this chat, of which only the id is told
};

struct LogPage {
    Chat chat;
    QList<Message> entries;
    bool hasMore = false;
};

struct Visit {
    VisitorId visitor;
    wire::PageInfo page;
};

struct FileState {
    FileId file;
    qint64 received = 0;
    std::optional<Appended> appended; ///< with the last piece
};

class Tables
{
public:
    explicit Tables(store::Sqlite &database);

    Result<Done> visit(const Visit &visit, qint64 atMs);
    Result<ChatStarted> start(const Who &who, ChatStart start, qint64 atMs);
    Result<Appended> say(const Who &who, const Draft &draft, qint64 atMs);
    /// Compare and set; an empty chat takes the one that waits longest.
    Result<Appended> accept(const Who &who, const ChatId &chat, const ClientId &cid, qint64 atMs);
    Result<Appended> end(const Who &who, const ChatId &chat, const ClientId &cid, qint64 atMs);
    /// Of a visitor who has left while waiting; nothing when it is no longer waiting.
    Result<std::optional<Appended>> endUnattended(const ChatId &chat, qint64 atMs);
    Result<Appended> link(const Who &who, const wire::Link &link, qint64 atMs);
    Result<wire::Claimed> claim(const Who &who, const wire::Claim &claim, qint64 atMs);
    Result<Chat> release(const Who &who, const wire::Release &release);
    Result<Chat> mark(const Who &who, const wire::Read &read);
    Result<Chat> setFields(const ChatId &chat, const LiveChatFields &fields);
    Result<LogPage> resume(const Who &who, const wire::Resume &resume, int limit);
    Result<QList<Chat>> liveChats();
    struct Epoch {
        AgentId agent;
        qint64 epoch = 0;
    };
    /// Of every account: it grows when the password does no longer hold.
    Result<QList<Epoch>> epochs();

    Result<FileState> beginFile(const Who &who, const wire::FileBegin &begin, qint64 atMs);
    Result<FileState> addPiece(const Who &who, const wire::FileChunk &chunk, qint64 atMs);
    Result<wire::FileData> piece(const Who &who, const wire::FileGet &get);

    struct Account {
        Agent agent;
        QString password; ///< Argon2id, as libsodium writes it
        qint64 epoch = 0;
    };
    Result<Account> accountByEmail(const QString &email);
    Result<Account> accountById(const AgentId &id);

    /// Writes what changed of the chats; the store calls it before it commits.
    Result<Done> flush();
    /// After a rollback: nothing that is remembered can be trusted.
    void forget();
    void limitSize(qint64 bytes) { m_db.limitSize(bytes); }

private:
    struct Row {
        qint64 no = 0;
        Chat chat;
        QString claimedBy;
        qint64 claimedUntil = 0;
        bool isWritten = false;     ///< to the CRM
        bool hasProgressed = false; ///< numbers, preview
        bool hasChanged = false;    ///< anything else
    };
    using Step = store::Statement::Step;

    Error storageError() const;
    Result<Row *> find(const ChatId &id);
    Result<Row *> findFor(const Who &who, const ChatId &id, bool mayWait);
    /// The visitor's chat that is not ended, if there is one.
    Result<std::optional<ChatId>> liveChatOf(const VisitorId &visitor);
    Result<Row *> load(store::Statement &statement);
    Result<Appended> append(Row &row, const Who &who, Author author, const Draft &draft, qint64 atMs);
    Result<Appended> repeated(Row &row, const QString &sender, const ClientId &cid);
    std::optional<Result<Appended>> knownAlready(Row &row, const Who &who, const ClientId &cid);
    void advance(Row &row, const Message &message);
    Message messageAt(const store::Statement &row, const ChatId &chat);
    void addVisitorFacts(const VisitorId &visitor, LiveChatFields &known);
    void touch(Row &row, bool isProgress);

    store::Sqlite &m_db;
    QHash<QString, std::shared_ptr<Row>> m_rows; // shared only because QHash copies its values when it grows
    QSet<Row *> m_dirty;

    store::Statement m_findChat, m_findStart, m_findLive, m_findLiveOf, m_longestWaiting, m_insertChat,
        m_saveProgress, m_saveChat;
    store::Statement m_insertMessage, m_findCid, m_logForAgent, m_logForVisitor;
    store::Statement m_findVisitor, m_upsertVisitor, m_countChat;
    store::Statement m_findFileByCid, m_findFile, m_insertFile, m_saveFile, m_insertPiece, m_findPiece;
    store::Statement m_accountByEmail, m_accountByNo, m_epochs;
};

/// The sender's part of a cid's key: cids of different people never meet.
QString senderKey(const Who &who);

} // namespace parley::hub

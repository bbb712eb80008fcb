// Files and accounts, the part of Tables that is not about the log of a chat.
#include "core/hub/Tables.h"
#include "core/hub/Text.h"
#include "core/hub/Tokens.h"

namespace parley::hub {

using namespace Qt::Literals::StringLiterals;
using wire::Code;
using wire::refusal;

Result<FileState> Tables::beginFile(const Who &who, const wire::FileBegin &begin, qint64 atMs)
{
    const auto row = findFor(who, begin.chat, false);
    if (!row)
        return fail(row.error());
    const QString sender = senderKey(who);
    const Step step = m_findFileByCid.bind((*row)->no, sender, begin.cid.value).step();
    if (step == Step::Failed)
        return fail(storageError());
    if (step == Step::Row) {
        FileState state{
            .file = {m_findFileByCid.text(1)}, .received = m_findFileByCid.number(2), .appended = {}};
        const bool isSame = m_findFileByCid.number(3) == begin.size;
        const bool isWhole = m_findFileByCid.number(4) > 0;
        m_findFileByCid.reset();
        if (!isSame)
            return fail(refusal(Code::OutOfTurn, u"another file was begun with this cid"_s));
        if (isWhole) {
            auto known = repeated(**row, sender, begin.cid);
            if (!known)
                return fail(known.error());
            state.appended = std::move(*known);
        }
        return state;
    }
    m_findFileByCid.reset();
    if (const auto known = knownAlready(**row, who, begin.cid)) {
        if (!*known)
            return fail(known->error());
        return fail(refusal(Code::OutOfTurn, u"this cid was used for something else"_s));
    }
    if ((*row)->chat.state == ChatState::Ended)
        return fail(refusal(Code::OutOfTurn, u"the chat has ended"_s));
    FileState state{.file = {randomId('F')}, .received = 0, .appended = {}};
    m_insertFile.bind(state.file.value, (*row)->no, sender, begin.cid.value, cleanFileName(begin.name),
                      cleanMediaType(begin.mimeType), begin.size, atMs);
    if (!m_insertFile.run())
        return fail(storageError());
    return state;
}

Result<FileState> Tables::addPiece(const Who &who, const wire::FileChunk &chunk, qint64 atMs)
{
    const Step step = m_findFile.bind(chunk.file.value).step();
    if (step == Step::Failed)
        return fail(storageError());
    const bool isThere = step == Step::Row;
    const qint64 no = m_findFile.number(0);
    const ChatId chat{m_findFile.text(1)};
    const QString sender = m_findFile.text(2);
    const ClientId cid{m_findFile.text(3)};
    const Attachment file{.id = chunk.file,
                          .name = m_findFile.text(4),
                          .mimeType = m_findFile.text(5),
                          .size = m_findFile.number(6)};
    const qint64 received = m_findFile.number(7);
    const bool isWhole = m_findFile.number(8) > 0;
    m_findFile.reset();
    if (!isThere || sender != senderKey(who))
        return fail(refusal(Code::NotFound, u"no such file, or not one of yours"_s));
    const auto row = findFor(who, chat, false);
    if (!row)
        return fail(row.error());
    if (isWhole) {
        auto known = repeated(**row, sender, cid);
        if (!known)
            return fail(known.error());
        return FileState{.file = chunk.file, .received = received, .appended = std::move(*known)};
    }
    if (chunk.offset < received) // sent again after a broken line
        return FileState{.file = chunk.file, .received = received, .appended = {}};
    if (chunk.offset > received)
        return fail(refusal(Code::OutOfTurn, u"the next piece begins at %1"_s.arg(received)));
    if (chunk.data.isEmpty() || received + chunk.data.size() > file.size)
        return fail(refusal(Code::TooLong, u"a piece of %1 bytes does not fit"_s.arg(chunk.data.size())));
    if ((*row)->chat.state == ChatState::Ended)
        return fail(refusal(Code::OutOfTurn, u"the chat has ended"_s));
    if (!m_insertPiece.bind(no, received, chunk.data).run())
        return fail(storageError());
    FileState state{.file = chunk.file, .received = received + chunk.data.size(), .appended = {}};
    qint64 seq = 0;
    if (state.received == file.size) {
        const Draft draft{.chat = chat, .cid = cid, .kind = MessageKind::File, .file = file, .fileNo = no};
        auto added = append(**row, who, who.isAgent() ? Author::Agent : Author::Visitor, draft, atMs);
        if (!added)
            return fail(added.error());
        seq = added->message.seq;
        state.appended = std::move(*added);
    }
    if (!m_saveFile.bind(state.received, seq, no).run())
        return fail(storageError());
    return state;
}

Result<wire::FileData> Tables::piece(const Who &who, const wire::FileGet &get)
{
    const auto row = findFor(who, get.chat, true);
    if (!row)
        return fail(row.error());
    const Step step = m_findFile.bind(get.file.value).step();
    if (step == Step::Failed)
        return fail(storageError());
    const bool isThere =
        step == Step::Row && m_findFile.text(1) == get.chat.value && m_findFile.number(8) > 0;
    const qint64 no = m_findFile.number(0);
    wire::FileData answer{
        .file = get.file, .offset = get.offset, .size = m_findFile.number(6), .data = {}, .last = false};
    m_findFile.reset();
    if (!isThere || get.offset >= answer.size)
        return fail(refusal(Code::NotFound, u"no such file, or not one of yours"_s));
    if (m_findPiece.bind(no, get.offset).step() != Step::Row)
        return fail(storageError());
    answer.data = m_findPiece.bytes(1).sliced(get.offset - m_findPiece.number(0));
    m_findPiece.reset();
    answer.last = get.offset + answer.data.size() == answer.size;
    return answer;
}

Result<Tables::Account> Tables::accountByEmail(const QString &email)
{
    const Step step = m_accountByEmail.bind(email).step();
    if (step == Step::Failed)
        return fail(storageError());
    if (step == Step::Done) {
        m_accountByEmail.reset();
        return fail(refusal(Code::SignIn, u"no such account"_s));
    }
    Account account{.agent = {.id = {u"A%1"_s.arg(m_accountByEmail.number(0))},
                              .name = m_accountByEmail.text(2),
                              .email = m_accountByEmail.text(1),
                              .role = m_accountByEmail.text(3)},
                    .password = m_accountByEmail.text(4),
                    .epoch = m_accountByEmail.number(5)};
    m_accountByEmail.reset();
    return account;
}

Result<Tables::Account> Tables::accountById(const AgentId &id)
{
    const Step step = m_accountByNo.bind(id.value.mid(1).toLongLong()).step();
    if (step == Step::Failed)
        return fail(storageError());
    if (step == Step::Done) {
        m_accountByNo.reset();
        return fail(refusal(Code::SignIn, u"no such account"_s));
    }
    const QString email = m_accountByNo.text(1);
    m_accountByNo.reset();
    return accountByEmail(email);
}

} // namespace parley::hub

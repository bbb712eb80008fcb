// The frames that only a console sends.
#include "core/base/Log.h"
#include "core/hub/Accounts.h"
#include "core/hub/Doors.h"

#include <QHostAddress>

namespace parley::hub {

using namespace Qt::Literals::StringLiterals;
using wire::Code;
using wire::refusal;

namespace {
constexpr qint64 kTokenDays = 30;
// Wrong passwords from one address: ten, then one every three seconds. Right ones cost nothing: a whole
// office may sign in from behind one address.
constexpr double kAttempts = 10;
constexpr double kMsPerAttempt = 3'000;
constexpr int kMostWaiting = 500;
constexpr qsizetype kMostAddresses = 10'000;
constexpr qsizetype kLongestPassword = 1'000;
} // namespace

void Doors::agentHello(Session &session, const wire::Frame &frame)
{
    const auto hello = wire::AgentHello::from(frame.body);
    const double version = frame.body.value("v"_L1).toDouble(wire::kVersion);
    if (version != wire::kVersion) {
        m_floor.refuse(session, refusal(Code::Version, u"this hub speaks version %1"_s.arg(wire::kVersion)),
                       frame, true);
        session.line->closeLine(WebSocketCodec::CloseCode::BadVersion);
    } else if (!hello) {
        m_floor.refuse(session, hello.error(), frame);
    } else if (!hello->token.isEmpty()) {
        signInByToken(session, frame, hello->token);
    } else {
        signInByPassword(session, frame, *hello);
    }
}

bool Doors::maySignIn(const QString &address)
{
    if (m_attempts.size() > kMostAddresses)
        m_attempts.clear();
    const qint64 now = m_clock.steadyMs();
    auto it = m_attempts.find(address);
    if (it == m_attempts.end())
        it = m_attempts.insert(address, {kAttempts, now});
    it->left = std::min(kAttempts, it->left + double(now - it->at) / kMsPerAttempt);
    it->at = now;
    return it->left >= 1 && m_signInsWaiting < kMostWaiting;
}

void Doors::signInByToken(Session &session, const wire::Frame &frame, const QString &token)
{
    const auto claim = m_tokens.agentOf(token);
    const qint64 now = nowMs() / 1000;
    if (!claim || now - claim->issuedAt > kTokenDays * 86'400) {
        signInRefused(session.id(), frame, u"the token is not, or no longer, good"_s);
        return;
    }
    session.isSigningIn = true;
    m_store.submit(
        [id = claim->agent](Tables &tables) { return tables.accountById(id); },
        [this, line = session.id(), frame, epoch = claim->epoch](const Result<Tables::Account> &account) {
            if (!account && account.error().code == Errc::Storage) {
                if (Session *waiting = m_floor.find(line)) {
                    waiting->isSigningIn = false;
                    m_floor.refuse(*waiting, account.error(), frame);
                }
            } else if (!account || account->epoch != epoch) {
                signInRefused(line, frame, u"the token is no longer good"_s);
            } else {
                signedIn(line, *account);
            }
        });
}

void Doors::signInByPassword(Session &session, const wire::Frame &frame, const wire::AgentHello &hello)
{
    if (!maySignIn(session.line->peerAddress().toString())) {
        m_floor.refuse(session, refusal(Code::TooMany, u"too many sign-ins from this address"_s),
                       {u"hello"_s, {}});
        return;
    }
    if (hello.password.size() > kLongestPassword || hello.email.size() > kLongestPassword) {
        signInRefused(session.id(), frame, u"wrong e-mail or password"_s);
        return;
    }
    session.isSigningIn = true;
    ++m_signInsWaiting;
    m_store.submit(
        [email = hello.email.trimmed()](Tables &tables) { return tables.accountByEmail(email); },
        [this, line = session.id(), password = hello.password,
         address = session.line->peerAddress().toString()](Result<Tables::Account> account) {
            const wire::Frame about{u"hello"_s, {}}; // the password is not carried any further than it must
            if (!account && account.error().code == Errc::Storage) {
                --m_signInsWaiting;
                if (Session *waiting = m_floor.find(line)) {
                    waiting->isSigningIn = false;
                    m_floor.refuse(*waiting, account.error(), about);
                }
                return;
            }
            m_hashing.start(
                [this, line, password, address, about, known = account.value_or(Tables::Account())] {
                    const bool isRight = isPassword(known.password, password);
                    QMetaObject::invokeMethod(
                        &m_context,
                        [this, line, address, about, known, isRight] {
                            --m_signInsWaiting;
                            if (isRight) {
                                signedIn(line, known);
                                return;
                            }
                            if (const auto it = m_attempts.find(address); it != m_attempts.end())
                                it->left -= 1;
                            signInRefused(line, about, u"wrong e-mail or password"_s);
                        },
                        Qt::QueuedConnection);
                });
        });
}

void Doors::signInRefused(quint64 line, const wire::Frame &frame, const QString &why)
{
    Session *session = m_floor.find(line);
    if (!session)
        return;
    m_floor.refuse(*session, refusal(Code::SignIn, why), frame, true);
    session->line->closeLine(WebSocketCodec::CloseCode::SignIn);
}

void Doors::signedIn(quint64 line, const Tables::Account &account)
{
    Session *session = m_floor.find(line);
    if (!session)
        return;
    session->isSigningIn = false;
    m_floor.greetAgent(*session, account.agent);
    qCInfo(lcHub) << "agent" << account.agent.id.value << "signed in on line" << line;
    const wire::AgentWelcome welcome{
        .token = m_tokens.forAgent({account.agent.id, account.epoch, nowMs() / 1000}),
        .agent = account.agent,
        .hubName = m_config.brandName,
        .hubVersion = QStringLiteral(PARLEY_VERSION),
        .limits = m_config.limits,
    };
    session->line->send(wire::encode(welcome.toJson()));
    const QList<Chat> chats = m_floor.chatsFor(account.agent.id);
    for (const Chat &chat : chats)
        session->line->send(wire::encode(wire::ChatChanged{chat}.toJson()));
    session->line->send(R"({"t":"synced"})");
}

void Doors::presence(Session &session, const wire::Frame &frame)
{
    const auto presence = wire::SetPresence::from(frame.body);
    if (presence)
        m_floor.setPresence(session.who.agent, presence->status, presence->capacity);
    else
        m_floor.refuse(session, presence.error(), frame);
}

void Doors::accept(Session &session, const wire::Frame &frame)
{
    auto accept = wire::Accept::from(frame.body);
    if (!accept) {
        m_floor.refuse(session, accept.error(), frame);
        return;
    }
    // Who names a chat has decided; "the next one" keeps to what the agent said is enough.
    const qint64 capacity = m_floor.capacityOf(session.who.agent);
    if (accept->chat.isEmpty() && capacity > 0 && m_floor.openChatsOf(session.who.agent) >= capacity) {
        m_floor.refuse(session,
                       refusal(Code::Capacity, u"you have %1 chats, as many as you take"_s.arg(capacity)),
                       frame);
        return;
    }
    const ClientId cid = accept->cid;
    m_store.submit([who = session.who, accept = std::move(*accept),
                    at = nowMs()](Tables &tables) { return tables.accept(who, accept.chat, accept.cid, at); },
                   [this, line = session.id(), frame, cid](const Result<Appended> &accepted) {
                       if (!accepted) {
                           added(line, frame, cid, accepted);
                           return;
                       }
                       const Chat &chat = accepted->chat;
                       acknowledge(line, chat.id, cid, accepted->message.seq, accepted->atMs);
                       if (accepted->isRepeated) {
                           if (Session *sender = m_floor.find(line))
                               sender->line->send(wire::encode(wire::ChatChanged{chat}.toJson()));
                           return;
                       }
                       m_floor.put(chat);
                       m_floor.tellChat(chat);
                       m_floor.tellGone(chat);
                       m_floor.publish(*accepted, line);
                   });
}

void Doors::link(Session &session, const wire::Frame &frame)
{
    auto link = wire::Link::from(frame.body);
    if (link && (link->links.isEmpty() || link->links.size() > 20))
        link = fail(refusal(Code::Malformed, u"links: 1 to 20 are needed"_s));
    if (!link) {
        m_floor.refuse(session, link.error(), frame);
        return;
    }
    const ClientId cid = link->cid;
    m_store.submit([who = session.who, link = std::move(*link),
                    at = nowMs()](Tables &tables) { return tables.link(who, link, at); },
                   [this, line = session.id(), frame, cid](const Result<Appended> &linked) {
                       added(line, frame, cid, linked);
                       if (linked && !linked->isRepeated)
                           m_floor.tellChat(linked->chat);
                   });
}

void Doors::claim(Session &session, const wire::Frame &frame)
{
    auto claim = wire::Claim::from(frame.body);
    if (!claim) {
        m_floor.refuse(session, claim.error(), frame);
        return;
    }
    m_store.submit([who = session.who, claim = std::move(*claim),
                    at = nowMs()](Tables &tables) { return tables.claim(who, claim, at); },
                   [this, line = session.id(), frame](const Result<wire::Claimed> &claimed) {
                       Session *asker = m_floor.find(line);
                       if (!asker)
                           return;
                       if (claimed)
                           asker->line->send(wire::encode(claimed->toJson()));
                       else
                           m_floor.refuse(*asker, claimed.error(), frame);
                   });
}

void Doors::release(Session &session, const wire::Frame &frame)
{
    auto release = wire::Release::from(frame.body);
    if (!release) {
        m_floor.refuse(session, release.error(), frame);
        return;
    }
    const ClientId cid = release->cid;
    m_store.submit([who = session.who,
                    release = std::move(*release)](Tables &tables) { return tables.release(who, release); },
                   [this, line = session.id(), frame, cid](const Result<Chat> &chat) {
                       if (chat)
                           acknowledge(line, chat->id, cid, chat->lastSeq, nowMs());
                       else if (Session *asker = m_floor.find(line))
                           m_floor.refuse(*asker, chat.error(), frame);
                   });
}

} // namespace parley::hub

// The frames that only a console sends.
#include "core/base/Log.h"
#include "core/hub/Accounts.h"
#include "core/hub/Doors.h"
#include "core/hub/LineServer.h"

#include <QHostAddress>

namespace parley::hub {

using namespace Qt::Literals::StringLiterals;
using wire::Code;
using wire::refusal;

namespace {
constexpr qint64 kTokenDays = 30;
constexpr int kMostWaiting = 500;
// How long an account that was removed or got another password goes on where it is signed in.
constexpr std::chrono::seconds kAccountsEvery{10};
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
    return m_attempts.has(address, m_clock.steadyMs()) && m_signInsWaiting < kMostWaiting;
}

// Accounts are changed by another process (parley-hub agent): the database is the only one to tell.
void Doors::watchAccounts()
{
    m_clock.callAfter(kAccountsEvery, &m_context, [this] {
        checkAccounts();
        watchAccounts();
    });
}

void Doors::checkAccounts()
{
    if (m_floor.agents().isEmpty())
        return;
    m_store.submit([](Tables &tables) { return tables.epochs(); },
                   [this](const Result<QList<Tables::Epoch>> &epochs) {
                       if (!epochs)
                           return; // nothing is known, so nobody is sent away
                       QHash<AgentId, qint64> known;
                       for (const Tables::Epoch &one : *epochs)
                           known.insert(one.agent, one.epoch);
                       for (const Session *session : m_floor.agents()) {
                           if (known.value(session->who.agent, -1) != session->epoch)
                               signInRefused(session->id(), {u"hello"_s, {}},
                                             u"the account was removed, or has another password now"_s);
                       }
                   });
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
    session.line->setKnown();
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
    const QString address = networkOf(session.line->address());
    if (!maySignIn(address)) {
        m_floor.refuse(session, refusal(Code::TooMany, u"too many sign-ins from this address"_s),
                       {u"hello"_s, {}});
        return;
    }
    if (hello.password.size() > kLongestPassword || hello.email.size() > kLongestPassword) {
        signInRefused(session.id(), frame, u"wrong e-mail or password"_s);
        return;
    }
    session.isSigningIn = true;
    session.line->setKnown();
    ++m_signInsWaiting;
    m_store.submit(
        [email = hello.email.trimmed()](Tables &tables) { return tables.accountByEmail(email); },
        [this, line = session.id(), password = hello.password, address](Result<Tables::Account> account) {
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
                            m_attempts.spend(address, m_clock.steadyMs());
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
    m_floor.greetAgent(*session, account.agent, account.epoch);
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

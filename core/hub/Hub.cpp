#include "core/hub/Hub.h"

#include "core/base/Log.h"
#include "core/hub/Doors.h"
#include "core/hub/LineServer.h"
#include "core/hub/Schema.h"
#include "core/hub/Site.h"

#include <QDir>
#include <QLockFile>
#include <QRegularExpression>

namespace parley::hub {

using namespace Qt::Literals::StringLiterals;

namespace {
constexpr int kPatience = 100;
constexpr std::chrono::seconds kRest{1};
} // namespace

/// Everything that exists while the hub runs.
class Hub::Running final : public LineUser
{
public:
    Running(const Config &config, Clock &clock, std::unique_ptr<QLockFile> lock, std::unique_ptr<Store> store,
            Tokens tokens)
        : m_config(config)
        , m_clock(clock)
        , m_lock(std::move(lock))
        , m_tokens(std::move(tokens))
        , m_site(config.brandName, config.sites)
        , m_floor(config, clock)
        , m_store(std::move(store))
        , m_doors(std::make_unique<Doors>(config, clock, m_floor, *m_store, m_tokens))
        , m_server(std::make_unique<LineServer>(config, clock, *this))
    {
        QObject::connect(m_store.get(), &Store::caughtUp, m_server.get(), &LineServer::readOn);
    }

    ~Running() override
    {
        m_server.reset();
        m_floor.clear();
        m_doors.reset();
        m_store.reset(); // commits what was taken
    }

    Result<Done> open()
    {
        const auto chats = m_store->runNow([](Tables &tables) { return tables.liveChats(); });
        if (!chats)
            return fail(chats.error());
        m_floor.begin(*chats);
        return m_server->open();
    }

    LineServer &server() { return *m_server; }
    Store &store() { return *m_store; }

    void lineOpened(Line &line) override { m_floor.add(line); }
    void lineClosed(Line &line) override { m_floor.remove(line); }

    void lineReceived(Line &line, const QByteArray &bytes) override
    {
        Session *session = m_floor.find(line.id());
        if (!session)
            return;
        const auto frame = wire::parseFrame(bytes);
        const bool isCheap =
            frame && (frame->type == u"file.chunk" || frame->type == u"file.get" || frame->type == u"pong");
        if (!takeFromRate(*session, isCheap ? 0.1 : 1.0)) {
            // Who goes on shouting is not listened to: to answer each frame of a flood would cost the others.
            if (++session->refusedInARow >= kPatience) {
                session->refusedInARow = 0;
                line.pause(kRest);
            }
            m_floor.refuse(*session,
                           wire::refusal(wire::Code::TooMany, u"more frames than the rate allows"_s),
                           frame.value_or(wire::Frame()));
            return;
        }
        session->refusedInARow = 0;
        if (frame)
            m_doors->take(*session, *frame);
        else
            m_floor.refuse(*session, frame.error(), {});
    }

    void lineTooLarge(Line &line, const QByteArray &head, qint64 size) override
    {
        Session *session = m_floor.find(line.id());
        if (!session)
            return;
        const QString why = u"frame of %1 bytes, at most %2"_s.arg(size).arg(m_config.frameBytes);
        m_floor.refuse(*session, wire::refusal(wire::Code::TooLarge, why), aboutOf(head));
    }

    void lineCaughtUp(Line &line) override
    {
        if (Session *session = m_floor.find(line.id()))
            m_doors->readNext(*session);
    }
    [[nodiscard]] bool isBusy() const override { return m_store->isBusy(); }

    HttpAnswer httpAnswer(const HttpHead &head) override { return m_site.answer(head, m_store->isGood()); }

private:
    // The frame was not read, but its head mostly says what it was about: the sender can mark that message as
    // failed.
    static wire::Frame aboutOf(const QByteArray &head)
    {
        static const QRegularExpression pattern(u"\"(cid|chat)\"\\s*:\\s*\"([A-Za-z0-9_-]{1,64})\""_s);
        wire::Frame about;
        auto found = pattern.globalMatch(QString::fromLatin1(head));
        while (found.hasNext()) {
            const auto match = found.next();
            if (!about.body.contains(match.captured(1)))
                about.body.insert(match.captured(1), match.captured(2));
        }
        return about;
    }

    bool takeFromRate(Session &session, double cost)
    {
        const qint64 now = m_clock.steadyMs();
        const double refilled =
            session.frames + double(now - session.refilledAt) * m_config.framesPerSecond / 1000;
        session.frames = std::min(m_config.frameBurst, refilled);
        session.refilledAt = now;
        if (session.frames < cost)
            return false;
        session.frames -= cost;
        return true;
    }

    const Config &m_config;
    Clock &m_clock;
    std::unique_ptr<QLockFile> m_lock;
    Tokens m_tokens;
    Site m_site;
    Floor m_floor;
    std::unique_ptr<Store> m_store;
    std::unique_ptr<Doors> m_doors;
    std::unique_ptr<LineServer> m_server;
};

Hub::Hub(Config config, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_config(std::move(config))
    , m_clock(clock)
{
    if (m_config.form.isEmpty())
        m_config.form = standardForm();
}

Hub::~Hub()
{
    stop();
}

Result<ReadyLine> Hub::start()
{
    // The lock file can only be made in a folder that exists and can be written.
    if (!QDir().mkpath(m_config.dataDir))
        return fail({.code = Errc::Storage,
                     .detail = u"cannot make the folder "_s + m_config.dataDir,
                     .remoteCode = u"data_dir"_s});
    auto lock = std::make_unique<QLockFile>(QDir(m_config.dataDir).filePath(u"hub.lock"_s));
    lock->setStaleLockTime(0);
    if (!lock->tryLock(100)) {
        const bool isHeld = lock->error() == QLockFile::LockFailedError;
        return fail(
            {.code = Errc::Storage,
             .detail = (isHeld ? u"another hub uses the folder "_s : u"cannot write to the folder "_s) +
                       m_config.dataDir,
             .remoteCode = isHeld ? u"in_use"_s : u"data_dir"_s});
    }
    if (const auto ready = prepareDataDir(m_config.dataDir); !ready)
        return fail(ready.error());
    auto tokens = Tokens::open(m_config.dataDir);
    if (!tokens)
        return fail(tokens.error());
    auto store = Store::open(m_config.dataDir, m_config.storeBytes);
    if (!store)
        return fail(store.error());
    m_running =
        std::make_unique<Running>(m_config, m_clock, std::move(lock), std::move(*store), std::move(*tokens));
    if (const auto opened = m_running->open(); !opened) {
        m_running.reset();
        return fail(opened.error());
    }
    const QHostAddress bound = m_running->server().serverAddress();
    const bool isAny =
        bound == QHostAddress::Any || bound == QHostAddress::AnyIPv4 || bound == QHostAddress::AnyIPv6;
    QString shown = isAny ? u"127.0.0.1"_s : bound.toString();
    if (shown.contains(u':'))
        shown = u'[' + shown + u']';
    const QString authority = u"%1:%2"_s.arg(shown).arg(m_running->server().serverPort());
    qCInfo(lcHub) << "listening on" << authority;
    return ReadyLine{.url = u"http://"_s + authority + u'/',
                     .widget = u"http://"_s + authority + u"/widget.js"_s,
                     .agentWs = u"ws://"_s + authority + u"/ws/agent"_s,
                     .visitorWs = u"ws://"_s + authority + u"/ws/visitor"_s};
}

void Hub::stop()
{
    m_running.reset();
}

void Hub::limitStore(qint64 bytes)
{
    if (m_running)
        m_running->store().limitSize(bytes);
}

int Hub::lineCount() const
{
    return m_running ? m_running->server().lineCount() : 0;
}

HubThread::HubThread(Config config)
    : m_config(std::move(config))
{
    m_thread.setObjectName(u"hub"_s);
}

HubThread::~HubThread()
{
    stop();
}

Result<ReadyLine> HubThread::start()
{
    stop();
    m_thread.start();
    m_hub = new Hub(m_config, m_clock);
    m_hub->moveToThread(&m_thread);
    Result<ReadyLine> ready = fail(Errc::Cancelled);
    QMetaObject::invokeMethod(
        m_hub, [this, &ready] { ready = m_hub->start(); }, Qt::BlockingQueuedConnection);
    if (!ready)
        stop();
    return ready;
}

void HubThread::stop()
{
    if (m_hub) {
        QMetaObject::invokeMethod(
            m_hub, [hub = m_hub] { delete hub; }, Qt::BlockingQueuedConnection);
        m_hub = nullptr;
    }
    m_thread.quit();
    m_thread.wait();
}

} // namespace parley::hub

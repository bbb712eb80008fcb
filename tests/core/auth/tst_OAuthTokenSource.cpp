#include "core/auth/OAuthTokenSource.h"
#include "core/auth/SecretStore.h"
#include "tests/fakes/Await.h"
#include "tests/fakes/FakeClock.h"
#include "tests/fakes/FakeTransport.h"

#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

using namespace parley;
using namespace parley::auth;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {
// moc of Qt 6.4 loses the class behind a raw string: single quotes stand for double ones.
QByteArray json(QByteArray text)
{
    return text.replace('\'', '"');
}
} // namespace

namespace {

/// Keeps in memory, holds each write until it is let through, and can refuse.
class SlowStore final : public SecretStore, public std::enable_shared_from_this<SlowStore>
{
public:
    Async<QByteArray> read(QString) override
    {
        if (kept.isEmpty())
            co_return fail(Errc::NotFound);
        const QByteArray copy = kept; // QCoro 0.8 would move it out
        co_return copy;
    }
    Async<Done> write(QString, QByteArray secret) override
    {
        const auto self = shared_from_this();
        ++writes;
        if (isHeld) {
            gate.start();
            const QFuture<void> open = gate.future();
            co_await open;
        }
        if (isBroken)
            co_return fail(Errc::Storage, u"locked"_s);
        kept = secret;
        co_return Done{};
    }
    Async<Done> remove(QString) override
    {
        kept.clear();
        co_return Done{};
    }
    [[nodiscard]] bool isPersistent() const override { return true; }

    [[nodiscard]] QString refreshToken() const
    {
        return QJsonDocument::fromJson(kept).object().value(u"refreshToken"_s).toString();
    }

    QByteArray kept;
    QPromise<void> gate;
    int writes = 0;
    bool isHeld = false;
    bool isBroken = false;
};

} // namespace

class OAuthTokenSourceTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<fakes::FakeClock> m_clock;
    std::shared_ptr<fakes::FakeTransport> m_wire;
    std::shared_ptr<SlowStore> m_store;
    OAuthSettings m_settings;

    std::shared_ptr<OAuthTokenSource> source()
    {
        return std::make_shared<OAuthTokenSource>(m_clock.get(), std::make_shared<OAuthClient>(m_wire),
                                                  m_store, m_settings, u"crm"_s);
    }
    std::shared_ptr<OAuthTokenSource> signedIn(std::optional<std::chrono::seconds> expiresIn = {})
    {
        auto made = source();
        const auto done =
            fakes::await(made->adopt(m_settings, {.accessToken = "A1",
                                                  .refreshToken = "R1",
                                                  .instanceUrl = QUrl(u"https://acme.my.salesforce.com"_s),
                                                  .expiresIn = expiresIn}));
        Q_ASSERT(done.has_value());
        return made;
    }
    QByteArray newTokens(const QByteArray &access, const QByteArray &refresh)
    {
        return "{\"access_token\":\"" + access + "\"" +
               (refresh.isEmpty() ? "" : ",\"refresh_token\":\"" + refresh + "\"") + "}";
    }
    void take(Async<AccessToken> task, std::optional<Result<AccessToken>> &into)
    {
        whenDone(std::move(task), this, [&into](Result<AccessToken> got) { into = std::move(got); });
    }

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u".*"_s));
        m_clock = std::make_unique<fakes::FakeClock>();
        m_wire = std::make_shared<fakes::FakeTransport>();
        m_store = std::make_shared<SlowStore>();
        m_settings = *salesforceSignIn(QUrl(u"https://acme.my.salesforce.com"_s), u"id"_s);
    }

    void token_nobodySignedIn_isUnauthorizedWithoutARequest()
    {
        const auto made = source();
        QCOMPARE(fakes::await(made->token()).error().code, Errc::Unauthorized);
        QCOMPARE(m_wire->requests().size(), 0);
    }

    void token_afterRestart_isRefreshedFromTheStore()
    {
        signedIn();
        const auto again = source();
        auto task = again->token();
        QTRY_COMPARE(m_wire->waiting(), 1);
        QVERIFY(m_wire->request().body.contains("refresh_token=R1&"));
        m_wire->answerJson(200, newTokens("A2", {}));
        const auto token = fakes::await(std::move(task));
        QCOMPARE(token->value, "A2"_ba);
        QCOMPARE(token->instanceUrl, QUrl(u"https://acme.my.salesforce.com"_s));
        QCOMPARE(m_store->refreshToken(), u"R1"_s); // none came: the old one stays
    }

    void token_keptForAnotherServer_isNotSentThere()
    {
        signedIn();
        m_settings = *salesforceSignIn(QUrl(u"https://other.my.salesforce.com"_s), u"id"_s);
        const auto again = source();
        QCOMPARE(fakes::await(again->token()).error().code, Errc::Unauthorized);
        QCOMPARE(m_wire->requests().size(), 0);
    }

    /// CRM_FACTS part C, 1: two refreshes at once, and rotation kills one of them.
    void trap1_renewedTwentyAtOnce_refreshesOnce()
    {
        const auto made = signedIn();
        QList<std::optional<Result<AccessToken>>> got(20);
        for (auto &one : got)
            take(made->renewed(1), one);
        QTRY_COMPARE(m_wire->waiting(), 1);
        m_wire->answerJson(200, newTokens("A2", "R2"));
        for (auto &one : got) {
            QTRY_VERIFY(one.has_value());
            QCOMPARE((*one)->value, "A2"_ba);
            QCOMPARE((*one)->generation, 2);
        }
        QCOMPARE(m_wire->requests().size(), 1);
        // One who comes late with the old generation gets the new token without a request.
        QCOMPARE(fakes::await(made->renewed(1))->value, "A2"_ba);
        QCOMPARE(m_wire->requests().size(), 1);
    }

    void renewed_rotation_isStoredBeforeTheTokenIsUsed()
    {
        const auto made = signedIn();
        m_store->isHeld = true;
        std::optional<Result<AccessToken>> got;
        take(made->renewed(1), got);
        QTRY_COMPARE(m_wire->waiting(), 1);
        m_wire->answerJson(200, newTokens("A2", "R2"));
        QTRY_COMPARE(m_store->writes, 2);
        QTest::qWait(20); // time for a wrong order to show
        QVERIFY(!got.has_value());
        m_store->gate.finish();
        QTRY_VERIFY(got.has_value());
        QCOMPARE((*got)->value, "A2"_ba);
        QCOMPARE(m_store->refreshToken(), u"R2"_s);
    }

    void renewed_storeRefuses_goesOnAndTellsTheAgent()
    {
        const auto made = signedIn();
        m_store->isBroken = true;
        std::optional<Error> told;
        made->whenNotKept([&told](Error error) { told = std::move(error); });
        auto task = made->renewed(1);
        m_wire->answerJson(200, newTokens("A2", "R2"));
        QCOMPARE(fakes::await(std::move(task))->value, "A2"_ba);
        QVERIFY(told.has_value());
        QCOMPARE(told->code, Errc::Storage);
        // The next refresh uses the new one although it could not be kept.
        auto next = made->renewed(2);
        QTRY_COMPARE(m_wire->waiting(), 1);
        QVERIFY(m_wire->request().body.contains("refresh_token=R2&"));
        m_wire->answerJson(200, newTokens("A3", "R3"));
        QVERIFY(fakes::await(std::move(next)).has_value());
    }

    void renewed_invalidGrant_signsOutForGood()
    {
        const auto made = signedIn();
        auto task = made->renewed(1);
        m_wire->answerJson(400, json("{'error':'invalid_grant'}"));
        QCOMPARE(fakes::await(std::move(task)).error().code, Errc::Unauthorized);
        QVERIFY(m_store->kept.isEmpty());
        QCOMPARE(fakes::await(made->token()).error().code, Errc::Unauthorized);
        QCOMPARE(m_wire->requests().size(), 1);
    }

    void renewed_failures_retryOnlyWhatIsSafe_data()
    {
        QTest::addColumn<int>("status"); // 0: no answer
        QTest::addColumn<Errc>("given");
        QTest::addColumn<bool>("neverSent");
        QTest::addColumn<Errc>("expected");
        QTest::newRow("refused connection") << 0 << Errc::Offline << true << Errc::Offline;
        QTest::newRow("broken line") << 0 << Errc::Offline << false << Errc::Unauthorized;
        QTest::newRow("no answer in time") << 0 << Errc::TimedOut << false << Errc::Unauthorized;
        QTest::newRow("half an answer") << 0 << Errc::BadReply << false << Errc::Unauthorized;
        QTest::newRow("html with 200") << 200 << Errc::BadReply << false << Errc::Unauthorized;
        QTest::newRow("server down, said so") << 503 << Errc::Offline << false << Errc::RateLimited;
        QTest::newRow("patience") << 429 << Errc::RateLimited << false << Errc::RateLimited;
        QTest::newRow("program ends") << 0 << Errc::Cancelled << false << Errc::Cancelled;
    }
    void renewed_failures_retryOnlyWhatIsSafe()
    {
        QFETCH(int, status);
        QFETCH(Errc, given);
        QFETCH(bool, neverSent);
        QFETCH(Errc, expected);
        const auto made = signedIn();
        auto task = made->renewed(1);
        if (status == 0)
            m_wire->failWith(Error{.code = given, .neverSent = neverSent});
        else
            m_wire->answer(status, "<html>", {{"Content-Type", "text/html"}});
        QCOMPARE(fakes::await(std::move(task)).error().code, expected);
        const bool isKept = expected != Errc::Unauthorized;
        QCOMPARE(!m_store->kept.isEmpty(), isKept);
        auto again = made->renewed(1);
        if (isKept) {
            QTRY_COMPARE(m_wire->waiting(), 1);
            m_wire->answerJson(200, newTokens("A2", {}));
            QCOMPARE(fakes::await(std::move(again))->value, "A2"_ba);
        } else {
            QCOMPARE(fakes::await(std::move(again)).error().code, Errc::Unauthorized);
            QCOMPARE(m_wire->requests().size(), 1);
        }
    }

    void renewed_answerLostWhereNothingRotates_mayBeTriedAgain()
    {
        const auto made = signedIn();
        auto first = made->renewed(1);
        m_wire->answerJson(200, newTokens("A2", {})); // shows that the server does not rotate
        QVERIFY(fakes::await(std::move(first)).has_value());
        auto second = made->renewed(2);
        m_wire->failWith(Errc::TimedOut);
        QCOMPARE(fakes::await(std::move(second)).error().code, Errc::TimedOut);
        // Known after a restart, too.
        const auto again = source();
        auto third = again->token();
        m_wire->failWith(Errc::Offline);
        QCOMPARE(fakes::await(std::move(third)).error().code, Errc::Offline);
        QCOMPARE(m_store->refreshToken(), u"R1"_s);
    }

    void token_expiryKnown_isRenewedBeforeIt()
    {
        const auto made = signedIn(3600s);
        m_clock->advance(3539s);
        QCOMPARE(fakes::await(made->token())->value, "A1"_ba);
        m_clock->advance(1s);
        auto task = made->token();
        m_wire->answerJson(200, newTokens("A2", {}));
        QCOMPARE(fakes::await(std::move(task))->value, "A2"_ba);
    }

    void signOut_signedIn_forgetsHereAndTellsTheServer()
    {
        const auto made = signedIn();
        auto task = made->signOut();
        QTRY_COMPARE(m_wire->waiting(), 1);
        QVERIFY(m_store->kept.isEmpty());
        QVERIFY(m_wire->request().url.path().endsWith(u"/revoke"));
        QVERIFY(m_wire->request().body.contains("token=R1"));
        m_wire->answer(200);
        QVERIFY(fakes::await(std::move(task)).has_value());
        QCOMPARE(fakes::await(made->token()).error().code, Errc::Unauthorized);
    }

    void signOut_offlineOrAfterRestart_forgetsAllTheSame()
    {
        signedIn();
        const auto made = source(); // only the store knows the token
        auto task = made->signOut();
        QTRY_COMPARE(m_wire->waiting(), 1);
        QVERIFY(m_wire->request().body.contains("token=R1"));
        m_wire->failWith(Errc::Offline);
        QCOMPARE(fakes::await(std::move(task)).error().code, Errc::Offline);
        QVERIFY(m_store->kept.isEmpty());
    }

    void signOut_duringARefresh_theNewTokensAreRevoked()
    {
        const auto made = signedIn();
        std::optional<Result<AccessToken>> got;
        take(made->renewed(1), got);
        QTRY_COMPARE(m_wire->waiting(), 1);
        auto leaving = made->signOut();
        QTRY_COMPARE(m_wire->waiting(), 2);
        m_wire->answer(200, {}, {}, 1);
        QVERIFY(fakes::await(std::move(leaving)).has_value());
        m_wire->answerJson(200, newTokens("A2", "R2"));
        QTRY_VERIFY(got.has_value());
        QCOMPARE(got->error().code, Errc::Unauthorized);
        QTRY_COMPARE(m_wire->waiting(), 1);
        QVERIFY(m_wire->request().body.contains("token=R2"));
        QVERIFY(m_store->kept.isEmpty());
        m_wire->answer(200);
    }

    void sourceGone_refreshUnderWay_endsInOrder()
    {
        auto made = signedIn();
        std::optional<Result<AccessToken>> got;
        take(made->renewed(1), got);
        QTRY_COMPARE(m_wire->waiting(), 1);
        made.reset();
        m_wire->answerJson(200, newTokens("A2", "R2"));
        QTRY_VERIFY(got.has_value());
        QCOMPARE(m_store->refreshToken(), u"R2"_s);
    }

    void clientCredentials_refused_isFetchedAnewOnce()
    {
        m_settings.clientSecret = u"s"_s;
        const auto made = std::make_shared<ServiceTokenSource>(
            m_clock.get(), std::make_shared<OAuthClient>(m_wire), m_settings);
        auto first = made->token();
        m_wire->answerJson(200,
                           json("{'access_token':'S1','instance_url':'https://acme.my.salesforce.com'}"));
        QCOMPARE(fakes::await(std::move(first))->value, "S1"_ba);
        auto a = made->renewed(1);
        auto b = made->renewed(1);
        QTRY_COMPARE(m_wire->waiting(), 1);
        m_wire->answerJson(200, json("{'access_token':'S2'}"));
        QCOMPARE(fakes::await(std::move(a))->value, "S2"_ba);
        QCOMPARE(fakes::await(std::move(b))->generation, 2);
        QCOMPARE(m_wire->requests().size(), 2);
    }
};

QTEST_GUILESS_MAIN(OAuthTokenSourceTest)
#include "tst_OAuthTokenSource.moc"

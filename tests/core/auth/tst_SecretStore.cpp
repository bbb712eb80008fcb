#include "core/auth/SecretStore.h"
#include "core/base/Clock.h"
#include "tests/fakes/Await.h"

#include <QRegularExpression>
#include <QTest>

using namespace parley;
using namespace parley::auth;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

/// Runs thrice, see with_keyring.sh: with an unlocked gnome-keyring, without a session bus, with a bus that
/// has none.
class SecretStoreTest : public QObject
{
    Q_OBJECT

private:
    SystemClock m_clock;

    bool hasKeyring() const { return qEnvironmentVariable("PARLEY_TEST_KEYRING") == u"unlocked"; }
    OpenedSecretStore opened(std::chrono::milliseconds limit = 15s)
    {
        std::optional<OpenedSecretStore> got;
        whenDone(openSecretStore(&m_clock, limit), this,
                 [&got](OpenedSecretStore store) { got = std::move(store); });
        [&] {
            QTRY_VERIFY_WITH_TIMEOUT(got.has_value(), 30'000);
        }();
        return std::move(*got);
    }

private slots:
    void init()
    {
        // QtKeychain and libsecret speak of the missing bus themselves.
        if (hasKeyring())
            QTest::failOnWarning(QRegularExpression(u".*"_s));
    }

    void openSecretStore_here_saysWhichOneItIs()
    {
        const auto store = opened();
        QCOMPARE(store.store->isPersistent(), hasKeyring());
        QCOMPARE(store.notKept.has_value(), !hasKeyring());
        if (store.notKept)
            QVERIFY(store.notKept->code == Errc::Storage || store.notKept->code == Errc::TimedOut);
    }

    void store_writeReadRemove_keepsBytesToTheLetter()
    {
        const auto store = opened().store;
        const QByteArray secret = QByteArray("{\"refreshToken\":\"5Aep\xc3\xbc\"}") + QByteArray(3000, 'x');
        QCOMPARE(fakes::await(store->read(u"t/none"_s)).error().code, Errc::NotFound);
        QVERIFY(fakes::await(store->write(u"t/a"_s, secret)).has_value());
        QVERIFY(fakes::await(store->write(u"t/b"_s, "other")).has_value());
        QCOMPARE(*fakes::await(store->read(u"t/a"_s)), secret);
        QVERIFY(fakes::await(store->write(u"t/a"_s, "new")).has_value());
        QCOMPARE(*fakes::await(store->read(u"t/a"_s)), "new"_ba);
        QCOMPARE(*fakes::await(store->read(u"t/a"_s)), "new"_ba); // reading does not take it away
        QVERIFY(fakes::await(store->remove(u"t/a"_s)).has_value());
        QVERIFY(fakes::await(store->remove(u"t/a"_s)).has_value());
        QCOMPARE(fakes::await(store->read(u"t/a"_s)).error().code, Errc::NotFound);
        QCOMPARE(*fakes::await(store->read(u"t/b"_s)), "other"_ba);
        QVERIFY(fakes::await(store->remove(u"t/b"_s)).has_value());
    }

    void keychain_absent_refusesAndKeepsNothing()
    {
        if (hasKeyring())
            QSKIP("this run has a keyring");
        const auto keychain = std::make_shared<KeychainSecretStore>();
        const auto written = fakes::await(keychain->write(u"t/a"_s, "5Aep-hidden"), 60'000);
        QVERIFY(!written.has_value());
        QCOMPARE(written.error().code, Errc::Storage);
        QVERIFY(!written.error().detail.contains(u"5Aep"_s));
    }

    void openSecretStore_noTime_isMemory()
    {
        const auto store = opened(0ms);
        QVERIFY(store.store);
        if (!store.store->isPersistent())
            QVERIFY(store.notKept.has_value());
        QTest::qWait(500); // the probe that lost the race comes home to nobody
    }
};

QTEST_GUILESS_MAIN(SecretStoreTest)
#include "tst_SecretStore.moc"

// What strangers write and CRMs hold, as long and as odd as it gets: nothing grows out of its pane, nothing
// stands still.
#include "tests/ui/screens/DemoValues.h"
#include "ui/panels/MainWindow.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace parley;
using namespace parley::ui;

class LongContentTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { m_theme.dress(*qApp); }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support )"_s));
        m_profile = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<settings::Settings>(m_profile->path());
        m_window = std::make_unique<MainWindow>(
            m_theme, *m_settings, [] { return demo::now(); }, new Ground(m_theme, &Palette::bgSide));
        m_window->resize(1440, 900);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        m_window->list().model().assign(demo::rows());
    }
    void cleanup() { m_window.reset(); }

    void names_anyScriptAndLength_stayInTheirPanes_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("company");
        QTest::newRow("200 letters, one word") << QString(200, u'W') << QString(200, u'M');
        QTest::newRow("200 letters, many words")
            << u"Wolfeschlegel "_s.repeated(15) << u"GmbH & Co. "_s.repeated(20);
        QTest::newRow("none") << QString() << QString();
        QTest::newRow("blanks") << u"   \t "_s << u" "_s;
        QTest::newRow("Arabic") << u"محمد عبد الرحمن "_s.repeated(8) << u"شركة"_s;
        QTest::newRow("Hebrew") << u"שלום בן־גוריון"_s << u"חברה"_s;
        QTest::newRow("Thai") << u"สมชายใจดีมากๆ"_s.repeated(12) << u"บริษัท"_s;
        QTest::newRow("emoji") << u"👩‍👩‍👧‍👦🏳️‍🌈"_s.repeated(20) << u"🔥"_s;
        QTest::newRow("markup") << u"<h1>Big</h1><img src=x onerror=alert(1)>&amp;"_s << u"<b>bold</b>"_s;
        QTest::newRow("overrides") << u"\u202Egnp.exe\u202C\u2066x"_s << u"\u202Eevil"_s;
    }
    void names_anyScriptAndLength_stayInTheirPanes()
    {
        QFETCH(QString, name);
        QFETCH(QString, company);
        desk::ChatRow row = demo::rows().first();
        row.name = name;
        row.company = company;
        row.segment = company;
        row.preview = name;
        row.isTyping = true;
        show(row, demo::thread());
        for (const QSize size : {QSize(1440, 900), QSize(1100, 700), QSize(880, 600)}) {
            m_window->resize(size);
            QTRY_COMPARE(m_window->size(), size); // nothing in it is wider than it lets itself be
            const ChatHeader &header = m_window->chat().header();
            for (const QString &button : {u"endChat"_s, u"chatMore"_s}) {
                const auto *part = m_window->findChild<QWidget *>(button);
                const QRect place(part->mapTo(&header, QPoint(0, 0)), part->size());
                QVERIFY2(header.rect().contains(place), qPrintable(button));
            }
            QVERIFY(m_window->chat().width() >= 416);
            QVERIFY(!m_window->grab().isNull());
        }
        m_window->chat().endPanel().ask({.visitor = name, .isTyping = true, .crm = u"Salesforce"_s});
        QVERIFY(m_window->chat().rect().contains(m_window->chat().endPanel().geometry()));
    }

    void message_wordsWithoutSpaces_wrapInTheBubble()
    {
        QList<desk::ThreadItem> items = demo::longThread(6);
        items[1].message.text = QString(300, u'x');
        items[2].message.text = u"https://a.example/"_s + QString(2000, u'p');
        items[3].message.text = u"ไม่มีช่องว่าง"_s.repeated(80);
        items[4].message.text = QString(5000, u'm') + u"\n\n\n"_s.repeated(20);
        show(demo::rows().first(), items);
        ThreadView &thread = m_window->chat().thread();
        QCOMPARE(thread.horizontalScrollBar()->maximum(), 0);
        for (int row = 0; row < thread.thread().rowCount(); ++row)
            QVERIFY(thread.visualRect(thread.thread().index(row)).height() < 2200);
        QVERIFY(!m_window->grab().isNull());
    }

    void tenThousand_switchingAndTyping_areQuick()
    {
        const QList<desk::ThreadItem> first = demo::longThread(10000);
        const QList<desk::ThreadItem> second = demo::longThread(40);
        show(demo::rows().first(), second);
        m_window->grab();
        const auto timed = [this](const std::function<void()> &act) {
            QElapsedTimer timer;
            timer.start();
            act();
            m_window->repaint();
            return double(timer.nsecsElapsed()) / 1e6;
        };
        const double open = timed([&] { show(demo::rows().first(), first); });
        const double away = timed([&] { show(demo::rows().at(1), second); });
        show(demo::rows().first(), first);
        QPlainTextEdit *edit = m_window->chat().composer().edit();
        QTest::keyClicks(edit, u"warm "_s);
        QList<double> keys;
        for (int i = 0; i < 20; ++i)
            keys += timed([&] { QTest::keyClick(edit, Qt::Key_A); });
        std::ranges::sort(keys);
        QList<desk::ThreadItem> grown = first;
        grown += first.last();
        grown.last().message.seq += 1;
        grown.last().message.clientId = ClientId{u"new"_s};
        const double message = timed([&] { m_window->chat().thread().updateThread(grown); });
        qInfo("10,000 messages: open %.1f ms, leave %.1f ms, a key %.1f ms (worst %.1f), a message %.1f ms",
              open, away, keys.at(10), keys.last(), message);
        // Budgets: 100, 50, 16 and 50 ms, whole windows drawn; a busy machine gets four times as much.
        QVERIFY2(open < 400, qPrintable(QString::number(open)));
        QVERIFY2(away < 200, qPrintable(QString::number(away)));
        QVERIFY2(keys.at(10) < 64, qPrintable(QString::number(keys.at(10))));
        QVERIFY2(message < 200, qPrintable(QString::number(message)));
    }

    void earlierPages_tenThousandBefore_areQuick()
    {
        // A long log comes in pages; what comes last may stand first.
        const QList<desk::ThreadItem> all = demo::longThread(10000);
        show(demo::rows().first(), all.mid(9900));
        QElapsedTimer timer;
        timer.start();
        m_window->chat().thread().updateThread(all);
        QVERIFY2(timer.elapsed() < 600, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(m_window->chat().thread().thread().rowCount() > 10000);
    }

private:
    void show(const desk::ChatRow &row, const QList<desk::ThreadItem> &items)
    {
        m_window->list().model().upsert(row);
        m_window->list().setOpenChat(row.id);
        m_window->chat().showRow(row, u"Salesforce"_s, u"SF"_s);
        m_window->chat().context().showContext(row.name, u"a.example/"_s + row.name, u"2 min here"_s,
                                               row.name);
        m_window->chat().thread().showThread(items);
        m_window->chat().typing().showTyping(row.name.left(40), row.name);
    }

    Theme m_theme;
    std::unique_ptr<QTemporaryDir> m_profile;
    std::unique_ptr<settings::Settings> m_settings;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(LongContentTest)
#include "tst_LongContent.moc"

#include "tests/ui/screens/DemoValues.h"
#include "ui/panels/CannedPopup.h"
#include "ui/panels/Composer.h"
#include "ui/text/Emoji.h"

#include <QClipboard>
#include <QImage>
#include <QMenu>
#include <QMimeData>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace parley;
using namespace parley::ui;

class ComposerTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { m_theme.dress(*qApp); }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support )"_s));
        m_stage = std::make_unique<QWidget>();
        m_stage->resize(700, 600);
        m_composer = new Composer(m_theme, m_stage.get());
        m_composer->setGeometry(0, 400, 700, 180);
        m_composer->setStage(m_stage.get());
        m_composer->setCanned(demo::canned());
        m_composer->setFiller([](const desk::CannedResponse &response) {
            return QString(response.text).replace(u"{!Visitor.Name}"_s, u"Amelia"_s);
        });
        m_stage->show();
        QVERIFY(QTest::qWaitForWindowActive(m_stage.get()));
        m_composer->focusEdit();
    }
    void cleanup() { m_stage.reset(); }

    void enter_sends_shiftEnterBreaksTheLine()
    {
        QSignalSpy sent(m_composer, &Composer::sent);
        QTest::keyClicks(edit(), u"one"_s);
        QTest::keyClick(edit(), Qt::Key_Return, Qt::ShiftModifier);
        QTest::keyClicks(edit(), u"two"_s);
        QTest::keyClick(edit(), Qt::Key_Return);
        QCOMPARE(sent.size(), 1);
        QCOMPARE(sent.first().first().toString(), u"one\ntwo"_s);
        QVERIFY(m_composer->draft().isEmpty());
    }

    void enter_blankText_sendsNothing()
    {
        QSignalSpy sent(m_composer, &Composer::sent);
        QTest::keyClicks(edit(), u"  "_s);
        QTest::keyClick(edit(), Qt::Key_Return);
        QCOMPARE(sent.size(), 0);
    }

    void note_isNeverSentAsReply()
    {
        QSignalSpy sent(m_composer, &Composer::sent);
        QSignalSpy noted(m_composer, &Composer::noted);
        QTest::keyClicks(edit(), u"secret"_s);
        m_composer->setMode(Composer::Mode::Note);
        QCOMPARE(m_composer->draft(), u"secret"_s); // switching keeps the text
        QTest::keyClick(edit(), Qt::Key_Return);
        QCOMPARE(sent.size(), 0);
        QCOMPARE(noted.size(), 1);
        QCOMPARE(edit()->accessibleName(), u"Internal note"_s);
    }

    void slash_atLineStart_offersAndInserts()
    {
        QTest::keyClicks(edit(), u"/cre"_s);
        QVERIFY(m_composer->popup()->isVisible());
        QTest::keyClick(edit(), Qt::Key_Return);
        QVERIFY(!m_composer->popup()->isVisible());
        QVERIFY(m_composer->draft().startsWith(u"I’ve removed [seats]"_s));
        QCOMPARE(edit()->textCursor().selectedText(), u"[seats]"_s);
    }

    void slash_insideALine_isASlash()
    {
        QTest::keyClicks(edit(), u"and/or"_s);
        QVERIFY(!m_composer->popup()->isVisible());
    }

    void popup_keys_chooseAndClose()
    {
        QTest::keyClicks(edit(), u"/"_s);
        QVERIFY(m_composer->popup()->isVisible());
        QTest::keyClick(edit(), Qt::Key_Escape);
        QVERIFY(!m_composer->popup()->isVisible());
        QCOMPARE(m_composer->draft(), u"/"_s);
        QTest::keyClicks(edit(), u"cre"_s);
        QTest::keyClick(edit(), Qt::Key_Down);
        QTest::keyClick(edit(), Qt::Key_Return);
        QCOMPARE(m_composer->draft(), u"A credit shows on the next invoice."_s);
    }

    void filled_placeholders_areReplaced()
    {
        QTest::keyClicks(edit(), u"/hello"_s);
        QTest::keyClick(edit(), Qt::Key_Return);
        QCOMPARE(m_composer->draft(), u"Hello Amelia, how can I help?"_s);
    }

    void blanks_tabJumps_sendAsksOnce()
    {
        QSignalSpy sent(m_composer, &Composer::sent);
        QTest::keyClicks(edit(), u"/credit"_s);
        QTest::keyClick(edit(), Qt::Key_Return);
        QTest::keyClicks(edit(), u"2 seats"_s);
        QTest::keyClick(edit(), Qt::Key_Tab);
        QCOMPARE(edit()->textCursor().selectedText(), u"[amount]"_s);
        QTest::keyClick(edit(), Qt::Key_Tab);
        QCOMPARE(edit()->textCursor().selectedText(), u"[date]"_s);
        QTest::keyClick(edit(), Qt::Key_Return);
        QCOMPARE(sent.size(), 0);
        QTest::keyClick(edit(), Qt::Key_Return);
        QCOMPARE(sent.size(), 1);
    }

    void matching_order_shortcutTitleText()
    {
        const auto found = CannedPopup::matching(demo::canned(), u"credit"_s);
        QStringList shortcuts;
        for (const auto &response : found)
            shortcuts += response.shortcut;
        QCOMPARE(shortcuts, (QStringList{u"/credit"_s, u"/credit-time"_s}));
        QVERIFY(CannedPopup::matching(demo::canned(), u"zzz"_s).isEmpty());
        QCOMPARE(CannedPopup::matching(demo::canned(), {}).size(), demo::canned().size());
    }

    void height_growsToSixLines()
    {
        const int before = edit()->height();
        for (int i = 0; i < 12; ++i) {
            QTest::keyClicks(edit(), u"x"_s);
            QTest::keyClick(edit(), Qt::Key_Return, Qt::ShiftModifier);
        }
        QVERIFY(edit()->height() > before);
        const int line = std::max(20, edit()->fontMetrics().lineSpacing());
        QCOMPARE(edit()->height(), 6 * line + 16);
        m_composer->setLow(true);
        edit()->clear();
        QCOMPARE(edit()->height(), line + 16);
    }

    void draft_setting_isNotAnEdit()
    {
        QSignalSpy changed(m_composer, &Composer::draftChanged);
        m_composer->setDraft(u"kept"_s);
        QCOMPARE(changed.size(), 0);
        QTest::keyClicks(edit(), u"!"_s);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed.first().first().toString(), u"kept!"_s);
    }

    void paste_image_isOfferedBeforeItIsSent()
    {
        QSignalSpy chosen(m_composer, &Composer::fileChosen);
        QImage image(20, 10, QImage::Format_RGB32);
        image.fill(Qt::red);
        QGuiApplication::clipboard()->setImage(image);
        edit()->paste();
        auto *drop = m_composer->findChild<QWidget *>(u"dropFile"_s);
        QVERIFY(drop->isVisible());
        QCOMPARE(chosen.size(), 0);
        QImage sentImage;
        connect(m_composer, &Composer::fileChosen, this,
                [&sentImage](const QString &path) { sentImage = QImage(path); });
        QTest::keyClick(edit(), Qt::Key_Return);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(sentImage.size(), image.size());
        QVERIFY(!QFile::exists(chosen.first().first().toString())); // nothing of it stays behind
        QVERIFY(!drop->isVisible());
    }

    void paste_markup_staysText()
    {
        auto *mime = new QMimeData;
        mime->setHtml(u"<b>bold</b>"_s);
        mime->setText(u"bold"_s);
        QGuiApplication::clipboard()->setMimeData(mime);
        edit()->paste();
        QCOMPARE(m_composer->draft(), u"bold"_s);
    }

    void pageKeys_goToTheThread()
    {
        QSignalSpy pages(m_composer, &Composer::pageAsked);
        QTest::keyClick(edit(), Qt::Key_PageUp);
        QTest::keyClick(edit(), Qt::Key_PageDown);
        QCOMPARE(pages.size(), 2);
        QCOMPARE(pages.at(0).first().toInt(), -1);
    }

    void colon_offersEmoji_enterInserts()
    {
        auto *popup = m_stage->findChild<QWidget *>(u"emojiPopup"_s);
        QSignalSpy sent(m_composer, &Composer::sent);
        QTest::keyClicks(edit(), u"Thanks :par"_s);
        QVERIFY(popup->isVisible());
        QTest::keyClick(edit(), Qt::Key_Return);
        QCOMPARE(m_composer->draft(), u"Thanks 🎉"_s); // "party" before "parcel": the table's order
        QVERIFY(!popup->isVisible());
        QCOMPARE(sent.size(), 0);
        QTest::keyClick(edit(), Qt::Key_Return);
        QCOMPARE(sent.size(), 1);
    }

    void colon_arrowsAndEscape()
    {
        auto *popup = m_stage->findChild<QWidget *>(u"emojiPopup"_s);
        QTest::keyClicks(edit(), u":par"_s);
        QTest::keyClick(edit(), Qt::Key_Down);
        QTest::keyClick(edit(), Qt::Key_Tab);
        QCOMPARE(m_composer->draft(), u"📦"_s);
        QTest::keyClicks(edit(), u" :par"_s);
        QTest::keyClick(edit(), Qt::Key_Escape);
        QVERIFY(!popup->isVisible());
        QCOMPARE(m_composer->draft(), u"📦 :par"_s); // Esc drops nothing that was typed
    }

    void colon_inTimesAddressesAndFaces_isText_data()
    {
        QTest::addColumn<QString>("text");
        for (const QString &text :
             {u"10:30"_s, u"https://a.example"_s, u":"_s, u":D"_s, u"note:smile"_s, u":zzzz"_s})
            QTest::newRow(qPrintable(text)) << text;
    }
    void colon_inTimesAddressesAndFaces_isText()
    {
        QFETCH(QString, text);
        QTest::keyClicks(edit(), text);
        QVERIFY(!m_stage->findChild<QWidget *>(u"emojiPopup"_s)->isVisible());
    }

    void emojiBoard_worksByKeys()
    {
        auto *button = m_stage->findChild<QWidget *>(u"emoji"_s);
        button->setFocus();
        QTest::keyClick(button, Qt::Key_Space);
        QMenu *board = nullptr;
        QTRY_VERIFY((board = m_stage->findChild<QMenu *>(u"emojiMenu"_s)));
        QTRY_VERIFY(board->focusWidget());
        QTest::keyClick(board->focusWidget(), Qt::Key_Right);
        QTest::keyClick(board->focusWidget(), Qt::Key_Down);
        QCOMPARE(board->focusWidget()->accessibleName(), emojiTable().at(9).name);
        QTest::keyClick(board->focusWidget(), Qt::Key_Return);
        QCOMPARE(m_composer->draft(), emojiTable().at(9).text);
        QVERIFY(edit()->hasFocus());
    }

private:
    [[nodiscard]] QPlainTextEdit *edit() const { return m_composer->edit(); }

    Theme m_theme;
    std::unique_ptr<QWidget> m_stage;
    Composer *m_composer = nullptr;
};

QTEST_MAIN(ComposerTest)
#include "tst_Composer.moc"

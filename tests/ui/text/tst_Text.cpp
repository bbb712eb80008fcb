#include "ui/text/ChatText.h"
#include "ui/text/PlainText.h"
#include "ui/text/Sentences.h"
#include "ui/text/When.h"

#include <QRegularExpression>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace parley;
using namespace parley::ui;

namespace {

const QDateTime kNow(QDate(2026, 5, 21), QTime(10, 44), Qt::LocalTime);

desk::ChatRow row()
{
    desk::ChatRow chat;
    chat.id = ChatId{u"48213"_s};
    chat.state = ChatState::Open;
    chat.channel = Channel::Messenger;
    chat.name = u"Tomás Keller"_s;
    chat.badge = desk::CrmBadge::NotInCrm;
    chat.unread = 2;
    chat.waitingSince = kNow.addSecs(-112);
    chat.preview = u"Do you have a plan for two people?"_s;
    return chat;
}

} // namespace

class TextTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void safeLine_hostile_data()
    {
        QTest::addColumn<QString>("raw");
        QTest::addColumn<QString>("safe");
        QTest::newRow("override") << u"\u202Egpj.exe"_s << u"gpj.exe"_s;
        QTest::newRow("isolates") << u"a\u2066b\u2069c\u200Fd\u061Ce"_s << u"abcde"_s;
        QTest::newRow("lines") << u"one\r\ntwo\nthree\u2028four"_s << u"one two three four"_s;
        QTest::newRow("controls") << u"a\u0007b\u001bc\u007f"_s << u"a␇b␛c␡"_s;
        QTest::newRow("c1") << u"a\u009Bb"_s << u"a\uFFFDb"_s;
        QTest::newRow("zero width") << u"pay\u200Bpal\uFEFF"_s << u"paypal"_s;
        QTest::newRow("joiner stays") << u"👩\u200D💻"_s << u"👩\u200D💻"_s;
        QTest::newRow("lone surrogate") << u"a"_s + QChar(char16_t(0xD83D)) + u"b"_s << u"a\uFFFDb"_s;
        QTest::newRow("markup") << u"<b>x</b> & y"_s << u"<b>x</b> & y"_s;
        QTest::newRow("Arabic") << u"مرحبا"_s << u"مرحبا"_s;
    }
    void safeLine_hostile()
    {
        QFETCH(QString, raw);
        QTEST(safeLine(raw), "safe");
    }

    void safeLine_endless_isCut() { QCOMPARE(safeLine(QString(1000000, u'x')).size(), 401); }

    void safeText_lines_stay() { QCOMPARE(safeText(u"a\r\nb\tc\u202Ed"_s), u"a\nb\tcd"_s); }

    void visitorName_unknown_isNumbered()
    {
        desk::ChatRow chat = row();
        chat.name = u" \u202E "_s;
        QCOMPARE(visitorName(chat), u"Visitor 48213"_s);
        chat.id = ChatId{u"abcdef"_s};
        const QString made = visitorName(chat);
        static const QRegularExpression number(u"^Visitor \\d{5}$"_s);
        QVERIFY2(number.match(made).hasMatch(), qPrintable(made));
        QCOMPARE(visitorName(chat), made);
    }

    void spokenRow_isTheSentenceOfTheRules()
    {
        QCOMPARE(
            spokenRow(row(), kNow),
            u"Tomás Keller, not in CRM, web messenger, 2 unread, waiting 1 minute 52, over 1 minute. Do you have a plan for two people?"_s);
    }

    void preview_order_typingThenDraftThenText()
    {
        desk::ChatRow chat = row();
        chat.draft = u"Hello"_s;
        QCOMPARE(previewText(chat), u"Draft: Hello"_s);
        chat.isTyping = true;
        QVERIFY(previewText(chat).endsWith(u"is typing…"_s));
        chat.isTyping = false;
        chat.draft.clear();
        chat.previewAuthor = Author::Agent;
        QCOMPARE(previewText(chat), u"You: Do you have a plan for two people?"_s);
    }

    void spokenItem_mine_saysWhenAndDelivery()
    {
        desk::ThreadItem item;
        item.isMine = true;
        item.delivery = desk::Delivery::Read;
        item.message.author = Author::Agent;
        item.message.kind = MessageKind::Text;
        item.message.text = u"Thanks"_s;
        item.message.at = QDateTime(QDate(2026, 5, 21), QTime(10, 42), Qt::LocalTime).toUTC();
        QCOMPARE(spokenItem(item), u"You said, 10:42, read. Thanks"_s);
    }

    void times_areLocalAndByTheMinute()
    {
        const QDateTime utc(QDate(2026, 5, 21), QTime(4, 59, 20), Qt::UTC); // tests run at +05:45
        QCOMPARE(timeText(utc), u"10:44"_s);
        QCOMPARE(rowTimeText(utc, utc.addDays(1)), u"Yesterday"_s);
        QCOMPARE(dayText(QDate(2026, 5, 21), QDate(2026, 5, 21)), u"Today"_s);
        QCOMPARE(timeText({}), QString());
    }

    void durations_inWords()
    {
        QCOMPARE(timerText(24s), u"0:24"_s);
        QCOMPARE(spokenDuration(112s), u"1 minute 52"_s);
        QCOMPARE(spokenDuration(1s), u"1 second"_s);
        QCOMPARE(spokenDuration(180s), u"3 minutes"_s);
        QCOMPARE(roughDuration(125s), u"2 min"_s);
        QCOMPARE(sizeText(148 * 1024), u"148 KB"_s);
        QCOMPARE(sizeText(-1), u"0 bytes"_s);
    }

    void explain_everyCodeAndPlace_isASentenceWithoutApology()
    {
        static const QRegularExpression banned(u"please|sorry|oops|!|HTTP|error code|null"_s,
                                               QRegularExpression::CaseInsensitiveOption);
        for (int code = int(Errc::Cancelled); code <= int(Errc::Storage); ++code) {
            for (int doing = int(Doing::ConnectHub); doing <= int(Doing::WriteAtChatEnd); ++doing) {
                const Explained words =
                    explain(Error{.code = Errc(code)}, Doing(doing), u"Salesforce"_s, u"lead"_s);
                if (Errc(code) == Errc::Cancelled) {
                    QVERIFY(words.title.isEmpty());
                    continue;
                }
                const QString all = words.title + u". "_s + words.detail;
                QVERIFY2(!words.title.isEmpty() && !words.detail.isEmpty(), qPrintable(all));
                QVERIFY2(words.detail.endsWith(u'.'), qPrintable(all));
                QVERIFY2(!banned.match(all).hasMatch(), qPrintable(all));
                QVERIFY2(!all.contains(u'%'), qPrintable(all));
            }
        }
    }

    void explain_oneField_saysSo()
    {
        const Error error{.code = Errc::InvalidInput, .fields = {{u"Phone"_s, u"Phone must start with +"_s}}};
        const Explained words = explain(error, Doing::CreateRecord, u"Salesforce"_s, u"lead"_s);
        QCOMPARE(sentence(error, Doing::SaveRecord, u"Salesforce"_s, u"lead"_s),
                 u"Salesforce did not save this lead. One field needs a change."_s);
        QCOMPARE(words.detail, u"One field needs a change."_s);
    }

    void explain_remoteWords_areQuotedAndSafe()
    {
        const Error error{.code = Errc::Rejected,
                          .remoteCode = u"FIELD_CUSTOM_VALIDATION_EXCEPTION"_s,
                          .remoteMessage = u"No \u202Esales\non Sunday"_s};
        const QString words = explain(error, Doing::SaveRecord, u"Salesforce"_s, u"lead"_s).detail;
        QVERIFY2(words.contains(u"No sales on Sunday"_s), qPrintable(words));
        QVERIFY(!words.contains(u"FIELD_CUSTOM"_s));
        QVERIFY(technicalDetails(error).contains(u"FIELD_CUSTOM_VALIDATION_EXCEPTION"_s));
    }

    void duplicate_ofASave_isNotCalledAChange()
    {
        const crm::Duplicates duplicates{.records = {{.kind = kinds::contact, .id = {u"003A"_s}}},
                                         .mayOverride = true};
        const Error error{.code = Errc::Conflict, .detail = crm::duplicatesDetail(duplicates)};
        const QString said = explain(error, Doing::SaveRecord, u"Salesforce"_s).detail;
        QVERIFY2(said.contains(u"a record like that"_s), qPrintable(said));
        QVERIFY(explain({.code = Errc::Conflict}, Doing::SaveRecord, u"Salesforce"_s)
                    .detail.contains(u"changed in Salesforce meanwhile"_s));
    }
};

QTEST_GUILESS_MAIN(TextTest)
#include "tst_Text.moc"

#include "core/domain/Chat.h"

#include <QRegularExpression>
#include <QTest>
#include <QTimeZone>

using namespace parley;
using namespace Qt::Literals::StringLiterals;

class TranscriptTest : public QObject
{
    Q_OBJECT

private:
    Chat m_chat;

    Message message(Author author, const QString &text, MessageKind kind = MessageKind::Text,
                    const QString &name = {})
    {
        Message made;
        made.author = author;
        made.authorName = name;
        made.kind = kind;
        made.text = text;
        // Written in another zone: the transcript is in UTC.
        made.at = QDateTime(QDate(2026, 5, 21), QTime(16, 23, 2), QTimeZone(20700));
        return made;
    }

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u".*"_s));
        m_chat = {};
        m_chat.agentName = u"Nora Whitfield"_s;
        m_chat.fields = {{fields::visitorName, u"Jonas Weber"_s}};
    }

    void transcriptOf_bothSides_isReadableInUtc()
    {
        QCOMPARE(
            transcriptOf(m_chat, {message(Author::Visitor, u"Hi"_s), message(Author::Agent, u"Hello"_s),
                                  message(Author::Bot, u"Beep"_s, MessageKind::Text, u"Helper"_s)}),
            u"2026-05-21 10:38:02Z Jonas Weber: Hi\n2026-05-21 10:38:02Z Nora Whitfield: Hello\n2026-05-21 10:38:02Z Helper: Beep"_s);
    }

    void transcriptOf_notesAndEvents_areLeftOutUnlessAsked()
    {
        const QList<Message> messages{message(Author::Visitor, u"Hi"_s),
                                      message(Author::Agent, u"rude one"_s, MessageKind::Note),
                                      message(Author::System, u""_s, MessageKind::Event)};
        QVERIFY(!transcriptOf(m_chat, messages).contains(u"rude"_s));
        QVERIFY(transcriptOf(m_chat, messages, true).contains(u"rude one"_s));
        QCOMPARE(transcriptOf(m_chat, messages, true).count(u'\n'), 1);
    }

    void transcriptOf_file_isItsName()
    {
        Message file = message(Author::Visitor, {}, MessageKind::File);
        file.attachment = Attachment{.id = {}, .name = u"../../etc/passwd"_s, .mimeType = {}, .size = 3};
        QVERIFY(transcriptOf(m_chat, {file}).endsWith(u"Jonas Weber: [../../etc/passwd]"_s));
    }

    void transcriptOf_nothing_isEmpty() { QCOMPARE(transcriptOf(m_chat, {}), QString()); }

    void transcriptOf_hostileText_staysToTheLetter()
    {
        const QString text = u"%1 %2 <b>\\n"_s;
        QVERIFY(transcriptOf(m_chat, {message(Author::Visitor, text)}).endsWith(text));
        m_chat.fields.insert(fields::visitorName, u"%3"_s);
        QVERIFY(transcriptOf(m_chat, {message(Author::Visitor, text)}).endsWith(u"Z %3: %1 %2 <b>\\n"_s));
    }
};

QTEST_GUILESS_MAIN(TranscriptTest)
#include "tst_Transcript.moc"

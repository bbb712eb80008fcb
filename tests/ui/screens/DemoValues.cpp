#include "tests/ui/screens/DemoValues.h"

namespace parley::demo {

using namespace Qt::Literals::StringLiterals;

QDateTime now()
{
    return QDateTime(QDate(2026, 5, 21), QTime(10, 44, 38), Qt::LocalTime).toUTC();
}

namespace {

QDateTime at(int hour, int minute, int second = 0)
{
    return QDateTime(QDate(2026, 5, 21), QTime(hour, minute, second), Qt::LocalTime).toUTC();
}

desk::ChatRow open(const QString &id, const QString &name, desk::CrmBadge badge, const QString &segment,
                   const QString &preview, QDateTime lastAt)
{
    desk::ChatRow row;
    row.id = ChatId{id};
    row.state = ChatState::Open;
    row.name = name;
    row.badge = badge;
    row.segment = segment;
    row.preview = preview;
    row.lastAt = lastAt;
    return row;
}

desk::ThreadItem item(qint64 seq, Author author, const QString &name, const QString &text, QDateTime when)
{
    desk::ThreadItem made;
    made.message.chat = ChatId{u"c1"_s};
    made.message.seq = seq;
    made.message.author = author;
    made.message.authorName = name;
    made.message.kind = MessageKind::Text;
    made.message.text = text;
    made.message.at = when;
    return made;
}

} // namespace

QList<desk::ChatRow> rows()
{
    using Badge = desk::CrmBadge;
    QList<desk::ChatRow> all;
    auto amelia =
        open(u"c1"_s, u"Amelia Hart"_s, Badge::Contact, u"Enterprise"_s, u"Hi! Our invoice"_s, at(10, 44));
    amelia.company = u"Northgate Logistics"_s;
    amelia.waitingSince = now().addSecs(-38);
    amelia.isTyping = true;
    all += amelia;
    auto tomas = open(u"c2"_s, u"Tomás Keller"_s, Badge::NotInCrm, {},
                      u"Do you have a plan for two people?"_s, at(10, 43));
    tomas.channel = Channel::Messenger;
    tomas.waitingSince = now().addSecs(-112);
    tomas.unread = 2;
    all += tomas;
    auto priya = open(u"c3"_s, u"Priya Nair"_s, Badge::Lead, u"Trial, day 9"_s,
                      u"I’ve sent the import template."_s, at(10, 41));
    priya.previewAuthor = Author::Agent;
    all += priya;
    auto jonas = open(u"c4"_s, u"Jonas Lindqvist"_s, Badge::Several, u"At risk"_s,
                      u"Third time this month it has failed"_s, at(10, 40));
    jonas.channel = Channel::Sms;
    jonas.matches = 3;
    jonas.waitingSince = now().addSecs(-246);
    jonas.unread = 1;
    all += jonas;
    auto grace = open(u"c5"_s, u"Grace Okafor"_s, Badge::Account, u"Partner"_s,
                      u"Anything else I can check?"_s, at(10, 36));
    grace.previewAuthor = Author::Agent;
    all += grace;
    const auto waiting = [&](const QString &id, const QString &name, const QString &department, Badge badge,
                             const QString &preview, int seconds) {
        auto row = open(id, name, badge, {}, preview, now().addSecs(-seconds));
        row.state = ChatState::Waiting;
        row.department = department;
        row.waitingSince = now().addSecs(-seconds);
        return row;
    };
    auto daniel = waiting(u"w1"_s, u"Daniel Meyer"_s, u"Billing"_s, Badge::Contact,
                          u"Invoice 20418 has the wrong VAT number"_s, 84);
    daniel.segment = u"Enterprise"_s;
    all += daniel;
    auto sofia =
        waiting(u"w2"_s, u"Sofia Rossi"_s, u"Sales"_s, Badge::Lead, u"Is there an annual discount?"_s, 51);
    sofia.channel = Channel::Messenger;
    all += sofia;
    auto nobody =
        waiting(u"w48213"_s, {}, u"Sales"_s, Badge::NotInCrm, u"collected company and team size"_s, 22);
    nobody.previewAuthor = Author::Bot;
    all += nobody;
    auto wei = waiting(u"w4"_s, u"Wei Zhang"_s, u"Support"_s, Badge::Contact,
                       u"Offline message: cannot reset password"_s, 9);
    wei.channel = Channel::Mail;
    all += wei;
    return all;
}

QList<desk::ThreadItem> thread()
{
    QList<desk::ThreadItem> all;
    auto started = item(1, Author::System, {}, {}, at(10, 38));
    started.message.kind = MessageKind::Event;
    started.message.event = u"started"_s;
    all += started;
    all += item(2, Author::Visitor, u"Amelia Hart"_s,
                u"Hi! Our invoice charges 14 seats, but we have only 12 people."_s, at(10, 39));
    auto file = item(3, Author::Visitor, u"Amelia Hart"_s, {}, at(10, 39, 20));
    file.message.kind = MessageKind::File;
    file.message.attachment = Attachment{FileId{u"f1"_s}, u"invoice-20391.png"_s, u"image/png"_s, 148 * 1024};
    all += file;
    auto reply = item(
        4, Author::Agent, u"Nora Whitfield"_s,
        u"Thanks, Amelia. I can see it: two seats were added on 2 May by Lewis Grant. Shall I remove both and credit the difference?"_s,
        at(10, 42));
    reply.message.clientId = ClientId{u"m4"_s};
    reply.isMine = true;
    reply.delivery = desk::Delivery::Read;
    all += reply;
    auto note =
        item(5, Author::Agent, u"Maya Ortiz"_s, u"Credit up to £200 is fine without approval."_s, at(10, 43));
    note.message.kind = MessageKind::Note;
    all += note;
    return all;
}

QList<desk::ThreadItem> longThread(int count)
{
    static const QStringList texts{
        u"Yes."_s,
        u"Could you look at order 20391 again? It still shows the old address, and the courier called twice."_s,
        u"Thanks! I have changed it. You will get a new confirmation in a few minutes; tell me if it does "
        u"not come, and I "
        u"send it by hand. The old one stays in the list until tomorrow."_s,
        u"One moment"_s,
        u"مرحبا، هل يمكنك مساعدتي في الفاتورة؟"_s,
        u"Ça marche, merci beaucoup pour l’aide."_s,
        u"Line one\nLine two\nLine three"_s};
    QList<desk::ThreadItem> all;
    all.reserve(count);
    const QDateTime start = now().addSecs(-qint64(count) * 40);
    for (int i = 0; i < count; ++i) {
        auto made = item(i + 1, i % 3 == 0 ? Author::Agent : Author::Visitor,
                         i % 3 == 0 ? u"Nora Whitfield"_s : u"Amelia Hart"_s, texts.at(i % texts.size()),
                         start.addSecs(qint64(i) * 40));
        made.isMine = i % 3 == 0;
        made.delivery = desk::Delivery::Read;
        all += made;
    }
    return all;
}

QList<desk::CannedResponse> canned()
{
    return {
        {u"/credit"_s, u"Credit for unused seats"_s,
         u"I’ve removed [seats] and credited [amount] to your account. It will show on your next invoice, [date]."_s,
         u"Billing, shared"_s},
        {u"/credit-time"_s, u"When a credit appears"_s, u"A credit shows on the next invoice."_s,
         u"Billing, shared"_s},
        {u"/create-user"_s, u"Invite a new user"_s, u"Open Settings, then People."_s, u"Support"_s},
        {u"/cred-reset"_s, u"Reset sign-in details"_s, u"I have sent a link to {!Visitor.Email}."_s,
         u"Support"_s},
        {u"/hello"_s, u"Greeting"_s, u"Hello {!Visitor.Name}, how can I help?"_s, u"Support"_s}};
}

desk::CrmStatus salesforce()
{
    return {.state = desk::CrmState::Connected,
            .name = u"Salesforce"_s,
            .shortName = u"SF"_s,
            .userName = u"Nora Whitfield"_s,
            .host = u"tallyworks.my.salesforce.com"_s};
}

} // namespace parley::demo

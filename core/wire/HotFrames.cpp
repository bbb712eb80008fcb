#include "core/wire/HotFrames.h"

#include <QStringEncoder>

#include <charconv>

namespace parley::wire {

namespace {

void number(QByteArray &out, qint64 value)
{
    char digits[24];
    const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), value);
    Q_ASSERT(error == std::errc());
    out.append(digits, end - digits);
}

// QDateTime's formatting costs more than the rest of the frame; dates come from Howard Hinnant's
// civil_from_days (http://howardhinnant.github.io/date_algorithms.html), which std::chrono has as
// year_month_day.
void time(QByteArray &out, qint64 atMs)
{
    using namespace std::chrono;
    const sys_time<milliseconds> at{milliseconds(atMs)};
    const auto day = floor<days>(at);
    const year_month_day date{day};
    const hh_mm_ss clock{at - day};
    const auto two = [](char *to, long value) {
        to[0] = char('0' + value / 10);
        to[1] = char('0' + value % 10);
    };
    char text[] = "0000-00-00T00:00:00.000Z";
    two(text, int(date.year()) / 100);
    two(text + 2, int(date.year()) % 100);
    two(text + 5, long(unsigned(date.month())));
    two(text + 8, long(unsigned(date.day())));
    two(text + 11, clock.hours().count());
    two(text + 14, clock.minutes().count());
    two(text + 17, clock.seconds().count());
    text[20] = char('0' + clock.subseconds().count() / 100);
    two(text + 21, clock.subseconds().count() % 100);
    out.append(text, 24);
}

void string(QByteArray &out, const QString &text)
{
    static constexpr char kHex[] = "0123456789abcdef";
    const QByteArray utf8 =
        text.toUtf8(); // a lone surrogate becomes the replacement character: always valid UTF-8
    out.append('"');
    const char *from = utf8.constBegin();
    const char *const end = utf8.constEnd();
    for (const char *at = from; at != end; ++at) {
        const auto c = static_cast<unsigned char>(*at);
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        out.append(from, at - from);
        from = at + 1;
        if (c == '\n')
            out.append("\\n", 2);
        else if (c == '"' || c == '\\')
            out.append('\\').append(char(c));
        else
            out.append("\\u00", 4).append(kHex[c >> 4]).append(kHex[c & 15]);
    }
    out.append(from, end - from).append('"');
}

template <size_t size> void literal(QByteArray &out, const char (&text)[size])
{
    out.append(text, qsizetype(size) - 1);
}

} // namespace

void writeAck(QByteArray &out, const ChatId &chat, const ClientId &cid, qint64 seq, qint64 atMs)
{
    literal(out, R"({"t":"ack","chat":)");
    string(out, chat.value);
    literal(out, R"(,"cid":)");
    string(out, cid.value);
    literal(out, R"(,"seq":)");
    number(out, seq);
    literal(out, R"(,"at":")");
    time(out, atMs);
    literal(out, "\"}");
}

void writeEntry(QByteArray &out, const Message &message, qint64 atMs)
{
    literal(out, R"({"t":"entry","chat":)");
    string(out, message.chat.value);
    literal(out, R"(,"seq":)");
    number(out, message.seq);
    literal(out, R"(,"cid":)");
    string(out, message.clientId.value);
    literal(out, R"(,"at":")");
    time(out, atMs);
    literal(out, R"(","author":)");
    string(out, toWire(message.author));
    literal(out, R"(,"kind":)");
    string(out, toWire(message.kind));
    if (!message.agent.isEmpty()) {
        literal(out, R"(,"agent":)");
        string(out, message.agent.value);
    }
    if (!message.authorName.isEmpty()) {
        literal(out, R"(,"name":)");
        string(out, message.authorName);
    }
    if (!message.text.isEmpty()) {
        literal(out, R"(,"text":)");
        string(out, message.text);
    }
    if (!message.event.isEmpty()) {
        literal(out, R"(,"event":)");
        string(out, message.event);
    }
    if (message.attachment) {
        literal(out, R"(,"file":{"id":)");
        string(out, message.attachment->id.value);
        literal(out, R"(,"name":)");
        string(out, message.attachment->name);
        literal(out, R"(,"type":)");
        string(out, message.attachment->mimeType);
        literal(out, R"(,"size":)");
        number(out, message.attachment->size);
        out.append('}');
    }
    out.append('}');
}

} // namespace parley::wire

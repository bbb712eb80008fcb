#include "app/sandbox/HttpReader.h"

#include <QRegularExpression>
#include <QSet>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype kMaxRequestLine = 16384; // Salesforce's own limit of an address
constexpr qsizetype kMaxHead = 32768;
constexpr qsizetype kMaxBody = qsizetype{50} * 1024 * 1024; // what Salesforce takes that is not multipart

bool isToken(const QByteArray &text)
{
    static const QByteArray marks("!#$%&'*+-.^_`|~");
    return !text.isEmpty() && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               marks.contains(c);
    });
}

} // namespace

void HttpReader::fail(int status, const QString &code, const QString &message)
{
    m_stage = Stage::Broken;
    m_refusal = refusedReply(refusal(status, code, message));
}

std::optional<QByteArray> HttpReader::line()
{
    const qsizetype end = m_buffer.indexOf('\n');
    if (end < 0)
        return std::nullopt;
    QByteArray text = m_buffer.first(end);
    m_buffer.remove(0, end + 1);
    if (text.endsWith('\r'))
        text.chop(1);
    return text;
}

HttpReader::Found HttpReader::next()
{
    while (m_stage != Stage::Whole && m_stage != Stage::Broken) {
        if (!step())
            break;
    }
    if (m_stage == Stage::Whole)
        return Found::Whole;
    if (m_stage == Stage::Broken)
        return Found::Broken;
    if (m_continue && (m_stage == Stage::Body || m_stage == Stage::ChunkSize) && m_buffer.isEmpty()) {
        m_continue = false;
        return Found::WantsContinue;
    }
    return Found::Nothing;
}

Request HttpReader::take()
{
    m_stage = Stage::RequestLine;
    m_headBytes = 0;
    m_continue = false;
    return std::exchange(m_request, {});
}

// One line or one piece of a body; false when there are not enough bytes for it.
bool HttpReader::step()
{
    if (m_stage == Stage::Body || m_stage == Stage::Chunk) {
        if (m_buffer.isEmpty() && m_wanted > 0)
            return false;
        const qsizetype n = std::min(m_wanted, m_buffer.size());
        m_request.body += QByteArrayView(m_buffer).first(n);
        m_buffer.remove(0, n);
        m_wanted -= n;
        if (m_wanted == 0)
            m_stage = m_stage == Stage::Body ? Stage::Whole : Stage::ChunkEnd;
        return true;
    }
    const auto text = line();
    const qsizetype lineBytes = text ? text->size() : m_buffer.size();
    if (m_stage == Stage::RequestLine && lineBytes > kMaxRequestLine)
        fail(414, u"URI_TOO_LONG"_s, u"The URI is longer than %1 characters"_s.arg(kMaxRequestLine));
    else if (m_headBytes + lineBytes > kMaxHead)
        fail(431, u"REQUEST_HEADER_FIELDS_TOO_LARGE"_s,
             u"The request's headers are longer than %1 bytes"_s.arg(kMaxHead));
    if (!text || m_stage == Stage::Broken)
        return false;
    switch (m_stage) {
    case Stage::RequestLine:
        if (!text->isEmpty()) // blank lines between requests are none of our business
            readRequestLine(*text);
        return true;
    case Stage::Headers:
        m_headBytes += lineBytes;
        text->isEmpty() ? chooseBody() : readHeader(*text);
        return true;
    case Stage::ChunkSize:
        readChunkSize(*text);
        return true;
    case Stage::ChunkEnd:
        if (text->isEmpty())
            m_stage = Stage::ChunkSize;
        else
            fail(400, u"BAD_REQUEST"_s, u"A chunk of the body is longer than its size says"_s);
        return true;
    case Stage::Trailers:
        m_headBytes += lineBytes;
        if (text->isEmpty())
            m_stage = Stage::Whole;
        return true;
    default:
        return false;
    }
}

void HttpReader::readRequestLine(const QByteArray &line)
{
    const QList<QByteArray> words = line.split(' ');
    if (words.size() != 3 || !isToken(words.first()) || !words.last().startsWith("HTTP/"))
        return fail(400, u"BAD_REQUEST"_s, u"The request line is malformed"_s);
    if (words.last() != "HTTP/1.1" && words.last() != "HTTP/1.0")
        return fail(505, u"HTTP_VERSION_NOT_SUPPORTED"_s, u"HTTP/1.1 is spoken here"_s);
    QString target = QString::fromUtf8(words.at(1));
    static const QRegularExpression absolute(u"^https?://[^/?]*"_s,
                                             QRegularExpression::CaseInsensitiveOption);
    target.remove(absolute);
    if (!target.startsWith(u'/'))
        target.prepend(u'/');
    const qsizetype mark = target.indexOf(u'?');
    m_request.method = words.first().toUpper();
    m_request.rawPath = mark < 0 ? target : target.first(mark);
    m_request.path = percentDecoded(m_request.rawPath);
    m_request.rawQuery = mark < 0 ? QString() : target.sliced(mark + 1);
    m_request.keepAlive = words.last() == "HTTP/1.1";
    m_stage = Stage::Headers;
}

void HttpReader::readHeader(const QByteArray &line)
{
    const qsizetype colon = line.indexOf(':');
    const QByteArray name = colon < 0 ? QByteArray() : line.first(colon);
    if (!isToken(name))
        return fail(400, u"BAD_REQUEST"_s, u"A header of the request is malformed"_s);
    m_request.addHeader(name, line.sliced(colon + 1).trimmed());
}

void HttpReader::chooseBody()
{
    const QByteArray connection = m_request.header("Connection").toLower();
    m_request.keepAlive = m_request.keepAlive ? connection != "close" : connection == "keep-alive";
    const QByteArray expect = m_request.header("Expect").toLower();
    if (!expect.isEmpty() && expect != "100-continue")
        return fail(417, u"EXPECTATION_FAILED"_s, u"Only 100-continue can be expected"_s);
    m_continue = !expect.isEmpty();
    const QByteArray packing = m_request.header("Content-Encoding").toLower();
    if (!packing.isEmpty() && packing != "identity")
        return fail(415, u"UNSUPPORTED_MEDIA_TYPE"_s,
                    u"The sandbox takes no packed bodies: send without Content-Encoding"_s);
    QSet<QByteArray> lengths;
    for (const auto &[name, value] : std::as_const(m_request.headers)) {
        if (name.compare("Content-Length", Qt::CaseInsensitive) == 0)
            lengths.insert(value);
    }
    const QByteArray transfer = m_request.header("Transfer-Encoding").toLower();
    if (!transfer.isEmpty()) {
        if (transfer != "chunked" || !lengths.isEmpty())
            return fail(400, u"BAD_REQUEST"_s, u"The length of the request's body is not clear"_s);
        m_stage = Stage::ChunkSize;
        return;
    }
    m_stage = Stage::Whole;
    if (lengths.isEmpty())
        return;
    static const QRegularExpression digits(u"^\\d{1,15}$"_s);
    const QString length = QString::fromLatin1(*lengths.cbegin());
    if (lengths.size() > 1 || !digits.match(length).hasMatch())
        return fail(400, u"BAD_REQUEST"_s, u"The request's Content-Length is malformed"_s);
    m_wanted = length.toLongLong();
    if (m_wanted > kMaxBody)
        return fail(413, u"REQUEST_ENTITY_TOO_LARGE"_s,
                    u"The request's body is larger than %1 bytes"_s.arg(kMaxBody));
    if (m_wanted > 0)
        m_stage = Stage::Body;
}

void HttpReader::readChunkSize(const QByteArray &line)
{
    bool ok = false;
    m_wanted = line.first(std::max<qsizetype>(0, (line + ';').indexOf(';'))).trimmed().toLongLong(&ok, 16);
    if (!ok || m_wanted < 0)
        return fail(400, u"BAD_REQUEST"_s, u"The size of a chunk of the body is malformed"_s);
    if (m_wanted > kMaxBody - m_request.body.size())
        return fail(413, u"REQUEST_ENTITY_TOO_LARGE"_s,
                    u"The request's body is larger than %1 bytes"_s.arg(kMaxBody));
    m_stage = m_wanted == 0 ? Stage::Trailers : Stage::Chunk;
}

} // namespace parley::sandbox

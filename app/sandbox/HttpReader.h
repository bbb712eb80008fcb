// Reads HTTP/1.x requests out of bytes as they come, and says at once what is wrong with them.
#pragma once

#include "app/sandbox/HttpFrames.h"

namespace parley::sandbox {

class HttpReader
{
public:
    enum class Found {
        Nothing,       ///< more bytes are needed
        WantsContinue, ///< "Expect: 100-continue": the client waits for a word before it sends the body
        Whole,         ///< take() it
        Broken,        ///< whyBroken() says it; nothing after it can be read
    };

    void feed(const QByteArray &bytes) { m_buffer += bytes; }
    [[nodiscard]] Found next();
    [[nodiscard]] Request take();
    [[nodiscard]] const Reply &whyBroken() const { return m_refusal; }
    /// A request has begun and is not whole.
    [[nodiscard]] bool isInside() const { return m_stage != Stage::RequestLine || !m_buffer.isEmpty(); }

private:
    enum class Stage { RequestLine, Headers, Body, ChunkSize, Chunk, ChunkEnd, Trailers, Whole, Broken };

    /// Takes the next line, without its end; nothing when it is not there yet.
    std::optional<QByteArray> line();
    void readRequestLine(const QByteArray &line);
    void readHeader(const QByteArray &line);
    void chooseBody();
    void readChunkSize(const QByteArray &line);
    bool step();
    void fail(int status, const QString &code, const QString &message);

    Stage m_stage = Stage::RequestLine;
    QByteArray m_buffer;
    Request m_request;
    Reply m_refusal;
    qsizetype m_headBytes = 0;
    qsizetype m_wanted = 0; ///< bytes still to come of the body or of the chunk
    bool m_continue = false;
};

} // namespace parley::sandbox

// What a test or a trainer asks the sandbox to get wrong, and its memory of which requests came.
#pragma once

#include "app/sandbox/HttpFrames.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>

namespace parley::sandbox {

struct Fault {
    enum class Kind {
        Latency,      ///< answer later, by `ms`
        Drop,         ///< do the work, then close the connection without an answer
        DropBefore,   ///< close the connection, nothing done
        Hang,         ///< nothing done, no answer ever
        Unauthorized, ///< 401 INVALID_SESSION_ID, nothing done
        Limit,        ///< 403 REQUEST_LIMIT_EXCEEDED, nothing done
        TooMany,      ///< 429 with Retry-After, nothing done
        Unavailable,  ///< 503, nothing done
        Lock,         ///< 400 UNABLE_TO_LOCK_ROW, nothing done
        Html,         ///< 200 with a page in place of JSON, nothing done
        Truncated,    ///< do the work, then send half of the answer and close
    };
    Kind kind = Kind::Unavailable;
    int times = 1;     ///< how many requests it hits; negative: until cleared
    int skip = 0;      ///< how many matching requests pass unharmed first
    QString path;      ///< hits requests whose path contains this; empty: all under /services
    QByteArray method; ///< empty: any
    int ms = 0;        ///< for Latency
};

class Faults
{
public:
    void add(const Fault &fault) { m_faults.append(fault); }
    void clear() { m_faults.clear(); }
    /// The fault that hits this request, if any; counts it.
    [[nodiscard]] std::optional<Fault> take(const Request &request);
    [[nodiscard]] const QList<Fault> &pending() const { return m_faults; }

    void count(const Request &request, int status);
    /// How many requests came whose path contains the text (and has that method, unless empty).
    [[nodiscard]] int requests(const QString &pathPart, const QByteArray &method = {}) const;
    void forgetRequests() { m_seen.clear(); }

    /// GET/POST/DELETE /__sandbox/faults and /__sandbox/requests.
    [[nodiscard]] Reply serve(const Request &request);

    /// "kind[:times][:ms][@pathPart]", as --fault takes it; nothing when it makes no sense.
    [[nodiscard]] static std::optional<Fault> parse(const QString &text);
    [[nodiscard]] static std::optional<Fault> fromJson(const QJsonObject &object);

private:
    struct Seen {
        QByteArray method;
        QString path;
        int status;
    };
    QList<Fault> m_faults;
    QList<Seen> m_seen;
};

} // namespace parley::sandbox

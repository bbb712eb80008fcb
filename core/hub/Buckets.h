// A rate for each of many: everyone has a bucket of so many goes that fills up again with time.
#pragma once

#include <QHash>
#include <QString>

#include <algorithm>

namespace parley::hub {

class Buckets
{
public:
    Buckets(double size, double msPerGo)
        : m_size(size)
        , m_msPerGo(msPerGo)
    {}

    [[nodiscard]] bool has(const QString &key, qint64 nowMs) { return filled(key, nowMs).left >= 1; }
    void spend(const QString &key, qint64 nowMs) { filled(key, nowMs).left -= 1; }

private:
    struct Bucket {
        double left;
        qint64 at;
    };

    Bucket &filled(const QString &key, qint64 nowMs)
    {
        const auto refilled = [this, nowMs](const Bucket &one) {
            return std::min(m_size, one.left + double(nowMs - one.at) / m_msPerGo);
        };
        // A full one says nothing: whoever made very many keys is forgotten only as those fill up.
        if (m_buckets.size() > m_most) {
            m_buckets.removeIf([&](auto it) { return refilled(*it) >= m_size; });
            m_most = std::max(kFewest, m_buckets.size() * 2);
        }
        auto bucket = m_buckets.find(key);
        if (bucket == m_buckets.end())
            bucket = m_buckets.insert(key, {m_size, nowMs});
        *bucket = {refilled(*bucket), nowMs};
        return *bucket;
    }

    static constexpr qsizetype kFewest = 1'000;
    double m_size;
    double m_msPerGo;
    qsizetype m_most = kFewest;
    QHash<QString, Bucket> m_buckets;
};

} // namespace parley::hub

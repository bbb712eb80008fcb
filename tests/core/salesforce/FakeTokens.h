// Tokens without a sign-in server: counts renewals, may refuse them.
#pragma once

#include "core/auth/TokenSource.h"

namespace parley::fakes {

class FakeTokens final : public auth::TokenSource
{
public:
    explicit FakeTokens(QUrl instance = QUrl(QStringLiteral("https://org.example")))
        : m_instance(std::move(instance))
    {}

    Async<auth::AccessToken> token() override
    {
        if (!isSignedIn)
            co_return fail(Errc::Unauthorized);
        co_return current();
    }

    Async<auth::AccessToken> renewed(qint64 refusedGeneration) override
    {
        refusals += refusedGeneration;
        if (!canRenew)
            co_return fail(Errc::Unauthorized);
        ++generation;
        co_return current();
    }

    bool isSignedIn = true;
    bool canRenew = true;
    qint64 generation = 1;
    QList<qint64> refusals;

private:
    [[nodiscard]] auth::AccessToken current() const
    {
        return {.value = "token" + QByteArray::number(generation),
                .instanceUrl = m_instance,
                .identityUrl = {},
                .generation = generation};
    }
    QUrl m_instance;
};

} // namespace parley::fakes

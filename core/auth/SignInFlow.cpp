#include "core/auth/SignInFlow.h"

#include "core/auth/SignInWindow.h"
#include "core/base/Clock.h"
#include "core/base/Log.h"

#include <QJsonArray>

#include <qcorofuture.h>

namespace parley::auth {

using namespace Qt::Literals::StringLiterals;

SignInFlow::SignInFlow(Clock *clock, std::shared_ptr<OAuthClient> client, Surroundings surroundings)
    : m_clock(clock)
    , m_client(std::move(client))
    , m_surroundings(std::move(surroundings))
{}

Async<SignedIn> SignInFlow::signIn(OAuthSettings settings, Via via)
{
    const auto self = shared_from_this();
    if (m_isCancelled)
        co_return fail(Errc::Cancelled);
    if (!isSafeForTokens(settings.authorizeEndpoint) || !isSafeForTokens(settings.tokenEndpoint) ||
        settings.clientId.isEmpty() || settings.redirectUris.isEmpty())
        co_return fail(Errc::InvalidInput, u"sign-in settings are not complete, or not https"_s);
    bool isInBrowser = via == Via::SystemBrowser;
    Result<Answer> answer = fail(Errc::Cancelled);
    if (!isInBrowser) {
        answer = co_await fromWindow(settings);
        if (answer && answer->wantsBrowser) {
            settings = answer->settings;
            isInBrowser = true;
        }
    }
    if (isInBrowser)
        answer = co_await fromBrowser(settings);
    m_cancelWait = nullptr;
    if (!answer)
        co_return fail(answer.error());
    const Result<QByteArray> code = codeFrom(answer->redirect, answer->request);
    if (!code)
        co_return fail(code.error());
    const Result<TokenSet> tokens = co_await m_client->exchangeCode(answer->settings, answer->request, *code);
    if (!tokens) {
        Error error = tokens.error();
        // "Sign in again" is no answer to somebody who just did: the code was refused.
        if (error.code == Errc::Unauthorized)
            error.code = Errc::Rejected;
        co_return fail(std::move(error));
    }
    if (m_isCancelled) {
        const QByteArray granted =
            tokens->refreshToken.isEmpty() ? tokens->accessToken : tokens->refreshToken;
        letGo(m_client->revoke(answer->settings,
                               granted)); // the person is gone: nobody could act upon its failure
        co_return fail(Errc::Cancelled);
    }
    SignedIn signedIn;
    signedIn.settings = answer->settings;
    signedIn.tokens = *tokens;
    co_return signedIn;
}

void SignInFlow::cancel()
{
    m_isCancelled = true;
    if (m_cancelWait)
        m_cancelWait();
}

QJsonObject SignInFlow::pageLine(const OAuthSettings &settings, const AuthorizationRequest &request) const
{
    return {{u"authorizeUrl"_s, request.url.toString(QUrl::FullyEncoded)},
            {u"redirectUri"_s, request.redirectUri.toString(QUrl::FullyEncoded)},
            {u"allowedHosts"_s, QJsonArray::fromStringList(settings.allowedHosts)},
            {u"environment"_s, settings.environment}};
}

Async<SignInFlow::Answer> SignInFlow::fromWindow(OAuthSettings settings)
{
    const auto self = shared_from_this();
    Answer answer;
    answer.settings = std::move(settings);
    answer.request = newAuthorizationRequest(answer.settings, answer.settings.redirectUris.first());
    SignInWindow window(m_surroundings.windowProgram, m_surroundings.windowArguments);
    m_cancelWait = [&window] {
        window.cancel();
    };
    QJsonObject first = m_surroundings.windowHints;
    const QJsonObject page = pageLine(answer.settings, answer.request);
    for (auto member = page.begin(); member != page.end(); ++member)
        first.insert(member.key(), member.value());
    first.insert(u"crm"_s, answer.settings.crmName);
    first.insert(u"canChooseEnvironment"_s, bool(m_surroundings.settingsFor));
    window.send(first);
    for (;;) {
        const QFuture<Result<QJsonObject>> future = window.next();
        const Result<QJsonObject> line = co_await future;
        if (!line || line->value(u"cancelled"_s).toBool()) {
            m_cancelWait = nullptr;
            co_return fail(line ? Error{.code = Errc::Cancelled} : line.error());
        }
        if (line->contains(u"redirect"_s) || line->value(u"wantsBrowser"_s).toBool()) {
            m_cancelWait = nullptr;
            answer.wantsBrowser = line->value(u"wantsBrowser"_s).toBool();
            answer.redirect = QUrl(line->value(u"redirect"_s).toString(), QUrl::StrictMode);
            co_return answer;
        }
        if (line->contains(u"environment"_s)) {
            std::optional<OAuthSettings> other;
            if (m_surroundings.settingsFor)
                other = m_surroundings.settingsFor(line->value(u"environment"_s).toString(),
                                                   line->value(u"host"_s).toString());
            if (!other || !isSafeForTokens(other->authorizeEndpoint) || other->redirectUris.isEmpty()) {
                window.send({{u"refusedHost"_s, line->value(u"host"_s).toString()}});
                continue;
            }
            answer.settings = *other;
            answer.request = newAuthorizationRequest(answer.settings, answer.settings.redirectUris.first());
            window.send(pageLine(answer.settings, answer.request));
            continue;
        }
        if (line->contains(u"error"_s)) {
            m_cancelWait = nullptr;
            co_return fail(Error{.code = Errc::BadReply,
                                 .detail = line->value(u"error"_s).toString().left(200),
                                 .remoteCode = u"signin_failed"_s});
        }
    }
}

Async<SignInFlow::Answer> SignInFlow::fromBrowser(OAuthSettings settings)
{
    const auto self = shared_from_this();
    LoopbackReceiver receiver(m_clock, m_surroundings.words);
    const Result<QUrl> redirectUri = receiver.listen(settings.redirectUris);
    if (!redirectUri)
        co_return fail(redirectUri.error());
    Answer answer;
    answer.request = newAuthorizationRequest(settings, *redirectUri);
    answer.settings = std::move(settings);
    const QFuture<Result<QUrl>> future = receiver.redirect(answer.request.state, m_surroundings.browserLimit);
    m_cancelWait = [&receiver] {
        receiver.cancel();
    };
    if (m_isCancelled)
        receiver.cancel();
    else if (!m_surroundings.openUrl || !m_surroundings.openUrl(answer.request.url)) {
        m_cancelWait = nullptr;
        co_return fail(Error{.code = Errc::BadReply,
                             .detail = u"no browser could be opened"_s,
                             .remoteCode = u"no_browser"_s});
    } else if (m_surroundings.browserOpened)
        m_surroundings.browserOpened(answer.request.url);
    const Result<QUrl> redirect = co_await future;
    m_cancelWait = nullptr;
    if (!redirect)
        co_return fail(redirect.error());
    answer.redirect = *redirect;
    co_return answer;
}

} // namespace parley::auth

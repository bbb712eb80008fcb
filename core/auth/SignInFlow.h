// A person's sign-in from the click to the tokens, in Parley's own window or in the system browser.
#pragma once

#include "core/auth/LoopbackReceiver.h"
#include "core/auth/OAuthClient.h"
#include "core/auth/OAuthSettings.h"

#include <QJsonObject>

#include <functional>
#include <memory>

namespace parley {
class Clock;
}

namespace parley::auth {

class SignInWindow;

enum class Via { EmbeddedWindow, SystemBrowser };

struct SignedIn {
    OAuthSettings settings; ///< those used in the end: the person may have changed the environment
    TokenSet tokens;
};

/// One per attempt. State and verifier never leave it.
class SignInFlow : public std::enable_shared_from_this<SignInFlow>
{
public:
    struct Surroundings {
        /// Full path of parley-signin, and its arguments (none, but for tests).
        QString windowProgram;
        QStringList windowArguments = {};
        /// Further members of the window's first line: "dark" (bool), "kept" (false: no keychain), "parent"
        /// (x, y, width, height of the console's window), "scopes" (what will be reached, in words).
        QJsonObject windowHints = {};
        /// Opens an address in the system browser; false when that could not be done.
        std::function<bool(const QUrl &)> openUrl;
        /// Told when the browser has the page and the flow waits for it, so that the address can be shown for
        /// copying.
        std::function<void(const QUrl &)> browserOpened = {};
        /// Settings of another environment, for the window's Production | Sandbox | Custom domain; absent: no
        /// such choice.
        std::function<std::optional<OAuthSettings>(const QString &environment, const QString &host)>
            settingsFor = {};
        LoopbackWords words = {};
        std::chrono::milliseconds browserLimit = std::chrono::minutes(5);
    };

    /// The clock must outlive it.
    SignInFlow(Clock *clock, std::shared_ptr<OAuthClient> client, Surroundings surroundings);

    /// Errors: Cancelled; Forbidden, the person or the server said no (remoteCode, remoteMessage); Rejected,
    /// an answer that is not for us or a wrong registration; Conflict, all redirect ports are taken;
    /// TimedOut; BadReply with remoteCode "signin_missing", "signin_crashed", "no_browser".
    Async<SignedIn> signIn(OAuthSettings settings, Via via);

    /// signIn() ends in Cancelled; a window is closed, what may have been granted is revoked.
    void cancel();

private:
    struct Answer {
        OAuthSettings settings;
        AuthorizationRequest request;
        QUrl redirect;
        bool wantsBrowser = false;
    };
    Async<Answer> fromWindow(OAuthSettings settings);
    Async<Answer> fromBrowser(OAuthSettings settings);
    QJsonObject pageLine(const OAuthSettings &settings, const AuthorizationRequest &request) const;

    Clock *m_clock;
    std::shared_ptr<OAuthClient> m_client;
    Surroundings m_surroundings;
    std::function<void()> m_cancelWait;
    bool m_isCancelled = false;
};

} // namespace parley::auth

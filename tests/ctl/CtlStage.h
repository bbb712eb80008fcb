// A sandbox org and an empty profile, for the tests that run the real parleyctl between the two.
#pragma once

#include "app/sandbox/Sandbox.h"
#include "core/base/Clock.h"
#include "tests/ctl/Parleyctl.h"

#include <QFile>
#include <QTemporaryDir>

namespace parley::fakes {

class CtlStage
{
protected:
    /// A new profile beside a new sandbox. True when all of it is there.
    bool start()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        return m_dir->isValid() && QFile::exists(parleyctlPath()) && openOrg({});
    }
    /// Another sandbox instead, with an org's own documents (empty: the built-in org).
    bool openOrg(const QString &folder) { return open({.orgFolder = folder}); }
    bool open(const sandbox::Config &config)
    {
        m_sandbox = std::make_unique<sandbox::Sandbox>(m_clock, config);
        if (!m_sandbox->start())
            return false;
        m_ready = m_sandbox->readyLine()[u"salesforce"].toObject();
        return writeSecret(m_ready[u"clientSecret"].toString().toUtf8());
    }
    [[nodiscard]] QString profile() const { return m_dir->path() + QStringLiteral("/profile"); }
    [[nodiscard]] QString secretFile() const { return m_dir->path() + QStringLiteral("/secret"); }
    [[nodiscard]] bool writeSecret(const QByteArray &secret) const
    {
        QFile file(secretFile());
        return file.open(QIODevice::WriteOnly) && file.write(secret + '\n') > 0;
    }
    [[nodiscard]] QStringList addArguments() const
    {
        return {QStringLiteral("--profile"),
                profile(),
                QStringLiteral("--json"),
                QStringLiteral("crm"),
                QStringLiteral("add"),
                QStringLiteral("salesforce"),
                QStringLiteral("--login-url"),
                m_ready[u"loginUrl"].toString(),
                QStringLiteral("--client-id"),
                m_ready[u"clientId"].toString(),
                QStringLiteral("--client-secret-file"),
                secretFile(),
                QStringLiteral("--grant"),
                QStringLiteral("client-credentials"),
                QStringLiteral("--name"),
                QStringLiteral("Demo org")};
    }
    Ran run(const QStringList &arguments, const QByteArray &input = {})
    {
        return parleyctl(QStringList{QStringLiteral("--profile"), profile()} + arguments, input);
    }
    [[nodiscard]] bool connectOrg() { return parleyctl(addArguments()).exitCode == 0; }

    SystemClock m_clock;
    std::unique_ptr<sandbox::Sandbox> m_sandbox;
    std::unique_ptr<QTemporaryDir> m_dir;
    QJsonObject m_ready; ///< of the sandbox: "loginUrl", "clientId", …
};

} // namespace parley::fakes

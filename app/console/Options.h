// What the console is told on its command line.
#pragma once

#include <QString>
#include <QStringList>
#include <QUrl>

#include <optional>

namespace parley::console {

struct Options {
    bool isDemo = false;
    QUrl hub;             ///< --hub: shown in the first window, or signed in to with --agent
    QString profileDir;   ///< --profile; empty: the person's own
    QString agentEmail;   ///< --agent, with --password-file: signs in without the first window
    QString passwordFile; ///< the first line is the password
    QString theme;        ///< --theme system|light|dark; empty: as it is set
    bool printsTimings = false;
};

struct ParsedOptions {
    std::optional<Options> options;
    QString message; ///< help, the version, or what is wrong
    int exitCode = 0;
};

/// arguments: with the program's name first. No options: print the message and end with the exit code.
ParsedOptions parseOptions(const QStringList &arguments);

} // namespace parley::console

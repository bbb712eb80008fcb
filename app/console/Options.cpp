#include "app/console/Options.h"

#include <QCommandLineParser>

namespace parley::console {

using namespace Qt::Literals::StringLiterals;

ParsedOptions parseOptions(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Parley: chat with your website's visitors beside their CRM records."_s);
    parser.addOptions({
        {u"demo"_s,
         u"Start a hub, a Salesforce sandbox and visitors in this process; nothing leaves the computer."_s},
        {u"hub"_s, u"The address of the hub."_s, u"URL"_s},
        {u"profile"_s, u"Keep everything in this folder instead of the person's own."_s, u"DIR"_s},
        {u"agent"_s, u"Sign in as this agent; needs --hub and --password-file."_s, u"EMAIL"_s},
        {u"password-file"_s, u"A file whose first line is the agent's password."_s, u"FILE"_s},
        {u"theme"_s, u"system, light or dark."_s, u"NAME"_s},
        {u"print-timings"_s, u"Print a line of JSON when the window is there, and one when its chats are."_s},
    });
    const QCommandLineOption help = parser.addHelpOption();
    const QCommandLineOption version = parser.addVersionOption();
    const auto refuse = [](const QString &why) {
        return ParsedOptions{.message = u"parley: "_s + why + u'\n', .exitCode = 2};
    };
    if (!parser.parse(arguments))
        return refuse(parser.errorText());
    if (parser.isSet(help))
        // Qt knows the program's name once the application is there, and that one needs a display.
        return {.message = parser.helpText().replace(u"<executable_name>"_s, u"parley"_s)};
    if (parser.isSet(version))
        return {.message = u"parley " PARLEY_VERSION "\n"_s};
    if (!parser.positionalArguments().isEmpty())
        return refuse(u"'%1' is not understood; see --help"_s.arg(parser.positionalArguments().first()));

    Options options{.isDemo = parser.isSet(u"demo"_s),
                    .hub = QUrl(parser.value(u"hub"_s), QUrl::StrictMode),
                    .profileDir = parser.value(u"profile"_s),
                    .agentEmail = parser.value(u"agent"_s),
                    .passwordFile = parser.value(u"password-file"_s),
                    .theme = parser.value(u"theme"_s),
                    .printsTimings = parser.isSet(u"print-timings"_s)};
    if (parser.isSet(u"hub"_s) && (!options.hub.isValid() || options.hub.host().isEmpty()))
        return refuse(
            u"--hub '%1' is not an address like https://chat.example.com"_s.arg(parser.value(u"hub"_s)));
    if (options.isDemo && parser.isSet(u"hub"_s))
        return refuse(u"--demo starts a hub of its own: leave out --hub"_s);
    if (!options.agentEmail.isEmpty() && (options.hub.isEmpty() || options.passwordFile.isEmpty()))
        return refuse(u"--agent needs --hub and --password-file"_s);
    if (!QStringList{QString(), u"system"_s, u"light"_s, u"dark"_s}.contains(options.theme))
        return refuse(u"--theme is system, light or dark"_s);
    return {.options = options};
}

} // namespace parley::console

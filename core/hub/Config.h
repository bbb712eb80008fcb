// What a hub is told when it starts.
#pragma once

#include "core/wire/Objects.h"

#include <QStringList>

#include <chrono>
#include <optional>

namespace parley::hub {

struct Config {
    QString host = QStringLiteral("127.0.0.1");
    quint16 port = 0; ///< 0: any free one
    QString dataDir;  ///< made when it is not there; hub.db and secret live in it
    wire::Limits limits;
    qint64 frameBytes = qint64(256) * 1024;
    double framesPerSecond = 40; ///< of one connection
    double frameBurst = 80;
    int connections = 20'000;
    /// Of one address at once. Unset: 200, and connections from this computer itself are not counted.
    std::optional<int> connectionsPerAddress;
    QStringList proxies;      ///< addresses or subnets whose X-Forwarded-For is believed
    QStringList sites;        ///< origins whose pages may hold the widget; empty: any
    qint64 storeBytes = 0;    ///< the database grows no further than this; 0: as far as the disk goes
    int waitingChats = 5'000; ///< visitors who may wait at once; the next one is told to come back later
    /// A waiting chat whose visitor has been without a line for so long ends; 0: never.
    std::chrono::seconds waitingKept{600};
    QString brandName = QStringLiteral("Parley");
    QString brandReply = QStringLiteral("Usually replies in a few minutes");
    QList<wire::FormField>
        form; ///< empty: name and e-mail required, phone, company, department and product not
};

/// The pre-chat form of a hub that was not told otherwise.
QList<wire::FormField> standardForm();

/// What the hub says when it is ready.
struct ReadyLine {
    QString url;                             ///< http://host:port/ (the page with the widget on it)
    QString widget;                          ///< the script that a website embeds
    QString agentWs;                         ///< the console's door
    QString visitorWs;                       ///< the visitor's door
    [[nodiscard]] QByteArray toJson() const; ///< one line, without its end
};

} // namespace parley::hub

#include "core/domain/Chat.h"

namespace parley {

using namespace Qt::Literals::StringLiterals;

QString transcriptOf(const Chat &chat, const QList<Message> &messages, bool withNotes)
{
    QStringList lines;
    for (const Message &message : messages) {
        if (message.kind == MessageKind::Event || (message.kind == MessageKind::Note && !withNotes))
            continue;
        QString name = message.authorName;
        if (name.isEmpty())
            name = message.author == Author::Visitor ? chat.visitorName() : chat.agentName;
        const QString what = message.attachment ? u"[%1]"_s.arg(message.attachment->name) : message.text;
        lines += u"%1 %2: %3"_s.arg(message.at.toUTC().toString(u"yyyy-MM-dd HH:mm:ss'Z'"), name, what);
    }
    return lines.join(u'\n');
}

} // namespace parley

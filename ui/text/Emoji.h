// The emoji that an agent can put into a reply, by picture or by the first letters of a name.
#pragma once

#include <QList>
#include <QString>

namespace parley::ui {

struct Emoji {
    QString text;
    QString name; ///< as it is shown, spoken and typed after ":"; words of one name are joined by "_" there
    QString also; ///< further words that find it
};

[[nodiscard]] const QList<Emoji> &emojiTable();
/// Whose name begins so, then one whose other words do; at most six.
[[nodiscard]] QList<Emoji> emojiMatching(const QString &typed);

} // namespace parley::ui

// Emoji for the composer: the list that ":" and a letter bring up, and the board behind the button.
#pragma once

#include "ui/panels/CannedPopup.h"
#include "ui/text/Emoji.h"

class QMenu;

namespace parley::ui {

class EmojiPopup : public PopupFrame
{
    Q_OBJECT

public:
    EmojiPopup(Theme &theme, QWidget *parent);

    /// Shows those that fit what follows the colon. Hides itself when none does.
    void offer(const QString &typed);
    /// Up, Down, Enter, Tab and Esc are the popup's while it is open; true: used.
    bool handleKey(QKeyEvent *event);
    QSize sizeHint() const override;

signals:
    void chosen(const QString &emoji);

private:
    QList<Emoji> m_shown;
    QListWidget *m_list;
};

/// The board: arrows move, Enter or Space chooses, Esc leaves. The menu deletes itself.
[[nodiscard]] QMenu *makeEmojiBoard(Theme &theme, QWidget *parent, std::function<void(QString)> chosen);

} // namespace parley::ui

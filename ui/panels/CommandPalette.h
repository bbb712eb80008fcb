// One field for everything: a chat by its visitor, a command by what it does, a page of the settings.
#pragma once

#include "ui/panels/CannedPopup.h"

#include <QAbstractListModel>

#include <functional>

class QLineEdit;
class QListView;

namespace parley::ui {

struct PaletteEntry {
    enum class Kind { Command, Chat };
    Kind kind = Kind::Command;
    QString icon = {}; ///< of a command
    QString text = {};
    QString detail = {}; ///< at the trailing edge: what a chat's state is
    QString keys = {};   ///< in place of the detail: the key that does the same
    QString also = {};   ///< searched, not shown
    std::function<void()> run = {};
};

/// What fits the words, the best first; every word must be found.
[[nodiscard]] QList<PaletteEntry> matchingEntries(const QList<PaletteEntry> &all, const QString &typed);

class CommandPalette : public PopupFrame
{
    Q_OBJECT

public:
    CommandPalette(Theme &theme, QWidget *window);

    /// Comes up with the caret in its field. The entries are those of this moment.
    void open(const QList<PaletteEntry> &entries);
    /// Goes, and gives the focus back to who had it.
    void dismiss();

signals:
    void shortcutsAsked();

protected:
    bool eventFilter(QObject *object, QEvent *event) override;

private:
    class Rows;
    class Look;
    void filter();
    void step(int direction);
    void runCurrent();
    void place();

    QLineEdit *m_field;
    QListView *m_list;
    Rows *m_rows;
    Label *m_nothing;
    QPointer<QWidget> m_before; ///< who had the focus
    QList<PaletteEntry> m_all;
};

} // namespace parley::ui

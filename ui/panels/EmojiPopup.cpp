#include "ui/panels/EmojiPopup.h"

#include "ui/panels/CompletionKeys.h"
#include "ui/style/Announcer.h"
#include "ui/style/Button.h"
#include "ui/style/Paint.h"

#include <QGridLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QStyledItemDelegate>
#include <QWidgetAction>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kEmojiHeight = 32;
constexpr int kColumns = 8;

class Rows : public QStyledItemDelegate
{
public:
    Rows(Theme &theme, QObject *parent)
        : QStyledItemDelegate(parent)
        , m_theme(theme)
    {}
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Palette &c = m_theme.colours();
        painter->save();
        painter->setLayoutDirection(option.direction);
        const QRect r = option.rect;
        const bool isOn = option.state & QStyle::State_Selected;
        if (isOn) {
            painter->fillRect(r, c.bgSelected);
            if (m_theme.isHighContrast())
                paint::box(*painter, r, 0, {}, c.line, 2);
        }
        const auto at = [&](int x, int w) {
            return paint::placed(option.direction, r, QRect(r.x() + x, r.y(), w, r.height()));
        };
        paint::text(*painter, at(12, 24), index.data(Qt::UserRole).toString(), m_theme.font(TextRole::Title),
                    c.tx1);
        paint::text(*painter, at(44, r.width() - 52), index.data(Qt::DisplayRole).toString(),
                    m_theme.font(TextRole::Body), isOn ? c.accentTx : c.tx1);
        painter->restore();
    }
    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        return {200, kEmojiHeight};
    }

private:
    Theme &m_theme;
};

/// The buttons of the board are one stop: the arrows move between them.
class Board : public QWidget
{
public:
    Board(Theme &theme, QMenu *menu, const std::function<void(QString)> &chosen)
        : QWidget(menu)
        , m_menu(menu)
    {
        auto *cells = new QGridLayout(this);
        cells->setContentsMargins(8, 4, 8, 4);
        cells->setSpacing(2);
        QFont font = theme.font(TextRole::Message);
        font.setPixelSize(18);
        for (const Emoji &emoji : emojiTable()) {
            auto *face = new Button(theme, emoji.text, ButtonKind::Ghost, ButtonSize::Md, this);
            face->setFixedSize(32, 32);
            face->setFont(font);
            face->setAccessibleName(emoji.name);
            face->installEventFilter(this);
            const int place = int(m_faces.size());
            cells->addWidget(face, place / kColumns, place % kColumns);
            m_faces += face;
            connect(face, &QAbstractButton::clicked, menu, [menu, chosen, text = emoji.text] {
                menu->close();
                chosen(text);
            });
        }
        setFocusProxy(m_faces.first());
    }

protected:
    bool eventFilter(QObject *object, QEvent *event) override
    {
        if (event->type() != QEvent::KeyPress)
            return QWidget::eventFilter(object, event);
        const auto at = m_faces.indexOf(static_cast<Button *>(object));
        const bool isMirrored = layoutDirection() == Qt::RightToLeft;
        qsizetype step = 0;
        switch (static_cast<QKeyEvent *>(event)->key()) {
        case Qt::Key_Left:
            step = isMirrored ? 1 : -1;
            break;
        case Qt::Key_Right:
            step = isMirrored ? -1 : 1;
            break;
        case Qt::Key_Up:
            step = -kColumns;
            break;
        case Qt::Key_Down:
            step = kColumns;
            break;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            m_faces.at(at)->click();
            return true;
        case Qt::Key_Escape:
            m_menu->close();
            return true;
        default:
            return QWidget::eventFilter(object, event);
        }
        if (at + step >= 0 && at + step < m_faces.size())
            m_faces.at(at + step)->setFocus(Qt::TabFocusReason);
        return true;
    }

private:
    QMenu *m_menu;
    QList<Button *> m_faces;
};

} // namespace

EmojiPopup::EmojiPopup(Theme &theme, QWidget *parent)
    : PopupFrame(theme, parent)
    , m_list(new QListWidget(this))
{
    setObjectName(u"emojiPopup"_s);
    setAccessibleName(tr("Emoji"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, 5, 1, 5);
    m_list->setItemDelegate(new Rows(theme, m_list));
    m_list->setFocusPolicy(Qt::NoFocus); // the caret stays in the text; the keys come from there
    m_list->setAccessibleName(tr("Emoji"));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    column->addWidget(m_list);
    connect(m_list, &QListWidget::currentRowChanged, this, [this](int row) {
        if (row >= 0 && isVisible())
            announce(this, m_shown.at(row).name);
    });
    connect(m_list, &QListWidget::itemClicked, this,
            [this](QListWidgetItem *item) { emit chosen(m_shown.at(m_list->row(item)).text); });
    hide();
}

QSize EmojiPopup::sizeHint() const
{
    return {260, int(m_shown.size()) * kEmojiHeight + 10};
}

void EmojiPopup::offer(const QString &typed)
{
    m_shown = emojiMatching(typed);
    m_list->clear();
    if (m_shown.isEmpty()) {
        hide();
        return;
    }
    for (const Emoji &emoji : std::as_const(m_shown)) {
        auto *item = new QListWidgetItem(u':' + QString(emoji.name).replace(u' ', u'_'), m_list);
        item->setData(Qt::UserRole, emoji.text);
        item->setData(Qt::AccessibleTextRole, emoji.name);
    }
    show();
    raise();
    m_list->setCurrentRow(0);
}

bool EmojiPopup::handleKey(QKeyEvent *event)
{
    if (!isVisible())
        return false;
    const CompletionKey key = completionKey(*m_list, *event);
    if (key == CompletionKey::Chosen)
        emit chosen(m_shown.at(std::max(0, m_list->currentRow())).text);
    else if (key == CompletionKey::Left)
        hide();
    return key != CompletionKey::NotOurs;
}

QMenu *makeEmojiBoard(Theme &theme, QWidget *parent, std::function<void(QString)> chosen)
{
    auto *menu = new QMenu(parent);
    menu->setObjectName(u"emojiMenu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    auto *board = new Board(theme, menu, chosen);
    auto *action = new QWidgetAction(menu);
    action->setDefaultWidget(board);
    menu->addAction(action);
    QObject::connect(
        menu, &QMenu::aboutToShow, board, [board] { board->focusProxy()->setFocus(Qt::PopupFocusReason); },
        Qt::QueuedConnection);
    return menu;
}

} // namespace parley::ui

#include "ui/panels/CommandPalette.h"

#include "ui/style/Announcer.h"
#include "ui/style/Marks.h"
#include "ui/style/Paint.h"
#include "ui/style/Surfaces.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPointer>
#include <QStyledItemDelegate>
#include <QTextLayout>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kPaletteWidth = 598;
constexpr int kTop = 88;
constexpr int kEntryHeight = 36;
constexpr int kHeadHeight = 28;
constexpr int kMostHeight = 396; ///< of the list: eleven rows

QStringList wordsOf(const QString &typed)
{
    return typed.toCaseFolded().split(u' ', Qt::SkipEmptyParts);
}

/// 0: it begins so, 1: a word in it does, 2: it is somewhere in it, 3: in what is not shown, -1: not at all.
int rankOf(const PaletteEntry &entry, const QStringList &words)
{
    int worst = 0;
    const QString text = entry.text.toCaseFolded();
    const QString also = entry.also.toCaseFolded();
    for (const QString &word : words) {
        const qsizetype at = text.indexOf(word);
        int rank = 0;
        if (at < 0)
            rank = also.contains(word) ? 3 : -1;
        else if (at > 0)
            rank = text.contains(u' ' + word) ? 1 : 2;
        if (rank < 0)
            return -1;
        worst = std::max(worst, rank);
    }
    return worst;
}

} // namespace

QList<PaletteEntry> matchingEntries(const QList<PaletteEntry> &all, const QString &typed)
{
    const QStringList words = wordsOf(typed);
    QList<std::pair<int, PaletteEntry>> ranked;
    for (const PaletteEntry &entry : all) {
        const int rank = rankOf(entry, words);
        if (rank >= 0)
            ranked.append({rank, entry});
    }
    // Without words: whom to talk to. With words: what to do, then with whom.
    const auto place = [&words](const PaletteEntry &entry) {
        return (entry.kind == PaletteEntry::Kind::Chat) == words.isEmpty() ? 0 : 1;
    };
    std::ranges::stable_sort(ranked, [&](const auto &a, const auto &b) {
        return std::pair(place(a.second), a.first) < std::pair(place(b.second), b.first);
    });
    QList<PaletteEntry> found;
    for (const auto &[rank, entry] : ranked)
        found += entry;
    return found;
}

class CommandPalette::Rows : public QAbstractListModel
{
public:
    enum Role { EntryRole = Qt::UserRole, HeadRole };
    using QAbstractListModel::QAbstractListModel;

    void show(const QList<PaletteEntry> &found, const QStringList &words)
    {
        beginResetModel();
        m_words = words;
        m_lines.clear();
        std::optional<PaletteEntry::Kind> kind;
        for (const PaletteEntry &entry : found) {
            if (entry.kind != kind && !(m_lines.isEmpty() && entry.kind == PaletteEntry::Kind::Command))
                m_lines +=
                    Line{.head = entry.kind == PaletteEntry::Kind::Chat ? CommandPalette::tr("Chats")
                                                                        : CommandPalette::tr("Commands")};
            kind = entry.kind;
            m_lines += Line{.entry = entry};
        }
        endResetModel();
    }
    [[nodiscard]] const QStringList &words() const { return m_words; }
    [[nodiscard]] bool isHead(int row) const { return !m_lines.at(row).head.isEmpty(); }
    [[nodiscard]] const PaletteEntry &entry(int row) const { return m_lines.at(row).entry; }
    [[nodiscard]] QString head(int row) const { return m_lines.at(row).head; }

    int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : int(m_lines.size());
    }
    Qt::ItemFlags flags(const QModelIndex &index) const override
    {
        return isHead(index.row()) ? Qt::ItemIsEnabled : Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    }
    QVariant data(const QModelIndex &index, int role) const override
    {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
            return {};
        const Line &line = m_lines.at(index.row());
        if (role == Qt::DisplayRole)
            return line.head.isEmpty() ? line.entry.text : line.head;
        if (role == Qt::AccessibleTextRole) {
            const QString more = line.entry.keys.isEmpty() ? line.entry.detail : line.entry.keys;
            return !line.head.isEmpty() ? line.head
                   : more.isEmpty()     ? line.entry.text
                                        : line.entry.text + u", "_s + more;
        }
        return {};
    }

private:
    struct Line {
        PaletteEntry entry;
        QString head; ///< not empty: a heading
    };
    QList<Line> m_lines;
    QStringList m_words;
};

class CommandPalette::Look : public QStyledItemDelegate
{
public:
    Look(Theme &theme, Rows &rows, QObject *parent)
        : QStyledItemDelegate(parent)
        , m_theme(theme)
        , m_rows(rows)
    {}

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const override
    {
        return {200, m_rows.isHead(index.row()) ? kHeadHeight : kEntryHeight};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Palette &c = m_theme.colours();
        const QRect r = option.rect;
        const auto at = [&](int x, int w) {
            return paint::placed(option.direction, r, QRect(r.x() + x, r.y(), w, r.height()));
        };
        painter->save();
        painter->setLayoutDirection(option.direction);
        if (m_rows.isHead(index.row())) {
            paint::text(*painter, at(16, r.width() - 32), m_rows.head(index.row()),
                        m_theme.font(TextRole::Meta, QFont::DemiBold), c.tx2);
            painter->restore();
            return;
        }
        const PaletteEntry &entry = m_rows.entry(index.row());
        if (option.state & QStyle::State_Selected) {
            painter->fillRect(r, c.bgSelected);
            if (m_theme.isHighContrast())
                paint::box(*painter, r, 0, {}, c.line, 2);
        }
        const bool isChat = entry.kind == PaletteEntry::Kind::Chat;
        if (isChat)
            paint::avatar(*painter, m_theme,
                          paint::placed(option.direction, r, QRect(r.x() + 12, r.y() + 8, 20, 20)),
                          entry.text, 9);
        else
            paint::icon(*painter, m_theme, at(14, 16), entry.icon, 16, c.tx2);
        int right = r.width() - 12;
        if (!entry.keys.isEmpty()) {
            const int width = paint::keyHintWidth(m_theme, entry.keys);
            right -= width;
            paint::keyHint(*painter, m_theme, at(right, width), entry.keys, c.tx3, c.line2, c.bgPopup);
        } else if (!entry.detail.isEmpty()) {
            const QFont font = m_theme.font(TextRole::Meta);
            const int width = std::min(paint::textWidth(font, entry.detail), 180);
            right -= width;
            paint::text(*painter, at(right, width), entry.detail, font, c.tx3,
                        Qt::AlignTrailing | Qt::AlignVCenter);
        }
        paintWords(*painter, at(isChat ? 40 : 36, right - 8 - (isChat ? 40 : 36)), entry.text,
                   option.direction);
        painter->restore();
    }

private:
    /// The words with what was typed in them in bold.
    void paintWords(QPainter &painter, const QRect &area, const QString &words,
                    Qt::LayoutDirection direction) const
    {
        const QFont font = m_theme.font(TextRole::Body);
        const QString text = QFontMetrics(font).elidedText(words, Qt::ElideRight, area.width() - 8);
        QTextLayout layout(text, font);
        QList<QTextLayout::FormatRange> bold;
        for (const QString &word : m_rows.words()) {
            if (const qsizetype found = text.indexOf(word, 0, Qt::CaseInsensitive); found >= 0) {
                QTextLayout::FormatRange range;
                range.start = int(found);
                range.length = int(word.size());
                range.format.setFontWeight(QFont::DemiBold);
                bold += range;
            }
        }
        layout.setFormats(bold);
        QTextOption reading;
        reading.setWrapMode(QTextOption::NoWrap);
        reading.setTextDirection(text.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
        reading.setAlignment(Qt::AlignAbsolute |
                             (direction == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft));
        layout.setTextOption(reading);
        layout.beginLayout();
        QTextLine line = layout.createLine();
        line.setLineWidth(area.width());
        layout.endLayout();
        painter.setPen(m_theme.colours().tx1);
        layout.draw(&painter, QPointF(area.x(), area.y() + (area.height() - line.height()) / 2));
    }

    Theme &m_theme;
    Rows &m_rows;
};

CommandPalette::CommandPalette(Theme &theme, QWidget *window)
    : PopupFrame(theme, window)
    , m_field(new QLineEdit(this))
    , m_list(new QListView(this))
    , m_rows(new Rows(this))
    , m_nothing(
          new Label(theme, tr("Nothing found. Check the spelling."), TextRole::Body, &Palette::tx2, this))
{
    setObjectName(u"commandPalette"_s);
    setAccessibleName(tr("Search and commands"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, 1, 1, 1);
    column->setSpacing(0);
    auto *top = new QHBoxLayout;
    top->setContentsMargins(16, 4, 15, 4);
    top->setSpacing(8);
    top->addWidget(new IconLabel(theme, u"search"_s, 16, &Palette::tx3, this));
    m_field->setObjectName(u"paletteField"_s);
    m_field->setProperty("bare", true);
    m_field->setFrame(false);
    m_field->setFont(theme.font(TextRole::Message));
    m_field->setFixedHeight(40);
    m_field->setPlaceholderText(tr("Search or run a command"));
    m_field->setAccessibleName(tr("Search or run a command"));
    m_field->installEventFilter(this);
    top->addWidget(m_field, 1);
    top->addWidget(new KeyHint(theme, tr("Esc"), this));
    column->addLayout(top);
    column->addWidget(new Line(theme, Qt::Horizontal, this));
    m_list->setObjectName(u"paletteList"_s);
    m_list->setAccessibleName(tr("Results"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setFocusPolicy(Qt::NoFocus); // the caret stays in the field; the keys come from there
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setMouseTracking(true);
    m_list->setModel(m_rows);
    m_list->setItemDelegate(new Look(theme, *m_rows, m_list));
    column->addWidget(m_list);
    m_nothing->setContentsMargins(16, 12, 16, 12);
    column->addWidget(m_nothing);
    column->addWidget(new Line(theme, Qt::Horizontal, this));
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(15, 4, 15, 4);
    foot->setSpacing(6);
    const auto hint = [&](const QString &keys, const QString &words) {
        foot->addWidget(new KeyHint(theme, keys, this));
        foot->addWidget(new Label(theme, words, TextRole::Caption, &Palette::tx3, this));
    };
    hint(u"↑ ↓"_s, tr("choose"));
    foot->addSpacing(8);
    hint(tr("Enter"), tr("run"));
    foot->addStretch();
    hint(keyText(QKeySequence(Qt::Key_F1)), tr("all shortcuts"));
    column->addLayout(foot);
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_list, &QListView::entered, this, [this](const QModelIndex &index) {
        if (!m_rows->isHead(index.row()))
            m_list->setCurrentIndex(index);
    });
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex &index) {
        if (!m_rows->isHead(index.row()))
            runCurrent();
    });
    window->installEventFilter(this);
    hide();
}

void CommandPalette::open(const QList<PaletteEntry> &entries)
{
    if (!isVisible())
        m_before = window()->focusWidget();
    m_all = entries;
    m_field->clear();
    filter();
    show();
    raise();
    place();
    m_field->setFocus(Qt::ShortcutFocusReason);
}

void CommandPalette::dismiss()
{
    if (!isVisible())
        return;
    // The focus first: a widget that is hidden with it passes it on to anyone.
    if (m_before && m_before->isVisible() && m_before->isEnabled())
        m_before->setFocus(Qt::OtherFocusReason);
    hide();
}

void CommandPalette::filter()
{
    m_rows->show(matchingEntries(m_all, m_field->text()), wordsOf(m_field->text()));
    const bool isEmpty = m_rows->rowCount() == 0;
    m_list->setVisible(!isEmpty);
    m_nothing->setVisible(isEmpty);
    place();
    if (isEmpty)
        announce(this, m_nothing->text());
    else
        step(1);
}

void CommandPalette::step(int direction)
{
    const int count = m_rows->rowCount();
    const int now = m_list->currentIndex().row();
    for (int i = 1; i <= count; ++i) {
        const int row = ((now < 0 && direction < 0 ? 0 : now) + direction * i + 2 * count) % count;
        if (m_rows->isHead(row))
            continue;
        m_list->setCurrentIndex(m_rows->index(row));
        if (row <= 1)
            m_list->scrollToTop(); // with its heading
        if (isVisible())
            announce(this, m_rows->index(row).data(Qt::AccessibleTextRole).toString());
        return;
    }
}

void CommandPalette::runCurrent()
{
    const QModelIndex index = m_list->currentIndex();
    if (!index.isValid() || m_rows->isHead(index.row()))
        return;
    const std::function<void()> run = m_rows->entry(index.row()).run;
    dismiss(); // what runs may move the focus, or look at who has it
    if (run)
        run();
}

void CommandPalette::place()
{
    int rows = 0;
    for (int row = 0; row < m_rows->rowCount(); ++row)
        rows += m_rows->isHead(row) ? kHeadHeight : kEntryHeight;
    const QWidget *stage = parentWidget();
    const int top = std::min(kTop, std::max(8, stage->height() / 10));
    const int room = stage->height() - top - 24 - 84; // what is not the list
    m_list->setFixedHeight(std::min({rows, kMostHeight, std::max(kEntryHeight, room)}));
    layout()->activate();
    const int width = std::min(kPaletteWidth, stage->width() - 32);
    setGeometry((stage->width() - width) / 2, top, width, sizeHint().height());
}

bool CommandPalette::eventFilter(QObject *object, QEvent *event)
{
    if (object == parentWidget() && event->type() == QEvent::Resize && isVisible())
        place();
    if (object != m_field)
        return PopupFrame::eventFilter(object, event);
    if (event->type() == QEvent::FocusOut &&
        static_cast<QFocusEvent *>(event)->reason() != Qt::ActiveWindowFocusReason &&
        static_cast<QFocusEvent *>(event)->reason() != Qt::PopupFocusReason) {
        hide(); // the agent went elsewhere: the focus is where it was put
        return false;
    }
    if (event->type() != QEvent::KeyPress)
        return false;
    switch (static_cast<QKeyEvent *>(event)->key()) {
    case Qt::Key_Down:
        step(1);
        return true;
    case Qt::Key_Up:
        step(-1);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        runCurrent();
        return true;
    case Qt::Key_Escape:
        dismiss();
        return true;
    case Qt::Key_Tab:
    case Qt::Key_Backtab:
        return true; // there is nothing else in it
    default:
        return false;
    }
}

} // namespace parley::ui

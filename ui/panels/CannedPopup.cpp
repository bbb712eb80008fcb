#include "ui/panels/CannedPopup.h"

#include "ui/panels/CompletionKeys.h"
#include "ui/style/Announcer.h"
#include "ui/style/Label.h"
#include "ui/style/Marks.h"
#include "ui/style/Surfaces.h"
#include "ui/text/PlainText.h"

#include <QGraphicsDropShadowEffect>
#include <QKeyEvent>
#include <QRegularExpression>
#include <QTextLayout>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {
constexpr int kListWidth = 284;
}

PopupFrame::PopupFrame(Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
{
    const auto dress = [this] {
        auto *shadow = new QGraphicsDropShadowEffect(this);
        shadow->setBlurRadius(24);
        shadow->setOffset(0, 8);
        shadow->setColor(QColor(0, 0, 0, m_theme.isDark() ? 128 : 41));
        setGraphicsEffect(shadow); // takes the earlier one's place, and deletes it
        update();
    };
    dress();
    connect(&theme, &Theme::changed, this, dress);
}

void PopupFrame::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paint::box(painter, rect(), 8, m_theme.colours().bgPopup, m_theme.colours().line2, m_theme.lineWidth());
}

// The text with its blanks as chips.
class CannedPopup::Preview : public QWidget
{
public:
    Preview(Theme &theme, QWidget *parent)
        : QWidget(parent)
        , m_theme(theme)
    {
        connect(&theme, &Theme::changed, this, [this] { update(); });
    }
    void setText(const QString &text)
    {
        m_text = text;
        setAccessibleName(text);
        update();
    }
    [[nodiscard]] int heightFor(int width) const
    {
        QTextLayout layout;
        return layOut(layout, width);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        QTextLayout layout;
        layOut(layout, width());
        painter.setPen(m_theme.colours().tx1);
        layout.draw(&painter, QPointF(0, 0));
    }

private:
    int layOut(QTextLayout &layout, int room) const
    {
        const Palette &c = m_theme.colours();
        layout.setFont(m_theme.font(TextRole::Body));
        layout.setText(QString(m_text).replace(u'\n', QChar(QChar::LineSeparator)));
        QList<QTextLayout::FormatRange> blanks;
        static const QRegularExpression blank(u"\\[[^\\[\\]\\n]{1,60}\\]"_s);
        for (auto it = blank.globalMatch(m_text); it.hasNext();) {
            const auto match = it.next();
            QTextLayout::FormatRange range;
            range.start = int(match.capturedStart());
            range.length = int(match.capturedLength());
            range.format.setForeground(c.accentTx);
            range.format.setBackground(c.accentTint);
            range.format.setFontWeight(QFont::Medium);
            blanks += range;
        }
        layout.setFormats(blanks);
        QTextOption option;
        option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
        option.setTextDirection(m_text.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
        layout.setTextOption(option);
        layout.beginLayout();
        int y = 0;
        for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
            line.setLineWidth(room);
            line.setPosition(QPointF(0, y + (20 - line.height()) / 2));
            y += 20;
        }
        layout.endLayout();
        return y;
    }

    Theme &m_theme;
    QString m_text;
};

class CannedPopup::Rows : public QStyledItemDelegate
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
        const bool isOn = option.state & QStyle::State_Selected;
        if (isOn)
            painter->fillRect(option.rect, c.bgSelected);
        const QRect r = option.rect;
        const auto at = [&](int x, int w) {
            return paint::placed(option.direction, r, QRect(r.x() + x, r.y(), w, r.height()));
        };
        paint::text(*painter, at(12, 92), index.data(Qt::UserRole).toString(),
                    m_theme.font(TextRole::Body, QFont::Medium), isOn ? c.accentTx : c.tx1);
        paint::text(*painter, at(108, r.width() - 116), index.data(Qt::UserRole + 1).toString(),
                    m_theme.font(TextRole::Meta), c.tx2);
        painter->restore();
    }
    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return {200, 32}; }

private:
    Theme &m_theme;
};

CannedPopup::CannedPopup(Theme &theme, QWidget *parent)
    : PopupFrame(theme, parent)
    , m_count(new Label(theme, {}, TextRole::Meta, &Palette::tx3, this))
    , m_list(new QListWidget(this))
    , m_preview(new Preview(theme, this))
    , m_folder(new Label(theme, {}, TextRole::Meta, &Palette::tx3, this))
{
    setObjectName(u"cannedPopup"_s);
    setAccessibleName(tr("Canned responses"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, 1, 1, 1);
    column->setSpacing(0);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(12, 8, 12, 8);
    head->setSpacing(8);
    head->addWidget(new IconLabel(theme, u"slash"_s, 16, &Palette::tx3, this));
    auto *title = new Label(theme, tr("Canned responses"), TextRole::Body, &Palette::tx1, this);
    title->setWeight(QFont::Medium);
    head->addWidget(title);
    head->addWidget(m_count);
    head->addStretch();
    for (const auto &[keys, words] : {std::pair(u"↑ ↓"_s, tr("choose")), std::pair(tr("Enter"), tr("insert")),
                                      std::pair(tr("Esc"), tr("close"))}) {
        head->addWidget(new KeyHint(theme, keys, this));
        head->addWidget(new Label(theme, words, TextRole::Caption, &Palette::tx3, this));
    }
    column->addLayout(head);
    column->addWidget(new Line(theme, Qt::Horizontal, this));
    auto *body = new QHBoxLayout;
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(0);
    m_list->setItemDelegate(new Rows(theme, m_list));
    m_list->setFixedWidth(kListWidth);
    m_list->setFocusPolicy(Qt::NoFocus); // the caret stays in the text; the keys come from there
    m_list->setAccessibleName(tr("Canned responses"));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setContentsMargins(0, 4, 0, 4);
    body->addWidget(m_list);
    body->addWidget(new Line(theme, Qt::Vertical, this));
    auto *right = new QVBoxLayout;
    right->setContentsMargins(14, 10, 14, 10);
    right->setSpacing(8);
    right->addWidget(m_preview, 1);
    right->addWidget(m_folder);
    body->addLayout(right, 1);
    column->addLayout(body, 1);
    connect(m_list, &QListWidget::currentRowChanged, this, &CannedPopup::showPreview);
    connect(m_list, &QListWidget::itemClicked, this,
            [this](QListWidgetItem *item) { emit chosen(m_shown.at(m_list->row(item))); });
    hide();
}

int CannedPopup::wantedHeight(int width) const
{
    const int rows = std::clamp(int(m_shown.size()), 3, 6) * 32 + 8;
    const int preview = m_preview->heightFor(std::max(80, width - kListWidth - 31)) + 44;
    return 38 + std::clamp(preview, rows, 280);
}

QList<desk::CannedResponse> CannedPopup::matching(const QList<desk::CannedResponse> &all,
                                                  const QString &typed)
{
    const QString wanted = typed.toCaseFolded();
    QList<desk::CannedResponse> byShortcut;
    QList<desk::CannedResponse> byTitle;
    QList<desk::CannedResponse> byText;
    for (const desk::CannedResponse &response : all) {
        QString shortcut = response.shortcut.toCaseFolded();
        if (shortcut.startsWith(u'/'))
            shortcut.remove(0, 1);
        if (shortcut.startsWith(wanted))
            byShortcut += response;
        else if (response.title.toCaseFolded().contains(wanted))
            byTitle += response;
        else if (response.text.toCaseFolded().contains(wanted))
            byText += response;
    }
    return byShortcut + byTitle + byText;
}

void CannedPopup::offer(const QList<desk::CannedResponse> &all, const QString &typed)
{
    m_shown = matching(all, typed);
    m_list->clear();
    if (m_shown.isEmpty()) {
        hide();
        return;
    }
    for (const desk::CannedResponse &response : std::as_const(m_shown)) {
        auto *item = new QListWidgetItem(m_list);
        item->setData(Qt::UserRole, safeLine(response.shortcut, 40));
        item->setData(Qt::UserRole + 1, safeLine(response.title, 100));
        item->setData(Qt::AccessibleTextRole,
                      safeLine(response.shortcut, 40) + u", "_s + safeLine(response.title, 100));
    }
    m_count->setText(typed.isEmpty()
                         ? tr("%n in all", nullptr, int(m_shown.size()))
                         : tr("%n match “/%1”", nullptr, int(m_shown.size())).arg(safeLine(typed, 40)));
    m_list->setCurrentRow(0);
    show();
    raise();
}

void CannedPopup::showPreview(int row)
{
    if (row < 0 || row >= m_shown.size())
        return;
    const desk::CannedResponse &response = m_shown.at(row);
    m_preview->setText(safeText(m_filler ? m_filler(response) : response.text));
    const QString folder = safeLine(response.folder, 80);
    m_folder->setText(folder.isEmpty() ? tr("Tab moves between the blanks")
                                       : tr("%1. Tab moves between the blanks").arg(folder));
    m_folder->setVisible(response.text.contains(u'[') || !folder.isEmpty());
    emit visibilityChanged(); // it may want another height now
    // The caret stays in the text, so a reader does not see the list move.
    announce(this, m_list->item(row)->data(Qt::AccessibleTextRole).toString());
}

bool CannedPopup::handleKey(QKeyEvent *event)
{
    if (!isVisible())
        return false;
    const CompletionKey key = completionKey(*m_list, *event);
    if (key == CompletionKey::Chosen)
        emit chosen(m_shown.at(std::max(0, m_list->currentRow())));
    else if (key == CompletionKey::Left)
        hide();
    return key != CompletionKey::NotOurs;
}

void CannedPopup::showEvent(QShowEvent *event)
{
    PopupFrame::showEvent(event);
    emit visibilityChanged();
}

void CannedPopup::hideEvent(QHideEvent *event)
{
    PopupFrame::hideEvent(event);
    emit visibilityChanged();
}

} // namespace parley::ui

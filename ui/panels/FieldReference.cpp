#include "ui/panels/FieldReference.h"

#include "ui/style/Paint.h"
#include "ui/text/RecordText.h"

#include <QFocusEvent>
#include <QKeyEvent>
#include <QListView>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QTextLayout>
#include <QVBoxLayout>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kMatchHeight = 36;
constexpr int kPauseMs = 200;
constexpr int kShownRows = 6;

/// One found record: icon, name with what was typed in bold, what tells it from its namesakes.
class FoundDelegate : public QStyledItemDelegate
{
public:
    FoundDelegate(Theme &theme, QObject *parent)
        : QStyledItemDelegate(parent)
        , m_theme(theme)
    {}
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        return {120, kMatchHeight};
    }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Palette &colours = m_theme.colours();
        const bool isRecord = index.data(FieldSearch::IsRecordRole).toBool();
        const bool isMirrored = option.direction == Qt::RightToLeft;
        if (isRecord && option.state.testFlag(QStyle::State_Selected))
            painter->fillRect(option.rect, colours.bgSelected);
        const QRect row = option.rect.adjusted(12, 0, -12, 0);
        const auto mirrored = [&](QRect rect) {
            if (isMirrored)
                rect.moveLeft(row.left() + row.right() - rect.right());
            return rect;
        };
        const QRect icon = mirrored(QRect(row.left(), row.center().y() - 8, 16, 16));
        painter->drawPixmap(icon.topLeft(),
                            m_theme.icon(index.data(Qt::DecorationRole).toString(), 16, colours.tx2,
                                         painter->device()->devicePixelRatioF()));
        const QString detail = index.data(FieldSearch::DetailRole).toString();
        const QFont meta = m_theme.font(TextRole::Meta);
        const int detailWidth = std::min(paint::textWidth(meta, detail) + 2, row.width() / 2);
        painter->setFont(meta);
        painter->setPen(colours.tx3);
        painter->drawText(
            mirrored(QRect(row.right() - detailWidth, row.top(), detailWidth + 1, row.height())),
            Qt::AlignVCenter | Qt::AlignTrailing | Qt::TextSingleLine,
            QFontMetrics(meta).elidedText(detail, Qt::ElideRight, detailWidth));
        const QRect words =
            mirrored(QRect(row.left() + 24, row.top(), row.width() - 36 - detailWidth, row.height()));
        paintName(painter, words, index, isRecord ? colours.tx1 : colours.tx2);
    }

private:
    void paintName(QPainter *painter, const QRect &rect, const QModelIndex &index, const QColor &colour) const
    {
        const QFont body = m_theme.font(TextRole::Body);
        const QString name =
            QFontMetrics(body).elidedText(index.data().toString(), Qt::ElideRight, rect.width());
        const QString typed = index.data(FieldSearch::TypedRole).toString();
        QTextLayout layout(name, body);
        const qsizetype at = typed.isEmpty() ? -1 : name.indexOf(typed, 0, Qt::CaseInsensitive);
        if (at >= 0) {
            QTextLayout::FormatRange bold;
            bold.start = int(at);
            bold.length = int(typed.size());
            bold.format.setFontWeight(QFont::DemiBold);
            layout.setFormats({bold});
        }
        layout.beginLayout();
        QTextLine line = layout.createLine();
        line.setLineWidth(rect.width());
        layout.endLayout();
        painter->setPen(colour);
        const qreal x = painter->layoutDirection() == Qt::RightToLeft ? rect.right() - line.naturalTextWidth()
                                                                      : rect.left();
        painter->save();
        painter->setClipRect(rect);
        layout.draw(painter, QPointF(x, rect.top() + (rect.height() - line.height()) / 2));
        painter->restore();
    }

    Theme &m_theme;
};

QString detailOf(const Record &record)
{
    for (const QString &field : {u"Email"_s, u"Account.Name"_s, u"Company"_s, u"Status"_s, u"Type"_s}) {
        const QString text = record.text(field);
        if (!text.isEmpty())
            return RecordText::oneLine(text);
    }
    return RecordText::kindName(record.ref.kind);
}

/// The list below the line, a child of the window so that it never takes the focus from the line.
class FoundPopup : public QWidget
{
public:
    FoundPopup(Theme &theme, QWidget *window)
        : QWidget(window)
        , m_theme(theme)
    {}

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(m_theme.colours().line2);
        painter.setBrush(m_theme.colours().bgPopup);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
    }

private:
    Theme &m_theme;
};

} // namespace

FieldSearch::FieldSearch(Theme &theme, QLineEdit *line, QWidget *anchor, RecordSearch search,
                         QList<RecordKind> kinds)
    : QObject(line)
    , m_theme(theme)
    , m_line(line)
    , m_anchor(anchor)
    , m_search(std::move(search))
    , m_kinds(std::move(kinds))
    , m_model(new QStandardItemModel(this))
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &FieldSearch::ask);
    line->installEventFilter(this);
    connect(&theme, &Theme::changed, this, &FieldSearch::dress);
}

FieldSearch::~FieldSearch()
{
    delete m_popup; // its parent is the window, which outlives the line
}

void FieldSearch::search(const QString &text)
{
    m_text = text.trimmed();
    ++m_asked;
    if (m_text.size() < 2) {
        m_pause.stop();
        close();
        return;
    }
    m_pause.start();
}

void FieldSearch::ask()
{
    if (!m_search)
        return;
    const int number = ++m_asked;
    const QString typed = m_text;
    if (!isOpen())
        showNote(tr("Looking…"), u"search"_s);
    m_search(typed, m_kinds, this, [this, number, typed](Result<QList<Record>> found) {
        if (number == m_asked)
            show(found, typed);
    });
}

void FieldSearch::show(const Result<QList<Record>> &found, const QString &typed)
{
    m_found.clear();
    if (!found) {
        showNote(found.error().code == Errc::Offline ? tr("Not reachable. Type on to try again")
                                                     : tr("The search did not work. Type on to try again"),
                 u"warning"_s);
        return;
    }
    for (const Record &record : *found) {
        if (m_kinds.isEmpty() || m_kinds.contains(record.ref.kind))
            m_found.append(record);
    }
    if (m_found.isEmpty()) {
        showNote(tr("No record for “%1”").arg(RecordText::oneLine(typed)), u"search"_s);
        return;
    }
    m_model->clear();
    for (const Record &record : std::as_const(m_found)) {
        auto *item = new QStandardItem(RecordText::oneLine(record.title));
        const QString detail = detailOf(record);
        item->setData(RecordText::kindIcon(record.ref.kind), Qt::DecorationRole);
        item->setData(detail, DetailRole);
        item->setData(typed, TypedRole);
        item->setData(true, IsRecordRole);
        item->setData(tr("%1, %2, %3").arg(item->text(), RecordText::kindName(record.ref.kind), detail),
                      Qt::AccessibleTextRole);
        item->setEditable(false);
        m_model->appendRow(item);
    }
    place();
    m_list->setCurrentIndex(m_model->index(0, 0));
}

void FieldSearch::showNote(const QString &text, const QString &icon)
{
    m_model->clear();
    auto *item = new QStandardItem(text);
    item->setData(icon, Qt::DecorationRole);
    item->setFlags(Qt::ItemIsEnabled);
    m_model->appendRow(item);
    place();
}

void FieldSearch::place()
{
    if (!m_popup) {
        auto *popup = new FoundPopup(m_theme, m_anchor->window());
        popup->setObjectName(u"foundRecords"_s);
        auto *layout = new QVBoxLayout(popup);
        layout->setContentsMargins(1, 4, 1, 4);
        m_list = new QListView(popup);
        m_list->setFrameShape(QFrame::NoFrame);
        m_list->setFocusPolicy(Qt::NoFocus);
        m_list->setModel(m_model);
        m_list->setItemDelegate(new FoundDelegate(m_theme, m_list));
        m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        m_list->setAccessibleName(tr("Found records"));
        m_list->setUniformItemSizes(true);
        connect(m_list, &QListView::clicked, this, &FieldSearch::pick);
        layout->addWidget(m_list);
        m_popup = popup;
        dress();
    }
    const int rows = std::clamp(m_model->rowCount(), 1, kShownRows);
    const int height = rows * kMatchHeight + 10;
    QPoint corner = m_anchor->mapTo(m_anchor->window(), QPoint(0, m_anchor->height() + 4));
    if (corner.y() + height > m_anchor->window()->height())
        corner.setY(m_anchor->mapTo(m_anchor->window(), QPoint(0, 0)).y() - height - 4);
    m_popup->setGeometry(QRect(corner, QSize(m_anchor->width(), height)));
    m_popup->show();
    m_popup->raise();
}

void FieldSearch::dress()
{
    if (!m_list)
        return;
    QPalette palette = m_list->palette();
    palette.setColor(QPalette::Base, m_theme.colours().bgPopup);
    m_list->setPalette(palette);
    m_list->setStyleSheet(u"QListView { border: 0; background: transparent; }"_s);
    m_popup->update();
}

void FieldSearch::close()
{
    ++m_asked;
    m_pause.stop();
    if (m_popup)
        m_popup->hide();
}

bool FieldSearch::isOpen() const
{
    return m_popup && m_popup->isVisible();
}

void FieldSearch::pick(const QModelIndex &index)
{
    if (!index.isValid() || index.row() >= m_found.size())
        return;
    const Record record = m_found.at(index.row());
    close();
    emit picked(record);
}

bool FieldSearch::keyPressed(int key)
{
    if (!isOpen())
        return false;
    const int row = m_list->currentIndex().row();
    switch (key) {
    case Qt::Key_Escape:
        close();
        return true;
    case Qt::Key_Down:
        m_list->setCurrentIndex(m_model->index(std::min(row + 1, m_model->rowCount() - 1), 0));
        return true;
    case Qt::Key_Up:
        m_list->setCurrentIndex(m_model->index(std::max(row - 1, 0), 0));
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        pick(m_list->currentIndex());
        return true;
    default:
        return false;
    }
}

bool FieldSearch::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride && isOpen()) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Escape || key == Qt::Key_Return || key == Qt::Key_Enter) {
            event->accept(); // the list is the topmost layer: the pane's own Escape and Enter wait
            return true;
        }
    }
    if (event->type() == QEvent::KeyPress && keyPressed(static_cast<QKeyEvent *>(event)->key()))
        return true;
    if (event->type() == QEvent::FocusOut &&
        static_cast<QFocusEvent *>(event)->reason() != Qt::ActiveWindowFocusReason)
        close();
    if (event->type() == QEvent::Hide || event->type() == QEvent::Move)
        close();
    return QObject::eventFilter(watched, event);
}

FieldReferenceEditor::FieldReferenceEditor(Theme &theme, const crm::Field &field, const FieldContext &context,
                                           QWidget *parent)
    : FieldEditor(theme, parent)
    , m_line(new FieldLine(theme, this))
{
    auto *box = new FieldFrame(theme, context.isCompact ? 28 : 32, this);
    const bool isPerson = field.targets.contains(kinds::user);
    box->setContent(m_line);
    box->setLeading(isPerson ? u"user"_s : u"search"_s);
    if (isPerson)
        box->addTrailing(new IconLabel(theme, u"search"_s, 14, &Palette::tx3, box));
    setFrame(box);
    m_line->setHint(field.targets.isEmpty()
                        ? tr("Search")
                        : tr("Search %1").arg(RecordText::kindPlural(field.targets.first())));
    m_search = new FieldSearch(theme, m_line, box, context.search, field.targets);
    install(m_line, box);
    connect(m_line, &QLineEdit::textEdited, this, [this](const QString &text) {
        if (text.isEmpty()) {
            m_id.clear();
            m_name.clear();
            emit edited();
        }
        m_search->search(text);
    });
    connect(m_search, &FieldSearch::picked, this, [this](const Record &record) {
        m_id = record.ref.id.value;
        m_name = RecordText::oneLine(record.title);
        m_line->setText(m_name);
        emit edited();
    });
    // Words that were typed and not picked are no record: what is really set is shown again.
    connect(this, &FieldEditor::left, this, [this] { m_line->setText(m_name.isEmpty() ? m_id : m_name); });
}

QVariant FieldReferenceEditor::value() const
{
    return m_id.isEmpty() ? QVariant() : QVariant(m_id);
}

void FieldReferenceEditor::setValue(const QVariant &value)
{
    if (value.toString() == m_id)
        return;
    m_id = value.toString();
    m_name.clear();
    m_line->setText(m_id);
}

QString FieldReferenceEditor::shown() const
{
    return m_name;
}

void FieldReferenceEditor::setShown(const QString &text)
{
    m_name = RecordText::oneLine(text);
    if (!m_line->hasFocus())
        m_line->setText(m_name.isEmpty() ? m_id : m_name);
}

bool FieldReferenceEditor::hasOpenPopup() const
{
    return m_search->isOpen();
}

void FieldReferenceEditor::selectAll()
{
    m_line->selectAll();
}

} // namespace parley::ui

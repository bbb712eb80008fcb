#include "ui/panels/ChatPane.h"

#include "ui/panels/Shortcuts.h"
#include "ui/panels/Toasts.h"
#include "ui/style/Announcer.h"
#include "ui/text/ChatText.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QStackedWidget>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

ChatPane::ChatPane(Theme &theme, std::function<QDateTime()> now, QWidget *parent)
    : Ground(theme, &Palette::bgPane, parent)
    , m_theme(theme)
    , m_stack(new QStackedWidget(this))
    , m_nothing(new EmptyState(theme, u"message"_s, tr("Pick a chat"),
                               tr("Ctrl 1 to Ctrl 9 opens a chat from the list."), this))
    , m_chat(new QWidget(this))
    , m_header(new ChatHeader(theme, m_chat))
    , m_context(new ContextBar(theme, m_chat))
    , m_skeleton(new Skeleton(theme, Skeleton::Shape::Bubbles, m_chat))
    , m_thread(new ThreadView(theme, std::move(now), m_chat))
    , m_offline(new Banner(theme, BannerKind::Warn, {}, {}, m_chat))
    , m_typing(new TypingStrip(theme, m_chat))
    , m_composer(new Composer(theme, m_chat))
    , m_acceptRow(new QWidget(m_chat))
    , m_endPanel(new EndChatPanel(theme, m_chat))
    , m_toasts(new Toasts(theme, this))
{
    setObjectName(u"chatPane"_s);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);
    m_nothing->setObjectName(u"noChat"_s);
    m_stack->addWidget(m_nothing);
    buildChat();
    m_stack->addWidget(m_chat);
    m_composer->setStage(m_chat);
    setMinimumWidth(416);
    m_thread->installEventFilter(this);
    m_composer->installEventFilter(this);
    connect(m_header, &ChatHeader::sideAsked, m_endPanel, &QWidget::hide);
    connect(m_composer, &Composer::pageAsked, m_thread, &ThreadView::scrollPage);
    connect(m_endPanel, &EndChatPanel::cancelled, this, [this] {
        if (!m_endPanel->leave())
            m_composer->focusEdit();
    });
}

void ChatPane::buildChat()
{
    auto *column = new QVBoxLayout(m_chat);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(m_context);
    buildFind(*column);
    column->addWidget(m_skeleton, 1);
    m_skeleton->hide();
    column->addWidget(m_thread, 1);
    auto *offlineRow = new QHBoxLayout;
    offlineRow->setContentsMargins(16, 0, 16, 0);
    m_offline->setObjectName(u"offlineBanner"_s);
    offlineRow->addWidget(m_offline);
    m_offline->hide();
    column->addLayout(offlineRow);
    column->addWidget(m_typing);
    column->addWidget(m_composer);
    auto *row = new QHBoxLayout(m_acceptRow);
    row->setContentsMargins(16, 8, 16, 16);
    auto *words = new Label(m_theme, tr("This visitor waits for an agent."), TextRole::Body, &Palette::tx2,
                            m_acceptRow);
    auto *accept = new Button(m_theme, tr("Accept"), ButtonKind::Primary, ButtonSize::Md, m_acceptRow);
    accept->setObjectName(u"acceptThis"_s);
    connect(accept, &QAbstractButton::clicked, this, [this] { emit acceptAsked(m_row.id); });
    row->addWidget(words, 1);
    row->addWidget(accept);
    m_acceptRow->hide();
    column->addWidget(m_acceptRow);
}

void ChatPane::buildFind(QVBoxLayout &column)
{
    m_findBar = new Ground(m_theme, &Palette::bgSunken, m_chat, Qt::BottomEdge);
    auto *row = new QHBoxLayout(m_findBar);
    row->setContentsMargins(16, 6, 12, 6);
    row->setSpacing(4);
    m_findEdit = new QLineEdit(m_findBar);
    m_findEdit->setObjectName(u"findEdit"_s);
    m_findEdit->setProperty("small", true);
    m_findEdit->setPlaceholderText(tr("Find in this chat"));
    m_findEdit->setAccessibleName(tr("Find in this chat"));
    m_findEdit->installEventFilter(this);
    m_findResult = new Label(m_theme, {}, TextRole::Meta, &Palette::tx3, m_findBar);
    row->addWidget(m_findEdit, 1);
    row->addWidget(m_findResult);
    const auto search = [this](bool backwards) {
        const bool found = m_thread->find(m_findEdit->text(), backwards);
        m_findResult->setText(found || m_findEdit->text().isEmpty() ? QString() : tr("Not found"));
        announce(this, found ? m_thread->currentIndex().data(Qt::AccessibleTextRole).toString()
                             : m_findResult->text());
    };
    auto *up = new IconButton(m_theme, u"up"_s, tr("Earlier"), 28, m_findBar);
    auto *down = new IconButton(m_theme, u"down"_s, tr("Later"), 28, m_findBar);
    auto *close = new IconButton(m_theme, u"close"_s, tr("Close the search"), 28, m_findBar);
    connect(up, &QAbstractButton::clicked, this, [search] { search(false); });
    connect(down, &QAbstractButton::clicked, this, [search] { search(true); });
    connect(close, &QAbstractButton::clicked, this, [this] { closeTop(); });
    connect(m_findEdit, &QLineEdit::returnPressed, this, [search] { search(false); });
    connect(m_findEdit, &QLineEdit::textEdited, this, [search] { search(false); });
    row->addWidget(up);
    row->addWidget(down);
    row->addWidget(close);
    m_findBar->hide();
    column.addWidget(m_findBar);
}

void ChatPane::showNothing()
{
    m_row = {};
    m_endPanel->hide();
    m_stack->setCurrentWidget(m_nothing);
}

void ChatPane::showRow(const desk::ChatRow &row, const QString &crmName, const QString &crmShort)
{
    const bool isOther = row.id != m_row.id;
    m_row = row;
    if (isOther) {
        m_endPanel->hide();
        m_findBar->hide();
        m_composer->setMode(Composer::Mode::Reply);
    }
    m_thread->thread().setVisitorName(visitorName(row));
    m_header->showChat(row, crmName, crmShort);
    m_composer->setVisible(row.state == ChatState::Open);
    m_typing->setVisible(row.state == ChatState::Open);
    m_acceptRow->setVisible(row.state == ChatState::Waiting);
    m_stack->setCurrentWidget(m_chat);
}

void ChatPane::setLoading(bool loading)
{
    m_skeleton->setVisible(loading);
    m_thread->setVisible(!loading);
}

void ChatPane::setOffline(const QString &title, const QString &detail)
{
    m_offline->setTitle(title);
    m_offline->setDetail(detail);
    m_offline->setVisible(!title.isEmpty());
    m_thread->setOffline(!title.isEmpty());
}

void ChatPane::openFind()
{
    if (m_row.id.isEmpty())
        return;
    m_findBar->show();
    m_findEdit->setFocus(Qt::ShortcutFocusReason);
    m_findEdit->selectAll();
}

bool ChatPane::closeTop()
{
    if (m_endPanel->isVisible()) {
        if (!m_endPanel->leave())
            m_composer->focusEdit();
        return true;
    }
    if (m_findBar->isVisible()) {
        m_findBar->hide();
        m_composer->focusEdit();
        return true;
    }
    return false;
}

void ChatPane::placeFloating()
{
    m_endPanel->setMaximumWidth(std::min(440, std::max(320, width() - 32)));
    const QRect panel(width() - 16 - m_endPanel->width(), 56, m_endPanel->width(), m_endPanel->height());
    m_endPanel->move(paint::placed(layoutDirection(), rect(), panel).topLeft());
    int floor = m_composer->isVisible() ? m_composer->mapTo(this, QPoint(0, 0)).y() - 36 : height();
    if (m_offline->isVisible())
        floor -= m_offline->height();
    m_toasts->place(QRect(0, 0, width(), floor));
}

void ChatPane::resizeEvent(QResizeEvent *event)
{
    Ground::resizeEvent(event);
    placeFloating();
}

bool ChatPane::eventFilter(QObject *object, QEvent *event)
{
    if ((object == m_composer || object == m_thread) &&
        (event->type() == QEvent::Resize || event->type() == QEvent::Move || event->type() == QEvent::Show))
        QMetaObject::invokeMethod(
            this, [this] { placeFloating(); }, Qt::QueuedConnection);
    if (object == m_findEdit && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape) {
        closeTop();
        return true;
    }
    return Ground::eventFilter(object, event);
}

} // namespace parley::ui

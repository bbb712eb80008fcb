#include "ui/panels/VisitorPane.h"

#include "ui/text/RecordText.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QScrollArea>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

using Row = std::pair<QString, QString>;

/// Takes the value out of those that are left, so that no field is shown twice.
QString take(LiveChatFields &left, const QString &key)
{
    return RecordText::oneLine(left.take(key));
}

QString placeOf(LiveChatFields &left)
{
    QStringList parts{take(left, fields::visitorCity), take(left, fields::visitorState),
                      take(left, fields::visitorCountry)};
    parts.removeAll(QString());
    return parts.join(u", "_s);
}

QString pageOf(LiveChatFields &left, const QString &titleKey, const QString &urlKey)
{
    const QString title = take(left, titleKey);
    const QString url = take(left, urlKey);
    if (title.isEmpty() || url.isEmpty())
        return title + url;
    return title + u" · "_s + url;
}

QString categoryTitle(const QString &category)
{
    if (category == u"Variable"_s || category == u"CustomVariable"_s)
        return VisitorPane::tr("Custom variables");
    if (category == u"Context"_s)
        return VisitorPane::tr("Context");
    if (category == u"PreChat"_s || category == u"LiveChat"_s)
        return VisitorPane::tr("Pre-chat form");
    if (category == u"Visitor"_s)
        return VisitorPane::tr("More about the visitor");
    if (category == u"Chat"_s)
        return VisitorPane::tr("This chat");
    return RecordText::oneLine(category);
}

} // namespace

QList<VisitorPane::Group> VisitorPane::groupsOf(const Chat &chat)
{
    LiveChatFields left = chat.fields;
    // Long, or shown elsewhere in the window already.
    for (const QString &key : {fields::chatTranscript, fields::chatNotes, fields::chatAgentName,
                               fields::chatAgentEmail, fields::chatWrapUp, fields::chatEnd, fields::chatId})
        left.remove(key);
    QList<Group> groups;
    const QString name = take(left, fields::visitorName);
    groups.append(
        Group{name.isEmpty() ? tr("Visitor") : name,
              {Row(tr("Email"), take(left, fields::visitorEmail)),
               Row(tr("Phone"), take(left, fields::phone)), Row(tr("Company"), take(left, fields::company)),
               Row(tr("Visits"), take(left, fields::visitorVisits)),
               Row(tr("Chats"), take(left, fields::visitorChats))}});
    const QString start = left.take(fields::chatStart);
    const QDateTime startedAt =
        chat.startedAt.isValid() ? chat.startedAt : QDateTime::fromString(start, Qt::ISODate);
    groups.append(
        Group{tr("This visit"),
              {Row(tr("On page"), pageOf(left, fields::visitorPageTitle, fields::visitorPage)),
               Row(tr("Chat from"), take(left, fields::chatPage)),
               Row(tr("Landed on"), pageOf(left, fields::visitorLandingTitle, fields::visitorLandingPage)),
               Row(tr("Came from"), take(left, fields::visitorReferrer)),
               Row(tr("Chat began"), RecordText::time(startedAt)),
               Row(tr("Channel"), take(left, fields::chatChannel))}});
    groups.append(Group{tr("Pre-chat form"),
                        {Row(tr("Department"), take(left, fields::department)),
                         Row(tr("Product"), take(left, fields::product)),
                         Row(tr("Question"), take(left, fields::chatSubject))}});
    const Group technology{
        tr("Technology"),
        {Row(tr("Place"), placeOf(left)), Row(tr("Browser"), take(left, fields::visitorBrowser)),
         Row(tr("System"), take(left, fields::visitorSystem)),
         Row(tr("Language"), take(left, fields::visitorLanguage)),
         Row(tr("Time zone"), take(left, fields::visitorTimeZone)),
         Row(tr("Screen"), take(left, fields::visitorScreen)), Row(tr("IP"), take(left, fields::visitorIp))}};
    for (auto it = left.constBegin(); it != left.constEnd(); ++it) {
        const QString title = categoryTitle(it.key().section(u'.', 0, 0));
        auto group = std::ranges::find(groups, title, &Group::title);
        if (group == groups.end())
            group = groups.insert(groups.end(), Group{title, {}});
        group->rows.append(
            Row(RecordText::oneLine(it.key().section(u'.', 1)), RecordText::oneLine(it.value())));
    }
    groups.append(technology);
    for (Group &group : groups)
        group.rows.removeIf([](const Row &row) { return row.second.isEmpty(); });
    groups.removeIf([](const Group &group) { return group.rows.isEmpty(); });
    return groups;
}

VisitorPane::VisitorPane(Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
{
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->viewport()->setAutoFillBackground(false);
    auto *body = new QWidget;
    body->setObjectName(u"scrollBody"_s);
    body->setAutoFillBackground(false);
    m_column = new QVBoxLayout(body);
    m_column->setContentsMargins(12, 12, 12, 12);
    m_column->setSpacing(12);
    m_column->addStretch(1);
    scroll->setWidget(body);
    outer->addWidget(scroll);
}

void VisitorPane::setChat(const Chat &chat)
{
    if (chat.fields == m_fields && m_column->count() > 1)
        return;
    m_fields = chat.fields;
    while (m_column->count() > 1) {
        QLayoutItem *item = m_column->takeAt(0);
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
    const QList<Group> groups = groupsOf(chat);
    for (const Group &group : groups)
        addGroup(group);
    if (groups.isEmpty())
        m_column->insertWidget(0, new EmptyState(m_theme, u"user"_s, tr("Nothing is known yet"),
                                                 tr("What the visitor's page tells appears here."), this));
}

void VisitorPane::addGroup(const Group &group)
{
    auto *card = new Card(m_theme, this);
    card->setAccessibleName(group.title);
    auto *column = new QVBoxLayout(card);
    column->setContentsMargins(0, 0, 0, 8);
    column->setSpacing(0);
    auto *title = new ElidedLabel(m_theme, group.title, TextRole::Strong, &Palette::tx1, card);
    title->setFixedHeight(40);
    auto *heading = new QHBoxLayout;
    heading->setContentsMargins(12, 0, 12, 0);
    heading->addWidget(title, 1);
    column->addLayout(heading);
    for (const auto &[label, value] : group.rows)
        column->addWidget(new VisitorRow(m_theme, label, value, card));
    m_column->insertWidget(m_column->count() - 1, card);
}

VisitorRow::VisitorRow(Theme &theme, const QString &label, const QString &value, QWidget *parent)
    : QAbstractButton(parent)
    , m_theme(theme)
    , m_value(value)
    , m_copy(new IconButton(theme, u"copy"_s, tr("Copy %1").arg(label), 24, this))
{
    setFixedHeight(24);
    setBackgroundRole(QPalette::Window);
    setForegroundRole(QPalette::WindowText);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setAccessibleName(tr("%1: %2").arg(label, value));
    setAccessibleDescription(tr("Enter copies it"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(12, 0, 8, 0);
    row->setSpacing(8);
    auto *name = new ElidedLabel(theme, label, TextRole::Meta, &Palette::tx2, this);
    name->setFixedWidth(112);
    row->addWidget(name);
    row->addWidget(new ElidedLabel(theme, value, TextRole::Body, &Palette::tx1, this), 1);
    row->addWidget(m_copy);
    m_copy->setFocusPolicy(Qt::NoFocus);
    m_copy->setIconSide(14);
    m_copy->hide();
    connect(m_copy, &QPushButton::clicked, this, &VisitorRow::copy);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void VisitorRow::copy()
{
    QGuiApplication::clipboard()->setText(m_value);
}

void VisitorRow::tell()
{
    m_copy->setVisible(underMouse() || hasFocus());
    update();
}

void VisitorRow::paintEvent(QPaintEvent *)
{
    if (underMouse())
        QPainter(this).fillRect(rect().adjusted(1, 0, -1, 0), m_theme.colours().bgHover);
}

void VisitorRow::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy) || event->key() == Qt::Key_Return ||
        event->key() == Qt::Key_Enter) {
        copy();
        return;
    }
    QAbstractButton::keyPressEvent(event);
}

void VisitorRow::contextMenuEvent(QContextMenuEvent *event)
{
    QMenu menu(this);
    connect(menu.addAction(tr("Copy")), &QAction::triggered, this, &VisitorRow::copy);
    menu.exec(event->globalPos());
}

void VisitorRow::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    tell();
}

void VisitorRow::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    tell();
}

void VisitorRow::focusInEvent(QFocusEvent *event)
{
    QAbstractButton::focusInEvent(event);
    tell();
}

void VisitorRow::focusOutEvent(QFocusEvent *event)
{
    QAbstractButton::focusOutEvent(event);
    tell();
}

} // namespace parley::ui

#include "ui/panels/ChatHeader.h"

#include "ui/panels/Shortcuts.h"
#include "ui/style/Tip.h"
#include "ui/text/ChatText.h"
#include "ui/text/PlainText.h"

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

BadgeButton::BadgeButton(Theme &theme, QWidget *parent)
    : QPushButton(parent)
    , m_theme(theme)
{
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    setAutoDefault(false);
    setAttribute(Qt::WA_Hover);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void BadgeButton::setBadge(const QString &crm, const QString &label, Tone tone, Does does)
{
    m_crm = crm;
    m_label = label;
    m_tone = tone;
    m_does = does;
    const bool opens = does == Does::OpenRecord;
    setAccessibleName(opens                       ? tr("%1, opens in browser").arg(label)
                      : does == Does::ShowChoices ? tr("%1, shows them").arg(label)
                                                  : label);
    Tip::attach(this, m_theme, opens ? tr("Open in the browser") : QString(),
                opens ? keyOf(Act::OpenRecord) : QKeySequence());
    updateGeometry();
    update();
}

QSize BadgeButton::sizeHint() const
{
    return {paint::crmBadgeWidth(m_theme, m_crm, m_label, m_tone) + 14 + (m_does == Does::Nothing ? 0 : 17),
            24};
}

void BadgeButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Palette &c = m_theme.colours();
    paint::box(painter, rect(), 6, underMouse() && isEnabled() ? c.bgHover : c.bgCard, c.line2,
               m_theme.lineWidth());
    const int tail = m_does == Does::Nothing ? 9 : 17 + 9;
    paint::crmBadge(painter, m_theme,
                    paint::placed(layoutDirection(), rect(), QRect(5, 0, width() - 5 - tail + 2, height())),
                    m_crm, m_label, m_tone);
    if (m_does != Does::Nothing)
        paint::icon(painter, m_theme,
                    paint::placed(layoutDirection(), rect(), QRect(width() - 9 - 12, 0, 12, height())),
                    m_does == Does::OpenRecord ? u"open"_s : u"down"_s, 12, toneText(c, m_tone));
}

ChatHeader::ChatHeader(Theme &theme, QWidget *parent)
    : Ground(theme, &Palette::bgPane, parent)
    , m_theme(theme)
    , m_avatar(new Avatar(theme, 40, this))
    , m_name(new ElidedLabel(theme, {}, TextRole::Title, &Palette::tx1, this))
    , m_company(new ElidedLabel(theme, {}, TextRole::Meta, &Palette::tx3, this))
    , m_badge(new BadgeButton(theme, this))
    , m_segment(new Chip(theme, {}, Tone::Plain, this))
    , m_more(new IconButton(theme, u"more"_s, tr("More actions"), 32, this))
    , m_side(new IconButton(theme, u"sidebar"_s, tr("Show the record"), 32, this))
    , m_end(new Button(theme, tr("End chat"), ButtonKind::Danger, ButtonSize::Md, this))
{
    setObjectName(u"chatHeader"_s);
    setAccessibleName(tr("Chat header"));
    setFixedHeight(64);
    m_badge->setObjectName(u"crmBadge"_s);
    m_more->setObjectName(u"chatMore"_s);
    m_side->setObjectName(u"showSide"_s);
    m_side->setName(tr("Show the record"), keyOf(Act::ToggleSide));
    m_end->setObjectName(u"endChat"_s);
    m_end->setIconName(u"endchat"_s);
    Tip::attach(m_end, theme, tr("End the chat"), keyOf(Act::EndChat));
    m_segment->setLarge(true);
    m_segment->setIconName(u"tag"_s);
    m_side->hide();
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 0, 16, 0);
    row->setSpacing(8);
    row->addWidget(m_avatar);
    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    words->setContentsMargins(0, 0, 0, 0);
    auto *first = new QHBoxLayout;
    first->setSpacing(8);
    m_name->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    m_company->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    first->addWidget(m_name);
    first->addWidget(m_company);
    first->addStretch(1);
    auto *second = new QHBoxLayout;
    second->setSpacing(8);
    second->addWidget(m_badge);
    second->addWidget(m_segment);
    second->addStretch(1);
    words->addStretch();
    words->addLayout(first);
    words->addLayout(second);
    words->addStretch();
    row->addLayout(words, 1);
    row->addWidget(m_side);
    row->addWidget(m_more);
    row->addWidget(m_end);
    connect(m_badge, &QAbstractButton::clicked, this, &ChatHeader::badgeClicked);
    connect(m_side, &QAbstractButton::clicked, this, &ChatHeader::sideAsked);
    connect(m_more, &QAbstractButton::clicked, this,
            [this] { emit moreAsked(m_more->mapToGlobal(QPoint(0, m_more->height()))); });
    connect(m_end, &QAbstractButton::clicked, this, [this] {
        if (m_row.state == ChatState::Ended)
            emit dismissAsked();
        else
            emit endAsked();
    });
}

void ChatHeader::showChat(const desk::ChatRow &row, const QString &crmName, const QString &crmShort)
{
    m_row = row;
    m_crmName = crmName;
    m_crmShort = crmShort;
    tell();
}

void ChatHeader::tell()
{
    const QString name = visitorName(m_row);
    const bool isNarrow = width() < 480;
    m_avatar->setName(name);
    m_avatar->setChannelIcon(channelIcon(m_row.channel));
    m_name->setText(name);
    m_company->setText(safeLine(m_row.company, 120));
    m_company->setVisible(!m_row.company.isEmpty() && !isNarrow);
    const bool hasBadge = m_row.badge != desk::CrmBadge::NotConnected;
    m_badge->setVisible(hasBadge);
    if (hasBadge) {
        const bool opens = m_row.badge == desk::CrmBadge::Contact || m_row.badge == desk::CrmBadge::Lead ||
                           m_row.badge == desk::CrmBadge::Account;
        const Tone tone = m_row.badge == desk::CrmBadge::Contact   ? Tone::Contact
                          : m_row.badge == desk::CrmBadge::Lead    ? Tone::Lead
                          : m_row.badge == desk::CrmBadge::Account ? Tone::Account
                          : m_row.badge == desk::CrmBadge::Several ? Tone::Several
                          : m_row.badge == desk::CrmBadge::Failed  ? Tone::Bad
                                                                   : Tone::None;
        // The short words only where the long ones would push the buttons out.
        const QString words = badgeLinkText(m_row.badge, m_row.matches, m_crmName);
        const int taken = m_end->sizeHint().width() + 150;
        const bool fits = paint::crmBadgeWidth(m_theme, m_crmShort, words, tone) + 31 <= width() - taken;
        m_badge->setBadge(m_crmShort, fits ? words : badgeText(m_row.badge, m_row.matches), tone,
                          opens                                    ? BadgeButton::Does::OpenRecord
                          : m_row.badge == desk::CrmBadge::Several ? BadgeButton::Does::ShowChoices
                                                                   : BadgeButton::Does::Nothing);
    }
    m_segment->setLabel(safeLine(m_row.segment, 60));
    m_segment->setVisible(!m_row.segment.isEmpty());
    m_end->setVisible(m_row.state != ChatState::Waiting);
    if (m_row.state == ChatState::Ended) {
        m_end->setText(tr("Close"));
        m_end->setIconName(u"check"_s);
        m_end->setKind(ButtonKind::Normal);
    } else {
        m_end->setText(isNarrow ? tr("End") : tr("End chat"));
        m_end->setIconName(u"endchat"_s);
        m_end->setKind(ButtonKind::Danger);
    }
    m_end->setAccessibleName(m_row.state == ChatState::Ended ? tr("Close this ended chat") : tr("End chat"));
}

void ChatHeader::setSideButtonVisible(bool visible)
{
    m_side->setVisible(visible);
}

void ChatHeader::resizeEvent(QResizeEvent *event)
{
    Ground::resizeEvent(event);
    tell();
}

ContextBar::ContextBar(Theme &theme, QWidget *parent)
    : Ground(theme, &Palette::bgPane, parent, Qt::TopEdge | Qt::BottomEdge)
    , m_page(new ElidedLabel(theme, {}, TextRole::Meta, &Palette::tx1, this))
    , m_address(new ElidedLabel(theme, {}, TextRole::Meta, &Palette::tx3, this))
    , m_here(new Label(theme, {}, TextRole::Meta, &Palette::tx3, this))
    , m_pin(new IconLabel(theme, u"pin"_s, 14, &Palette::tx2, this))
    , m_place(new Label(theme, {}, TextRole::Meta, &Palette::tx2, this))
{
    setObjectName(u"contextBar"_s);
    setFixedHeight(32);
    m_page->setWeight(QFont::Medium);
    m_page->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    m_address->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 0, 16, 0);
    row->setSpacing(8);
    row->addWidget(new IconLabel(theme, u"eye"_s, 14, &Palette::tx2, this));
    row->addWidget(m_page);
    row->addWidget(m_address);
    row->addWidget(m_here);
    row->addStretch(1);
    row->addWidget(m_pin);
    row->setSpacing(8);
    row->addWidget(m_place);
}

void ContextBar::showContext(const QString &page, const QString &address, const QString &here,
                             const QString &place)
{
    m_page->setText(safeLine(page, 200));
    m_addressText = safeLine(address, 300);
    m_here->setText(safeLine(here, 60));
    m_place->setText(safeLine(place, 100));
    m_here->setVisible(!here.isEmpty());
    m_address->setText(m_addressText);
    const bool hasRoom = width() >= 560;
    m_address->setVisible(hasRoom && !address.isEmpty());
    m_pin->setVisible(hasRoom && !place.isEmpty());
    m_place->setVisible(hasRoom && !place.isEmpty());
}

void ContextBar::resizeEvent(QResizeEvent *event)
{
    Ground::resizeEvent(event);
    const bool hasRoom = width() >= 560;
    m_address->setVisible(hasRoom && !m_addressText.isEmpty());
    m_pin->setVisible(hasRoom && !m_place->text().isEmpty());
    m_place->setVisible(hasRoom && !m_place->text().isEmpty());
}

TypingStrip::TypingStrip(Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setObjectName(u"typingStrip"_s);
    setFixedHeight(36);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void TypingStrip::showTyping(const QString &name, const QString &text)
{
    // The end of what is typed is the news: a long text is cut at its start.
    m_name = name;
    m_text = safeLine(text.right(2000), 2000);
    setAccessibleName(name.isEmpty()     ? QString()
                      : m_text.isEmpty() ? tr("%1 is typing…").arg(name)
                                         : tr("%1 is typing: %2").arg(name, m_text));
    update();
}

void TypingStrip::paintEvent(QPaintEvent *)
{
    if (m_name.isEmpty())
        return;
    QPainter painter(this);
    const Palette &c = m_theme.colours();
    QPen dashes(c.line2, m_theme.lineWidth());
    dashes.setDashPattern({3, 2});
    painter.setPen(dashes);
    painter.drawLine(QPointF(0, 0.5), QPointF(width(), 0.5));
    for (int i = 0; i < 3; ++i) {
        QColor dot = c.tx3;
        dot.setAlphaF(i == 0 ? 1.0F : i == 1 ? 0.7F : 0.4F);
        paint::box(painter, paint::placed(layoutDirection(), rect(), QRect(16 + i * 8, 16, 5, 5)), 2.5, dot);
    }
    const QFont font = m_theme.font(TextRole::Meta);
    const QString words =
        m_text.isEmpty() ? tr("%1 is typing…").arg(m_name) : tr("%1 is typing:").arg(m_name);
    const int width1 = std::min(paint::textWidth(font, words), width() / 2);
    paint::text(painter, paint::placed(layoutDirection(), rect(), QRect(45, 0, width1, 36)), words, font,
                c.tx2);
    QFont italic = font;
    italic.setItalic(true);
    const int x = 45 + width1 + 8;
    paint::text(painter, paint::placed(layoutDirection(), rect(), QRect(x, 0, width() - x - 16, 36)), m_text,
                italic, c.tx1, Qt::AlignLeading | Qt::AlignVCenter, Qt::ElideLeft);
}

} // namespace parley::ui

#include "ui/panels/RecordTabs.h"

#include "ui/style/Paint.h"
#include "ui/text/RecordText.h"

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;
using desk::TabState;

namespace {
constexpr int kHeight = 47;
constexpr int kGap = 20;
} // namespace

RecordTabs::RecordTabs(Theme &theme, QWidget *parent)
    : QTabBar(parent)
    , m_theme(theme)
{
    setDrawBase(false);
    setExpanding(false);
    setUsesScrollButtons(false);
    setElideMode(Qt::ElideRight);
    setFocusPolicy(Qt::TabFocus);
    setFont(theme.font(TextRole::Strong));
    setObjectName(u"recordTabs"_s);
    setAccessibleName(tr("About this visitor"));
    addTab(tr("Visitor"));
    addTab(u"Salesforce"_s);
    setCurrentIndex(1);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void RecordTabs::setTab(const desk::RecordTab &tab)
{
    m_tab = tab;
    const QString name = tab.crm.name.isEmpty() ? u"Salesforce"_s : RecordText::oneLine(tab.crm.name);
    setTabText(1, QString(name).replace(u"&"_s, u"&&"_s));
    const Sign now = sign();
    setAccessibleTabName(1, now.words.isEmpty() ? name : tr("%1, %2").arg(name, now.words));
    updateGeometry();
    update();
}

RecordTabs::Sign RecordTabs::sign() const
{
    switch (m_tab.state) {
    case TabState::Matched:
        return {u"check"_s, &Palette::ok, tr("matched")};
    case TabState::NotFound:
        return {u"question"_s, &Palette::tx3, tr("not found")};
    case TabState::Several:
        return {u"warning"_s, &Palette::warn, tr("several matches")};
    case TabState::Failed:
        return {u"error"_s, &Palette::bad, tr("lookup failed")};
    case TabState::Looking:
        return {u"clock"_s, &Palette::tx3, tr("looking")};
    case TabState::NotConnected:
        break;
    }
    return {};
}

QSize RecordTabs::tabSizeHint(int index) const
{
    const int text = paint::textWidth(m_theme.font(TextRole::Strong), tabText(index));
    const int mark = index == 1 && !sign().icon.isEmpty() ? 20 : 0;
    return {std::min(200, text) + mark + kGap, kHeight};
}

void RecordTabs::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Palette &colours = m_theme.colours();
    for (int i = 0; i < count(); ++i) {
        const bool isOn = i == currentIndex();
        const QRect full = tabRect(i);
        const QRect place = layoutDirection() == Qt::RightToLeft ? full.adjusted(kGap, 0, 0, 0)
                                                                 : full.adjusted(0, 0, -kGap, 0);
        const Sign mark = i == 1 ? sign() : Sign{};
        const int markWidth = mark.icon.isEmpty() ? 0 : 20;
        const QFont font =
            isOn ? m_theme.font(TextRole::Strong) : m_theme.font(TextRole::Body, QFont::Medium);
        const QRect words = paint::placed(layoutDirection(), place,
                                          QRect(place.left(), 0, place.width() - markWidth, place.height()));
        paint::text(painter, words, tabText(i), font, isOn ? colours.tx1 : colours.tx2);
        if (markWidth > 0) {
            const int x = place.left() + std::min(paint::textWidth(font, tabText(i)), words.width()) + 6;
            const QRect at =
                paint::placed(layoutDirection(), place, QRect(x, (place.height() - 14) / 2, 14, 14));
            paint::icon(painter, m_theme, at, mark.icon, 14, colours.*mark.ink);
        }
        if (isOn)
            paint::box(painter, QRectF(place.left(), height() - 2, place.width(), 2), 1, colours.accent);
    }
}

} // namespace parley::ui

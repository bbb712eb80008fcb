#include "app/signin/AddressLabel.h"

#include <QPainter>

namespace parley::signin {

using namespace Qt::Literals::StringLiterals;

void AddressLabel::setLook(const QFont &font, const QColor &hostColour, const QColor &pathColour)
{
    m_font = font;
    m_hostColour = hostColour;
    m_pathColour = pathColour;
    update();
}

void AddressLabel::setUrl(const QUrl &url)
{
    // Encoded: a host in look-alike letters shows as what it is.
    m_host = url.host(QUrl::FullyEncoded);
    if (url.port() > 0)
        m_host += u':' + QString::number(url.port());
    m_path = url.path(QUrl::FullyEncoded);
    if (m_path == u"/")
        m_path.clear();
    setAccessibleName(m_host.isEmpty() ? tr("No address") : tr("Address: %1").arg(m_host + m_path));
    update();
}

QSize AddressLabel::sizeHint() const
{
    return {120, QFontMetrics(m_font).height()};
}

void AddressLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    QFont bold = m_font;
    bold.setWeight(QFont::DemiBold);
    const QFontMetrics boldMetrics(bold);
    const QFontMetrics metrics(m_font);
    const int baseline = (height() + boldMetrics.ascent() - boldMetrics.descent()) / 2;
    // The end of a host is the part that tells whose it is: a host that is too long loses its beginning.
    const QString host = boldMetrics.elidedText(m_host, Qt::ElideLeft, width());
    const int hostWidth = boldMetrics.horizontalAdvance(host);
    const QString path = metrics.elidedText(m_path, Qt::ElideRight, width() - hostWidth);
    // An address reads from left to right in every language: host and path never change sides.
    painter.setLayoutDirection(Qt::LeftToRight);
    const int from = isRightToLeft() ? std::max(0, width() - hostWidth - metrics.horizontalAdvance(path)) : 0;
    painter.setFont(bold);
    painter.setPen(m_hostColour);
    painter.drawText(from, baseline, host);
    painter.setFont(m_font);
    painter.setPen(m_pathColour);
    painter.drawText(from + hostWidth, baseline, path);
}

} // namespace parley::signin

// Shows an address with the host in bold and whole, the path after it in grey and cut where there is no room.
#pragma once

#include <QColor>
#include <QFont>
#include <QLabel>
#include <QUrl>

namespace parley::signin {

class AddressLabel final : public QWidget
{
    Q_OBJECT

public:
    using QWidget::QWidget;
    void setLook(const QFont &font, const QColor &hostColour, const QColor &pathColour);
    void setUrl(const QUrl &url);
    [[nodiscard]] QString host() const { return m_host; }
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_host;
    QString m_path;
    QFont m_font;
    QColor m_hostColour;
    QColor m_pathColour;
};

} // namespace parley::signin

// One of a few, side by side: "Reply | Internal note". One Tab stop; the arrows choose.
#pragma once

#include "ui/style/Theme.h"

#include <QWidget>

namespace parley::ui {

class SegmentedControl : public QWidget
{
    Q_OBJECT

public:
    explicit SegmentedControl(Theme &theme, QWidget *parent = nullptr);

    void addSegment(const QString &text, const QString &icon = {});
    [[nodiscard]] int current() const { return m_current; }
    void setCurrent(int index);
    void setText(int index, const QString &text);

signals:
    void currentChanged(int index);

private:
    class Segment;
    Theme &m_theme;
    QList<Segment *> m_segments;
    int m_current = -1;

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *object, QEvent *event) override;
};

} // namespace parley::ui

// The dark tip beside a control: plain words, and the key that does the same.
#pragma once

#include "ui/style/Theme.h"

#include <QKeySequence>
#include <QWidget>

namespace parley::ui {

class Tip : public QObject
{
    Q_OBJECT

public:
    /// Gives the widget that tip, in place of an earlier one. Empty text takes it away. The text is never
    /// markup.
    static void attach(QWidget *widget, Theme &theme, const QString &text, const QKeySequence &keys = {});
    /// Shows a tip at that place of the screen: for rows of lists, which are no widgets.
    static void showAt(const QPoint &globalPos, Theme &theme, const QString &text, QWidget *owner);
    static void hide();

protected:
    bool eventFilter(QObject *object, QEvent *event) override;

private:
    Tip(QWidget *widget, Theme &theme);

    Theme &m_theme;
    QString m_text;
    QString m_keys;
};

} // namespace parley::ui

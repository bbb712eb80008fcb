// The box around every input of a card or a form: border, focus, error and off states, icons inside.
#pragma once

#include "ui/style/Marks.h"

#include <QLineEdit>
#include <QWidget>

class QHBoxLayout;

namespace parley::ui {

/// A line of text without a frame of its own, in the theme's font and colours.
class FieldLine : public QLineEdit
{
    Q_OBJECT

public:
    FieldLine(Theme &theme, QWidget *parent);
    /// E-mails, numbers, addresses of pages: their direction does not follow the language.
    void setAlwaysLeftToRight();
    /// In place of a placeholder: a style sheet would draw that one too pale to be read.
    void setHint(const QString &text);
    [[nodiscard]] QString hint() const { return m_hint; }

protected:
    void changeEvent(QEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void align();

    Theme &m_theme;
    bool m_isLeftToRight = false;
    QString m_hint;
};

class FieldFrame : public QWidget
{
    Q_OBJECT

public:
    enum class Look { Rest, Error, ReadOnly, Off };

    FieldFrame(Theme &theme, int height, QWidget *parent);

    void setLeading(const QString &icon);
    void setPrefix(const QString &text);
    void setContent(QWidget *content); ///< its focus is the frame's focus
    void addTrailing(QWidget *widget);
    void setLook(Look look);
    [[nodiscard]] Look look() const { return m_look; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    Theme &m_theme;
    QHBoxLayout *m_row;
    QWidget *m_content = nullptr;
    Look m_look = Look::Rest;
};

} // namespace parley::ui

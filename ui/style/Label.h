// Words on the screen in a role and a colour of the theme: always plain text, whoever wrote them.
#pragma once

#include "ui/style/Theme.h"

#include <QLabel>

#include <optional>

namespace parley::ui {

/// A colour of the palette by name: &Palette::tx2.
using Ink = QColor Palette::*;

class Label : public QLabel
{
    Q_OBJECT

public:
    explicit Label(Theme &theme, const QString &text = {}, TextRole role = TextRole::Body,
                   Ink ink = &Palette::tx1, QWidget *parent = nullptr);

    void setInk(Ink ink);
    void setRole(TextRole role);
    void setWeight(QFont::Weight weight);

protected:
    void changeEvent(QEvent *event) override;

private:
    void wear();
    void dress();
    void align();

    Theme &m_theme;
    TextRole m_role;
    Ink m_ink;
    std::optional<QFont::Weight> m_weight = {};
};

/// One line that is cut with "…" where it does not fit; the tip then shows it whole.
class ElidedLabel : public QWidget
{
    Q_OBJECT
    Q_PROPERTY(QString text READ text WRITE setText)

public:
    explicit ElidedLabel(Theme &theme, const QString &text = {}, TextRole role = TextRole::Body,
                         Ink ink = &Palette::tx1, QWidget *parent = nullptr);

    [[nodiscard]] QString text() const { return m_text; }
    void setText(const QString &text);
    void setInk(Ink ink);
    void setWeight(QFont::Weight weight);
    void setElideMode(Qt::TextElideMode mode);
    [[nodiscard]] bool isElided() const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void wear();
    void tellTip();

    Theme &m_theme;
    QString m_text;
    TextRole m_role;
    Ink m_ink;
    std::optional<QFont::Weight> m_weight = {};
    Qt::TextElideMode m_mode = Qt::ElideRight;
};

} // namespace parley::ui

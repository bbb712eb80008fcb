// What things stand on: cards, lines, banners, empty states, skeletons.
#pragma once

#include "ui/style/Button.h"
#include "ui/style/Label.h"

#include <QBoxLayout>
#include <QPointer>

namespace parley::ui {

class IconLabel;

/// Takes everything out; the widgets go with the event loop, because one of them may be the sender.
void emptyLayout(QLayout *layout);

/// A plain ground in a colour of the palette, with a line at some of its edges.
class Ground : public QWidget
{
    Q_OBJECT

public:
    Ground(Theme &theme, Ink fill, QWidget *parent = nullptr, Qt::Edges lines = {});
    void setFill(Ink fill);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Theme &m_theme;
    Ink m_fill;
    Qt::Edges m_lines; ///< LeftEdge is the leading one
};

/// The rounded frame of a record, a form section, an option.
class Card : public QWidget
{
    Q_OBJECT

public:
    explicit Card(Theme &theme, QWidget *parent = nullptr);
    void setFill(Ink fill);
    void setLine(Ink line);
    void setHoverable(bool hoverable); ///< a stronger line under the pointer

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    Theme &m_theme;
    Ink m_fill = &Palette::bgCard;
    Ink m_line = &Palette::line;
    bool m_hoverable = false;
};

class Line : public QWidget
{
    Q_OBJECT

public:
    explicit Line(Theme &theme, Qt::Orientation orientation = Qt::Horizontal, QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Theme &m_theme;
};

enum class BannerKind { Info, Ok, Warn, Bad };

/// An icon, a sentence, perhaps a second one and actions: never only a colour.
class Banner : public QWidget
{
    Q_OBJECT

public:
    Banner(Theme &theme, BannerKind kind, const QString &title, const QString &detail = {},
           QWidget *parent = nullptr);
    void setKind(BannerKind kind);
    void setTitle(const QString &title);
    void setDetail(const QString &detail);
    void setIconName(const QString &icon); ///< in place of the kind's own
    [[nodiscard]] QString title() const;
    /// A link under the words.
    Button *addLink(const QString &text);
    /// A small button at the trailing edge.
    Button *addButton(const QString &text);
    void clearActions();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void tell();

    Theme &m_theme;
    BannerKind m_kind;
    QString m_iconName;
    IconLabel *m_icon;
    Label *m_title;
    Label *m_detail;
    QHBoxLayout *m_row;
    QHBoxLayout *m_links;
    QList<QPointer<QWidget>> m_actions;
};

/// The middle of an empty pane: a round icon, a title, what to do, perhaps a button.
class EmptyState : public QWidget
{
    Q_OBJECT

public:
    EmptyState(Theme &theme, const QString &icon, const QString &title, const QString &detail,
               QWidget *parent = nullptr);
    void setTexts(const QString &icon, const QString &title, const QString &detail);
    Button *addButton(const QString &text, ButtonKind kind = ButtonKind::Normal);

private:
    class Disc;
    Theme &m_theme;
    Disc *m_disc;
    Label *m_title;
    Label *m_detail;
    QHBoxLayout *m_buttons;
};

/// Grey bars where text will be; they do not move.
class Skeleton : public QWidget
{
    Q_OBJECT

public:
    enum class Shape { ChatRows, Bubbles, Fields };
    Skeleton(Theme &theme, Shape shape, QWidget *parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Theme &m_theme;
    Shape m_shape;
};

/// On or off at once, without a Save.
class Switch : public QAbstractButton
{
    Q_OBJECT

public:
    Switch(Theme &theme, const QString &name, QWidget *parent = nullptr);
    QSize sizeHint() const override { return {32, 18}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Theme &m_theme;
};

} // namespace parley::ui

// Small things that say one fact each: key hint, avatar, CRM badge, chip, wait, count.
#pragma once

#include "ui/style/Paint.h"

#include <QDateTime>
#include <QWidget>

namespace parley::ui {

class KeyHint : public QWidget
{
    Q_OBJECT

public:
    KeyHint(Theme &theme, const QString &keys, QWidget *parent = nullptr);
    void setKeys(const QString &keys);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Theme &m_theme;
    QString m_keys;
};

class Avatar : public QWidget
{
    Q_OBJECT

public:
    enum class Dot { None, Online, Away, Offline };
    /// side: 20, 32, 36 or 40. The signs hang over the edge by 4 px: they are inside the widget's size.
    Avatar(Theme &theme, int side, QWidget *parent = nullptr);
    void setName(const QString &name);
    void setChannelIcon(const QString &icon); ///< empty: no sign
    void setDot(Dot dot);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Theme &m_theme;
    int m_side;
    QString m_name;
    QString m_icon;
    Dot m_dot = Dot::None;
};

/// "SF Contact", "SF Not in CRM" with a dashed sign, "SF 3 matches".
class CrmBadge : public QWidget
{
    Q_OBJECT

public:
    explicit CrmBadge(Theme &theme, QWidget *parent = nullptr);
    /// crm: the CRM's short name ("SF", "D365"); empty hides the sign.
    void setBadge(const QString &crm, const QString &label, Tone tone);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Theme &m_theme;
    QString m_crm;
    QString m_label;
    Tone m_tone = Tone::None;
};

class Chip : public QWidget
{
    Q_OBJECT

public:
    explicit Chip(Theme &theme, const QString &label = {}, Tone tone = Tone::Plain,
                  QWidget *parent = nullptr);
    void setLabel(const QString &label);
    void setTone(Tone tone);
    void setLarge(bool large);
    void setIconName(const QString &icon);
    [[nodiscard]] QString label() const { return m_label; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Theme &m_theme;
    QString m_label;
    Tone m_tone;
    bool m_large = false;
    QString m_icon;
};

/// How long a visitor waits; whoever owns it calls tick() each second.
class WaitLabel : public QWidget
{
    Q_OBJECT

public:
    explicit WaitLabel(Theme &theme, QWidget *parent = nullptr);
    void setWaited(std::chrono::seconds waited);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Theme &m_theme;
    std::chrono::seconds m_waited{0};
};

/// Unread messages and the like; nothing is drawn for 0.
class CountLabel : public QWidget
{
    Q_OBJECT

public:
    explicit CountLabel(Theme &theme, Tone tone = Tone::Accent, QWidget *parent = nullptr);
    void setCount(int count);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Theme &m_theme;
    Tone m_tone;
    int m_count = 0;
};

/// An icon in a colour of the theme, that changes with it.
class IconLabel : public QWidget
{
    Q_OBJECT

public:
    IconLabel(Theme &theme, const QString &icon, int size, QColor Palette::*ink, QWidget *parent = nullptr);
    void setIconName(const QString &icon);
    void setInk(QColor Palette::*ink);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Theme &m_theme;
    QString m_icon;
    int m_size;
    QColor Palette::*m_ink;
};

} // namespace parley::ui

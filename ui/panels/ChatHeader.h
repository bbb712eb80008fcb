// Who the agent talks to: name, company, CRM badge, segment; and the chat's own actions.
#pragma once

#include "core/desk/DeskValues.h"
#include "ui/style/Marks.h"
#include "ui/style/Surfaces.h"

namespace parley::ui {

/// The badge of the header: a button that opens the record, or the chooser where several match.
class BadgeButton : public QPushButton
{
    Q_OBJECT

public:
    BadgeButton(Theme &theme, QWidget *parent);
    enum class Does { Nothing, OpenRecord, ShowChoices };
    void setBadge(const QString &crm, const QString &label, Tone tone, Does does);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Theme &m_theme;
    QString m_crm;
    QString m_label;
    Tone m_tone = Tone::None;
    Does m_does = Does::Nothing;
};

class ChatHeader : public Ground
{
    Q_OBJECT

public:
    ChatHeader(Theme &theme, QWidget *parent = nullptr);

    void showChat(const desk::ChatRow &row, const QString &crmName, const QString &crmShort);
    void setSideButtonVisible(bool visible); ///< opens the drawer in a narrow window
    [[nodiscard]] Button *endButton() const { return m_end; }

signals:
    void badgeClicked();
    void endAsked();
    void moreAsked(const QPoint &globalPos);
    void sideAsked();
    void dismissAsked(); ///< an ended chat leaves the list

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void tell();

    Theme &m_theme;
    Avatar *m_avatar;
    ElidedLabel *m_name;
    ElidedLabel *m_company;
    BadgeButton *m_badge;
    Chip *m_segment;
    IconButton *m_more;
    IconButton *m_side;
    Button *m_end;
    desk::ChatRow m_row;
    QString m_crmName;
    QString m_crmShort;
};

/// The line below: the page the visitor is on, for how long, and where they are.
class ContextBar : public Ground
{
    Q_OBJECT

public:
    explicit ContextBar(Theme &theme, QWidget *parent = nullptr);
    /// page: its title (or address); address: shown behind it; here: how long; place: "Leeds, UK, 10:44".
    void showContext(const QString &page, const QString &address, const QString &here, const QString &place);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    ElidedLabel *m_page;
    ElidedLabel *m_address;
    Label *m_here;
    IconLabel *m_pin;
    Label *m_place;
    QString m_addressText;
};

/// What the visitor is typing, above the composer; nothing covers it.
class TypingStrip : public QWidget
{
    Q_OBJECT

public:
    explicit TypingStrip(Theme &theme, QWidget *parent = nullptr);
    void showTyping(const QString &name, const QString &text);
    QSize sizeHint() const override { return {200, 36}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Theme &m_theme;
    QString m_name;
    QString m_text;
};

} // namespace parley::ui

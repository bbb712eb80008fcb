// The list of canned responses above the composer, with a preview of the chosen one.
#pragma once

#include "core/desk/DeskValues.h"
#include "ui/style/Theme.h"

#include <QListWidget>
#include <QWidget>

namespace parley::ui {

class Label;

/// A frame with the popups' shadow around it, inside its own window.
class PopupFrame : public QWidget
{
    Q_OBJECT

public:
    PopupFrame(Theme &theme, QWidget *parent);

protected:
    void paintEvent(QPaintEvent *event) override;
    Theme &m_theme;
};

class CannedPopup : public PopupFrame
{
    Q_OBJECT

public:
    CannedPopup(Theme &theme, QWidget *parent);

    void setFiller(std::function<QString(const desk::CannedResponse &)> filler)
    {
        m_filler = std::move(filler);
    }
    /// Shows those that fit what follows the slash: by shortcut, then title, then text. Hides itself when
    /// none does.
    void offer(const QList<desk::CannedResponse> &all, const QString &typed);
    /// Up, Down, Enter, Tab and Esc are the popup's while it is open; true: used.
    bool handleKey(QKeyEvent *event);
    [[nodiscard]] static QList<desk::CannedResponse> matching(const QList<desk::CannedResponse> &all,
                                                              const QString &typed);
    [[nodiscard]] int wantedHeight(int width) const;

signals:
    void chosen(const parley::desk::CannedResponse &response);
    void visibilityChanged(); ///< or its height

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    class Preview;
    class Rows;
    void showPreview(int row);

    std::function<QString(const desk::CannedResponse &)> m_filler;
    QList<desk::CannedResponse> m_shown;
    Label *m_count;
    QListWidget *m_list;
    Preview *m_preview;
    Label *m_folder;
};

} // namespace parley::ui

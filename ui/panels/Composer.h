// Where the agent writes: a reply or an internal note, with canned responses, files and emoji.
#pragma once

#include "core/desk/DeskValues.h"
#include "ui/style/Surfaces.h"

#include <QPlainTextEdit>

namespace parley::ui {

class CannedPopup;
class EmojiPopup;
class IconButton;
class KeyHint;
class SegmentedControl;

/// The text field of the composer: as tall as its text, from one line to six.
class ComposerEdit : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit ComposerEdit(Theme &theme, QWidget *parent = nullptr);
    void setMinimumLines(int lines);
    /// Tab and Backtab: true where the handler used them, else they move the focus. Qt asks for this before
    /// any key press is seen.
    void setTabHandler(std::function<bool(bool backwards)> handler) { m_tabHandler = std::move(handler); }

signals:
    void sendAsked();
    void keyWanted(QKeyEvent *event); ///< first refusal goes to the popup; it accepts the event if it used it
    void pageAsked(int direction);
    void escaped();
    void filesDropped(const QStringList &paths);
    void imagePasted(const QImage &image);
    void focusChanged();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool canInsertFromMimeData(const QMimeData *source) const override;
    void insertFromMimeData(const QMimeData *source) override;
    bool focusNextPrevChild(bool next) override;

private:
    void fitHeight();
    int m_minimumLines = 2;
    std::function<bool(bool)> m_tabHandler;
};

class Composer : public QWidget
{
    Q_OBJECT

public:
    enum class Mode { Reply, Note };

    Composer(Theme &theme, QWidget *parent = nullptr);

    void setDraft(const QString &text); ///< of the chat that is shown now; the caret goes to its end
    [[nodiscard]] QString draft() const;
    void setCanned(const QList<desk::CannedResponse> &responses);
    /// Fills a response's {!…} for the chat that is shown.
    void setFiller(std::function<QString(const desk::CannedResponse &)> filler);
    void setMode(Mode mode);
    [[nodiscard]] Mode mode() const;
    void setChatEnded(bool ended);
    void setLow(bool low); ///< a low window: one line until the agent types
    void focusEdit();
    [[nodiscard]] QPlainTextEdit *edit() const;
    [[nodiscard]] CannedPopup *popup() const { return m_popup; }
    void attach(); ///< asks for a file

    /// Where the popups may stand: the chat pane.
    void setStage(QWidget *stage);

signals:
    void sent(const QString &text);
    void noted(const QString &text);
    void draftChanged(const QString &text);
    void modeChanged();
    void fileChosen(const QString &path);
    void pageAsked(int direction);
    void escaped(); ///< Esc with nothing left to close here

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void build();
    void submit();
    void tellHints();
    void lookForCommand();
    void insertCanned(const desk::CannedResponse &response);
    bool goToNextBlank(bool backwards);
    [[nodiscard]] bool hasBlank() const;
    void takeFiles(const QStringList &paths);
    void offerFile(const QString &path);
    void showEmoji();
    void insertEmoji(const QString &emoji);

    Theme &m_theme;
    SegmentedControl *m_modes;
    Label *m_switchWord;
    KeyHint *m_switchKey;
    ComposerEdit *m_edit;
    QWidget *m_preview;
    Label *m_previewName;
    QLabel *m_previewImage;
    IconButton *m_attach;
    IconButton *m_emoji;
    IconButton *m_slash;
    Label *m_hint;
    Button *m_send;
    CannedPopup *m_popup;
    EmojiPopup *m_emojiPopup;
    QList<desk::CannedResponse> m_canned;
    std::function<QString(const desk::CannedResponse &)> m_filler;
    QString m_pendingFile;
    QString m_pastedFile;       ///< a picture from the clipboard, in a temporary file of ours
    bool m_blankWarned = false; ///< sending with an empty blank asks once
    bool m_isLow = false;
    bool m_isEnded = false;
    bool m_isSettingDraft = false;
};

} // namespace parley::ui

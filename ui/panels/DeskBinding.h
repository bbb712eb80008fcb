// Joins the window and the desk: the desk's changes reach the panes, the agent's intents reach the desk.
#pragma once

#include "core/desk/Desk.h"
#include "ui/panels/MainWindow.h"
#include "ui/text/Sentences.h"

#include <QHash>
#include <QSet>
#include <QTimer>

namespace parley::ui {

class DeskBinding : public QObject
{
    Q_OBJECT

public:
    /// showChat tells the pane beside the chat which chat is on screen. All must outlive the binding.
    DeskBinding(desk::Desk &desk, MainWindow &window, Clock &clock, std::function<void(ChatId)> showChat,
                QString hubAddress = {});

    void openChat(const ChatId &id);
    void accept(const ChatId &id);

signals:
    void crmSignInAsked(); ///< from the settings page

private:
    void bindDesk();
    void bindWindow();
    void bindComposer();
    void onAct(Act act, int n);
    void takeRow(const ChatId &id);
    void showOpenRow();
    void showContext();
    void showTyping();
    void tellHub();
    void tellWaits();
    void tellNotSent();
    void tellCrm();
    void tellCounts();
    void tellSync();
    void tellConnection();
    void askEnd();
    void confirmEnd();
    void saveThenEnd(const ChatId &chat, QList<RecordRef> unsaved, bool withNote);
    void noteThenEnd(const ChatId &chat, bool withNote);
    void end(const ChatId &chat);
    void openBadge();
    void showMore(const QPoint &globalPos);
    void fetchImage(const Attachment &attachment);
    void saveFile(const Attachment &attachment);
    void writeFile(const ChatId &chat, const Attachment &attachment, const QString &path);
    void onWriteFinished(const ChatId &id, const desk::WriteLine &line);
    void fail(const Error &error, Doing doing);
    [[nodiscard]] EndChatOffer endOffer() const;

    desk::Desk &m_desk;
    MainWindow &m_window;
    Clock &m_clock;
    std::function<void(ChatId)> m_showChat;
    QString m_hubAddress;
    ChatId m_open;
    QHash<ChatId, int> m_carets;
    QHash<ChatId, int> m_announcedWaits; ///< the threshold of which was spoken
    QSet<ClientId> m_saidNotSent;        ///< once each
    QTimer m_second;
};

} // namespace parley::ui

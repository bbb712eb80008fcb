// The CRM tab of one chat in each of its states. Passive: a tab's values in, what the agent wants out.
#pragma once

#include "ui/panels/FieldEditor.h"
#include "ui/style/Surfaces.h"

#include "core/desk/DeskValues.h"

#include <QScrollArea>
#include <QTimer>

namespace parley::ui {

class CandidateList;
class RecentView;
class RecordAttachView;
class RecordCardView;
class RecordNotFoundView;

class RecordTabView : public QWidget
{
    Q_OBJECT

public:
    RecordTabView(Theme &theme, RecordSearch search, QWidget *parent);

    void setTab(const desk::RecordTab &tab);
    /// Before another chat is shown: what is half typed is kept, everything else starts anew.
    void leaveChat();
    [[nodiscard]] int preferredWidth() const;
    [[nodiscard]] const desk::RecordTab &tab() const { return m_tab; }

    // What the keys of the window do here.
    void saveFocusedCard();
    [[nodiscard]] RecentView &recent() { return *m_recent; }
    void openInBrowser();
    void addNote();
    void toggleAttach(crm::Attach attach);
    void chooseOption(int index);
    void findByHand();

signals:
    void lookAgainRequested();
    void connectRequested();
    void signInRequested();
    void urlOpened(const QUrl &url);
    void noteRequested();
    void editKept(const parley::RecordRef &ref, const QString &field, const QVariant &value,
                  const QVariant &base);
    void editUndone(const parley::RecordRef &ref, const QString &field);
    void mineKept(const parley::RecordRef &ref, const QString &field);
    void discardRequested(const parley::RecordRef &ref);
    void saveRequested(const parley::RecordRef &ref, bool evenIfDuplicate);
    void unlinkRequested(const parley::RecordRef &ref);
    void linkRequested(const parley::RecordRef &ref);
    /// Of the possible duplicates of an edit, this one is the visitor.
    void insteadChosen(const parley::RecordRef &edited, const parley::RecordRef &ref);
    void attachChosen(parley::crm::Attach attach);
    void detailsEdited(const parley::FieldMap &fields);
    void optionChosen(std::optional<parley::desk::CreateOption> option);
    void formRequested(parley::desk::CreateOption option);
    void candidateChosen(const parley::RecordRef &ref, bool remember);
    void candidatesRejected();
    void syncOpened();
    void recentAsked(); ///< answered through recent()

private:
    void buildPlain(QVBoxLayout *column);
    void connectNotFound();
    void connectAttach();
    void tellSaved(const desk::RecordTab &now);
    void tellNotices();
    void tellCards();
    void tellLooking();
    void tellFailed();
    RecordCardView *newCard();
    RecordCardView *takeCard(const RecordKind &kind);
    void setAside(RecordCardView *card);
    [[nodiscard]] RecordCardView *cardOf(const RecordRef &ref) const;

    Theme &m_theme;
    RecordSearch m_search;
    desk::RecordTab m_tab;
    QTimer m_skeletonDelay;
    QScrollArea *m_scroll = nullptr;
    Banner *m_signIn = nullptr;
    Banner *m_offline = nullptr;
    Banner *m_memoryOnly = nullptr;
    EmptyState *m_notConnected = nullptr;
    EmptyState *m_noChat = nullptr;
    QWidget *m_looking = nullptr;
    Label *m_lookingText = nullptr;
    EmptyState *m_failed = nullptr;
    QWidget *m_matched = nullptr;
    QVBoxLayout *m_cardColumn = nullptr;
    QList<RecordCardView *> m_cards;
    QList<RecordCardView *> m_spare; ///< hidden and blank, to be filled anew: making a card takes far longer
    RecentView *m_recent = nullptr;
    RecordAttachView *m_attach = nullptr;
    RecordNotFoundView *m_notFound = nullptr;
    CandidateList *m_candidates = nullptr;
};

} // namespace parley::ui

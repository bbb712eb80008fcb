// Several records match the visitor: each with the reason why, what differs, and one way to choose.
#pragma once

#include "core/desk/DeskValues.h"
#include "ui/style/Surfaces.h"

class QButtonGroup;

namespace parley::ui {

class FieldCheckBox;
class OptionCard;

class CandidateList : public QWidget
{
    Q_OBJECT

public:
    CandidateList(Theme &theme, QWidget *parent);

    /// The first is preselected; the same candidates again keep what the agent selected.
    void setTab(const desk::RecordTab &tab);
    void reset();
    [[nodiscard]] RecordRef selected() const;
    [[nodiscard]] bool isRemembering() const;

signals:
    void candidateChosen(const parley::RecordRef &ref, bool remember);
    void candidatesRejected();
    void urlOpened(const QUrl &url);

private:
    void buildActions(QVBoxLayout *column);
    OptionCard *addCandidate(const crm::Candidate &candidate, int place);
    void addEvidence(QVBoxLayout *column, QWidget *parent, const crm::Candidate &candidate);
    void tellRemember();
    void use();

    Theme &m_theme;
    desk::RecordTab m_tab;
    Banner *m_banner;
    QVBoxLayout *m_cards;
    QButtonGroup *m_group;
    FieldCheckBox *m_remember = nullptr;
    Label *m_rememberHint = nullptr;
    Button *m_use = nullptr;
};

/// What tells a candidate from the first, preselected one: a field whose value differs, with its label.
struct Difference {
    QString label;
    QString value;
    friend bool operator==(const Difference &, const Difference &) = default;
};
std::optional<Difference> differenceOf(const crm::Candidate &candidate, const QList<crm::Candidate> &all);
/// "FirstName" -> "First Name", "Account.Name" -> "Account", "Support_Tier__c" -> "Support Tier".
QString labelOfApiName(const QString &name);

} // namespace parley::ui

// The profile's CRM connections in the settings: which one is in use, and whether its rights are enough.
// Passive.
#pragma once

#include "core/desk/DeskValues.h"
#include "ui/style/Surfaces.h"

namespace parley::ui {

class ConnectionCard;

class ConnectionsView : public QWidget
{
    Q_OBJECT

public:
    ConnectionsView(Theme &theme, QWidget *parent);

    void setConnections(const QList<desk::CrmConnection> &connections, const desk::CrmStatus &crm);
    void setChecking();
    void setAccess(const Result<crm::AccessReport> &report);
    void setReading(); ///< fields and pages are read anew
    void setRead(const Result<Done> &read);
    /// As an administrator reads it: one line per missing right, and where it is granted.
    [[nodiscard]] static QString accessText(const crm::AccessReport &report);

signals:
    void useAsked(const QString &id);
    void signOutAsked(const QString &id);
    void signInAsked();  ///< again, to the one in use
    void connectAsked(); ///< another org
    void checkAsked();   ///< the rights in the one in use
    void readAsked();    ///< fields and pages of the one in use, anew

private:
    ConnectionCard *makeCard(const QString &id);
    void addFinding(const crm::AccessFinding &finding);
    void clearAccess();

    Theme &m_theme;
    desk::CrmStatus m_crm;
    QVBoxLayout *m_list;
    QList<ConnectionCard *> m_cards; // in the order of the list
    Label *m_none;
    Button *m_connect;
    QWidget *m_access;
    Banner *m_verdict;
    QVBoxLayout *m_findings;
    crm::AccessReport m_report;
};

} // namespace parley::ui

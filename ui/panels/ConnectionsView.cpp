#include "ui/panels/ConnectionsView.h"

#include "ui/panels/ConnectionCard.h"
#include "ui/style/Announcer.h"
#include "ui/style/Marks.h"
#include "ui/text/RecordText.h"

#include <QClipboard>
#include <QGuiApplication>

#include <algorithm>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kListWidth = 640;

/// "Contact, Email: edit"
QString missingRight(const crm::AccessFinding &finding)
{
    if (finding.right == u"api")
        return ConnectionsView::tr("This user may not use the API at all");
    const QString right = finding.right == u"read"     ? ConnectionsView::tr("read")
                          : finding.right == u"create" ? ConnectionsView::tr("create")
                                                       : ConnectionsView::tr("edit");
    const QString kind = RecordText::oneLine(finding.kind.name);
    return finding.field.isEmpty()
               ? ConnectionsView::tr("%1: %2").arg(kind, right)
               : ConnectionsView::tr("%1, %2: %3").arg(kind, RecordText::oneLine(finding.field), right);
}

} // namespace

ConnectionsView::ConnectionsView(Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_list(new QVBoxLayout)
    , m_none(new Label(theme, tr("No CRM is connected. Visitors are not looked up, and nothing is filed."),
                       TextRole::Body, &Palette::tx2, this))
    , m_connect(new Button(theme, {}, ButtonKind::Normal, ButtonSize::Md, this))
    , m_access(new QWidget(this))
    , m_verdict(new Banner(theme, BannerKind::Ok, {}, {}, m_access))
    , m_findings(new QVBoxLayout)
{
    setMaximumWidth(kListWidth);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_list->setSpacing(8);
    column->addLayout(m_list);
    m_none->setWordWrap(true);
    column->addWidget(m_none);
    m_access->setObjectName(u"accessReport"_s);
    auto *access = new QVBoxLayout(m_access);
    access->setContentsMargins(0, 0, 0, 0);
    access->setSpacing(4);
    m_verdict->setObjectName(u"accessVerdict"_s);
    access->addWidget(m_verdict);
    m_findings->setContentsMargins(12, 0, 12, 0);
    m_findings->setSpacing(6);
    access->addLayout(m_findings);
    column->addWidget(m_access);
    m_access->hide();
    auto *row = new QHBoxLayout;
    m_connect->setObjectName(u"connectAnotherCrm"_s);
    m_connect->setIconName(u"plug"_s);
    row->addWidget(m_connect);
    row->addStretch(1);
    column->addLayout(row);
    connect(m_connect, &QPushButton::clicked, this, &ConnectionsView::connectAsked);
}

void ConnectionsView::setConnections(const QList<desk::CrmConnection> &connections,
                                     const desk::CrmStatus &crm)
{
    if (m_crm.state != crm.state || m_crm.host != crm.host)
        clearAccess(); // it was about another sign-in
    m_crm = crm;
    const auto idOf = [](const ConnectionCard *card) {
        return card->id();
    };
    // A card stays with its connection: whoever has the focus on it, or is being asked there, is not
    // disturbed.
    for (qsizetype i = 0; i < connections.size(); ++i) {
        const desk::CrmConnection &connection = connections.at(i);
        const auto found = std::ranges::find(m_cards.begin() + i, m_cards.end(), connection.id, idOf);
        if (found == m_cards.end())
            m_cards.insert(i, makeCard(connection.id));
        else
            std::rotate(m_cards.begin() + i, found, found + 1);
        if (!m_list->itemAt(int(i)) || m_list->itemAt(int(i))->widget() != m_cards.at(i))
            m_list->insertWidget(int(i), m_cards.at(i));
        m_cards.at(i)->setConnection(connection, crm);
    }
    while (m_cards.size() > connections.size())
        m_cards.takeLast()->deleteLater();
    m_none->setVisible(connections.isEmpty() && crm.state == desk::CrmState::NotConnected);
    m_connect->setText(connections.isEmpty() ? tr("Connect Salesforce") : tr("Connect another org"));
}

ConnectionCard *ConnectionsView::makeCard(const QString &id)
{
    auto *card = new ConnectionCard(m_theme, id, this);
    connect(card, &ConnectionCard::signInAsked, this, &ConnectionsView::signInAsked);
    connect(card, &ConnectionCard::checkAsked, this, &ConnectionsView::checkAsked);
    connect(card, &ConnectionCard::readAsked, this, &ConnectionsView::readAsked);
    connect(card, &ConnectionCard::useAsked, this, [this, id] { emit useAsked(id); });
    connect(card, &ConnectionCard::signOutAsked, this, [this, id] { emit signOutAsked(id); });
    return card;
}

void ConnectionsView::clearAccess()
{
    emptyLayout(m_findings);
    m_verdict->clearActions();
    m_access->hide();
}

void ConnectionsView::setChecking()
{
    clearAccess();
    m_verdict->setKind(BannerKind::Info);
    m_verdict->setTitle(tr("Asking %1 what this user may do…").arg(RecordText::crmName(m_crm)));
    m_verdict->setDetail({});
    m_access->show();
}

void ConnectionsView::setAccess(const Result<crm::AccessReport> &report)
{
    clearAccess();
    m_access->show();
    if (!report) {
        const Words words = RecordText::problem(report.error(), RecordText::crmName(m_crm));
        m_verdict->setKind(BannerKind::Warn);
        m_verdict->setTitle(words.title);
        m_verdict->setDetail(tr("The rights could not be checked."));
        announce(this, words.title);
        return;
    }
    m_report = *report;
    const auto count = int(report->missing.size());
    m_verdict->setKind(report->isComplete() ? BannerKind::Ok : BannerKind::Warn);
    m_verdict->setTitle(report->isComplete() ? tr("All rights that Parley needs are there")
                        : count == 1         ? tr("One right is missing")
                                             : tr("%n rights are missing", nullptr, count));
    const QString user = RecordText::oneLine(report->userName);
    const QString organisation = RecordText::oneLine(report->organisation);
    m_verdict->setDetail(organisation.isEmpty() ? user : tr("%1 in %2").arg(user, organisation));
    if (!report->isComplete()) {
        Button *copy = m_verdict->addButton(tr("Copy for my admin"));
        copy->setObjectName(u"copyAccess"_s);
        connect(copy, &QPushButton::clicked, this,
                [this] { QGuiApplication::clipboard()->setText(accessText(m_report)); });
    }
    for (const crm::AccessFinding &finding : report->missing)
        addFinding(finding);
    announce(this, m_verdict->title());
}

void ConnectionsView::setReading()
{
    clearAccess();
    m_verdict->setKind(BannerKind::Info);
    m_verdict->setTitle(tr("Reading fields and pages of %1 anew…").arg(RecordText::crmName(m_crm)));
    m_verdict->setDetail({});
    m_access->show();
}

void ConnectionsView::setRead(const Result<Done> &read)
{
    clearAccess();
    m_access->show();
    m_verdict->setKind(read ? BannerKind::Ok : BannerKind::Warn);
    m_verdict->setTitle(read ? tr("Fields and pages are as %1 has them now").arg(RecordText::crmName(m_crm))
                             : RecordText::problem(read.error(), RecordText::crmName(m_crm)).title);
    m_verdict->setDetail(read ? tr("Forms that are open stay as they are.")
                              : tr("What was read before is used on."));
    announce(this, m_verdict->title());
}

void ConnectionsView::addFinding(const crm::AccessFinding &finding)
{
    auto *line = new QWidget(m_access);
    auto *row = new QHBoxLayout(line);
    row->setContentsMargins(0, 2, 0, 2);
    row->setSpacing(8);
    auto *sign = new QVBoxLayout;
    sign->addWidget(new IconLabel(m_theme, u"lock"_s, 14, &Palette::warn, line));
    sign->addStretch(1);
    row->addLayout(sign);
    auto *words = new QVBoxLayout;
    words->setSpacing(0);
    auto *what = new Label(m_theme, missingRight(finding), TextRole::Body, &Palette::tx1, line);
    what->setWordWrap(true);
    auto *where = new Label(m_theme, RecordText::oneLine(finding.where), TextRole::Meta, &Palette::tx2, line);
    where->setWordWrap(true);
    where->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    words->addWidget(what);
    words->addWidget(where);
    row->addLayout(words, 1);
    line->setAccessibleName(what->text() + u". "_s + where->text());
    m_findings->addWidget(line);
}

QString ConnectionsView::accessText(const crm::AccessReport &report)
{
    QStringList lines{tr("Parley needs these rights for %1:").arg(RecordText::oneLine(report.userName))};
    for (const crm::AccessFinding &finding : report.missing)
        lines.append(tr("- %1 (%2)").arg(missingRight(finding), RecordText::oneLine(finding.where)));
    return lines.join(u'\n');
}

} // namespace parley::ui

#include "ui/panels/RecordSummary.h"

#include "ui/style/Button.h"
#include "ui/style/Label.h"
#include "ui/text/RecordText.h"

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

QString subtitleOf(const Record &record)
{
    const QString title = record.text(u"Title"_s);
    const QString account = record.text(u"Account.Name"_s);
    const QString company = account.isEmpty() ? record.text(u"Company"_s) : account;
    if (title.isEmpty() || company.isEmpty())
        return RecordText::oneLine(title + company);
    return RecordSummary::tr("%1, %2").arg(RecordText::oneLine(title), RecordText::oneLine(company));
}

} // namespace

Tone toneOf(const RecordKind &kind)
{
    if (kind == kinds::contact)
        return Tone::Contact;
    if (kind == kinds::lead)
        return Tone::Lead;
    if (kind == kinds::account)
        return Tone::Account;
    if (kind == kinds::crmCase)
        return Tone::Case;
    if (kind == kinds::task)
        return Tone::Task;
    return Tone::Plain;
}

RecordSummary::RecordSummary(Theme &theme, const Record &record, QWidget *parent)
    : QWidget(parent)
{
    const QString title = RecordText::oneLine(record.title);
    const QString subtitle = subtitleOf(record);
    auto *header = new QHBoxLayout(this);
    header->setContentsMargins(0, 0, 0, 0);
    header->setSpacing(8);
    auto *avatar = new Avatar(theme, 32, this);
    avatar->setName(title);
    header->addWidget(avatar);
    auto *names = new QVBoxLayout;
    names->setSpacing(0);
    auto *first = new QHBoxLayout;
    first->setSpacing(8);
    first->addWidget(new ElidedLabel(theme, title, TextRole::Strong, &Palette::tx1, this));
    auto *chip = new Chip(theme, RecordText::kindName(record.ref.kind), toneOf(record.ref.kind), this);
    chip->setIconName(RecordText::kindIcon(record.ref.kind));
    chip->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    first->addWidget(chip);
    first->addStretch(1);
    names->addLayout(first);
    if (!subtitle.isEmpty())
        names->addWidget(new ElidedLabel(theme, subtitle, TextRole::Meta, &Palette::tx2, this));
    header->addLayout(names, 1);
    if (record.url.isValid()) {
        auto *open = new IconButton(theme, u"open"_s, tr("Open %1 in the browser").arg(title), 28, this);
        connect(open, &QPushButton::clicked, this, [this, url = record.url] { emit urlOpened(url); });
        header->addWidget(open, 0, Qt::AlignTop);
    }
    m_spoken = {title, RecordText::kindName(record.ref.kind), subtitle};
    m_spoken.removeAll(QString());
}

} // namespace parley::ui

#include "ui/panels/FieldDate.h"

#include "ui/text/When.h"

#include <QCalendarWidget>
#include <QKeyEvent>
#include <QLocale>
#include <QToolButton>
#include <QVBoxLayout>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;
using crm::FieldType;

namespace {

QString withoutWeekday(QString format)
{
    format.remove(u"dddd"_s);
    while (!format.isEmpty() && (format.front() == u',' || format.front().isSpace()))
        format.remove(0, 1);
    while (!format.isEmpty() && (format.back() == u',' || format.back().isSpace()))
        format.chop(1);
    return format.contains(u'd') ? format : u"d MMMM yyyy"_s;
}

} // namespace

QDate typedDate(const QString &typed, const QLocale &locale)
{
    const QString text = typed.simplified();
    const QString longFormat = withoutWeekday(locale.dateFormat(QLocale::LongFormat));
    QString shortFormat = locale.dateFormat(QLocale::ShortFormat);
    if (!shortFormat.contains(u"yyyy"_s))
        shortFormat.replace(u"yy"_s, u"yyyy"_s);
    QString loose = shortFormat;
    loose.replace(u"dd"_s, u"d"_s).replace(u"MM"_s, u"M"_s);
    QString twoDigits = loose;
    twoDigits.replace(u"yyyy"_s, u"yy"_s);
    for (const QString &format : {u"yyyy-MM-dd"_s, longFormat, shortFormat, loose, u"d MMM yyyy"_s,
                                  u"d MMMM yyyy"_s, u"MMM d, yyyy"_s, u"d.M.yyyy"_s}) {
        const QDate date = locale.toDate(text, format);
        // "yyyy" also takes the 26 of 21/05/26 as the year 26: the two-digit formats below know better.
        if (date.isValid() && date.year() >= 1000)
            return date;
    }
    for (const QString &format : {twoDigits, u"d.M.yy"_s}) {
        const QDate date = locale.toDate(text, format);
        if (date.isValid())
            return date.year() < 1950 ? date.addYears(100) : date;
    }
    return {};
}

QTime typedTime(const QString &typed, const QLocale &locale)
{
    const QString text = typed.simplified();
    for (const QString &format : {locale.timeFormat(QLocale::ShortFormat), u"H:mm"_s, u"HH:mm:ss"_s,
                                  u"h:mm AP"_s, u"h AP"_s, u"H.mm"_s}) {
        const QTime time = locale.toTime(text, format);
        if (time.isValid())
            return time;
    }
    return {};
}

QString dateText(QDate date, const QLocale &locale)
{
    return locale.toString(date, withoutWeekday(locale.dateFormat(QLocale::LongFormat)));
}

FieldDateEditor::FieldDateEditor(Theme &theme, const crm::Field &field, const FieldContext &context,
                                 QWidget *parent)
    : FieldEditor(theme, parent)
    , m_type(field.type)
    , m_line(new FieldLine(theme, this))
{
    auto *box = new FieldFrame(theme, context.isCompact ? 28 : 32, this);
    box->setContent(m_line);
    setFrame(box);
    const QDate example(2026, 5, 21);
    if (m_type == FieldType::Time) {
        m_line->setHint(tr("such as %1").arg(clockText(QTime(14, 30))));
    } else {
        auto *button = new QToolButton(box);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::NoFocus); // Alt+Down does the same from the line
        button->setAccessibleName(tr("Open the calendar"));
        button->setToolTip(tr("Open the calendar (Alt+Down)"));
        button->setFixedSize(24, 24);
        button->setStyleSheet(u"QToolButton { border: 0; background: transparent; }"_s);
        const auto dress = [this, button] {
            button->setIcon(QIcon(
                this->theme().icon(u"calendar"_s, 14, this->theme().colours().tx3, devicePixelRatioF())));
            button->setIconSize(QSize(14, 14));
        };
        dress();
        connect(&theme, &Theme::changed, button, dress);
        connect(button, &QToolButton::clicked, this, &FieldDateEditor::openCalendar);
        box->addTrailing(button);
        m_line->setHint(tr("such as %1").arg(dateText(example, locale())));
    }
    install(m_line, box);
    connect(m_line, &QLineEdit::textEdited, this, &FieldEditor::edited);
    connect(m_line, &QLineEdit::returnPressed, this, &FieldEditor::accepted);
}

QVariant FieldDateEditor::value() const
{
    const QString text = m_line->text().trimmed();
    if (text.isEmpty())
        return {};
    if (m_type == FieldType::Time) {
        const QTime time = typedTime(text, locale());
        return time.isValid() ? QVariant(time) : QVariant(text);
    }
    if (m_type == FieldType::Date) {
        const QDate date = typedDate(text, locale());
        return date.isValid() ? QVariant(date) : QVariant(text);
    }
    // The time is what follows the last space that leaves a readable date before it; without one it is
    // midnight.
    for (qsizetype cut = text.size(); cut > 0; cut = text.lastIndexOf(u' ', cut - 1)) {
        const QString tail = text.mid(cut).trimmed();
        const QDate date = typedDate(text.left(cut).trimmed().remove(u','), locale());
        const QDate withComma = date.isValid() ? date : typedDate(text.left(cut).trimmed(), locale());
        const QTime time = tail.isEmpty() ? QTime(0, 0) : typedTime(tail, locale());
        if (withComma.isValid() && time.isValid())
            return QDateTime(withComma, time, Qt::LocalTime).toUTC();
    }
    return text;
}

void FieldDateEditor::setValue(const QVariant &value)
{
    QString text = value.toString();
    if (m_type == FieldType::Date && value.toDate().isValid()) {
        text = dateText(value.toDate(), locale());
    } else if (m_type == FieldType::Time && value.toTime().isValid()) {
        text = clockText(value.toTime());
    } else if (m_type == FieldType::DateTime && value.toDateTime().isValid()) {
        const QDateTime local = value.toDateTime().toLocalTime();
        text = dateText(local.date(), locale()) + u' ' + clockText(local.time());
    }
    if (m_line->text() == text)
        return;
    m_line->setText(text);
    m_line->setCursorPosition(0);
}

bool FieldDateEditor::hasOpenPopup() const
{
    return m_popup && m_popup->isVisible();
}

void FieldDateEditor::selectAll()
{
    m_line->selectAll();
}

bool FieldDateEditor::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress && watched == m_line && m_type != FieldType::Time) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_F4 ||
            (key->key() == Qt::Key_Down && key->modifiers().testFlag(Qt::AltModifier))) {
            openCalendar();
            return true;
        }
    }
    return FieldEditor::eventFilter(watched, event);
}

void FieldDateEditor::openCalendar()
{
    auto *popup = new QFrame(this, Qt::Popup);
    popup->setObjectName(u"calendar"_s);
    popup->setAttribute(Qt::WA_DeleteOnClose);
    auto *calendar = new QCalendarWidget(popup);
    calendar->setVerticalHeaderFormat(QCalendarWidget::NoVerticalHeader);
    const Palette &colours = theme().colours();
    QPalette palette = popup->palette();
    palette.setColor(QPalette::Window, colours.bgPopup);
    palette.setColor(QPalette::Base, colours.bgPopup);
    palette.setColor(QPalette::AlternateBase, colours.bgSunken);
    palette.setColor(QPalette::Text, colours.tx1);
    palette.setColor(QPalette::WindowText, colours.tx1);
    palette.setColor(QPalette::ButtonText, colours.tx1);
    palette.setColor(QPalette::Button, colours.bgPopup);
    palette.setColor(QPalette::Highlight, colours.accent);
    palette.setColor(QPalette::HighlightedText, colours.onAccent);
    popup->setPalette(palette);
    auto *layout = new QVBoxLayout(popup);
    layout->setContentsMargins(4, 4, 4, 4);
    layout->addWidget(calendar);
    const QVariant now = value();
    const QDateTime at = now.typeId() == QMetaType::QDateTime ? now.toDateTime().toLocalTime() : QDateTime();
    const QDate date = at.isValid() ? at.date() : now.toDate();
    if (date.isValid())
        calendar->setSelectedDate(date);
    const QTime time = at.isValid() ? at.time() : QTime(9, 0);
    const auto pick = [this, popup, time](QDate picked) {
        setValue(m_type == FieldType::DateTime ? QVariant(QDateTime(picked, time, Qt::LocalTime).toUTC())
                                               : QVariant(picked));
        emit edited();
        popup->close();
        m_line->setFocus();
    };
    connect(calendar, &QCalendarWidget::clicked, this, pick);
    connect(calendar, &QCalendarWidget::activated, this, pick);
    popup->move(mapToGlobal(QPoint(0, height() + 2)));
    m_popup = popup;
    popup->show();
    calendar->setFocus();
}

} // namespace parley::ui

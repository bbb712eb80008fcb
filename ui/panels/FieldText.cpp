#include "ui/panels/FieldText.h"

#include "ui/style/Label.h"
#include "ui/style/Tip.h"
#include "ui/text/RecordText.h"

#include <QBoxLayout>
#include <QLocale>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QTextDocument>
#include <QToolButton>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;
using crm::FieldType;

FieldTextEditor::FieldTextEditor(Theme &theme, const crm::Field &field, const FieldContext &context,
                                 QWidget *parent)
    : FieldEditor(theme, parent)
    , m_line(new FieldLine(theme, this))
{
    auto *box = new FieldFrame(theme, context.isCompact ? 28 : 32, this);
    box->setContent(m_line);
    setFrame(box);
    if (RecordText::isAlwaysLeftToRight(field.type))
        m_line->setAlwaysLeftToRight();
    if (field.type == FieldType::Encrypted)
        m_line->setEchoMode(QLineEdit::PasswordEchoOnEdit);
    if (field.type == FieldType::Email)
        m_line->setInputMethodHints(Qt::ImhEmailCharactersOnly);
    install(m_line, box);
    connect(m_line, &QLineEdit::textEdited, this, &FieldEditor::edited);
    connect(m_line, &QLineEdit::returnPressed, this, &FieldEditor::accepted);
}

QVariant FieldTextEditor::value() const
{
    const QString text = m_line->text();
    return text.isEmpty() ? QVariant() : QVariant(text);
}

void FieldTextEditor::setValue(const QVariant &value)
{
    const QString text = value.toString();
    if (m_line->text() == text)
        return;
    m_line->setText(text);
    m_line->setCursorPosition(0);
}

void FieldTextEditor::selectAll()
{
    m_line->selectAll();
}

FieldNumberEditor::FieldNumberEditor(Theme &theme, const crm::Field &field, const FieldContext &context,
                                     QWidget *parent)
    : FieldTextEditor(theme, field, context, parent)
    , m_type(field.type)
    , m_scale(field.scale)
{
    line()->setInputMethodHints(Qt::ImhFormattedNumbersOnly);
    // Which money an amount is in only the CRM knows; the computer's own currency would be a guess.
    if (field.type == FieldType::Currency && !context.currency.isEmpty())
        frame()->setPrefix(RecordText::oneLine(context.currency));
    if (field.type == FieldType::Percent) {
        frame()->addTrailing(new Label(theme, u"%"_s, TextRole::Body, &Palette::tx3, this));
    }
}

QVariant FieldNumberEditor::value() const
{
    const QString text = line()->text().trimmed();
    if (text.isEmpty())
        return {};
    bool isNumber = false;
    if (m_type == FieldType::Integer) {
        const qlonglong number = locale().toLongLong(text, &isNumber);
        if (isNumber)
            return number;
        const qlonglong plain = QLocale::c().toLongLong(text, &isNumber);
        return isNumber ? QVariant(plain) : QVariant(text);
    }
    const double number = locale().toDouble(text, &isNumber);
    if (isNumber)
        return number;
    // People paste "1234.5" whatever their locale; where the locale reads it otherwise, the locale has won
    // above.
    const double plain = QLocale::c().toDouble(text, &isNumber);
    return isNumber ? QVariant(plain) : QVariant(text);
}

void FieldNumberEditor::setValue(const QVariant &value)
{
    if (value == this->value() && value.isValid())
        return;
    bool isNumber = false;
    const double number = value.toDouble(&isNumber);
    if (!value.isValid() || value.typeId() == QMetaType::QString || !isNumber) {
        FieldTextEditor::setValue(value);
        return;
    }
    if (m_type == FieldType::Currency)
        FieldTextEditor::setValue(locale().toString(number, 'f', m_scale > 0 ? m_scale : 2));
    else
        FieldTextEditor::setValue(RecordText::fieldText(FieldType::Double, value, {}, locale()));
}

FieldAreaEditor::FieldAreaEditor(Theme &theme, const crm::Field &field, const FieldContext &context,
                                 QWidget *parent)
    : FieldEditor(theme, parent)
    , m_text(new QPlainTextEdit(this))
    , m_isRich(field.type == FieldType::RichText)
{
    auto *box = new FieldFrame(theme, context.isCompact ? 64 : 76, this);
    box->setContent(m_text);
    setFrame(box);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setProperty("bare", true);
    m_text->document()->setDocumentMargin(4);
    m_text->setTabChangesFocus(true);
    m_text->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_text->setFixedHeight(context.isCompact ? 60 : 72);
    m_text->setFont(theme.font(TextRole::Body));
    install(m_text, box);
    connect(m_text, &QPlainTextEdit::textChanged, this, &FieldEditor::edited);
}

QVariant FieldAreaEditor::value() const
{
    const QString text = m_text->toPlainText();
    if (text.isEmpty())
        return {};
    if (!m_isRich)
        return text;
    return u"<p>%1</p>"_s.arg(text.toHtmlEscaped().replace(u"\n"_s, u"<br>"_s));
}

void FieldAreaEditor::setValue(const QVariant &value)
{
    QString text = value.toString();
    if (m_isRich && Qt::mightBeRichText(text))
        text = RecordText::fieldText(FieldType::RichText, value, {});
    if (m_text->toPlainText() == text)
        return;
    const QSignalBlocker quiet(this);
    m_text->setPlainText(text);
    m_text->document()->setModified(false);
}

void FieldAreaEditor::selectAll()
{
    m_text->selectAll();
}

bool isFormatted(const QString &html)
{
    static const QRegularExpression plainTags(u"</?(p|br|div|span)\\s*/?>"_s,
                                              QRegularExpression::CaseInsensitiveOption);
    QString rest = html;
    rest.remove(plainTags);
    return rest.contains(u'<');
}

FieldReadOnly::FieldReadOnly(Theme &theme, const crm::Field &field, const FieldContext &context,
                             QWidget *parent)
    : FieldEditor(theme, parent)
    , m_field(field)
    , m_line(new FieldLine(theme, this))
{
    auto *box = new FieldFrame(theme, context.isCompact ? 28 : 32, this);
    box->setContent(m_line);
    box->setLook(FieldFrame::Look::ReadOnly);
    box->addTrailing(new IconLabel(theme, u"lock"_s, 14, &Palette::tx3, box));
    setFrame(box);
    m_line->setReadOnly(true);
    m_line->setHint(context.crm.isEmpty() ? tr("The CRM fills this in")
                                          : tr("%1 fills this in").arg(context.crm));
    Tip::attach(m_line, theme, m_line->hint());
    install(m_line, box);
}

void FieldReadOnly::setValue(const QVariant &value)
{
    m_value = value;
    m_line->setText(RecordText::oneLine(RecordText::fieldText(m_field.type, value, m_field.choices)));
    m_line->setCursorPosition(0);
}

void FieldReadOnly::setShown(const QString &text)
{
    m_line->setText(RecordText::oneLine(text));
    m_line->setCursorPosition(0);
}

QString FieldReadOnly::shown() const
{
    return m_line->text();
}

} // namespace parley::ui

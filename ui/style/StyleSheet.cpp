#include "ui/style/StyleSheet.h"

#include <QHash>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

// @name stands for a colour of the palette, @lw for the width of a line. No font in here: a style sheet's
// font would win over the type scale that widgets ask the theme for.
constexpr auto kSheet = R"(
QToolTip { background: @bgTooltip; color: @txTooltip; border: none; border-radius: 6px; padding: 4px 8px; }
QSplitter::handle { background: @line; }
QScrollArea, QScrollArea > QWidget > QWidget#scrollBody { background: transparent; border: none; }
QAbstractItemView { background: transparent; border: none; outline: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; border: none; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; border: none; }
QScrollBar::handle { background: @line2; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: @lineInput; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QLineEdit, QDateEdit, QDateTimeEdit, QTimeEdit, QSpinBox, QDoubleSpinBox {
    background: @bgInput; color: @tx1; border: @lwpx solid @lineInput; border-radius: 6px; padding: 0 9px;
    min-height: 30px; max-height: 30px; selection-background-color: @accent; selection-color: @onAccent; }
QLineEdit:focus, QDateEdit:focus, QDateTimeEdit:focus, QTimeEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus {
    border: 2px solid @focus; padding: 0 8px; min-height: 28px; max-height: 28px; }
QLineEdit[quiet="true"] { border-color: @line2; }
QLineEdit[quiet="true"]:focus { border-color: @focus; }
QLineEdit[refused="true"], QDateEdit[refused="true"], QDateTimeEdit[refused="true"], QComboBox[refused="true"],
QSpinBox[refused="true"], QDoubleSpinBox[refused="true"] { border: 2px solid @bad; padding: 0 8px; min-height: 28px; max-height: 28px; }
QLineEdit[small="true"], QComboBox[small="true"], QDateEdit[small="true"], QDateTimeEdit[small="true"] { min-height: 26px; max-height: 26px; padding: 0 7px; }
QLineEdit[small="true"]:focus, QComboBox[small="true"]:focus, QDateEdit[small="true"]:focus, QDateTimeEdit[small="true"]:focus { min-height: 24px; max-height: 24px; padding: 0 6px; }
QLineEdit:read-only { background: @bgSunken; border-color: @line; color: @tx2; }
QLineEdit:disabled, QComboBox:disabled { background: @bgSunken; border-color: @line2; color: @tx3; }
QLineEdit[bare="true"], QLineEdit[bare="true"]:focus, QPlainTextEdit[bare="true"], QPlainTextEdit[bare="true"]:focus,
QTextEdit[bare="true"], QTextEdit[bare="true"]:focus { border: none; background: transparent; padding: 0; }
QPlainTextEdit, QTextEdit { background: @bgInput; color: @tx1; border: @lwpx solid @lineInput; border-radius: 6px; padding: 5px;
    selection-background-color: @accent; selection-color: @onAccent; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid @focus; padding: 4px; }
QPlainTextEdit[refused="true"], QTextEdit[refused="true"] { border: 2px solid @bad; padding: 4px; }
QComboBox { background: @bgInput; color: @tx1; border: @lwpx solid @lineInput; border-radius: 6px; padding: 0 9px;
    min-height: 30px; max-height: 30px; }
QComboBox:focus, QComboBox:on { border: 2px solid @focus; padding: 0 8px; min-height: 28px; max-height: 28px; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: url(:/parley/icons/down.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: @bgPopup; color: @tx1; border: @lwpx solid @line2; border-radius: 8px; padding: 4px 0;
    selection-background-color: @bgSelected; selection-color: @tx1; outline: none; }
QComboBox QAbstractItemView::item { min-height: 32px; padding: 0 12px; }
QMenu { background: @bgPopup; color: @tx1; border: @lwpx solid @line2; border-radius: 8px; padding: 4px 0; }
QMenu::item { height: 32px; padding: 0 24px 0 12px; }
QMenu::item:selected { background: @bgSelected; }
QMenu::item:disabled { color: @txDis; }
QMenu::separator { height: 1px; background: @line; margin: 4px 0; }
QMenu::icon { padding-left: 12px; }
QCheckBox, QRadioButton { spacing: 8px; color: @tx1; background: transparent; }
QCheckBox:disabled, QRadioButton:disabled { color: @txDis; }
)";

} // namespace

QString styleSheetOf(const Palette &c, int lineWidth)
{
    const QHash<QString, QColor> named{{u"bgTooltip"_s, c.bgTooltip},
                                       {u"txTooltip"_s, c.txTooltip},
                                       {u"line"_s, c.line},
                                       {u"line2"_s, c.line2},
                                       {u"lineInput"_s, c.lineInput},
                                       {u"bgInput"_s, c.bgInput},
                                       {u"tx1"_s, c.tx1},
                                       {u"tx2"_s, c.tx2},
                                       {u"tx3"_s, c.tx3},
                                       {u"txDis"_s, c.txDis},
                                       {u"accent"_s, c.accent},
                                       {u"onAccent"_s, c.onAccent},
                                       {u"focus"_s, c.focus},
                                       {u"bad"_s, c.bad},
                                       {u"bgSunken"_s, c.bgSunken},
                                       {u"bgPopup"_s, c.bgPopup},
                                       {u"bgSelected"_s, c.bgSelected}};
    const QString sheet = QString::fromLatin1(kSheet);
    QString out;
    out.reserve(sheet.size() + 512);
    for (qsizetype i = 0; i < sheet.size(); ++i) {
        if (sheet.at(i) != u'@') {
            out += sheet.at(i);
            continue;
        }
        if (QStringView(sheet).mid(i + 1).startsWith("lw"_L1)) {
            out += QString::number(lineWidth);
            i += 2;
            continue;
        }
        qsizetype end = i + 1;
        while (end < sheet.size() && sheet.at(end).isLetterOrNumber())
            ++end;
        out += named.value(sheet.mid(i + 1, end - i - 1)).name();
        i = end - 1;
    }
    return out;
}

Palette highContrastPalette(bool dark)
{
    const QColor back = dark ? Qt::black : Qt::white;
    const QColor ink = dark ? Qt::white : Qt::black;
    const QColor mark = dark ? QColor(Qt::yellow) : QColor(0, 0, 160);
    Palette p = dark ? darkPalette() : lightPalette();
    for (QColor *ground :
         {&p.bgRail,     &p.bgList,      &p.bgPane,     &p.bgSide,      &p.bgCard,    &p.bgInput,
          &p.bgSunken,   &p.bgHover,     &p.bgPressed,  &p.bgPopup,     &p.bgTooltip, &p.bubIn,
          &p.bubOut,     &p.bubBot,      &p.note,       &p.okTint,      &p.warnTint,  &p.badTint,
          &p.accentTint, &p.accentTint2, &p.bgSelected, &p.entContactT, &p.entLeadT,  &p.entAccountT,
          &p.entCaseT,   &p.entTaskT,    &p.entNoneT,   &p.av1,         &p.av2,       &p.av3,
          &p.av4,        &p.av5,         &p.av6,        &p.onAccent,    &p.onBad})
        *ground = back;
    for (QColor *text :
         {&p.tx1,       &p.tx2,    &p.tx3,        &p.txDis,   &p.txTooltip,  &p.line,    &p.line2,
          &p.lineInput, &p.noteTx, &p.noteLine,   &p.okLine,  &p.warnLine,   &p.badLine, &p.ok,
          &p.warn,      &p.bad,    &p.entContact, &p.entLead, &p.entAccount, &p.entCase, &p.entTask,
          &p.entNone,   &p.av1x,   &p.av2x,       &p.av3x,    &p.av4x,       &p.av5x,    &p.av6x})
        *text = ink;
    for (QColor *accent : {&p.accent, &p.accentHover, &p.accentPress, &p.accentTx, &p.focus})
        *accent = mark;
    return p;
}

} // namespace parley::ui

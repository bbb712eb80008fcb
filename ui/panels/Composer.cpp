#include "ui/panels/Composer.h"

#include "ui/panels/CannedPopup.h"
#include "ui/panels/EmojiPopup.h"
#include "ui/panels/Shortcuts.h"
#include "ui/style/Marks.h"
#include "ui/style/SegmentedControl.h"
#include "ui/text/PlainText.h"
#include "ui/text/When.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QImageReader>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>
#include <QRegularExpression>
#include <QScrollBar>
#include <QStandardPaths>
#include <QTemporaryFile>
#include <QTextBlock>
#include <QUrl>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kLineHeight = 20;
constexpr int kMostLines = 6;

const QRegularExpression &blankPattern()
{
    static const QRegularExpression pattern(u"\\[[^\\[\\]\\n]{1,60}\\]"_s);
    return pattern;
}

/// A colon and at least one small letter, at the start of a word: "10:30", "https:" and ":D" are none.
const QRegularExpression &emojiPattern()
{
    static const QRegularExpression pattern(u"(?:^|\\s):([\\p{Ll}\\p{Lo}][\\p{L}\\d_]*)$"_s);
    return pattern;
}

} // namespace

ComposerEdit::ComposerEdit(Theme &theme, QWidget *parent)
    : QPlainTextEdit(parent)
{
    setProperty("bare", true);
    setFont(theme.font(TextRole::Message));
    setFrameShape(QFrame::NoFrame);
    setTabChangesFocus(true);
    document()->setDocumentMargin(0);
    setViewportMargins(12, 8, 12, 8);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setLineWrapMode(WidgetWidth);
    connect(this, &QPlainTextEdit::textChanged, this, &ComposerEdit::fitHeight);
    fitHeight();
}

void ComposerEdit::setMinimumLines(int lines)
{
    m_minimumLines = lines;
    fitHeight();
}

void ComposerEdit::fitHeight()
{
    // QPlainTextDocumentLayout counts in lines, not pixels.
    const int lines = std::clamp(int(document()->size().height()), m_minimumLines, kMostLines);
    const int line = std::max(kLineHeight, fontMetrics().lineSpacing());
    setFixedHeight(lines * line + 16);
    setVerticalScrollBarPolicy(document()->size().height() > kMostLines ? Qt::ScrollBarAsNeeded
                                                                        : Qt::ScrollBarAlwaysOff);
}

void ComposerEdit::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    if (event->size().width() != event->oldSize().width())
        fitHeight();
}

void ComposerEdit::keyPressEvent(QKeyEvent *event)
{
    event->ignore();
    emit keyWanted(event);
    if (event->isAccepted())
        return;
    event->accept();
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        // Shift+Enter would make a line separator, which is not a new line to anybody else.
        if (event->modifiers() & (Qt::ShiftModifier | Qt::AltModifier))
            textCursor().insertBlock();
        else
            emit sendAsked();
        return;
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        emit pageAsked(event->key() == Qt::Key_PageUp ? -1 : 1);
        return;
    case Qt::Key_Escape:
        emit escaped();
        return;
    default:
        QPlainTextEdit::keyPressEvent(event);
    }
}

void ComposerEdit::focusInEvent(QFocusEvent *event)
{
    QPlainTextEdit::focusInEvent(event);
    emit focusChanged();
}

void ComposerEdit::focusOutEvent(QFocusEvent *event)
{
    QPlainTextEdit::focusOutEvent(event);
    emit focusChanged();
}

bool ComposerEdit::focusNextPrevChild(bool next)
{
    return (m_tabHandler && m_tabHandler(!next)) || QPlainTextEdit::focusNextPrevChild(next);
}

bool ComposerEdit::canInsertFromMimeData(const QMimeData *source) const
{
    return source->hasImage() || source->hasUrls() || QPlainTextEdit::canInsertFromMimeData(source);
}

void ComposerEdit::insertFromMimeData(const QMimeData *source)
{
    QStringList paths;
    for (const QUrl &url : source->urls()) {
        if (url.isLocalFile())
            paths += url.toLocalFile();
    }
    if (!paths.isEmpty())
        emit filesDropped(paths);
    else if (source->hasImage() && !source->hasText())
        emit imagePasted(qvariant_cast<QImage>(source->imageData()));
    else
        QPlainTextEdit::insertFromMimeData(source);
}

Composer::Composer(Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_modes(new SegmentedControl(theme, this))
    , m_switchWord(new Label(theme, tr("Switch"), TextRole::Caption, &Palette::tx3, this))
    , m_switchKey(new KeyHint(theme, keyText(keyOf(Act::SwitchMode)), this))
    , m_edit(new ComposerEdit(theme, this))
    , m_preview(new QWidget(this))
    , m_previewName(new Label(theme, {}, TextRole::Meta, &Palette::tx1, m_preview))
    , m_previewImage(new QLabel(m_preview))
    , m_attach(new IconButton(theme, u"attach"_s, tr("Attach a file"), 32, this))
    , m_emoji(new IconButton(theme, u"emoji"_s, tr("Emoji"), 32, this))
    , m_slash(new IconButton(theme, u"slash"_s, tr("Canned responses"), 32, this))
    , m_hint(new Label(theme, {}, TextRole::Caption, &Palette::tx3, this))
    , m_send(new Button(theme, tr("Send"), ButtonKind::Primary, ButtonSize::Sm, this))
    , m_popup(new CannedPopup(theme, this))
    , m_emojiPopup(new EmojiPopup(theme, this))
{
    setObjectName(u"composer"_s);
    build();
    connect(&theme, &Theme::changed, this, [this] { update(); });
    connect(m_edit, &ComposerEdit::sendAsked, this, &Composer::submit);
    connect(m_send, &QAbstractButton::clicked, this, &Composer::submit);
    connect(m_edit, &ComposerEdit::pageAsked, this, &Composer::pageAsked);
    connect(m_edit, &ComposerEdit::escaped, this, [this] {
        if (!m_pendingFile.isEmpty())
            offerFile({});
        else
            emit escaped();
    });
    connect(m_edit, &ComposerEdit::focusChanged, this, [this] {
        if (!m_edit->hasFocus()) {
            m_popup->hide();
            m_emojiPopup->hide();
        }
        tellHints();
        update();
    });
    connect(m_edit, &ComposerEdit::filesDropped, this, &Composer::takeFiles);
    connect(m_edit, &ComposerEdit::imagePasted, this, [this](const QImage &image) {
        QTemporaryFile file(QDir::temp().filePath(u"parley-XXXXXX.png"_s));
        file.setAutoRemove(false); // it is removed when it was sent or dropped
        if (image.isNull() || !file.open() || !image.save(&file, "PNG"))
            return;
        offerFile(file.fileName());
        m_pastedFile = file.fileName();
    });
    connect(m_edit, &ComposerEdit::keyWanted, this, [this](QKeyEvent *event) {
        if (m_popup->handleKey(event) || m_emojiPopup->handleKey(event))
            event->accept();
    });
    m_edit->setTabHandler([this](bool backwards) {
        QKeyEvent tab(QEvent::KeyPress, backwards ? Qt::Key_Backtab : Qt::Key_Tab, Qt::NoModifier);
        return m_popup->handleKey(&tab) || m_emojiPopup->handleKey(&tab) || goToNextBlank(backwards);
    });
    connect(m_edit, &QPlainTextEdit::textChanged, this, [this] {
        m_blankWarned = false;
        tellHints();
        if (m_isSettingDraft)
            return;
        lookForCommand();
        emit draftChanged(draft());
    });
    connect(m_modes, &SegmentedControl::currentChanged, this, [this] {
        tellHints();
        update();
        emit modeChanged();
    });
    connect(m_popup, &CannedPopup::chosen, this, &Composer::insertCanned);
    connect(m_emojiPopup, &EmojiPopup::chosen, this, &Composer::insertEmoji);
    connect(m_popup, &CannedPopup::visibilityChanged, this, [this] { resizeEvent(nullptr); });
    connect(m_attach, &QAbstractButton::clicked, this, &Composer::attach);
    connect(m_emoji, &QAbstractButton::clicked, this, &Composer::showEmoji);
    connect(m_slash, &QAbstractButton::clicked, this, [this] {
        m_edit->setFocus();
        if (m_edit->toPlainText().isEmpty())
            m_edit->insertPlainText(u"/"_s);
        else
            m_popup->offer(m_canned, {});
    });
    tellHints();
}

void Composer::build()
{
    m_modes->setObjectName(u"composerMode"_s);
    m_modes->setAccessibleName(tr("Write a reply or an internal note"));
    m_modes->addSegment(tr("Reply"), u"chats"_s);
    m_modes->addSegment(tr("Internal note"), u"lock"_s);
    m_edit->setObjectName(u"composerEdit"_s);
    m_attach->setObjectName(u"attachFile"_s);
    m_attach->setName(tr("Attach a file"), keyOf(Act::AttachFile));
    m_emoji->setObjectName(u"emoji"_s);
    m_slash->setObjectName(u"cannedButton"_s);
    m_send->setObjectName(u"send"_s);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(17, 1, 17, 17);
    column->setSpacing(0);
    auto *top = new QHBoxLayout;
    top->setContentsMargins(8, 6, 12, 0);
    top->setSpacing(4);
    top->addWidget(m_modes);
    top->addStretch();
    top->addWidget(m_switchWord);
    top->addWidget(m_switchKey);
    column->addLayout(top);
    auto *preview = new QHBoxLayout(m_preview);
    preview->setContentsMargins(12, 8, 12, 0);
    preview->setSpacing(8);
    preview->addWidget(m_previewImage);
    preview->addWidget(m_previewName, 1);
    auto *drop = new IconButton(m_theme, u"close"_s, tr("Do not send this file"), 24, m_preview);
    drop->setObjectName(u"dropFile"_s);
    connect(drop, &QAbstractButton::clicked, this, [this] { offerFile({}); });
    preview->addWidget(drop);
    m_preview->hide();
    column->addWidget(m_preview);
    column->addWidget(m_edit);
    auto *tools = new QHBoxLayout;
    tools->setContentsMargins(8, 4, 6, 4);
    tools->setSpacing(2);
    tools->addWidget(m_attach);
    tools->addWidget(m_emoji);
    tools->addWidget(m_slash);
    tools->addStretch();
    tools->addWidget(m_hint);
    tools->addSpacing(6);
    m_send->setIconName(u"send"_s);
    tools->addWidget(m_send);
    column->addLayout(tools);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
}

void Composer::setStage(QWidget *stage)
{
    m_popup->setParent(stage);
    m_popup->hide();
    m_emojiPopup->setParent(stage);
    m_emojiPopup->hide();
}

void Composer::setDraft(const QString &text)
{
    offerFile({});
    m_popup->hide();
    m_emojiPopup->hide();
    if (m_edit->toPlainText() == text)
        return;
    m_isSettingDraft = true;
    m_edit->setPlainText(text);
    m_edit->moveCursor(QTextCursor::End);
    m_isSettingDraft = false;
}

QString Composer::draft() const
{
    return m_edit->toPlainText();
}

void Composer::setCanned(const QList<desk::CannedResponse> &responses)
{
    m_canned = responses;
    m_slash->setVisible(!responses.isEmpty());
    tellHints();
}

void Composer::setFiller(std::function<QString(const desk::CannedResponse &)> filler)
{
    m_filler = filler;
    m_popup->setFiller(std::move(filler));
}

void Composer::setMode(Mode mode)
{
    m_modes->setCurrent(mode == Mode::Note ? 1 : 0);
}

Composer::Mode Composer::mode() const
{
    return m_modes->current() == 1 ? Mode::Note : Mode::Reply;
}

void Composer::setChatEnded(bool ended)
{
    m_isEnded = ended;
    setVisible(!ended);
}

void Composer::setLow(bool low)
{
    m_isLow = low;
    m_edit->setMinimumLines(low ? 1 : 2);
}

void Composer::focusEdit()
{
    m_edit->setFocus(Qt::OtherFocusReason);
}

QPlainTextEdit *Composer::edit() const
{
    return m_edit;
}

void Composer::tellHints()
{
    const bool isNote = mode() == Mode::Note;
    const bool focused = m_edit->hasFocus();
    const QString slash = m_canned.isEmpty() ? QString() : tr("Type / for canned responses");
    m_edit->setPlaceholderText(isNote ? tr("Write a note. Only agents see it")
                                      : tr("Write a reply. %1").arg(slash).trimmed());
    m_edit->setAccessibleName(isNote ? tr("Internal note") : tr("Reply"));
    m_send->setText(isNote ? tr("Add note") : tr("Send"));
    m_send->setIconName(isNote ? u"lock"_s : u"send"_s);
    const bool popup = m_popup->isVisible();
    m_send->setKeyHint(focused && !popup ? QKeySequence(Qt::Key_Return) : QKeySequence());
    m_hint->setText(popup           ? tr("Enter inserts the response")
                    : m_blankWarned ? tr("A blank is empty. Enter sends anyway")
                                    : QString());
    m_switchWord->setVisible(focused && width() >= 460);
    m_switchKey->setVisible(focused && width() >= 460);
}

void Composer::submit()
{
    const QString text = draft();
    if (!m_pendingFile.isEmpty() && mode() == Mode::Reply) {
        emit fileChosen(m_pendingFile); // whoever sends it reads it now
        offerFile({});
    }
    if (text.trimmed().isEmpty()) {
        m_edit->setFocus();
        return;
    }
    if (mode() == Mode::Reply && hasBlank() && !m_blankWarned) {
        m_blankWarned = true;
        goToNextBlank(false);
        tellHints();
        return;
    }
    m_edit->clear();
    m_popup->hide();
    m_emojiPopup->hide();
    if (mode() == Mode::Note)
        emit noted(text);
    else
        emit sent(text);
}

bool Composer::hasBlank() const
{
    return blankPattern().match(draft()).hasMatch();
}

void Composer::lookForCommand()
{
    // A slash at the start of the line, and the caret right behind the word that it begins.
    const QTextCursor cursor = m_edit->textCursor();
    const QString before = cursor.block().text().left(cursor.positionInBlock());
    static const QRegularExpression command(u"^/([^\\s/]*)$"_s);
    const auto match = command.match(before);
    if (match.hasMatch() && !m_canned.isEmpty())
        m_popup->offer(m_canned, match.captured(1));
    else
        m_popup->hide();
    const auto emoji = emojiPattern().match(before);
    if (emoji.hasMatch())
        m_emojiPopup->offer(emoji.captured(1));
    else
        m_emojiPopup->hide();
    if (m_popup->isVisible() || m_emojiPopup->isVisible())
        resizeEvent(nullptr);
}

void Composer::insertCanned(const desk::CannedResponse &response)
{
    QTextCursor cursor = m_edit->textCursor();
    const QString before = cursor.block().text().left(cursor.positionInBlock());
    const QString filled = m_filler ? m_filler(response) : response.text;
    cursor.beginEditBlock();
    if (before.startsWith(u'/'))
        cursor.movePosition(QTextCursor::StartOfBlock, QTextCursor::KeepAnchor);
    const int start = std::min(cursor.position(), cursor.anchor());
    cursor.insertText(filled);
    cursor.endEditBlock();
    m_popup->hide();
    m_edit->setFocus();
    QTextCursor caret = m_edit->textCursor();
    caret.setPosition(start);
    m_edit->setTextCursor(caret);
    if (!goToNextBlank(false)) {
        caret.setPosition(start + int(filled.size()));
        m_edit->setTextCursor(caret);
    }
}

bool Composer::goToNextBlank(bool backwards)
{
    const QString text = draft();
    QTextCursor cursor = m_edit->textCursor();
    QList<std::pair<int, int>> blanks;
    for (auto it = blankPattern().globalMatch(text); it.hasNext();) {
        const auto match = it.next();
        blanks += {int(match.capturedStart()), int(match.capturedEnd())};
    }
    if (blanks.isEmpty())
        return false;
    std::pair<int, int> next = backwards ? blanks.last() : blanks.first();
    if (backwards) {
        for (const auto &blank : blanks) {
            if (blank.second <= cursor.selectionStart())
                next = blank;
        }
    } else {
        const auto it = std::ranges::find_if(
            blanks, [&](const auto &blank) { return blank.first >= cursor.selectionEnd(); });
        if (it != blanks.end())
            next = *it;
    }
    cursor.setPosition(next.first);
    cursor.setPosition(next.second, QTextCursor::KeepAnchor);
    m_edit->setTextCursor(cursor);
    return true;
}

void Composer::attach()
{
    auto *dialog = new QFileDialog(window(), tr("Attach a file"),
                                   QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation));
    dialog->setObjectName(u"attachDialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &Composer::offerFile);
    dialog->open();
}

void Composer::takeFiles(const QStringList &paths)
{
    for (const QString &path : paths) {
        if (QFileInfo(path).isFile()) {
            offerFile(path);
            return;
        }
    }
}

void Composer::offerFile(const QString &path)
{
    if (!m_pastedFile.isEmpty())
        QFile::remove(std::exchange(m_pastedFile, {}));
    m_pendingFile = path;
    m_preview->setVisible(!path.isEmpty());
    if (!path.isEmpty()) {
        const QFileInfo file(path);
        m_previewName->setText(tr("%1, %2").arg(safeLine(file.fileName(), 120), sizeText(file.size())));
        QImageReader reader(path);
        const QSize size = reader.size();
        const bool isPicture = size.isValid() && qint64(size.width()) * size.height() < 40'000'000;
        m_previewImage->setVisible(isPicture);
        if (isPicture) {
            reader.setScaledSize(size.scaled(96, 56, Qt::KeepAspectRatio));
            m_previewImage->setPixmap(QPixmap::fromImage(reader.read()));
        }
        m_previewImage->setAccessibleName(tr("Preview"));
        setMode(Mode::Reply);
    }
    tellHints();
}

void Composer::showEmoji()
{
    QMenu *board = makeEmojiBoard(m_theme, this, [this](const QString &emoji) {
        m_edit->insertPlainText(emoji);
        m_edit->setFocus();
    });
    board->popup(m_emoji->mapToGlobal(QPoint(0, -board->sizeHint().height() - 4)));
}

void Composer::insertEmoji(const QString &emoji)
{
    QTextCursor cursor = m_edit->textCursor();
    const QString before = cursor.block().text().left(cursor.positionInBlock());
    if (const auto match = emojiPattern().match(before); match.hasMatch())
        cursor.movePosition(QTextCursor::Left, QTextCursor::KeepAnchor, int(match.capturedLength(1)) + 1);
    cursor.insertText(emoji);
    m_emojiPopup->hide();
}

void Composer::resizeEvent(QResizeEvent *event)
{
    if (event)
        QWidget::resizeEvent(event);
    QWidget *stage = m_popup->parentWidget();
    if (stage && stage != this) {
        // Above the typing strip, which belongs to the composer and stays in view.
        const int bottom = mapTo(stage, QPoint(0, 0)).y() - 36 - 8;
        const int height = std::min(m_popup->wantedHeight(stage->width() - 32), std::max(120, bottom - 8));
        m_popup->setGeometry(16, bottom - height, stage->width() - 32, height);
        const QSize list = m_emojiPopup->sizeHint();
        m_emojiPopup->setGeometry(
            paint::placed(layoutDirection(), stage->rect(),
                          QRect(16, bottom - list.height(), list.width(), list.height())));
    }
    tellHints();
}

void Composer::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Palette &c = m_theme.colours();
    const bool isNote = mode() == Mode::Note;
    const bool focused = m_edit->hasFocus();
    const QRect frame = focused ? rect().adjusted(15, 0, -15, -15) : rect().adjusted(16, 0, -16, -16);
    paint::box(painter, frame, 8, isNote ? c.note : c.bgInput,
               focused  ? c.focus
               : isNote ? c.noteLine
                        : c.lineInput,
               focused ? 2 : m_theme.lineWidth());
}

} // namespace parley::ui

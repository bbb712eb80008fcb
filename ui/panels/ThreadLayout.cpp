#include "ui/panels/ThreadLayout.h"

#include "ui/style/Paint.h"
#include "ui/text/ChatText.h"
#include "ui/text/PlainText.h"
#include "ui/text/When.h"

#include <QCoreApplication>

#include <array>
#include <cmath>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

struct ThreadWords {
    Q_DECLARE_TR_FUNCTIONS(parley::ui::ThreadLayout)
};

using Kind = ThreadEntry::Kind;
constexpr int kSide = 16; // the thread's padding
constexpr float kWidestLetter =
    13;                   // of most scripts at 14 px; the rare wider one is corrected when it is drawn
constexpr int kLine = 20; // a line of a message
constexpr int kImageWidth = 226;
constexpr int kImageHeight = 103;

int widest(int width)
{
    return std::max(120, (width - 2 * kSide) * 8 / 10);
}

QString shownText(const QString &raw, bool isExpanded)
{
    if (raw.size() <= kLongText || isExpanded)
        return safeText(raw);
    return safeText(raw.left(kLongText)) + QChar(char16_t(0x2026));
}

// Lays the text in lines of a fixed height; gives its natural width.
int lay(QTextLayout &layout, int width, int lineHeight)
{
    layout.beginLayout();
    qreal natural = 0;
    int y = 0;
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        line.setPosition(QPointF(0, y + (lineHeight - line.height()) / 2));
        natural = std::max(natural, line.naturalTextWidth());
        y += lineHeight;
    }
    layout.endLayout();
    return int(std::ceil(natural));
}

std::shared_ptr<QTextLayout> makeText(const QString &text, const QFont &font, Qt::Alignment alignment = {})
{
    // QTextLayout breaks lines at U+2028 only: it is for one paragraph.
    QString lines = text;
    lines.replace(u'\n', QChar(QChar::LineSeparator));
    auto layout = std::make_shared<QTextLayout>(lines, font);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setTextDirection(text.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
    if (alignment)
        option.setAlignment(alignment);
    layout->setTextOption(option);
    layout->setCacheEnabled(true);
    return layout;
}

// A bubble is as wide as its longest line, or, once a line is broken, as wide as a bubble may get. Text that
// hangs at the right edge is laid again at that width.
int fit(QTextLayout &layout, int room, int lineHeight)
{
    lay(layout, room, lineHeight);
    const int width = std::min(room, int(std::ceil(layout.maximumWidth())));
    if (width < room)
        lay(layout, width, lineHeight);
    return width;
}

void placeSystem(ThreadLayout &out, const ThreadEntry &entry, const ThreadContext &context, int top)
{
    out.text = makeText(eventText(entry.item.message), context.theme->font(TextRole::Meta), Qt::AlignHCenter);
    const int room = context.width - 2 * kSide;
    lay(*out.text, room, 16);
    const int lines = std::max(1, out.text->lineCount());
    const int height = std::max(24, lines * 16 + 8);
    out.words = QRect(kSide, top + (height - lines * 16) / 2, room, lines * 16);
    out.height = top + height;
}

void placeNote(ThreadLayout &out, const ThreadEntry &entry, const ThreadContext &context, int top)
{
    const Message &message = entry.item.message;
    out.shown = shownText(message.text, context.isExpanded);
    out.text = makeText(out.shown, context.theme->font(TextRole::Body));
    const int room = widest(context.width) - 26;
    const int natural = fit(*out.text, room, kLine);
    const QString head = ThreadWords::tr("Internal note from %1, %2. Only agents see this")
                             .arg(safeLine(message.authorName, 60), timeText(message.at));
    const int headWidth = paint::textWidth(context.theme->font(TextRole::Caption, QFont::Medium), head) + 18;
    const int inner = std::min(room, std::max(natural, headWidth));
    const int lines = std::max(1, out.text->lineCount());
    out.bubble = QRect(context.width - kSide - inner - 26, top + 8, inner + 26, 18 + 16 + lines * kLine);
    out.words = QRect(out.bubble.x() + 13, out.bubble.y() + 9 + 16, inner, lines * kLine);
    out.meta = QRect(out.bubble.x() + 13, out.bubble.y() + 9, inner, 16);
    out.height = out.bubble.bottom() + 1;
}

void placeFile(ThreadLayout &out, const ThreadEntry &entry, const ThreadContext &context, int y, bool isOut)
{
    const Attachment &file = *entry.item.message.attachment;
    const bool hasImage = isImage(file);
    const QFont font = context.theme->font(TextRole::Meta);
    const int natural = 14 + 8 + paint::textWidth(font, safeLine(file.name, 120)) + 8 +
                        paint::textWidth(font, sizeText(file.size)) + 16 + 14 + 24;
    const int width = hasImage ? kImageWidth + 8 : std::clamp(natural, 160, widest(context.width));
    const int height = hasImage ? 4 + kImageHeight + 28 : 36;
    const int x = isOut ? context.width - kSide - width : kSide;
    out.bubble = QRect(x, y, width, height);
    if (hasImage)
        out.image = QRect(x + 4, y + 4, kImageWidth, kImageHeight);
    out.file =
        hasImage ? QRect(x + 12, y + height - 28, width - 24, 28) : QRect(x + 12, y, width - 24, height);
}

void placeText(ThreadLayout &out, const ThreadEntry &entry, const ThreadContext &context, int y, bool isOut)
{
    out.shown = shownText(entry.item.message.text, context.isExpanded);
    out.text = makeText(out.shown, context.theme->font(TextRole::Message));
    const int room = widest(context.width) - 24;
    const int natural = std::max(8, fit(*out.text, room, kLine));
    const int lines = std::max(1, out.text->lineCount());
    const bool isLong = entry.item.message.text.size() > kLongText;
    const int width = (isLong ? room : natural) + 24;
    const int x = isOut ? context.width - kSide - width : kSide;
    out.bubble = QRect(x, y, width, 16 + lines * kLine + (isLong ? 24 : 0));
    out.words = QRect(x + 12, y + 8, width - 24, lines * kLine);
    if (isLong)
        out.showAll = QRect(x + 12, y + 8 + lines * kLine + 4, width - 24, 20);
}

int topOf(const ThreadEntry &entry, const ThreadContext &context)
{
    return (context.isFirst ? 4 : 0) +
           (entry.kind == Kind::Day || entry.kind == Kind::System || entry.kind == Kind::Note ? 0
            : entry.startsRun                                                                 ? 8
                                                                                              : 4);
}

bool hasMeta(const ThreadEntry &entry)
{
    return entry.endsRun || entry.item.delivery == desk::Delivery::NotSent;
}

} // namespace

bool isImage(const Attachment &attachment)
{
    // Only what Qt decodes safely and the hub lets through: no SVG, which is a document.
    return attachment.mimeType == "image/png"_L1 || attachment.mimeType == "image/jpeg"_L1 ||
           attachment.mimeType == "image/gif"_L1 || attachment.mimeType == "image/webp"_L1;
}

ThreadLayout layOut(const ThreadEntry &entry, const ThreadContext &context)
{
    ThreadLayout out;
    const int top = topOf(entry, context);
    const bool isOut = entry.kind == Kind::Out || entry.kind == Kind::Bot;
    switch (entry.kind) {
    case Kind::Day:
        out.words = QRect(kSide, top, context.width - 2 * kSide, 32);
        out.height = top + 32;
        break;
    case Kind::System:
        placeSystem(out, entry, context, top);
        break;
    case Kind::Note:
        placeNote(out, entry, context, top);
        break;
    case Kind::In:
    case Kind::Out:
    case Kind::Bot:
        if (entry.item.message.attachment)
            placeFile(out, entry, context, top, isOut);
        else
            placeText(out, entry, context, top, isOut);
        out.height = out.bubble.bottom() + 1;
        if (hasMeta(entry)) {
            out.meta = QRect(kSide, out.height + 4, context.width - 2 * kSide, 16);
            out.height += 20;
        }
        if (entry.item.delivery == desk::Delivery::NotSent) {
            const QFont link = context.theme->font(TextRole::Caption, QFont::Medium);
            const int drop = paint::textWidth(link, ThreadWords::tr("Delete"));
            const int again = paint::textWidth(link, ThreadWords::tr("Try again"));
            const int right = context.width - kSide;
            out.discard = QRect(right - drop, out.meta.y() - 2, drop, 20);
            out.tryAgain = QRect(right - drop - 8 - again, out.meta.y() - 2, again, 20);
        }
        break;
    }
    if (context.isLast)
        out.height += 12;
    return out;
}

namespace {

// The advances of Latin letters and the punctuation of typographers: enough to count the lines of most
// messages.
constexpr char16_t kLatinEnd = 0x250;
constexpr char16_t kPunctuationStart = 0x2010;
constexpr char16_t kPunctuationEnd = 0x2027;
struct Advances {
    std::array<float, kLatinEnd> latin{};
    std::array<float, kPunctuationEnd - kPunctuationStart> punctuation{};

    /// Negative: only a real layout knows.
    [[nodiscard]] float of(char16_t c) const
    {
        if (c >= 0x20 && c < kLatinEnd && (c < 0x7f || c > 0xa0))
            return latin[c];
        if (c >= kPunctuationStart && c < kPunctuationEnd)
            return punctuation[c - kPunctuationStart];
        return -1;
    }
};

const Advances &advancesOf(const QFont &font)
{
    static QFont known;
    static Advances widths;
    static bool isMade = false;
    if (!isMade || known != font) {
        const QFontMetricsF metrics(font);
        for (char16_t c = 0x20; c < kLatinEnd; ++c)
            widths.latin.at(c) = float(metrics.horizontalAdvance(QChar(c)));
        for (char16_t c = kPunctuationStart; c < kPunctuationEnd; ++c)
            widths.punctuation.at(c - kPunctuationStart) = float(metrics.horizontalAdvance(QChar(c)));
        known = font;
        isMade = true;
    }
    return widths;
}

// The number of lines, or 0 where only a real layout knows: other scripts, and words that may break at a
// hyphen.
int countLines(const QString &text, const Advances &widths, float room)
{
    int lines = 1;
    float x = 0;
    float word = 0;
    for (const QChar c : text) {
        const char16_t u = c.unicode();
        if (u == u'\n') {
            ++lines;
            x = 0;
            word = 0;
            continue;
        }
        const float w = widths.of(u);
        if (w < 0)
            return 0;
        if (u == u' ') {
            x += w;
            word = 0;
            continue;
        }
        x += w;
        word += w;
        if (x > room) {
            ++lines;
            x = word <= room ? word : w;
            word = x;
        }
    }
    return lines;
}

} // namespace

int roughHeight(const ThreadEntry &entry, const ThreadContext &context)
{
    const bool isPlain = (entry.kind == Kind::In || entry.kind == Kind::Out || entry.kind == Kind::Bot) &&
                         !entry.item.message.attachment && entry.item.message.text.size() <= kLongText;
    if (isPlain) {
        const auto room = float(widest(context.width) - 24);
        const QFont font = context.theme->font(TextRole::Message);
        int lines = countLines(entry.item.message.text, advancesOf(font), room);
        // Of other scripts this much is sure: so few characters fit one line.
        const QString &text = entry.item.message.text;
        if (lines == 0 && !text.contains(u'\n') && float(text.size()) * kWidestLetter <= room)
            lines = 1;
        if (lines > 0)
            return topOf(entry, context) + 16 + lines * kLine + (hasMeta(entry) ? 20 : 0) +
                   (context.isLast ? 12 : 0);
    }
    if (entry.kind == Kind::Day)
        return topOf(entry, context) + 32 + (context.isLast ? 12 : 0);
    return layOut(entry, context).height;
}

} // namespace parley::ui

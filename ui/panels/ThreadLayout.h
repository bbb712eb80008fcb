// How one line of the thread is laid out at one width: where its bubble, words, time and links are.
#pragma once

#include "ui/models/ThreadModel.h"
#include "ui/style/Theme.h"

#include <QRect>
#include <QTextLayout>

#include <memory>

namespace parley::ui {

struct ThreadLayout {
    int height = 0;
    QRect bubble; ///< as in a left-to-right window; whoever draws mirrors it
    QRect words;  ///< where text starts, inside bubble
    QRect image;
    QRect file; ///< the line with the file's name
    QRect meta; ///< time and delivery
    QRect tryAgain;
    QRect discard;
    QRect showAll;
    std::shared_ptr<QTextLayout> text; ///< null where there is none
    QString shown;                     ///< what text was made from
};

/// What a layout depends on besides the entry.
struct ThreadContext {
    Theme *theme = nullptr;
    int width = 0;
    bool isFirst = false;
    bool isLast = false;
    bool isExpanded = false; ///< a very long text is shown whole
    QDate today;
};

[[nodiscard]] ThreadLayout layOut(const ThreadEntry &entry, const ThreadContext &context);
/// The height alone, without shaping where the text allows it: ten thousand messages must open at once. May
/// be off by a line for unusual fonts; whoever draws the row corrects it.
[[nodiscard]] int roughHeight(const ThreadEntry &entry, const ThreadContext &context);
[[nodiscard]] bool isImage(const Attachment &attachment);
/// A text beyond this is shown in part until the agent asks for all of it.
inline constexpr qsizetype kLongText = 4000;

} // namespace parley::ui

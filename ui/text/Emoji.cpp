#include "ui/text/Emoji.h"

#include <QCoreApplication>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

struct EmojiWords {
    Q_DECLARE_TR_FUNCTIONS(parley::ui::Emoji)
};

constexpr qsizetype kMost = 6;

QString typedForm(const QString &words)
{
    return words.toCaseFolded().replace(u' ', u'_');
}

} // namespace

const QList<Emoji> &emojiTable()
{
    static const QList<Emoji> table{
        {u"🙂"_s, EmojiWords::tr("smile"), EmojiWords::tr("happy")},
        {u"😀"_s, EmojiWords::tr("grin"), EmojiWords::tr("happy laugh")},
        {u"😄"_s, EmojiWords::tr("laugh"), EmojiWords::tr("happy")},
        {u"😉"_s, EmojiWords::tr("wink"), {}},
        {u"😊"_s, EmojiWords::tr("blush"), EmojiWords::tr("smile")},
        {u"😅"_s, EmojiWords::tr("sweat smile"), EmojiWords::tr("relief")},
        {u"😂"_s, EmojiWords::tr("tears of joy"), EmojiWords::tr("laugh")},
        {u"🤔"_s, EmojiWords::tr("thinking"), EmojiWords::tr("hmm")},
        {u"😐"_s, EmojiWords::tr("neutral"), {}},
        {u"😕"_s, EmojiWords::tr("confused"), {}},
        {u"🙁"_s, EmojiWords::tr("frown"), EmojiWords::tr("sad")},
        {u"😮"_s, EmojiWords::tr("surprised"), EmojiWords::tr("wow")},
        {u"😢"_s, EmojiWords::tr("crying"), EmojiWords::tr("sad tear")},
        {u"😇"_s, EmojiWords::tr("halo"), EmojiWords::tr("angel")},
        {u"🤗"_s, EmojiWords::tr("hug"), {}},
        {u"🙌"_s, EmojiWords::tr("raised hands"), EmojiWords::tr("hooray")},
        {u"👍"_s, EmojiWords::tr("thumbs up"), EmojiWords::tr("yes good like")},
        {u"👎"_s, EmojiWords::tr("thumbs down"), EmojiWords::tr("no bad")},
        {u"👏"_s, EmojiWords::tr("clap"), EmojiWords::tr("applause")},
        {u"🙏"_s, EmojiWords::tr("thank you"), EmojiWords::tr("please folded hands")},
        {u"👋"_s, EmojiWords::tr("wave"), EmojiWords::tr("hello bye")},
        {u"👌"_s, EmojiWords::tr("ok"), EmojiWords::tr("fine")},
        {u"💪"_s, EmojiWords::tr("strong"), EmojiWords::tr("muscle")},
        {u"🤝"_s, EmojiWords::tr("handshake"), EmojiWords::tr("deal")},
        {u"❤️"_s, EmojiWords::tr("heart"), EmojiWords::tr("love")},
        {u"⭐"_s, EmojiWords::tr("star"), {}},
        {u"🎉"_s, EmojiWords::tr("party"), EmojiWords::tr("congratulations tada")},
        {u"🔥"_s, EmojiWords::tr("fire"), {}},
        {u"✅"_s, EmojiWords::tr("check"), EmojiWords::tr("done yes")},
        {u"❌"_s, EmojiWords::tr("cross"), EmojiWords::tr("no wrong")},
        {u"⚠️"_s, EmojiWords::tr("warning"), {}},
        {u"❓"_s, EmojiWords::tr("question"), {}},
        {u"💡"_s, EmojiWords::tr("idea"), EmojiWords::tr("bulb")},
        {u"📎"_s, EmojiWords::tr("paperclip"), EmojiWords::tr("attachment")},
        {u"📄"_s, EmojiWords::tr("page"), EmojiWords::tr("document invoice")},
        {u"📅"_s, EmojiWords::tr("calendar"), EmojiWords::tr("date")},
        {u"📦"_s, EmojiWords::tr("parcel"), EmojiWords::tr("box package")},
        {u"🛒"_s, EmojiWords::tr("cart"), EmojiWords::tr("order shopping")},
        {u"💳"_s, EmojiWords::tr("card"), EmojiWords::tr("pay credit")},
        {u"💶"_s, EmojiWords::tr("money"), EmojiWords::tr("euro")},
        {u"🔒"_s, EmojiWords::tr("lock"), EmojiWords::tr("secure")},
        {u"🔑"_s, EmojiWords::tr("key"), EmojiWords::tr("password")},
        {u"📞"_s, EmojiWords::tr("phone"), EmojiWords::tr("call")},
        {u"✉️"_s, EmojiWords::tr("envelope"), EmojiWords::tr("mail")},
        {u"⏰"_s, EmojiWords::tr("alarm"), EmojiWords::tr("clock time")},
        {u"🚚"_s, EmojiWords::tr("truck"), EmojiWords::tr("delivery")},
        {u"🏠"_s, EmojiWords::tr("house"), EmojiWords::tr("home")},
        {u"🌍"_s, EmojiWords::tr("globe"), EmojiWords::tr("world earth")}};
    return table;
}

QList<Emoji> emojiMatching(const QString &typed)
{
    const QString wanted = typedForm(typed);
    QList<Emoji> found;
    QList<Emoji> further;
    for (const Emoji &emoji : emojiTable()) {
        const QString name = typedForm(emoji.name);
        const QString also = u'_' + typedForm(emoji.also);
        if (name.startsWith(wanted))
            found += emoji;
        else if (name.contains(u'_' + wanted) || also.contains(u'_' + wanted))
            further += emoji;
    }
    found += further;
    found.resize(std::min(found.size(), kMost));
    return found;
}

} // namespace parley::ui

#include "ui/text/Emoji.h"

#include <QCoreApplication>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

struct Words {
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
    static const QList<Emoji> table{{u"🙂"_s, Words::tr("smile"), Words::tr("happy")},
                                    {u"😀"_s, Words::tr("grin"), Words::tr("happy laugh")},
                                    {u"😄"_s, Words::tr("laugh"), Words::tr("happy")},
                                    {u"😉"_s, Words::tr("wink"), {}},
                                    {u"😊"_s, Words::tr("blush"), Words::tr("smile")},
                                    {u"😅"_s, Words::tr("sweat smile"), Words::tr("relief")},
                                    {u"😂"_s, Words::tr("tears of joy"), Words::tr("laugh")},
                                    {u"🤔"_s, Words::tr("thinking"), Words::tr("hmm")},
                                    {u"😐"_s, Words::tr("neutral"), {}},
                                    {u"😕"_s, Words::tr("confused"), {}},
                                    {u"🙁"_s, Words::tr("frown"), Words::tr("sad")},
                                    {u"😮"_s, Words::tr("surprised"), Words::tr("wow")},
                                    {u"😢"_s, Words::tr("crying"), Words::tr("sad tear")},
                                    {u"😇"_s, Words::tr("halo"), Words::tr("angel")},
                                    {u"🤗"_s, Words::tr("hug"), {}},
                                    {u"🙌"_s, Words::tr("raised hands"), Words::tr("hooray")},
                                    {u"👍"_s, Words::tr("thumbs up"), Words::tr("yes good like")},
                                    {u"👎"_s, Words::tr("thumbs down"), Words::tr("no bad")},
                                    {u"👏"_s, Words::tr("clap"), Words::tr("applause")},
                                    {u"🙏"_s, Words::tr("thank you"), Words::tr("please folded hands")},
                                    {u"👋"_s, Words::tr("wave"), Words::tr("hello bye")},
                                    {u"👌"_s, Words::tr("ok"), Words::tr("fine")},
                                    {u"💪"_s, Words::tr("strong"), Words::tr("muscle")},
                                    {u"🤝"_s, Words::tr("handshake"), Words::tr("deal")},
                                    {u"❤️"_s, Words::tr("heart"), Words::tr("love")},
                                    {u"⭐"_s, Words::tr("star"), {}},
                                    {u"🎉"_s, Words::tr("party"), Words::tr("congratulations tada")},
                                    {u"🔥"_s, Words::tr("fire"), {}},
                                    {u"✅"_s, Words::tr("check"), Words::tr("done yes")},
                                    {u"❌"_s, Words::tr("cross"), Words::tr("no wrong")},
                                    {u"⚠️"_s, Words::tr("warning"), {}},
                                    {u"❓"_s, Words::tr("question"), {}},
                                    {u"💡"_s, Words::tr("idea"), Words::tr("bulb")},
                                    {u"📎"_s, Words::tr("paperclip"), Words::tr("attachment")},
                                    {u"📄"_s, Words::tr("page"), Words::tr("document invoice")},
                                    {u"📅"_s, Words::tr("calendar"), Words::tr("date")},
                                    {u"📦"_s, Words::tr("parcel"), Words::tr("box package")},
                                    {u"🛒"_s, Words::tr("cart"), Words::tr("order shopping")},
                                    {u"💳"_s, Words::tr("card"), Words::tr("pay credit")},
                                    {u"💶"_s, Words::tr("money"), Words::tr("euro")},
                                    {u"🔒"_s, Words::tr("lock"), Words::tr("secure")},
                                    {u"🔑"_s, Words::tr("key"), Words::tr("password")},
                                    {u"📞"_s, Words::tr("phone"), Words::tr("call")},
                                    {u"✉️"_s, Words::tr("envelope"), Words::tr("mail")},
                                    {u"⏰"_s, Words::tr("alarm"), Words::tr("clock time")},
                                    {u"🚚"_s, Words::tr("truck"), Words::tr("delivery")},
                                    {u"🏠"_s, Words::tr("house"), Words::tr("home")},
                                    {u"🌍"_s, Words::tr("globe"), Words::tr("world earth")}};
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

// What visitors may type to break a query: a listed part and a generated one, the same in every run.
#pragma once

#include <QRandomGenerator>
#include <QString>
#include <QStringList>

namespace parley::fakes {

inline QStringList hostileValues()
{
    using namespace Qt::Literals::StringLiterals;
    QStringList values{u"O'Brien"_s,
                       u"a\\"_s,
                       u"\\'"_s,
                       u"'"_s,
                       u"''"_s,
                       u"'''"_s,
                       u"\\"_s,
                       u"\\\\"_s,
                       u"\\\\'"_s,
                       u"100%"_s,
                       u"a_b"_s,
                       u"%"_s,
                       u"_"_s,
                       u"%_%"_s,
                       u"\\%"_s,
                       u"\\_"_s,
                       u"a\nb"_s,
                       u"a\r\nb"_s,
                       u"\t"_s,
                       u"\b\f"_s,
                       u"\\n"_s,
                       u"\\u0027"_s,
                       u"\\U0027"_s,
                       u"\\x27"_s,
                       u"' OR Name LIKE '%"_s,
                       u"x' OR '1'='1"_s,
                       u"x') OR (Email != ''"_s,
                       u"' LIMIT 1 --"_s,
                       u"'; DELETE"_s,
                       u"' OR Email != null OR Email = '"_s,
                       u"\\' OR Name != '"_s,
                       u"\\\\' OR Name != \\\\'"_s,
                       u"😀"_s,
                       u"👩‍👩‍👧‍👦"_s,
                       u"Ünïcödé"_s,
                       u"李雷"_s,
                       u"عميل"_s,
                       u"‮evil‬"_s,
                       u"é"_s,
                       u"’"_s,
                       u"‘ OR 1=1"_s,
                       u"ʼ"_s,
                       u"＇"_s,
                       u"“"_s,
                       u"\""_s,
                       u"\"\""_s,
                       u"<script>alert('x')</script>"_s,
                       u"{!Visitor.Email}"_s,
                       u"${jndi:ldap://x}"_s,
                       u"%27"_s,
                       u"&#39;"_s,
                       u"&apos;"_s,
                       u":bind"_s,
                       u"FIND {x}"_s,
                       u"[SELECT Id FROM User]"_s,
                       u"null"_s,
                       u"NULL"_s,
                       u"true"_s,
                       u"2026-01-01"_s,
                       u"0"_s,
                       u"-1"_s,
                       u"1e9"_s,
                       u" "_s,
                       u"a b"_s,
                       u"--"_s,
                       u"/* */"_s,
                       u"//"_s,
                       u"#"_s,
                       u";"_s,
                       u"?"_s,
                       u"&q=1"_s,
                       u"+"_s,
                       u"a+b@c.de"_s,
                       u"%00"_s,
                       u"@{made.id}"_s,
                       QString(255, u'\''),
                       QString(255, u'\\'),
                       QString(10'000, u'x')};
    values += QString(QChar(0));
    values += u"a"_s + QChar(0) + u"' OR ''='"_s;
    for (char16_t c = 1; c < 0x20; ++c)
        values += u"c"_s + QChar(c) + u"'"_s;
    for (const char16_t c :
         {u'\x7f', u'\x85', u'\xa0', u'\x2028', u'\x2029', u'\xfeff', u'\xd83d', u'\xde00', u'\xffff'})
        values += u"u"_s + QChar(c) + u"'"_s;
    const QStringList pieces{u"'"_s,    u"\\"_s,           u"%"_s,     u"_"_s,   u"\n"_s,   u"\r"_s, u"a"_s,
                             u" OR "_s, u"\\'"_s,          u"u0027"_s, u"😀"_s,  u"\""_s,   u"="_s,  u"("_s,
                             u")"_s,    QString(QChar(0)), u"é"_s,     u"'' "_s, u"LIKE"_s, u"\t"_s};
    QRandomGenerator random(20260521);
    while (values.size() < 900) {
        QString value;
        const int length = 1 + int(random.bounded(12));
        for (int i = 0; i < length; ++i)
            value += pieces[random.bounded(pieces.size())];
        values += value;
    }
    return values;
}

} // namespace parley::fakes

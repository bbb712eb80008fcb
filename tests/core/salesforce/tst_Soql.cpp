#include "core/salesforce/Soql.h"
#include "tests/core/salesforce/HostileValues.h"

#include <QDateTime>
#include <QRegularExpression>
#include <QTest>

using namespace parley;
using namespace parley::salesforce;
using namespace Qt::Literals::StringLiterals;

namespace {

/// Reads one literal at the text's beginning the way Salesforce's guide says, independently of the builder.
/// Nothing when it is unterminated or holds an escape that is not legal.
struct Decoded {
    QString value;
    qsizetype end = 0; ///< just behind the closing quote
};
std::optional<Decoded> decode(const QString &text, bool isLike)
{
    if (!text.startsWith(u'\''))
        return std::nullopt;
    Decoded decoded;
    for (qsizetype i = 1; i < text.size();) {
        const QChar c = text[i];
        if (c == u'\'') {
            decoded.end = i + 1;
            return decoded;
        }
        if (c == u'\n' || c == u'\r' || c.unicode() < 0x20)
            return std::nullopt; // a raw control character ends a statement in more than one place
        if (c != u'\\') {
            decoded.value += c;
            ++i;
            continue;
        }
        if (i + 1 >= text.size())
            return std::nullopt;
        const QChar e = text[i + 1].toLower();
        const QMap<QChar, QChar> simple{
            {u'n', u'\n'}, {u'r', u'\r'}, {u't', u'\t'}, {u'b', u'\b'}, {u'f', u'\f'}};
        if (simple.contains(e)) {
            decoded.value += simple[e];
            i += 2;
        } else if (text[i + 1] == u'\'' || text[i + 1] == u'"' || text[i + 1] == u'\\') {
            decoded.value += text[i + 1];
            i += 2;
        } else if (isLike && (e == u'%' || e == u'_')) {
            decoded.value += QChar(0xe000 + e.unicode()); // told from an unescaped wildcard
            i += 2;
        } else if (e == u'u' && i + 5 < text.size()) {
            bool isOk = false;
            decoded.value += QChar(char16_t(text.mid(i + 2, 4).toUShort(&isOk, 16)));
            if (!isOk)
                return std::nullopt;
            i += 6;
        } else {
            return std::nullopt;
        }
    }
    return std::nullopt;
}

} // namespace

class SoqlTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void literal_hostile_isOneLiteralWithThatValue()
    {
        const QStringList values = fakes::hostileValues();
        QVERIFY(values.size() >= 500);
        for (const QString &value : values) {
            const QString text = soql::literal(value);
            const auto decoded = decode(text, false);
            QVERIFY2(decoded, qPrintable(value));
            QCOMPARE(decoded->value, value);
            QCOMPARE(decoded->end, text.size());
        }
    }

    void like_hostile_hasOnlyOurWildcards()
    {
        for (const QString &value : fakes::hostileValues()) {
            const QString text = soql::likeLiteral(u"%", value, u"%");
            const auto decoded = decode(text, true);
            QVERIFY2(decoded, qPrintable(value));
            QCOMPARE(decoded->end, text.size());
            QString expected = value;
            expected.replace(u'%', QChar(0xe000 + u'%')).replace(u'_', QChar(0xe000 + u'_'));
            QCOMPARE(decoded->value, u'%' + expected + u'%');
        }
    }

    void literal_survivesUtf8()
    {
        for (const QString &value : fakes::hostileValues()) {
            const QString text = soql::literal(value);
            QCOMPARE(QString::fromUtf8(text.toUtf8()), text);
        }
    }

    /// CRM_FACTS part C, 5.
    void trap5_escapes_data()
    {
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("literal");
        QTest::addColumn<QString>("like");
        QTest::newRow("quote") << u"O'Brien"_s << u"'O\\'Brien'"_s << u"'%O\\'Brien%'"_s;
        QTest::newRow("ends in a backslash") << u"a\\"_s << u"'a\\\\'"_s << u"'%a\\\\%'"_s;
        QTest::newRow("backslash, quote") << u"\\'"_s << u"'\\\\\\''"_s << u"'%\\\\\\'%'"_s;
        QTest::newRow("percent") << u"100%"_s << u"'100%'"_s << u"'%100\\%%'"_s;
        QTest::newRow("underscore") << u"a_b"_s << u"'a_b'"_s << u"'%a\\_b%'"_s;
        QTest::newRow("lines") << u"a\r\nb"_s << u"'a\\r\\nb'"_s << u"'%a\\r\\nb%'"_s;
        QTest::newRow("emoji") << u"😀"_s << u"'😀'"_s << u"'%😀%'"_s;
        QTest::newRow("typed escape") << u"\\u0027"_s << u"'\\\\u0027'"_s << u"'%\\\\u0027%'"_s;
    }
    void trap5_escapes()
    {
        QFETCH(QString, value);
        QTEST(soql::literal(value), "literal");
        QTEST(soql::likeLiteral(u"%", value, u"%"), "like");
    }

    void trap5_nul_doesNotEndTheLiteral()
    {
        const QString text = soql::literal(u"a"_s + QChar(0) + u"' OR Name LIKE '%"_s);
        QVERIFY(!text.contains(QChar(0)));
        const auto decoded = decode(text, false);
        QVERIFY(decoded);
        QCOMPARE(decoded->end, text.size());
    }

    void equals_eachType_data()
    {
        QTest::addColumn<QVariant>("value");
        QTest::addColumn<QString>("text");
        QTest::newRow("text") << QVariant(u"O'Brien"_s) << u"F = 'O\\'Brien'"_s;
        QTest::newRow("true") << QVariant(true) << u"F = TRUE"_s;
        QTest::newRow("int") << QVariant(-7) << u"F = -7"_s;
        QTest::newRow("big") << QVariant(qlonglong(9'007'199'254'740'993)) << u"F = 9007199254740993"_s;
        QTest::newRow("double") << QVariant(1234567.25) << u"F = 1234567.25"_s;
        QTest::newRow("date") << QVariant(QDate(2026, 5, 21)) << u"F = 2026-05-21"_s;
        QTest::newRow("instant, from a zone east of UTC")
            << QVariant(QDateTime(QDate(2026, 5, 21), QTime(1, 0), Qt::OffsetFromUTC, 7200))
            << u"F = 2026-05-20T23:00:00Z"_s;
        QTest::newRow("null") << QVariant() << u"F = NULL"_s;
        QTest::newRow("infinite") << QVariant(qInf()) << QString();
        QTest::newRow("a list") << QVariant(QStringList{u"a"_s}) << QString();
    }
    void equals_eachType()
    {
        QFETCH(QVariant, value);
        QFETCH(QString, text);
        const auto condition = soql::equals(u"F"_s, value);
        QCOMPARE(condition.has_value(), !text.isEmpty());
        if (condition)
            QCOMPARE(condition->text(), text);
    }

    void name_hostile_isRefused_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("isPath");
        QTest::newRow("plain") << u"Email"_s << true;
        QTest::newRow("custom") << u"ns__Order_Id__c"_s << true;
        QTest::newRow("dotted") << u"Account.Owner.Name"_s << true;
        QTest::newRow("empty") << QString() << false;
        QTest::newRow("blank") << u"Email "_s << false;
        QTest::newRow("two") << u"Email,Name"_s << false;
        QTest::newRow("condition") << u"Email='x' OR Name"_s << false;
        QTest::newRow("function") << u"COUNT()"_s << false;
        QTest::newRow("empty part") << u"Account..Name"_s << false;
        QTest::newRow("trailing dot") << u"Account."_s << false;
        QTest::newRow("digit first") << u"1st"_s << false;
        QTest::newRow("cyrillic look-alike") << u"Еmail"_s << false;
        QTest::newRow("line feed") << u"Email\n"_s << false;
        QTest::newRow("too deep") << u"A.B.C.D.E.F.G"_s << false;
    }
    void name_hostile_isRefused()
    {
        QFETCH(QString, name);
        QFETCH(bool, isPath);
        QCOMPARE(soql::isPath(name), isPath);
        QCOMPARE(soql::equals(name, u"x"_s).has_value(), isPath);
        QCOMPARE(soql::statementOf({.fields = {name}, .from = u"Contact"_s}).has_value(), isPath);
    }

    void ids_areTheOnlyThingInALists()
    {
        QCOMPARE(soql::isOneOf(u"Id"_s, {u"003000000000001AAA"_s, u"003000000000002"_s})->text(),
                 u"Id IN ('003000000000001AAA','003000000000002')"_s);
        QVERIFY(!soql::isOneOf(u"Id"_s, {u"x') OR Name != ('"_s}));
        QVERIFY(!soql::isOneOf(u"Id"_s, {}));
        QVERIFY(!soql::isId(u"00300000000000"));
        QVERIFY(!soql::isId(u"0030000000000011"));
        QVERIFY(!soql::isId(u"00300000000000'"));
    }

    void statement_whole()
    {
        const soql::Select select{
            .fields = {u"Id"_s, u"Account.Name"_s},
            .from = u"Contact"_s,
            .where = {*soql::equals(u"Email"_s, u"a@b.c"_s), *soql::equals(u"IsDeleted"_s, false)},
            .order = {u"Name DESC"_s},
            .limit = 3};
        QCOMPARE(*soql::statementOf(select),
                 u"SELECT Id, Account.Name FROM Contact WHERE Email = 'a@b.c' AND IsDeleted = "
                 "FALSE ORDER BY Name DESC LIMIT 3"_s);
    }
};

QTEST_GUILESS_MAIN(SoqlTest)
#include "tst_Soql.moc"

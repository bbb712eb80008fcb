#include "app/sandbox/Soql.h"

#include <QRegularExpression>

namespace parley::sandbox::soql {

using namespace Qt::Literals::StringLiterals;

Refusal pointedRefusal(const QString &text, qsizetype at, const QString &code, const QString &message)
{
    qsizetype row = 1;
    qsizetype lineStart = 0;
    for (qsizetype i = 0; i < at && i < text.size(); ++i) {
        if (text.at(i) == u'\n') {
            ++row;
            lineStart = i + 1;
        }
    }
    qsizetype lineEnd = text.indexOf(u'\n', lineStart);
    if (lineEnd < 0)
        lineEnd = text.size();
    const qsizetype column = at - lineStart + 1;
    // A long statement is quoted around the place only.
    constexpr qsizetype kBefore = 60;
    constexpr qsizetype kAfter = 60;
    const qsizetype start = std::max(lineStart, at - kBefore);
    const QString excerpt = text.mid(start, std::min(lineEnd, at + kAfter) - start);
    return refusal(400, code,
                   u"\n%1\n%2^\nERROR at Row:%3:Column:%4\n"_s.arg(excerpt, QString(at - start, u' '))
                           .arg(row)
                           .arg(column) +
                       message);
}

namespace {

bool isWordStart(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || c == u'_';
}

bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

bool isWordPart(QChar c)
{
    return isWordStart(c) || isDigit(c);
}

class Lexer
{
public:
    explicit Lexer(const QString &text)
        : m_text(text)
    {}

    Outcome<QList<Token>> run()
    {
        QList<Token> tokens;
        while (skipBlanks()) {
            const auto token = next();
            if (!token)
                return refuse(token.error());
            tokens.append(*token);
        }
        tokens.append({Token::Kind::End, {}, {}, m_text.size()});
        return tokens;
    }

private:
    bool skipBlanks()
    {
        while (m_at < m_text.size() && m_text.at(m_at).isSpace())
            ++m_at;
        return m_at < m_text.size();
    }

    Outcome<Token> next()
    {
        const QChar c = m_text.at(m_at);
        if (c == u'\'')
            return string();
        if (isWordStart(c))
            return word();
        if (isDigit(c) || ((c == u'-' || c == u'+' || c == u'.') && m_at + 1 < m_text.size() &&
                           (isDigit(m_text.at(m_at + 1)) || m_text.at(m_at + 1) == u'.')))
            return number();
        static const QStringList two{u"!="_s, u"<>"_s, u"<="_s, u">="_s};
        const QString pair = m_text.mid(m_at, 2);
        if (two.contains(pair))
            return symbol(pair);
        if (QStringView(u"()=<>,.:*").contains(c))
            return symbol(QString(c));
        return refuse(400, u"MALFORMED_QUERY"_s,
                      u"line %1 no viable alternative at character '%2'"_s.arg(lineAndColumn(), QString(c)));
    }

    QString lineAndColumn() const
    {
        const qsizetype row = m_text.first(m_at).count(u'\n') + 1;
        const qsizetype start = m_text.lastIndexOf(u'\n', m_at - 1) + 1;
        return u"%1:%2"_s.arg(row).arg(m_at - (m_at > 0 ? start : 0));
    }

    Token symbol(const QString &text)
    {
        const Token token{Token::Kind::Symbol, text, {}, m_at};
        m_at += text.size();
        return token;
    }

    Token word()
    {
        const qsizetype start = m_at;
        while (m_at < m_text.size() && isWordPart(m_text.at(m_at)))
            ++m_at;
        return {Token::Kind::Word, m_text.mid(start, m_at - start), {}, start};
    }

    // Dates have no quotes in SOQL, so a digit may begin a number, a date or a date with its time.
    Outcome<Token> number()
    {
        static const QRegularExpression dateTime(
            u"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:?\\d{2})"_s);
        static const QRegularExpression date(u"^\\d{4}-\\d{2}-\\d{2}(?![\\dT])"_s);
        static const QRegularExpression plain(
            u"^[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?(?![A-Za-z0-9_])"_s);
        const QString rest = m_text.mid(m_at);
        const std::pair<const QRegularExpression *, Token::Kind> forms[] = {
            {&dateTime, Token::Kind::DateTime}, {&date, Token::Kind::Date}, {&plain, Token::Kind::Number}};
        for (const auto &[form, kind] : forms) {
            const auto match = form->match(rest);
            if (match.hasMatch()) {
                const Token token{kind, match.captured(), {}, m_at};
                m_at += match.capturedLength();
                return token;
            }
        }
        qsizetype end = m_at + 1;
        while (end < m_text.size() &&
               (isWordPart(m_text.at(end)) || QStringView(u"-:.").contains(m_text.at(end))))
            ++end;
        return refuse(pointedRefusal(m_text, m_at, u"MALFORMED_QUERY"_s,
                                     u"unexpected token: '%1'"_s.arg(m_text.mid(m_at, end - m_at))));
    }

    // `like` is the pattern as SQL's LIKE with ESCAPE '\' reads it: \% and \_ stay escaped, a backslash is
    // doubled.
    Outcome<Token> string()
    {
        Token token{Token::Kind::String, {}, {}, m_at};
        ++m_at;
        while (m_at < m_text.size()) {
            const QChar c = m_text.at(m_at);
            if (c == u'\'') {
                ++m_at;
                return token;
            }
            if (c == u'\\') {
                if (const auto done = escape(token); !done)
                    return refuse(done.error());
                continue;
            }
            token.text += c;
            token.like += c;
            ++m_at;
        }
        return refuse(pointedRefusal(m_text, token.at, u"MALFORMED_QUERY"_s,
                                     u"mismatched character '<EOF>' expecting '''"_s));
    }

    Outcome<Accepted> escape(Token &token)
    {
        const QChar c = m_at + 1 < m_text.size() ? m_text.at(m_at + 1) : QChar(u' ');
        static const QHash<QChar, QChar> simple{{u'n', u'\n'}, {u'r', u'\r'}, {u't', u'\t'},  {u'b', u'\b'},
                                                {u'f', u'\f'}, {u'"', u'"'},  {u'\'', u'\''}, {u'\\', u'\\'}};
        if (const auto it = simple.constFind(c.toLower()); it != simple.cend()) {
            token.text += *it;
            token.like += *it == u'\\' ? u"\\\\"_s : QString(*it);
            m_at += 2;
            return Accepted{};
        }
        if (c == u'%' || c == u'_') { // legal in LIKE alone: the planner refuses it elsewhere
            token.text += u'\\' + QString(c);
            token.like += u'\\' + QString(c);
            if (token.likeOnly.isEmpty())
                token.likeOnly = u'\\' + QString(c);
            m_at += 2;
            return Accepted{};
        }
        bool ok = false;
        const QString hex = m_text.mid(m_at + 2, 4);
        const ushort unit = hex.size() == 4 ? hex.toUShort(&ok, 16) : ushort(0);
        if ((c == u'u' || c == u'U') && ok) {
            token.text += QChar(unit);
            token.like += QChar(unit) == u'\\' ? u"\\\\"_s : QString(QChar(unit));
            m_at += 6;
            return Accepted{};
        }
        return refuse(
            400, u"MALFORMED_QUERY"_s,
            u"Invalid string literal '%1'. Illegal character sequence '\\%2' in string literal."_s.arg(
                wholeLiteral(token.at), QString(c)));
    }

    QString wholeLiteral(qsizetype start) const
    {
        qsizetype end = start + 1;
        while (end < m_text.size() && m_text.at(end) != u'\'')
            end += m_text.at(end) == u'\\' ? 2 : 1;
        return m_text.mid(start + 1, std::max<qsizetype>(0, end - start - 1));
    }

    const QString &m_text;
    qsizetype m_at = 0;
};

} // namespace

Outcome<QList<Token>> tokenize(const QString &text)
{
    return Lexer(text).run();
}

} // namespace parley::sandbox::soql

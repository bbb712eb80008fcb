#include "app/sandbox/Soql.h"

namespace parley::sandbox::soql {

using namespace Qt::Literals::StringLiterals;

bool isAggregate(const QString &function)
{
    static const QStringList names{u"COUNT"_s, u"COUNT_DISTINCT"_s, u"SUM"_s, u"AVG"_s, u"MIN"_s, u"MAX"_s};
    return names.contains(function);
}

bool isDateFunction(const QString &function)
{
    static const QStringList names{u"CALENDAR_YEAR"_s, u"CALENDAR_QUARTER"_s, u"CALENDAR_MONTH"_s,
                                   u"DAY_ONLY"_s,      u"DAY_IN_MONTH"_s,     u"DAY_IN_WEEK"_s,
                                   u"DAY_IN_YEAR"_s,   u"HOUR_IN_DAY"_s,      u"FISCAL_YEAR"_s,
                                   u"FISCAL_MONTH"_s,  u"FISCAL_QUARTER"_s,   u"WEEK_IN_YEAR"_s};
    return names.contains(function);
}

bool isRendering(const QString &function)
{
    static const QStringList names{u"TOLABEL"_s, u"FORMAT"_s, u"CONVERTCURRENCY"_s};
    return names.contains(function);
}

namespace {

constexpr int kMaxDepth = 60;   // hostile nesting must not eat the stack
constexpr int kMaxChildren = 5; // levels of parent-to-child, the root included
constexpr qsizetype kMaxLength = 100000;

class Parser
{
public:
    Parser(const QString &text, QList<Token> tokens)
        : m_text(text)
        , m_tokens(std::move(tokens))
    {}

    Outcome<Query> whole()
    {
        auto query = select();
        if (query && peek().kind != Token::Kind::End)
            return unexpected();
        return query;
    }

private:
    const Token &peek(int ahead = 0) const
    {
        return m_tokens.at(std::min<qsizetype>(m_next + ahead, m_tokens.size() - 1));
    }
    const Token &take() { return m_tokens.at(std::min<qsizetype>(m_next++, m_tokens.size() - 1)); }
    bool isWord(QLatin1String word, int ahead = 0) const
    {
        return peek(ahead).kind == Token::Kind::Word &&
               peek(ahead).text.compare(word, Qt::CaseInsensitive) == 0;
    }
    bool isSymbol(QLatin1String symbol, int ahead = 0) const
    {
        return peek(ahead).kind == Token::Kind::Symbol && peek(ahead).text == symbol;
    }
    bool takeWord(QLatin1String word)
    {
        const bool there = isWord(word);
        m_next += there ? 1 : 0;
        return there;
    }
    bool takeSymbol(QLatin1String symbol)
    {
        const bool there = isSymbol(symbol);
        m_next += there ? 1 : 0;
        return there;
    }
    tl::unexpected<Refusal> unexpected() const
    {
        const Token &token = peek();
        const QString shown = token.kind == Token::Kind::End ? u"<EOF>"_s : u"'"_s + token.text + u"'"_s;
        return refuse(
            pointedRefusal(m_text, token.at, u"MALFORMED_QUERY"_s, u"unexpected token: "_s + shown));
    }
    bool atClause() const
    {
        static const QStringList clauses{u"from"_s,   u"using"_s, u"where"_s, u"with"_s,   u"group"_s,
                                         u"having"_s, u"order"_s, u"limit"_s, u"offset"_s, u"for"_s,
                                         u"update"_s, u"all"_s,   u"asc"_s,   u"desc"_s,   u"nulls"_s};
        return peek().kind != Token::Kind::Word || clauses.contains(peek().text.toLower());
    }

    Outcome<Query> select()
    {
        if (++m_depth > kMaxDepth)
            return unexpected();
        if (!takeWord("select"_L1))
            return unexpected();
        Query query;
        do {
            auto item = selectItem();
            if (!item)
                return refuse(item.error());
            query.select.append(*item);
        } while (takeSymbol(","_L1));
        if (!takeWord("from"_L1))
            return unexpected();
        const auto from = path();
        if (!from)
            return refuse(from.error());
        query.from = *from;
        if (takeWord("as"_L1) && peek().kind != Token::Kind::Word)
            return unexpected();
        if (!atClause())
            query.alias = take().text;
        if (const auto rest = clauses(query); !rest)
            return refuse(rest.error());
        --m_depth;
        return query;
    }

    Outcome<SelectItem> selectItem()
    {
        SelectItem item;
        item.at = peek().at;
        if (takeSymbol("("_L1)) {
            if (++m_level >= kMaxChildren)
                return refuse(
                    pointedRefusal(m_text, item.at, u"MALFORMED_QUERY"_s,
                                   u"SOQL relationship queries cannot be more than 5 levels deep."_s));
            auto inner = select();
            if (!inner)
                return refuse(inner.error());
            --m_level;
            if (!takeSymbol(")"_L1))
                return unexpected();
            item.kind = SelectItem::Kind::Subquery;
            item.subquery = std::make_shared<Query>(std::move(*inner));
            return item;
        }
        if (isWord("typeof"_L1) && peek(1).kind == Token::Kind::Word)
            return typeOf(std::move(item));
        if (isWord("fields"_L1) && isSymbol("("_L1, 1)) {
            m_next += 2;
            item.kind = SelectItem::Kind::Fields;
            item.fields = take().text.toUpper();
            if (item.fields != u"ALL"_s && item.fields != u"STANDARD"_s && item.fields != u"CUSTOM"_s) {
                --m_next;
                return unexpected();
            }
            if (!takeSymbol(")"_L1))
                return unexpected();
            return item;
        }
        auto parsed = term();
        if (!parsed)
            return refuse(parsed.error());
        item.term = *parsed;
        if (!atClause())
            item.term.alias = take().text;
        return item;
    }

    Outcome<SelectItem> typeOf(SelectItem item)
    {
        ++m_next;
        item.kind = SelectItem::Kind::TypeOf;
        const auto what = path();
        if (!what)
            return refuse(what.error());
        item.typeOf = *what;
        while (isWord("when"_L1) || isWord("else"_L1)) {
            TypeOfBranch branch;
            if (takeWord("when"_L1)) {
                branch.type = take().text;
                if (!takeWord("then"_L1))
                    return unexpected();
            } else {
                ++m_next;
            }
            do {
                const auto field = path();
                if (!field)
                    return refuse(field.error());
                branch.fields.append(*field);
            } while (takeSymbol(","_L1));
            item.branches.append(branch);
        }
        if (item.branches.isEmpty() || !takeWord("end"_L1))
            return unexpected();
        return item;
    }

    Outcome<FieldPath> path()
    {
        FieldPath result;
        result.at = peek().at;
        do {
            if (peek().kind != Token::Kind::Word)
                return unexpected();
            result.parts.append(take().text);
        } while (takeSymbol("."_L1));
        return result;
    }

    // outer: the function around this term, or empty. FORMAT(MIN(x)), CALENDAR_MONTH(convertTimezone(x))
    Outcome<Term> term(const QString &outer = {})
    {
        Term result;
        if (peek().kind == Token::Kind::Word && isSymbol("("_L1, 1)) {
            result.field.at = peek().at;
            result.function = take().text.toUpper();
            ++m_next;
            const bool shifts = result.function == u"CONVERTTIMEZONE"_s;
            const bool fits = shifts                            ? isDateFunction(outer)
                              : isRendering(result.function)    ? outer.isEmpty()
                              : isAggregate(result.function)    ? outer.isEmpty() || isRendering(outer)
                              : isDateFunction(result.function) ? outer.isEmpty()
                                                                : result.function == u"GROUPING"_s;
            if (!fits) {
                m_next -= 2;
                return unexpected();
            }
            if (takeSymbol(")"_L1)) {
                if (result.function == u"COUNT"_s)
                    return result;
                --m_next;
                return unexpected();
            }
            if (++m_depth > kMaxDepth)
                return unexpected();
            const auto inner = term(result.function);
            if (!inner)
                return refuse(inner.error());
            --m_depth;
            if (!takeSymbol(")"_L1))
                return unexpected();
            result.field = inner->field;
            if (isRendering(result.function))
                result.rendering = std::exchange(result.function, inner->function);
            else if (shifts)
                result.function.clear();
            return result;
        }
        const auto field = path();
        if (!field)
            return refuse(field.error());
        result.field = *field;
        return result;
    }

    Outcome<Accepted> clauses(Query &query)
    {
        if (takeWord("using"_L1)) {
            if (!takeWord("scope"_L1))
                return unexpected();
            static const QStringList scopes{
                u"delegated"_s,    u"everything"_s,        u"mine"_s, u"mine_and_my_groups"_s,
                u"my_territory"_s, u"my_team_territory"_s, u"team"_s, u"queue_owned"_s,
                u"user_owned"_s,   u"allprivate"_s};
            if (!scopes.contains(peek().text.toLower()))
                return unexpected();
            query.scope = take().text.toLower();
        }
        if (takeWord("where"_L1)) {
            auto parsed = condition();
            if (!parsed)
                return refuse(parsed.error());
            query.where = std::move(*parsed);
        }
        if (takeWord("with"_L1)) {
            if (!isWord("security_enforced"_L1) && !isWord("user_mode"_L1) && !isWord("system_mode"_L1))
                return unexpected();
            ++m_next;
        }
        if (takeWord("group"_L1)) {
            if (const auto done = grouping(query); !done)
                return done;
        }
        query.orderAt = peek().at;
        if (takeWord("order"_L1)) {
            if (const auto done = ordering(query); !done)
                return done;
        }
        query.limitAt = peek().at;
        if (takeWord("limit"_L1)) {
            const auto n = count();
            if (!n)
                return refuse(n.error());
            query.limit = *n;
        }
        if (takeWord("offset"_L1)) {
            const auto n = count();
            if (!n)
                return refuse(n.error());
            query.offset = *n;
        }
        while (isWord("for"_L1) &&
               (isWord("view"_L1, 1) || isWord("reference"_L1, 1) || isWord("update"_L1, 1)))
            m_next += 2;
        if (isWord("all"_L1) && isWord("rows"_L1, 1))
            return refuse(pointedRefusal(m_text, peek().at, u"MALFORMED_QUERY"_s,
                                         u"ALL ROWS not allowed in this context"_s));
        if (isWord("update"_L1) && (isWord("tracking"_L1, 1) || isWord("viewstat"_L1, 1)))
            m_next += 2;
        return Accepted{};
    }

    Outcome<Accepted> grouping(Query &query)
    {
        if (!takeWord("by"_L1))
            return unexpected();
        if ((isWord("rollup"_L1) || isWord("cube"_L1)) && isSymbol("("_L1, 1)) {
            query.rollup = isWord("rollup"_L1) ? Query::Rollup::Rollup : Query::Rollup::Cube;
            m_next += 2;
        }
        do {
            const auto by = term();
            if (!by)
                return refuse(by.error());
            query.groupBy.append(*by);
        } while (takeSymbol(","_L1));
        if (query.rollup != Query::Rollup::None && (query.groupBy.size() > 3 || !takeSymbol(")"_L1)))
            return unexpected();
        if (takeWord("having"_L1)) {
            auto parsed = condition();
            if (!parsed)
                return refuse(parsed.error());
            query.having = std::move(*parsed);
        }
        return Accepted{};
    }

    Outcome<Accepted> ordering(Query &query)
    {
        if (!takeWord("by"_L1))
            return unexpected();
        do {
            const auto by = term();
            if (!by)
                return refuse(by.error());
            Order order{*by, false, false};
            if (takeWord("desc"_L1))
                order.descending = true;
            else
                takeWord("asc"_L1);
            if (takeWord("nulls"_L1)) {
                if (!isWord("first"_L1) && !isWord("last"_L1))
                    return unexpected();
                order.nullsLast = take().text.compare("last"_L1, Qt::CaseInsensitive) == 0;
            }
            query.orderBy.append(order);
        } while (takeSymbol(","_L1));
        return Accepted{};
    }

    Outcome<int> count()
    {
        bool ok = false;
        const int n = peek().kind == Token::Kind::Number ? peek().text.toInt(&ok) : 0;
        if (!ok || n < 0)
            return unexpected();
        ++m_next;
        return n;
    }

    // AND and OR side by side need parentheses in SOQL: which of them binds tighter is nowhere promised.
    Outcome<Condition> condition()
    {
        if (++m_depth > kMaxDepth)
            return unexpected();
        auto first = factor();
        if (!first || (!isWord("and"_L1) && !isWord("or"_L1))) {
            --m_depth;
            return first;
        }
        const bool isAnd = isWord("and"_L1);
        Condition whole;
        whole.kind = isAnd ? Condition::Kind::And : Condition::Kind::Or;
        whole.children.push_back(std::move(*first));
        while (isAnd ? takeWord("and"_L1) : takeWord("or"_L1)) {
            auto next = factor();
            if (!next)
                return next;
            whole.children.push_back(std::move(*next));
        }
        if (isWord("and"_L1) || isWord("or"_L1))
            return unexpected();
        --m_depth;
        return whole;
    }

    Outcome<Condition> factor()
    {
        if (takeWord("not"_L1)) {
            if (++m_depth > kMaxDepth)
                return unexpected();
            auto inner = factor();
            if (!inner)
                return inner;
            --m_depth;
            Condition negated;
            negated.kind = Condition::Kind::Not;
            negated.children.push_back(std::move(*inner));
            return negated;
        }
        if (takeSymbol("("_L1)) {
            auto inner = condition();
            if (inner && !takeSymbol(")"_L1))
                return unexpected();
            return inner;
        }
        return comparison();
    }

    Outcome<Condition> comparison()
    {
        Condition result;
        const auto left = term();
        if (!left)
            return refuse(left.error());
        result.left = *left;
        const bool hasOperator = readOperator(result);
        if (!hasOperator)
            return unexpected();
        const bool isList = result.op.endsWith(u"IN"_s) || result.op.endsWith(u"CLUDES"_s);
        if (!isList) {
            const auto value = literal();
            if (!value)
                return refuse(value.error());
            result.values.append(*value);
            return result;
        }
        if (isSymbol(":"_L1))
            return refuse(literal().error());
        if (!takeSymbol("("_L1))
            return unexpected();
        if (isWord("select"_L1) && result.op.endsWith(u"IN"_s)) {
            auto inner = select();
            if (!inner)
                return refuse(inner.error());
            result.subquery = std::make_shared<Query>(std::move(*inner));
        } else {
            do {
                const auto value = literal();
                if (!value)
                    return refuse(value.error());
                result.values.append(*value);
            } while (takeSymbol(","_L1));
        }
        if (!takeSymbol(")"_L1))
            return unexpected();
        return result;
    }

    bool readOperator(Condition &result)
    {
        static const QStringList symbols{u"="_s, u"!="_s, u"<>"_s, u"<"_s, u"<="_s, u">"_s, u">="_s};
        static const QStringList words{u"LIKE"_s, u"IN"_s, u"INCLUDES"_s, u"EXCLUDES"_s};
        if (peek().kind == Token::Kind::Symbol && symbols.contains(peek().text)) {
            result.op = take().text;
            if (result.op == u"<>"_s)
                result.op = u"!="_s;
            return true;
        }
        if (isWord("not"_L1) && isWord("in"_L1, 1)) {
            m_next += 2;
            result.op = u"NOT IN"_s;
            return true;
        }
        if (peek().kind != Token::Kind::Word || !words.contains(peek().text.toUpper()))
            return false;
        result.op = take().text.toUpper();
        return true;
    }

    Outcome<Literal> literal()
    {
        const Token token = peek();
        if (isSymbol(":"_L1))
            return refuse(pointedRefusal(m_text, token.at, u"MALFORMED_QUERY"_s,
                                         u"Bind variables only allowed in Apex code"_s));
        Literal value;
        value.at = token.at;
        value.text = token.text;
        value.like = token.like;
        value.likeOnly = token.likeOnly;
        const QString word = token.text.toUpper();
        switch (token.kind) {
        case Token::Kind::String:
            value.kind = Literal::Kind::String;
            break;
        case Token::Kind::Number:
            value.kind = Literal::Kind::Number;
            break;
        case Token::Kind::Date:
            value.kind = Literal::Kind::Date;
            break;
        case Token::Kind::DateTime:
            value.kind = Literal::Kind::DateTime;
            break;
        case Token::Kind::Word:
            if (word == u"NULL"_s) {
                value.kind = Literal::Kind::Null;
            } else if (word == u"TRUE"_s || word == u"FALSE"_s) {
                value.kind = Literal::Kind::Boolean;
                value.text = word;
            } else if (isDateWord(word)) {
                value.kind = Literal::Kind::DateWord;
                value.text = word;
            } else {
                return unexpected();
            }
            break;
        default:
            return unexpected();
        }
        ++m_next;
        if (value.kind == Literal::Kind::DateWord && (word.contains(u"_N_"_s) || word.startsWith(u"N_"_s))) {
            if (!takeSymbol(":"_L1))
                return unexpected();
            const auto n = count();
            if (!n)
                return refuse(n.error());
            value.n = *n;
        }
        return value;
    }

    const QString &m_text;
    QList<Token> m_tokens;
    qsizetype m_next = 0;
    int m_depth = 0;
    int m_level = 0;
};

} // namespace

Outcome<Query> parse(const QString &text)
{
    if (text.size() > kMaxLength)
        return refuse(400, u"MALFORMED_QUERY"_s,
                      u"SOQL statements cannot be longer than 100000 characters."_s);
    auto tokens = tokenize(text);
    if (!tokens)
        return refuse(tokens.error());
    return Parser(text, std::move(*tokens)).whole();
}

} // namespace parley::sandbox::soql

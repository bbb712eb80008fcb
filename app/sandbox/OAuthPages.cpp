#include "app/sandbox/OAuth.h"

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

QByteArray page(const QString &title, const QString &body)
{
    static const QString frame = uR"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>%1</title><style>
:root{color-scheme:light dark;--bg:#f3f5f8;--card:#fff;--ink:#17202c;--soft:#5a6675;--line:#c9d0da;--go:#0b5cab;--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--bg:#12161c;--card:#1c222b;--ink:#e8ecf2;--soft:#a2adbb;--line:#3b4553;--go:#5aa2ee;--bad:#ff8a80}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:flex;align-items:center;justify-content:center;
background:var(--bg);color:var(--ink);font:15px/1.45 system-ui,"Segoe UI",Cantarell,"Noto Sans",sans-serif}
main{width:min(26rem,calc(100vw - 2rem));background:var(--card);border:1px solid var(--line);border-radius:12px;padding:2rem}
.mark{width:2.75rem;height:2.75rem;border-radius:10px;background:var(--go);color:var(--card);font-weight:700;font-size:1.3rem;
display:flex;align-items:center;justify-content:center;margin-bottom:1rem}
h1{font-size:1.25rem;margin:0 0 .25rem}p{margin:.25rem 0 1rem;color:var(--soft)}label{display:block;font-weight:600;margin:.9rem 0 .3rem}
input[type=text],input[type=password]{width:100%;padding:.6rem .7rem;border:1px solid var(--line);border-radius:8px;
background:transparent;color:inherit;font:inherit}
input:focus-visible{outline:2px solid var(--go);outline-offset:2px}
.error{color:var(--bad);font-weight:600;margin:1rem 0 0}ul{margin:.5rem 0 1rem;padding-left:1.2rem}
.row{display:flex;gap:.75rem;margin-top:1.4rem}
input[type=submit]{flex:1;padding:.65rem 1rem;border-radius:8px;border:1px solid var(--go);background:var(--go);color:var(--card);
font:inherit;font-weight:600;cursor:pointer}
input[type=submit].plain{background:transparent;color:inherit;border-color:var(--line)}
small{display:block;margin-top:1.25rem;color:var(--soft)}</style></head>
<body><main><div class="mark" aria-hidden="true">S</div>%2<small>Parley CRM sandbox: made-up people, no real org.</small></main></body></html>
)"_s;
    return frame.arg(title.toHtmlEscaped(), body).toUtf8(); // one arg() call: a "%1" in the body stays text
}

} // namespace

QByteArray signInPage(const QString &ticket, const QString &username, const QString &error)
{
    const QString alert = error.isEmpty() ? QString()
                                          : u"<p id=\"error\" class=\"error\" role=\"alert\">"_s +
                                                error.toHtmlEscaped() + u"</p>"_s;
    const QString focusName = username.isEmpty() ? u" autofocus"_s : QString();
    const QString focusWord = username.isEmpty() ? QString() : u" autofocus"_s;
    return page(
        u"Login | CRM sandbox"_s,
        u"<h1>Log in</h1><p>to the sales org of Tallyworks</p>"
        "<form method=\"post\" action=\"/services/oauth2/signin\" id=\"login_form\">"
        "<input type=\"hidden\" name=\"ticket\" value=\"%1\">"
        "<label for=\"username\">Username</label><input type=\"text\" id=\"username\" name=\"username\" "
        "value=\"%2\" "
        "autocomplete=\"username\" spellcheck=\"false\" autocapitalize=\"off\" required%3>"
        "<label for=\"password\">Password</label><input type=\"password\" id=\"password\" name=\"pw\" "
        "autocomplete=\"current-password\" required%4>%5"
        "<div class=\"row\"><input type=\"submit\" id=\"Login\" name=\"Login\" value=\"Log In\"></div></form>"_s
            .arg(ticket.toHtmlEscaped(), username.toHtmlEscaped(), focusName, focusWord, alert));
}

QByteArray consentPage(const QString &ticket, const QString &user, const QStringList &scopes)
{
    static const QHash<QString, QString> meanings{{u"api"_s, u"Manage user data via APIs"_s},
                                                  {u"refresh_token"_s, u"Perform requests at any time"_s},
                                                  {u"offline_access"_s, u"Perform requests at any time"_s},
                                                  {u"openid"_s, u"Access unique user identifiers"_s},
                                                  {u"id"_s, u"Access the identity URL service"_s},
                                                  {u"profile"_s, u"Access your profile"_s},
                                                  {u"email"_s, u"Access your e-mail address"_s},
                                                  {u"web"_s, u"Manage user data via Web browsers"_s},
                                                  {u"full"_s, u"Full access"_s}};
    QString items;
    QStringList said;
    for (const QString &scope : scopes) {
        const QString meaning = meanings.value(scope, scope);
        if (!said.contains(meaning))
            items += u"<li>"_s + meaning.toHtmlEscaped() + u"</li>"_s;
        said.append(meaning);
    }
    return page(
        u"Allow Access? | CRM sandbox"_s,
        u"<h1>Allow access?</h1><p>Parley asks to:</p><ul>%1</ul><p>You are signed in as "
        u"<strong>%2</strong>.</p>"
        "<form method=\"post\" action=\"/services/oauth2/consent\"><input type=\"hidden\" name=\"ticket\" "
        "value=\"%3\">"
        "<div class=\"row\"><input type=\"submit\" class=\"plain\" id=\"oadeny\" name=\"oadeny\" "
        "value=\"Deny\">"
        "<input type=\"submit\" id=\"oaapprove\" name=\"oaapprove\" value=\"Allow\" autofocus></div></form>"_s
            .arg(items, user.toHtmlEscaped(), ticket.toHtmlEscaped()));
}

QByteArray errorPage(const QString &code, const QString &description)
{
    return page(u"Error | CRM sandbox"_s,
                u"<h1>OAuth error</h1><p>We can't authorize you because of an OAuth error.</p>"
                "<p id=\"error\" role=\"alert\"><strong>%1</strong>: %2</p>"_s.arg(
                    code.toHtmlEscaped(), description.toHtmlEscaped()));
}

} // namespace parley::sandbox

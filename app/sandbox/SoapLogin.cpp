#include "app/sandbox/OAuth.h"
#include "app/sandbox/RecordId.h"

#include <QRegularExpression>
#include <QXmlStreamReader>

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString kEnvelope =
    u"<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
    "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" "
    "xmlns=\"urn:partner.soap.sforce.com\" xmlns:sf=\"urn:fault.partner.soap.sforce.com\" "
    "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body>%1</soapenv:Body>"
    "</soapenv:Envelope>"_s;

Reply xml(const QString &body, int status)
{
    Reply reply;
    reply.status = status;
    reply.contentType = "text/xml;charset=UTF-8";
    reply.raw = QString(kEnvelope).replace(u"%1"_s, body).toUtf8();
    return reply;
}

// SOAP 1.1 wants its faults under status 500; this is the one place where the sandbox says so.
Reply fault(const QString &code, const QString &message)
{
    return xml(u"<soapenv:Fault><faultcode>%1</faultcode><faultstring>%1: %2</faultstring><detail>"
               "<sf:LoginFault xsi:type=\"sf:LoginFault\"><sf:exceptionCode>%1</sf:exceptionCode>"
               "<sf:exceptionMessage>%2</sf:exceptionMessage></sf:LoginFault></detail></soapenv:Fault>"_s.arg(
                   code, message.toHtmlEscaped()),
               500);
}

} // namespace

// Only what clients need to begin and end a session: login and logout.
Reply OAuth::soap(const Request &request)
{
    static const QRegularExpression address(u"^/services/Soap/[uc]/(\\d+)\\.0"_s);
    if (!address.match(request.path).hasMatch() || request.method != "POST")
        return fault(u"UNKNOWN_EXCEPTION"_s, u"Destination URL not reset"_s);
    QString operation;
    QHash<QString, QString> values;
    QXmlStreamReader reader(request.body);
    bool inBody = false;
    while (!reader.atEnd()) {
        if (reader.readNext() != QXmlStreamReader::StartElement)
            continue;
        const QString name = reader.name().toString();
        if (name == u"username"_s || name == u"password"_s || name == u"sessionId"_s)
            values.insert(name, reader.readElementText(QXmlStreamReader::IncludeChildElements));
        else if (inBody && operation.isEmpty())
            operation = name;
        else if (name == u"Body"_s)
            inBody = true;
    }
    if (reader.hasError())
        return fault(u"soapenv:Client"_s, reader.errorString());
    if (operation == u"logout"_s) {
        m_store.run(u"DELETE FROM sandbox_token WHERE token = ?"_s, {values.value(u"sessionId"_s)});
        return xml(u"<logoutResponse/>"_s, 200);
    }
    if (operation != u"login"_s)
        return fault(u"INVALID_OPERATION"_s, u"the sandbox knows login and logout only"_s);
    const QVariantMap user = userByName(values.value(u"username"_s));
    if (user.isEmpty() || values.value(u"password"_s) != m_settings.password)
        return fault(u"INVALID_LOGIN"_s,
                     u"Invalid username, password, security token; or user locked out."_s);
    const QString token = newToken(organizationId().first(15) + u"!AQ"_s);
    const QString userId = user.value(u"Id"_s).toString();
    putToken(token, u"access"_s, userId, u"api"_s, newToken(u"f"_s), m_settings.sessionLifetime);
    const auto text = [&user](const QString &field) {
        return user.value(field).toString().toHtmlEscaped();
    };
    return xml(u"<loginResponse><result><metadataServerUrl>%1/services/Soap/m/62.0/%2</metadataServerUrl>"
               "<passwordExpired>false</passwordExpired><sandbox>true</sandbox>"
               "<serverUrl>%1%3/%2</serverUrl><sessionId>%4</sessionId><userId>%5</userId><userInfo>"
               "<organizationId>%2</organizationId><organizationName>Tallyworks</organizationName>"
               "<sessionSecondsValid>%6</sessionSecondsValid><userEmail>%7</userEmail><userFullName>%8</"
               "userFullName>"
               "<userId>%5</userId><userName>%9</userName></userInfo></result></loginResponse>"_s.arg(
                   m_settings.baseUrl, organizationId(), address.match(request.path).captured(), token,
                   userId, QString::number(m_settings.sessionLifetime.count()), text(u"Email"_s),
                   text(u"Name"_s), text(u"Username"_s)),
               200);
}

} // namespace parley::sandbox

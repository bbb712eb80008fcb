#include "core/hub/Config.h"

#include <QJsonDocument>

namespace parley::hub {

using namespace Qt::Literals::StringLiterals;

QList<wire::FormField> standardForm()
{
    return {
        {.name = u"name"_s, .label = u"Your name"_s, .type = u"text"_s, .required = true, .options = {}},
        {.name = u"email"_s, .label = u"Email"_s, .type = u"email"_s, .required = true, .options = {}},
        {.name = u"phone"_s, .label = u"Phone"_s, .type = u"tel"_s, .required = false, .options = {}},
        {.name = u"company"_s, .label = u"Company"_s, .type = u"text"_s, .required = false, .options = {}},
        {.name = u"department"_s,
         .label = u"Department"_s,
         .type = u"select"_s,
         .required = false,
         .options = {u"Sales"_s, u"Billing"_s, u"Support"_s}},
        {.name = u"product"_s, .label = u"Product"_s, .type = u"text"_s, .required = false, .options = {}}};
}

QByteArray ReadyLine::toJson() const
{
    const QJsonObject object{
        {u"url"_s, url}, {u"widget"_s, widget}, {u"agentWs"_s, agentWs}, {u"visitorWs"_s, visitorWs}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

} // namespace parley::hub

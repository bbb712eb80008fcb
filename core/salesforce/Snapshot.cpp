// What an org says about itself, as it says it: for a sandbox that behaves as that org does (parley-sandbox
// --org).
#include "core/salesforce/SalesforceClient.h"
#include "core/salesforce/Soql.h"

namespace parley::salesforce {

using namespace Qt::Literals::StringLiterals;

namespace {

/// The kinds that Parley reads or writes.
QList<RecordKind> ourKinds()
{
    QList<RecordKind> kinds{kinds::account, kinds::contact, kinds::lead,
                            kinds::crmCase, kinds::task,    kinds::user};
    for (const QString &name : {u"Note"_s, u"ContentNote"_s, u"ContentVersion"_s, u"ContentDocumentLink"_s})
        kinds.append({name});
    return kinds;
}

bool isAbsent(const Error &error)
{
    return error.code == Errc::NotFound || error.code == Errc::Forbidden;
}

} // namespace

Async<crm::OrgSnapshot> SalesforceClient::snapshot(QList<RecordKind> kinds)
{
    const auto self = shared_from_this();
    const QList<RecordKind> wanted = kinds.isEmpty() ? ourKinds() : kinds;
    for (const RecordKind &kind : wanted) {
        if (!soql::isName(kind.name))
            co_return fail(Errc::InvalidInput, u"'%1' is no kind's name"_s.arg(kind.name));
    }
    crm::OrgSnapshot taken;
    const Call all{.path = u"sobjects"_s};
    auto global = co_await m_api->call(all);
    if (!global)
        co_return fail(global.error());
    taken.documents.append({u"salesforce/describe/Global.json"_s, global->bytes});
    for (const RecordKind &kind : wanted) {
        const Call about{.path = describePath(kind)};
        auto describe = co_await m_api->call(about);
        if (!describe && isAbsent(describe.error())) {
            taken.skipped.append(kind.name);
            continue;
        }
        if (!describe)
            co_return fail(describe.error());
        // Under the org's own spelling, by which a sandbox looks for it.
        const QString name = describe->json[u"name"].toString();
        if (!soql::isName(name))
            co_return fail(Errc::BadReply, u"a description without a name"_s);
        taken.documents.append({u"salesforce/describe/%1.json"_s.arg(name), describe->bytes});
        if (!describe->json[u"layoutable"].toBool(true))
            continue;
        const Call forms{.path = describePath(kind) + u"/layouts"_s};
        auto layouts = co_await m_api->call(forms);
        if (!layouts && isAbsent(layouts.error()))
            continue; // a kind without a page of its own
        if (!layouts)
            co_return fail(layouts.error());
        taken.documents.append({u"salesforce/layouts/%1.json"_s.arg(name), layouts->bytes});
        if (layouts->json[u"layouts"].isArray())
            continue;
        // Several record types: the org wants to be asked for each of them.
        const QJsonArray mappings = layouts->json[u"recordTypeMappings"].toArray();
        for (const QJsonValue mapping : mappings) {
            const QString id = mapping[u"recordTypeId"].toString();
            if (!soql::isId(id)) // also of one that this user may not choose: records carry it
                continue;
            const Call one{.path = forms.path + u'/' + id};
            auto layout = co_await m_api->call(one);
            if (!layout && isAbsent(layout.error()))
                continue;
            if (!layout)
                co_return fail(layout.error());
            taken.documents.append({u"salesforce/layouts/%1/%2.json"_s.arg(name, id), layout->bytes});
        }
    }
    co_return taken;
}

} // namespace parley::salesforce

// The REST API under /services/data: finds the resource that a path names and answers for it.
#pragma once

#include "app/sandbox/HttpFrames.h"
#include "app/sandbox/OAuth.h"
#include "app/sandbox/Records.h"
#include "app/sandbox/SoqlRun.h"

namespace parley::sandbox {

class Rest
{
public:
    /// whole: the org; visible: what of it the users of the API see.
    Rest(Store &store, const Metadata &whole, const Metadata &visible, Clock &clock,
         const OrgSettings &settings, QString baseUrl);
    /// What is visible is another by now: whoever has kept a describe is told so.
    void metadataChanged();

    /// path starts with /services/data. The request has its session already; none is needed for the list of
    /// versions.
    [[nodiscard]] Reply serve(const Request &request, const std::optional<Session> &session);

private:
    struct Call {
        const Request &request;
        QString version;   ///< "v62.0"
        QStringList parts; ///< of the path after the version, decoded
        FormValues query;
        Session session;
        QByteArray method; ///< after ?_HttpMethod=
        int depth = 0;     ///< inside composite or batch: 1
    };

    static Reply notFound();
    /// allowed: "HEAD,GET,POST"
    static Reply notAllowed(const Call &call, const QString &allowed);

    Reply dispatch(const Call &call);
    Reply inner(const Call &outer, const QByteArray &method, const QString &url, const QJsonValue &body,
                const QJsonObject &headers);

    // RestDescribe.cpp
    Reply versions() const;
    Reply resources(const Call &call) const;
    Reply globalDescribe(const Call &call) const;
    Reply describeBasic(const Call &call, const ObjectInfo &object);
    Reply describe(const Call &call, const ObjectInfo &object) const;
    Reply layouts(const Call &call, const ObjectInfo &object) const;
    Reply compactLayouts(const Call &call, const ObjectInfo &object) const;
    Reply conditional(const Call &call, const QByteArray &bytes) const;
    QByteArray localized(QByteArray bytes, const QString &version) const;
    Reply limits() const;
    Reply recordCount(const Call &call);

    // RestRecords.cpp
    Reply sobjects(const Call &call);
    Reply record(const Call &call, const ObjectInfo &object);
    Reply readRecord(const Call &call, const ObjectInfo &object, const QString &id,
                     const QStringList &fields);
    Reply create(const Call &call, const ObjectInfo &object);
    Reply change(const Call &call, const ObjectInfo &object, const QString &id);
    Reply byExternalId(const Call &call, const ObjectInfo &object);
    Reply blobOf(const Call &call, const ObjectInfo &object, const QString &id, const QString &field);
    Reply related(const Call &call, const ObjectInfo &object, const QString &id);
    Reply changedBetween(const Call &call, const ObjectInfo &object);
    Reply recent(const Call &call, const QString &object);
    Outcome<QJsonObject> bodyObject(const Call &call) const;
    /// Refuses a member that is there and is no truth value.
    static Outcome<Accepted> boolOrNone(const QJsonObject &body, const QString &name);
    Outcome<QJsonObject> multipartBody(const Call &call) const;
    WriteContext writeContext(const Call &call) const;

    // RestQuery.cpp
    Reply query(const Call &call, bool all);
    Reply nextPage(const Call &call, const QString &locator, const QString &resource);
    Reply page(const Call &call, const QString &id, qsizetype from, const QString &resource);
    soql::Context context(const Call &call, bool all = false) const;

    // RestSearch.cpp
    struct Wanted {
        const ObjectInfo *object;
        QStringList fields;
        int limit;
        QString where; ///< SOQL condition; empty: none
        QString order; ///< what stands behind ORDER BY; empty: by Id
    };
    struct Search {
        QString text;
        QString in;
        QList<Wanted> wanted;
        int overall;
        int offset = 0;
    };
    /// by: its limit, condition and order as the request has them.
    Outcome<Accepted> want(Search &search, const QString &name, const QStringList &fields, Wanted by) const;
    /// Those of the found that meet the condition, in the order asked for.
    Outcome<QStringList> sifted(const Call &call, const Wanted &want, const QStringList &ids) const;
    Outcome<Search> searchFromBody(const Call &call) const;
    Outcome<Search> searchFromQuery(const Call &call) const;
    /// Why a text is too short to be searched for; nothing when it is not.
    static std::optional<Reply> shortTerm(const QString &text);
    Reply parameterizedSearch(const Call &call);
    Reply sosl(const Call &call);
    Outcome<QJsonArray> find(const Call &call, const QString &text, const QString &in,
                             const QList<Wanted> &wanted, int overall);

    // RestComposite.cpp
    Reply compositeFamily(const Call &call);
    Reply composite(const Call &call);
    Reply batch(const Call &call);
    Reply graph(const Call &call);
    Reply tree(const Call &call);
    void plant(const Call &call, const QJsonValue &record, const QString &object, const QJsonObject &link,
               QJsonArray &results, QJsonArray &faults, int depth);
    Reply collections(const Call &call);
    Reply collectionWrite(const Call &call);
    Reply collectionRead(const Call &call, const ObjectInfo &object);
    Reply collectionDelete(const Call &call);
    /// The record's save result; why the whole request cannot be read, where that is so.
    Outcome<QJsonObject> saveRecord(const Call &call, const QJsonObject &record, bool &failed);
    QJsonArray runComposite(const Call &call, const QJsonArray &requests, bool allOrNone, bool &failed);

    // RestUiApi.cpp
    Reply uiApi(const Call &call);
    Reply uiRecords(const Call &call);
    QJsonObject objectInfo(const ObjectInfo &object) const;
    QJsonObject recordDefaults(const Call &call, const ObjectInfo &object) const;

    struct Cursor {
        QJsonArray records;
        qsizetype batchSize = 0;
        QString userId;
    };

    Store &m_store;
    const Metadata &m_metadata;
    Clock &m_clock;
    const OrgSettings &m_settings;
    Records m_records;
    QString m_baseUrl;
    QDateTime m_metadataSince;
    QHash<QString, Cursor> m_cursors;
    int m_nextCursor = 1;
    int m_used = 0;
};

} // namespace parley::sandbox

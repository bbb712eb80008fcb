#include "app/sandbox/Seed.h"

#include "app/sandbox/RecordId.h"
#include "app/sandbox/Records.h"
#include "app/sandbox/SoqlPlan.h"
#include "core/base/Clock.h"

namespace parley::sandbox {

using namespace Qt::Literals::StringLiterals;

namespace {

class Seeder
{
public:
    Seeder(Store &store, const Metadata &metadata, Clock &clock)
        : m_store(store)
        , m_metadata(metadata)
        , m_records(store, metadata, clock, m_settings)
        , m_now(QDateTime::fromSecsSinceEpoch(clock.now().toSecsSinceEpoch(), Qt::UTC))
    {
        m_context.ruleless = true;
        m_context.userId = makeId(u"005", 1001);
    }

    /// Keeps what this org's metadata knows; the id, or empty when it has no such object.
    QString add(const QString &type, QJsonObject values, int daysAgo = 30)
    {
        const ObjectInfo *object = m_metadata.object(type);
        if (!object)
            return {};
        for (const QString &key : values.keys()) {
            const Field *field = object->field(key);
            if (!field || values.value(key).isNull() || values.value(key).isUndefined())
                values.remove(key);
        }
        if (object->has(u"CreatedDate") && !values.contains(u"CreatedDate"_s))
            values.insert(u"CreatedDate"_s, soql::datetimeText(m_now.addDays(-daysAgo)));
        const auto id = m_records.create(*object, values, m_context);
        return id ? *id : QString();
    }

    void organization();
    void recordTypes();
    void users();
    void campaigns();
    void knownPeople();
    void peopleAbroad();
    void crowd();

private:
    Store &m_store;
    const Metadata &m_metadata;
    OrgSettings m_settings;
    Records m_records;
    QDateTime m_now;
    WriteContext m_context;
    QStringList m_owners;
};

void Seeder::organization()
{
    const ObjectInfo *object = m_metadata.object(u"Organization");
    const QString id = makeId(u"00D", 7);
    if (!object || !m_store.row(*object, id).isEmpty())
        return;
    m_store.insert(*object, {{u"Id"_s, id},
                             {u"Name"_s, u"Tallyworks"_s},
                             {u"OrganizationType"_s, u"Developer Edition"_s},
                             {u"InstanceName"_s, u"SBX1"_s},
                             {u"IsSandbox"_s, 1},
                             {u"LanguageLocaleKey"_s, u"en_US"_s},
                             {u"DefaultLocaleSidKey"_s, u"en_GB"_s},
                             {u"TimeZoneSidKey"_s, u"Europe/London"_s},
                             {u"Country"_s, u"GB"_s},
                             {u"DefaultCurrencyIsoCode"_s, u"GBP"_s},
                             {u"CreatedDate"_s, soql::datetimeText(m_now.addDays(-900))},
                             {u"SystemModstamp"_s, soql::datetimeText(m_now.addDays(-900))}});
}

void Seeder::recordTypes()
{
    const ObjectInfo *types = m_metadata.object(u"RecordType");
    if (!types)
        return;
    for (const ObjectInfo &object : m_metadata.objects()) {
        for (const RecordTypeInfo &type : object.recordTypes) {
            if (type.master || !m_store.row(*types, type.id).isEmpty())
                continue;
            m_store.insert(*types, {{u"Id"_s, type.id},
                                    {u"Name"_s, type.name},
                                    {u"DeveloperName"_s, type.developerName},
                                    {u"SobjectType"_s, object.name},
                                    {u"IsActive"_s, type.active ? 1 : 0},
                                    {u"CreatedDate"_s, soql::datetimeText(m_now.addDays(-400))},
                                    {u"CreatedById"_s, m_context.userId},
                                    {u"LastModifiedDate"_s, soql::datetimeText(m_now.addDays(-400))},
                                    {u"LastModifiedById"_s, m_context.userId},
                                    {u"SystemModstamp"_s, soql::datetimeText(m_now.addDays(-400))}});
        }
    }
}

void Seeder::users()
{
    struct Person {
        QString first, last, title;
        bool active;
    };
    const QList<Person> people{{u"Nora"_s, u"Whitfield"_s, u"Support Lead"_s, true},
                               {u"Lewis"_s, u"Grant"_s, u"Account Manager"_s, true},
                               {u"Emil"_s, u"Berg"_s, u"Support Agent"_s, true},
                               {u"Maya"_s, u"Ortiz"_s, u"Sales Development"_s, true},
                               {u"Tomas"_s, u"Novak"_s, u"Former Agent"_s, false}};
    for (const Person &person : people) {
        const QString mail = (person.first + u'.' + person.last).toLower() + u"@tallyworks.example"_s;
        const QString id = add(u"User"_s,
                               {{u"Username"_s, mail},
                                {u"Email"_s, mail},
                                {u"FirstName"_s, person.first},
                                {u"LastName"_s, person.last},
                                {u"Title"_s, person.title},
                                {u"Alias"_s, QString(person.first.left(1) + person.last.left(7)).toLower()},
                                {u"CommunityNickname"_s, mail.section(u'@', 0, 0)},
                                {u"IsActive"_s, person.active},
                                {u"UserType"_s, u"Standard"_s},
                                {u"TimeZoneSidKey"_s, u"Europe/London"_s},
                                {u"LocaleSidKey"_s, u"en_GB"_s},
                                {u"LanguageLocaleKey"_s, u"en_US"_s},
                                {u"EmailEncodingKey"_s, u"UTF-8"_s},
                                {u"CompanyName"_s, u"Tallyworks"_s}},
                               800);
        if (person.active)
            m_owners.append(id);
    }
    add(u"Group"_s,
        {{u"Name"_s, u"Chat leads"_s},
         {u"DeveloperName"_s, u"Chat_Leads"_s},
         {u"Type"_s, u"Queue"_s},
         {u"Email"_s, u"leads@tallyworks.example"_s}},
        700);
    add(u"Group"_s,
        {{u"Name"_s, u"Support queue"_s}, {u"DeveloperName"_s, u"Support_Queue"_s}, {u"Type"_s, u"Queue"_s}},
        700);
}

void Seeder::campaigns()
{
    const auto day = [this](int days) {
        return m_now.date().addDays(days).toString(Qt::ISODate);
    };
    add(u"Campaign"_s, {{u"Name"_s, u"Spring trial 2026"_s},
                        {u"Type"_s, u"Email"_s},
                        {u"Status"_s, u"In Progress"_s},
                        {u"IsActive"_s, true},
                        {u"StartDate"_s, day(-40)},
                        {u"EndDate"_s, day(50)},
                        {u"BudgetedCost"_s, 12000}});
    add(u"Campaign"_s, {{u"Name"_s, u"Studio spring webinar"_s},
                        {u"Type"_s, u"Webinar"_s},
                        {u"Status"_s, u"Planned"_s},
                        {u"IsActive"_s, true},
                        {u"StartDate"_s, day(14)}});
    add(u"Campaign"_s, {{u"Name"_s, u"Autumn newsletter 2025"_s},
                        {u"Type"_s, u"Email"_s},
                        {u"Status"_s, u"Completed"_s},
                        {u"IsActive"_s, false},
                        {u"StartDate"_s, day(-220)},
                        {u"EndDate"_s, day(-160)}});
}

// The people whom the demo's visitors turn out to be.
void Seeder::knownPeople()
{
    const QString lewis = m_owners.value(1);
    const QString maya = m_owners.value(3);
    const QString northgate = add(u"Account"_s,
                                  {{u"Name"_s, u"Northgate Logistics"_s},
                                   {u"Phone"_s, u"+44 113 496 0100"_s},
                                   {u"Website"_s, u"https://northgate.example"_s},
                                   {u"Industry"_s, u"Transportation"_s},
                                   {u"BillingCity"_s, u"Leeds"_s},
                                   {u"BillingCountry"_s, u"United Kingdom"_s},
                                   {u"NumberOfEmployees"_s, 340},
                                   {u"OwnerId"_s, lewis}},
                                  500);
    const QString amelia = add(u"Contact"_s,
                               {{u"FirstName"_s, u"Amelia"_s},
                                {u"LastName"_s, u"Hart"_s},
                                {u"Email"_s, u"amelia.hart@northgate.example"_s},
                                {u"Phone"_s, u"+44 113 496 0142"_s},
                                {u"MobilePhone"_s, u"+44 7700 900142"_s},
                                {u"Title"_s, u"Analyst"_s},
                                {u"Department"_s, u"Operations"_s},
                                {u"AccountId"_s, northgate},
                                {u"MailingStreet"_s, u"12 Canal Wharf"_s},
                                {u"MailingCity"_s, u"Leeds"_s},
                                {u"MailingPostalCode"_s, u"LS11 5PS"_s},
                                {u"MailingCountry"_s, u"United Kingdom"_s},
                                {u"LeadSource"_s, u"Web"_s},
                                {u"OwnerId"_s, lewis}},
                               420);
    add(u"Case"_s,
        {{u"Subject"_s, u"Export of the monthly report stops at page 3"_s},
         {u"ContactId"_s, amelia},
         {u"AccountId"_s, northgate},
         {u"Status"_s, u"Working"_s},
         {u"Origin"_s, u"Email"_s},
         {u"Priority"_s, u"Medium"_s},
         {u"OwnerId"_s, m_owners.value(2)}},
        9);
    add(u"Task"_s,
        {{u"Subject"_s, u"Call"_s},
         {u"WhoId"_s, amelia},
         {u"WhatId"_s, northgate},
         {u"Status"_s, u"Completed"_s},
         {u"ActivityDate"_s, m_now.date().addDays(-6).toString(Qt::ISODate)},
         {u"OwnerId"_s, lewis}},
        6);
    add(u"Lead"_s,
        {{u"FirstName"_s, u"Priya"_s},
         {u"LastName"_s, u"Nair"_s},
         {u"Company"_s, u"Brightloom"_s},
         {u"Email"_s, u"priya.nair@brightloom.example"_s},
         {u"Phone"_s, u"+91 80 5550 0117"_s},
         {u"Title"_s, u"Head of Customer Care"_s},
         {u"City"_s, u"Bengaluru"_s},
         {u"Country"_s, u"India"_s},
         {u"Status"_s, u"Working - Contacted"_s},
         {u"LeadSource"_s, u"Web"_s},
         {u"Rating"_s, u"Warm"_s},
         {u"OwnerId"_s, maya}},
        12);
    add(u"Lead"_s,
        {{u"FirstName"_s, u"Sofia"_s},
         {u"LastName"_s, u"Rossi"_s},
         {u"Company"_s, u"Studio Rossi"_s},
         {u"Email"_s, u"sofia.rossi@studiorossi.example"_s},
         {u"Phone"_s, u"+39 06 555 0188"_s},
         {u"Status"_s, u"Open - Not Contacted"_s},
         {u"LeadSource"_s, u"Partner Referral"_s},
         {u"City"_s, u"Roma"_s},
         {u"Country"_s, u"Italy"_s},
         {u"OwnerId"_s, maya}},
        4);
}

// The one e-mail address that three people share, and acquaintances on other continents.
void Seeder::peopleAbroad()
{
    const QString lewis = m_owners.value(1);
    const QString maya = m_owners.value(3);
    const QString fjordline = add(u"Account"_s,
                                  {{u"Name"_s, u"Fjordline Foods"_s},
                                   {u"Phone"_s, u"+47 55 55 01 30"_s},
                                   {u"Industry"_s, u"Food & Beverage"_s},
                                   {u"BillingCity"_s, u"Bergen"_s},
                                   {u"BillingCountry"_s, u"Norway"_s},
                                   {u"OwnerId"_s, lewis}},
                                  600);
    for (const auto &[first, title] :
         {std::pair{u"Jonas"_s, u"Purchasing Manager"_s}, std::pair{u"Jonas"_s, u"Warehouse Lead"_s},
          std::pair{u"Ingrid"_s, u"Office Manager"_s}})
        add(u"Contact"_s,
            {{u"FirstName"_s, first},
             {u"LastName"_s, u"Lindqvist"_s},
             {u"Title"_s, title},
             {u"Email"_s, u"office@fjordline.example"_s},
             {u"Phone"_s, u"+47 55 55 01 31"_s},
             {u"AccountId"_s, fjordline},
             {u"MailingCity"_s, u"Bergen"_s},
             {u"MailingCountry"_s, u"Norway"_s},
             {u"OwnerId"_s, lewis}},
            300);
    const QString meyerBau = add(u"Account"_s,
                                 {{u"Name"_s, u"Meyer Bau GmbH"_s},
                                  {u"Phone"_s, u"+49 30 5550 0144"_s},
                                  {u"Industry"_s, u"Construction"_s},
                                  {u"BillingCity"_s, u"Berlin"_s},
                                  {u"BillingCountry"_s, u"Germany"_s}},
                                 350);
    add(u"Contact"_s,
        {{u"FirstName"_s, u"Daniel"_s},
         {u"LastName"_s, u"Meyer"_s},
         {u"Email"_s, u"daniel.meyer@meyerbau.example"_s},
         {u"Phone"_s, u"+49 30 5550 0145"_s},
         {u"Title"_s, u"Managing Director"_s},
         {u"AccountId"_s, meyerBau},
         {u"MailingCity"_s, u"Berlin"_s},
         {u"MailingCountry"_s, u"Germany"_s}},
        200);
    const QString lantern = add(u"Account"_s,
                                {{u"Name"_s, u"Lantern Robotics"_s},
                                 {u"Industry"_s, u"Electronics"_s},
                                 {u"BillingCity"_s, u"Shenzhen"_s},
                                 {u"BillingCountry"_s, u"China"_s}},
                                250);
    add(u"Contact"_s,
        {{u"FirstName"_s, u"Wei"_s},
         {u"LastName"_s, u"Zhang"_s},
         {u"Email"_s, u"wei.zhang@example.org"_s},
         {u"Phone"_s, u"+86 755 5550 0199"_s},
         {u"Title"_s, u"Product Manager"_s},
         {u"AccountId"_s, lantern}},
        150);
    // Grace Okafor is nobody's contact yet; only her company is known.
    add(u"Account"_s,
        {{u"Name"_s, u"Okafor Textiles"_s},
         {u"Phone"_s, u"+234 1 555 0162"_s},
         {u"Website"_s, u"https://okafor-textiles.example"_s},
         {u"Industry"_s, u"Apparel"_s},
         {u"BillingCity"_s, u"Lagos"_s},
         {u"BillingCountry"_s, u"Nigeria"_s},
         {u"OwnerId"_s, maya}},
        90);
}

// A couple of hundred more, so that lists have length and searches have something to pass over.
void Seeder::crowd()
{
    static const QStringList firsts{u"Aisha"_s, u"Bruno"_s,   u"Chloé"_s, u"Dmitri"_s, u"Elif"_s,
                                    u"Farid"_s, u"Greta"_s,   u"Hiro"_s,  u"Ines"_s,   u"Jakub"_s,
                                    u"Kofi"_s,  u"Lena"_s,    u"Mateo"_s, u"Nadia"_s,  u"Oskar"_s,
                                    u"Paula"_s, u"Quentin"_s, u"Rania"_s, u"Søren"_s,  u"Tessa"_s,
                                    u"Umar"_s,  u"Vera"_s,    u"Wanda"_s, u"Yusuf"_s,  u"Zoë"_s};
    static const QStringList lasts{u"Abel"_s,     u"O'Brien"_s,  u"Castillo"_s, u"Dahl"_s,     u"Ekström"_s,
                                   u"Fontaine"_s, u"Gruber"_s,   u"Haddad"_s,   u"Ivanova"_s,  u"Jansen"_s,
                                   u"Kowalski"_s, u"Lopes"_s,    u"Mbeki"_s,    u"Nakamura"_s, u"Öztürk"_s,
                                   u"Petrov"_s,   u"Quispe"_s,   u"Rahman"_s,   u"Silva"_s,    u"Tanaka"_s,
                                   u"Umarov"_s,   u"van Dijk"_s, u"Weber"_s,    u"Yilmaz"_s,   u"Zimmer"_s};
    static const QStringList companies{
        u"Alder & Finch"_s,    u"Bluewater Marine"_s, u"Cedar Health"_s,    u"Delta Print"_s,
        u"Emberline Energy"_s, u"Foxglove Retail"_s,  u"Granite Works"_s,   u"Harbour Foods"_s,
        u"Ironbark Tools"_s,   u"Juniper Travel"_s,   u"Kestrel Media"_s,   u"Lumen Optics"_s,
        u"Marigold Care"_s,    u"Nimbus Freight"_s,   u"Orchard Schools"_s, u"Pinegrove Homes"_s,
        u"Quarry Stone"_s,     u"Riverside Dental"_s, u"Sable Legal"_s,     u"Thistle Brewing"_s};
    static const QStringList industries{u"Retail"_s, u"Healthcare"_s, u"Energy"_s, u"Education"_s,
                                        u"Media"_s};
    QStringList accounts;
    for (int i = 0; i < companies.size(); ++i)
        accounts.append(add(u"Account"_s,
                            {{u"Name"_s, companies.at(i)},
                             {u"Phone"_s, u"+44 20 7946 %1"_s.arg(100 + i, 4, 10, QChar(u'0'))},
                             {u"Industry"_s, industries.at(i % 5)},
                             {u"NumberOfEmployees"_s, 12 + i * 37},
                             {u"AnnualRevenue"_s, 250000.0 * (i + 1)},
                             {u"OwnerId"_s, m_owners.value(i % 4)}},
                            800 - i * 11));
    static const QStringList statuses{u"Open - Not Contacted"_s, u"Working - Contacted"_s,
                                      u"Closed - Not Converted"_s};
    for (int i = 0; i < 200; ++i) {
        const QString &first = firsts.at((i * 7 + i / 25) % 25);
        const QString &last = lasts.at((i * 11 + i / 25 * 3) % 25);
        const int company = i % int(companies.size());
        QString domain = companies.at(company).toLower().section(u' ', 0, 0);
        const QString mail = u"visitor%1@%2.example"_s.arg(i + 1).arg(domain);
        const QString phone = u"+44 1632 960%1"_s.arg(i, 3, 10, QChar(u'0'));
        if (i % 3 == 2)
            add(u"Lead"_s,
                {{u"FirstName"_s, first},
                 {u"LastName"_s, last},
                 {u"Company"_s, companies.at(company)},
                 {u"Email"_s, mail},
                 {u"Phone"_s, phone},
                 {u"Status"_s, statuses.at(i % 9 / 3)},
                 {u"LeadSource"_s, u"Web"_s},
                 {u"OwnerId"_s, m_owners.value(i % 4)}},
                400 - i);
        else
            add(u"Contact"_s,
                {{u"FirstName"_s, first},
                 {u"LastName"_s, last},
                 {u"Email"_s, mail},
                 {u"Phone"_s, phone},
                 {u"AccountId"_s, accounts.at(company)},
                 {u"LeadSource"_s, u"Other"_s},
                 {u"OwnerId"_s, m_owners.value(i % 4)}},
                400 - i);
    }
}

} // namespace

void seed(Store &store, const Metadata &metadata, Clock &clock)
{
    Savepoint whole(store);
    Seeder seeder(store, metadata, clock);
    seeder.organization();
    seeder.recordTypes();
    if (store.isNew()) {
        seeder.users();
        seeder.campaigns();
        seeder.knownPeople();
        seeder.peopleAbroad();
        seeder.crowd();
    }
    whole.keep();
}

} // namespace parley::sandbox

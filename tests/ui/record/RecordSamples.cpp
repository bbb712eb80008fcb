#include "tests/ui/record/RecordSamples.h"

#include <QTimeZone>

namespace parley::test {

using namespace Qt::Literals::StringLiterals;
using crm::FieldType;

namespace {

QDateTime at(int hour, int minute)
{
    return QDateTime(QDate(2026, 5, 12), QTime(hour, minute), Qt::LocalTime).toUTC();
}

crm::Field field(const QString &name, const QString &label, FieldType type)
{
    crm::Field field;
    field.name = name;
    field.label = label;
    field.type = type;
    field.isCreateable = true;
    field.isUpdateable = true;
    return field;
}

QList<crm::Choice> choices(const QStringList &values)
{
    QList<crm::Choice> list;
    for (const QString &value : values)
        list.append(crm::Choice{.value = value, .label = value});
    return list;
}

} // namespace

Record record(const RecordKind &kind, const QString &id, const QString &title, const FieldMap &fields)
{
    Record record;
    record.ref = {kind, {id}};
    record.title = title;
    record.fields = fields;
    record.url = QUrl(u"https://example.my.salesforce.example/"_s + id);
    return record;
}

desk::CrmStatus salesforce()
{
    return {.state = desk::CrmState::Connected,
            .name = u"Salesforce"_s,
            .shortName = u"SF"_s,
            .userName = u"nora.whitfield@tallyworks.example"_s,
            .host = u"tallyworks.my.salesforce.example"_s};
}

desk::CardField cardField(const QString &name, const QString &label, FieldType type, const QVariant &value)
{
    desk::CardField field;
    field.name = name;
    field.label = label;
    field.type = type;
    field.value = value;
    field.text = value.toString();
    return field;
}

desk::RecordCard contactCard()
{
    desk::RecordCard card;
    card.record = record(kinds::contact, u"003000000000001AAA"_s, u"Amelia Hart"_s);
    card.reason = u"email"_s;
    card.evidence = {{u"Email"_s, u"Email"_s, u"amelia.hart@northgate.example"_s}};
    card.fields = {cardField(u"FirstName"_s, u"First Name"_s, FieldType::String, u"Amelia"_s),
                   cardField(u"LastName"_s, u"Last Name"_s, FieldType::String, u"Hart"_s),
                   cardField(u"Title"_s, u"Title"_s, FieldType::String, u"Analyst"_s),
                   cardField(u"Email"_s, u"Email"_s, FieldType::Email, u"amelia.hart@northgate.example"_s),
                   cardField(u"Phone"_s, u"Phone"_s, FieldType::Phone, u"+44 20 7946 0148"_s),
                   cardField(u"Department"_s, u"Department"_s, FieldType::String, u"Finance"_s),
                   cardField(u"MailingCity"_s, u"Mailing City"_s, FieldType::String, u"Leeds"_s),
                   cardField(u"Owner.Name"_s, u"Contact Owner"_s, FieldType::String, u"Lewis Grant"_s)};
    card.fields[1].isRequired = true;
    card.fields[7].isReadOnly = true;
    return card;
}

desk::RecordCard leadCard()
{
    desk::RecordCard card;
    card.record = record(kinds::lead, u"00Q000000000001AAA"_s, u"Priya Nair"_s);
    card.reason = u"email"_s;
    card.fields = {cardField(u"Company"_s, u"Company"_s, FieldType::String, u"Nair & Co"_s),
                   cardField(u"Status"_s, u"Lead Status"_s, FieldType::Picklist, u"New"_s)};
    card.fields[1].choices = choices({u"New"_s, u"Working"_s});
    return card;
}

desk::RecordCard accountCard()
{
    desk::RecordCard card;
    card.record = record(kinds::account, u"001000000000001AAA"_s, u"Northgate Logistics"_s);
    card.reason = u"account"_s;
    card.fields = {
        cardField(u"Type"_s, u"Type"_s, FieldType::Picklist, u"Customer, direct"_s),
        cardField(u"AnnualRevenue"_s, u"Annual Revenue"_s, FieldType::Currency, 18400000.0),
        cardField(u"Owner.Name"_s, u"Account Owner"_s, FieldType::String, u"Lewis Grant"_s),
        cardField(u"SupportTier__c"_s, u"Support Tier"_s, FieldType::String, u"Gold, 4 h response"_s)};
    card.fields[1].text = u"£18,400,000"_s;
    card.fields[2].isReadOnly = true;
    return card;
}

desk::RecordTab matchedTab()
{
    desk::RecordTab tab;
    tab.state = desk::TabState::Matched;
    tab.crm = salesforce();
    tab.cards = {contactCard(), accountCard()};
    tab.lookedUpAt = at(10, 43);
    tab.caseSubject = u"Invoice 20391 charges two extra seats"_s;
    tab.owner = u"Nora Whitfield"_s;
    return tab;
}

desk::RecordTab notFoundTab()
{
    desk::RecordTab tab;
    tab.state = desk::TabState::NotFound;
    tab.crm = salesforce();
    const auto rule = [](const RecordKind &kind, const QString &name) {
        return crm::MatchRule{.kind = kind, .name = name, .conditions = {{name, u"Visitor.Email"_s}}};
    };
    tab.searched = {
        {rule(kinds::contact, u"Email"_s), crm::RuleResult::State::Nothing, u"tomas@kellerstudio.example"_s,
         0},
        {rule(kinds::contact, u"Phone"_s), crm::RuleResult::State::Skipped, {}, 0},
        {rule(kinds::lead, u"Email"_s), crm::RuleResult::State::Nothing, u"tomas@kellerstudio.example"_s, 0}};
    tab.options = {desk::CreateOption::LeadAndTask, desk::CreateOption::Case,
                   desk::CreateOption::ContactAndCase, desk::CreateOption::ContactAndTask};
    tab.elapsed = std::chrono::milliseconds(600);
    tab.lookedUpAt = at(10, 38);
    tab.owner = u"Nora Whitfield"_s;
    return tab;
}

desk::RecordTab severalTab()
{
    desk::RecordTab tab;
    tab.state = desk::TabState::Several;
    tab.crm = salesforce();
    const auto candidate = [](const QString &id, const QString &first, const QString &email,
                              const QString &title, const QString &account, const QDate &last) {
        crm::Candidate one;
        one.record = record(kinds::contact, id, first + u" Lindqvist"_s,
                            {{u"FirstName"_s, first},
                             {u"Email"_s, email},
                             {u"Title"_s, title},
                             {u"Account.Name"_s, account},
                             {u"LastActivityDate"_s, last}});
        one.evidence = {{u"Mobile"_s, u"MobilePhone"_s, u"+46 70 174 06 21"_s}};
        return one;
    };
    tab.candidates = {candidate(u"1"_s, u"Jonas"_s, u"jonas@fjordline.example"_s, u"Plant manager"_s,
                                u"Fjordline Foods"_s, QDate(2026, 5, 11)),
                      candidate(u"2"_s, u"Jonas"_s, u"jonas@oldfjord.example"_s, {},
                                u"Fjordline Foods (old)"_s, QDate(2023, 3, 3)),
                      candidate(u"3"_s, u"Ingrid"_s, u"jonas@fjordline.example"_s, u"Office manager"_s,
                                u"Fjordline Foods"_s, QDate(2026, 1, 9))};
    return tab;
}

desk::RecordTab lookingTab()
{
    desk::RecordTab tab;
    tab.state = desk::TabState::Looking;
    tab.crm = salesforce();
    return tab;
}

desk::RecordTab failedTab(Errc code)
{
    desk::RecordTab tab;
    tab.state = desk::TabState::Failed;
    tab.crm = salesforce();
    tab.error = Error{.code = code, .remoteCode = u"INSUFFICIENT_ACCESS"_s, .httpStatus = 403};
    return tab;
}

desk::RecordTab notConnectedTab()
{
    return {};
}

desk::RecordForm leadForm()
{
    desk::RecordForm form;
    form.kind = kinds::lead;
    form.kindLabel = u"Lead"_s;
    form.option = desk::CreateOption::LeadAndTask;
    QList<crm::Field> fields{field(u"OwnerId"_s, u"Lead Owner"_s, FieldType::Reference),
                             field(u"Status"_s, u"Lead Status"_s, FieldType::Picklist),
                             field(u"Salutation"_s, u"Salutation"_s, FieldType::Picklist),
                             field(u"Company"_s, u"Company"_s, FieldType::String),
                             field(u"FirstName"_s, u"First Name"_s, FieldType::String),
                             field(u"Email"_s, u"Email"_s, FieldType::Email),
                             field(u"LastName"_s, u"Last Name"_s, FieldType::String),
                             field(u"Phone"_s, u"Phone"_s, FieldType::Phone),
                             field(u"Industry"_s, u"Industry"_s, FieldType::Picklist),
                             field(u"AnnualRevenue"_s, u"Annual Revenue"_s, FieldType::Currency),
                             field(u"SubIndustry__c"_s, u"Sub-industry"_s, FieldType::Picklist),
                             field(u"NextFollowUp__c"_s, u"Next Follow-up"_s, FieldType::Date),
                             field(u"CampaignId"_s, u"Campaign"_s, FieldType::Reference),
                             field(u"LeadSource"_s, u"Lead Source"_s, FieldType::Picklist),
                             field(u"MayContact__c"_s, u"May contact by phone"_s, FieldType::Boolean),
                             field(u"Interests__c"_s, u"Interests"_s, FieldType::MultiPicklist),
                             field(u"Description"_s, u"Description"_s, FieldType::TextArea)};
    const auto of = [&](const QString &name) -> crm::Field & {
        return *std::ranges::find(fields, name, &crm::Field::name);
    };
    of(u"OwnerId"_s).targets = {kinds::user};
    of(u"OwnerId"_s).relationship = u"Owner"_s;
    of(u"CampaignId"_s).targets = {kinds::campaign};
    of(u"CampaignId"_s).relationship = u"Campaign"_s;
    of(u"Status"_s).choices = choices({u"New"_s, u"Working"_s, u"Closed"_s});
    of(u"Salutation"_s).choices = choices({u"Mr."_s, u"Ms."_s, u"Dr."_s});
    of(u"Industry"_s).choices = choices({u"Design & Media"_s, u"Energy"_s, u"Retail"_s});
    of(u"LeadSource"_s).choices = choices({u"Web chat"_s, u"Web"_s, u"Other"_s});
    of(u"Interests__c"_s).choices = choices({u"Billing"_s, u"Reports"_s, u"Mobile"_s});
    crm::Field &sub = of(u"SubIndustry__c"_s);
    sub.controller = u"Industry"_s;
    sub.choices = {{u"Graphic design"_s, u"Graphic design"_s, true, false, {0}},
                   {u"Film"_s, u"Film"_s, true, false, {0}},
                   {u"Solar"_s, u"Solar"_s, true, false, {1}},
                   {u"Consulting"_s, u"Consulting"_s, true, false, {0, 1}}};
    of(u"LastName"_s).isRequired = true;
    of(u"LastName"_s).length = 80;
    of(u"Company"_s).isRequired = true;
    of(u"Company"_s).length = 255;
    of(u"AnnualRevenue"_s).precision = 18;
    of(u"AnnualRevenue"_s).scale = 2;
    form.schema.kind = kinds::lead;
    form.schema.fields = fields;
    const auto row = [](const QString &left, const QString &right) {
        return QList<crm::LayoutCell>{{.field = left}, {.field = right}};
    };
    form.layout.name = u"Inbound sales"_s;
    form.layout.readAt = at(10, 45);
    form.layout.sections = {
        {u"Lead Information"_s,
         2,
         {row(u"OwnerId"_s, u"Status"_s), row(u"Salutation"_s, u"Company"_s), row(u"FirstName"_s, u"Email"_s),
          row(u"LastName"_s, u"Phone"_s)}},
        {u"Qualification"_s,
         2,
         {row(u"Industry"_s, u"AnnualRevenue"_s), row(u"SubIndustry__c"_s, u"NextFollowUp__c"_s),
          row(u"CampaignId"_s, u"LeadSource"_s), row({}, u"MayContact__c"_s),
          row(u"Interests__c"_s, u"Description"_s)}}};
    form.layout.sections[0].rows[0][1].isRequired = true;
    form.values = {{u"OwnerId"_s, u"005000000000001AAA"_s},
                   {u"Owner.Name"_s, u"Nora Whitfield"_s},
                   {u"Status"_s, u"New"_s},
                   {u"FirstName"_s, u"Tomás"_s},
                   {u"LastName"_s, u"Keller"_s},
                   {u"Company"_s, u"Keller Studio"_s},
                   {u"Email"_s, u"tomas@kellerstudio.example"_s},
                   {u"Phone"_s, u"912 345 678"_s},
                   {u"LeadSource"_s, u"Web chat"_s},
                   {u"CurrencyIsoCode"_s, u"EUR"_s}};
    form.filledFromChat = {u"FirstName"_s, u"LastName"_s, u"Company"_s,
                           u"Email"_s,     u"Phone"_s,    u"LeadSource"_s};
    return form;
}

desk::RecordForm largeForm(int count)
{
    desk::RecordForm form;
    form.kind = kinds::lead;
    form.layout.name = u"Everything"_s;
    const QList<FieldType> types{
        FieldType::String,        FieldType::TextArea,  FieldType::Email,    FieldType::Phone,
        FieldType::Url,           FieldType::Integer,   FieldType::Currency, FieldType::Percent,
        FieldType::Date,          FieldType::DateTime,  FieldType::Boolean,  FieldType::Picklist,
        FieldType::MultiPicklist, FieldType::Reference, FieldType::RichText, FieldType::Encrypted};
    for (int i = 0; i < count; ++i) {
        crm::Field one = field(u"Field%1__c"_s.arg(i), u"Field %1"_s.arg(i), types.at(i % types.size()));
        one.length = 255;
        if (one.type == FieldType::Picklist || one.type == FieldType::MultiPicklist)
            one.choices = choices({u"One"_s, u"Two"_s, u"Three"_s, u"Four"_s, u"Five"_s});
        form.schema.fields.append(one);
        if (i % 40 == 0)
            form.layout.sections.append(crm::LayoutSection{u"Section %1"_s.arg(i / 40 + 1), 2, {}});
        auto &rows = form.layout.sections.last().rows;
        if (rows.isEmpty() || rows.last().size() == 2)
            rows.append(QList<crm::LayoutCell>{});
        rows.last().append(crm::LayoutCell{.field = one.name});
    }
    return form;
}

Chat visitorChat()
{
    Chat chat;
    chat.id = {u"c1"_s};
    chat.startedAt = at(10, 38);
    chat.visitorOnline = true;
    chat.fields = {{fields::visitorName, u"Amelia Hart"_s},
                   {fields::visitorEmail, u"amelia.hart@northgate.example"_s},
                   {fields::phone, u"+44 20 7946 0148"_s},
                   {fields::company, u"Northgate Logistics"_s},
                   {fields::visitorVisits, u"3"_s},
                   {fields::visitorChats, u"2"_s},
                   {fields::visitorPage, u"https://tallyworks.example/pricing/team"_s},
                   {fields::visitorPageTitle, u"Pricing, Team plan"_s},
                   {fields::department, u"Billing"_s},
                   {fields::product, u"Team plan"_s},
                   {fields::chatSubject, u"Our invoice charges 14 seats, but we have only 12 people."_s},
                   {u"Variable.accountNumber"_s, u"C-10482"_s},
                   {u"Variable.plan"_s, u"team-annual"_s},
                   {fields::visitorCity, u"Leeds"_s},
                   {fields::visitorCountry, u"United Kingdom"_s},
                   {fields::visitorBrowser, u"Firefox"_s},
                   {fields::visitorSystem, u"Windows 11"_s},
                   {fields::visitorLanguage, u"English (UK)"_s},
                   {fields::visitorIp, u"203.0.113.24"_s}};
    return chat;
}

desk::RecordForm duplicatesForm(bool mayOverride)
{
    desk::RecordForm form = leadForm();
    Record priya = record(kinds::lead, u"00Q1"_s, u"Tomás Keller"_s,
                          {{u"Title"_s, u"Creative director"_s}, {u"Company"_s, u"Keller Studio"_s}});
    priya.url = QUrl(u"https://example.com/00Q1"_s);
    const Record contact =
        record(kinds::contact, u"0031"_s, u"Thomas Keller-Wolfeschlegelsteinhausenberger"_s,
               {{u"Account.Name"_s, u"Keller Studio and Partners of the Northern Ports"_s}});
    form.error = Error{.code = Errc::Conflict,
                       .remoteCode = u"DUPLICATES_DETECTED"_s,
                       .remoteMessage = u"Use one of these records?"_s};
    form.duplicates =
        desk::PossibleDuplicates{.records = {priya, contact}, .hidden = 1, .mayOverride = mayOverride};
    return form;
}

desk::RecordTab duplicatesTab(bool mayOverride)
{
    desk::RecordTab tab = matchedTab();
    desk::RecordCard &card = tab.cards[0];
    card.fields[2].edited = u"Finance Lead"_s;
    const desk::RecordForm form = duplicatesForm(mayOverride);
    card.saveError = form.error;
    card.duplicates = form.duplicates;
    return tab;
}

desk::RecordTab contestedTab()
{
    desk::RecordTab tab = matchedTab();
    desk::RecordCard &card = tab.cards[0];
    for (desk::CardField &field : card.fields) {
        if (field.name == u"Title"_s) {
            field.edited = u"Finance Lead"_s;
            field.isContested = true;
        } else if (field.name == u"Phone"_s) {
            field.edited = u"+351 912 345 678"_s;
        }
    }
    card.changedBy = u"Lewis Grant"_s;
    card.changedAt = tab.lookedUpAt;
    card.saveError = Error{.code = Errc::Conflict};
    return tab;
}

} // namespace parley::test

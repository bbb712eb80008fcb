#include "core/crm/Match.h"

#include <algorithm>

namespace parley::crm {

using namespace Qt::Literals::StringLiterals;

QList<MatchRule> defaultMatchRules()
{
    return {
        {.kind = kinds::contact, .name = u"Email"_s, .conditions = {{u"Email"_s, fields::visitorEmail}}},
        {.kind = kinds::lead, .name = u"Email"_s, .conditions = {{u"Email"_s, fields::visitorEmail}}},
    };
}

ShownFields defaultShownFields()
{
    return {
        {kinds::contact,
         {u"FirstName"_s, u"LastName"_s, u"Title"_s, u"Email"_s, u"Phone"_s, u"MobilePhone"_s,
          u"Department"_s, u"MailingCity"_s, u"MailingCountry"_s, u"LeadSource"_s, u"Owner.Name"_s}},
        {kinds::lead,
         {u"FirstName"_s, u"LastName"_s, u"Title"_s, u"Company"_s, u"Email"_s, u"Phone"_s, u"Status"_s,
          u"LeadSource"_s, u"Rating"_s, u"City"_s, u"Country"_s, u"Owner.Name"_s}},
        {kinds::account,
         {u"Name"_s, u"Type"_s, u"Industry"_s, u"AnnualRevenue"_s, u"Phone"_s, u"Website"_s, u"BillingCity"_s,
          u"BillingCountry"_s, u"Owner.Name"_s}},
        {kinds::crmCase,
         {u"CaseNumber"_s, u"Subject"_s, u"Status"_s, u"Priority"_s, u"Origin"_s, u"Owner.Name"_s}},
        {kinds::task, {u"Subject"_s, u"Status"_s, u"Priority"_s, u"ActivityDate"_s, u"Owner.Name"_s}},
    };
}

QList<Candidate> MatchOutcome::choices() const
{
    if (candidates.isEmpty())
        return {};
    RecordKind first = candidates.first().record.ref.kind;
    for (const RecordKind &kind : {kinds::contact, kinds::lead, kinds::account}) {
        if (std::ranges::any_of(candidates,
                                [&kind](const Candidate &found) { return found.record.ref.kind == kind; })) {
            first = kind;
            break;
        }
    }
    QList<Candidate> chosen;
    std::ranges::copy_if(candidates, std::back_inserter(chosen),
                         [&first](const Candidate &found) { return found.record.ref.kind == first; });
    return chosen;
}

MatchKind MatchOutcome::kind() const
{
    switch (choices().size()) {
    case 0:
        return MatchKind::None;
    case 1:
        return MatchKind::One;
    default:
        return MatchKind::Several;
    }
}

} // namespace parley::crm

// Tabs, cards and forms as the desk would give them, for the tests and pictures of the record pane.
#pragma once

#include "core/desk/DeskValues.h"

namespace parley::test {

desk::CrmStatus salesforce();
desk::CardField cardField(const QString &name, const QString &label, crm::FieldType type,
                          const QVariant &value);
desk::RecordCard contactCard();
desk::RecordCard leadCard();
desk::RecordCard accountCard();
desk::RecordTab matchedTab();
desk::RecordTab notFoundTab();
desk::RecordTab severalTab();
desk::RecordTab lookingTab();
desk::RecordTab failedTab(Errc code);
desk::RecordTab notConnectedTab();
/// The lead form of the design: two sections, a dependent picklist, a lookup, money, a date, a tick box.
desk::RecordForm leadForm();
/// The same form after a save that Salesforce refused for possible duplicates.
desk::RecordForm duplicatesForm(bool mayOverride);
desk::RecordTab duplicatesTab(bool mayOverride); ///< an edit that would make the contact like another one
/// A contact of whom a field was changed by somebody else while this agent edited it.
desk::RecordTab contestedTab();
/// A form of that many fields of every type, in sections of 40.
desk::RecordForm largeForm(int fields);
Chat visitorChat();
Record record(const RecordKind &kind, const QString &id, const QString &title, const FieldMap &fields = {});

} // namespace parley::test

// Reads Salesforce's describe and layout documents.
#pragma once

#include "core/crm/Schema.h"

#include <QJsonObject>

namespace parley::salesforce {

/// The "sobjects" of the global describe, without those that are gone or hidden.
QList<crm::KindSummary> kindsOf(const QJsonObject &global);

/// One object's describe.
crm::KindSchema schemaOf(const QJsonObject &describe);

/// Which of the controlling field's choices allow this one: a base64 bit set, most significant bit first.
QSet<int> validForOf(const QString &base64);

/// The parts of a compound field ("Name", "MailingAddress") that a form asks for, in the order of the page.
QList<const crm::Field *> partsOf(const crm::KindSchema &schema, const QString &compound);

/// The record type whose layout and choices apply: the given one, else the user's default, else the master.
QString variantFor(const QJsonObject &layouts, const QString &wanted);

/// The layout of that record type out of a describe/layouts reply, or the reply itself when it is one layout
/// (as describe/layouts/{recordTypeId} answers); empty when Salesforce wants it asked for by record type.
QJsonObject layoutDocument(const QJsonObject &layouts, const QString &variantId);

/// The form: sections, rows and columns as the page has them, compound fields expanded.
crm::Layout layoutOf(const QJsonObject &layout, const crm::KindSchema &schema, crm::LayoutPurpose purpose);

/// The same document of a UI API layout (record-defaults: the page as this very user sees it).
QJsonObject layoutDocumentOfUi(const QJsonObject &uiLayout);

/// The values of a UI API record; those alone that a form may set.
FieldMap defaultsOf(const QJsonObject &uiRecord, const crm::KindSchema &schema);

/// The choices that the record type offers, where the reply tells: field -> choices.
QMap<QString, QList<crm::Choice>> choicesOf(const QJsonObject &layouts, const QString &variantId,
                                            const crm::KindSchema &schema);

} // namespace parley::salesforce

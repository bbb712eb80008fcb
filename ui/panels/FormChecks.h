// What Parley itself can say about a typed value before the CRM is asked.
#pragma once

#include "core/crm/Schema.h"

#include <QCoreApplication>

namespace parley::ui {

class FormChecks
{
    Q_DECLARE_TR_FUNCTIONS(parley::ui::FormChecks)

public:
    /// Nothing when the value is good; else words for the person. An empty value is only wrong when it is
    /// required.
    static std::optional<QString> check(const crm::Field &field, bool isRequired, const QVariant &value);
    /// UTF-16 units, as the CRMs count.
    static qsizetype lengthOf(const QVariant &value);
    /// "12 of 80", once the text comes near its limit; empty before.
    static QString counter(const crm::Field &field, const QVariant &value);
};

} // namespace parley::ui

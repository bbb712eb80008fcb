// Puts what went wrong into words: what happened, why, and what to do. Nothing else in the program words an
// error.
#pragma once

#include "core/base/Error.h"

#include <QString>

namespace parley::ui {

/// What the agent, or the program for the agent, was doing.
enum class Doing {
    ConnectHub,
    SignInHub,
    LoadChats,
    AcceptChat,
    SendMessage,
    SendFile,
    FetchFile,
    EndChat,
    LookUp,
    SaveRecord,
    CreateRecord,
    AddNote,
    SearchRecords,
    SignInCrm,
    ReadForm,
    WriteAtChatEnd
};

struct Explained {
    QString title;  ///< what happened; empty for Cancelled, which is not shown
    QString detail; ///< why, what was kept and what to do
};

/// crm is the CRM's name ("Salesforce"), used where the CRM was asked; kind the thing's word ("lead"), where
/// one is known.
[[nodiscard]] Explained explain(const Error &error, Doing doing, const QString &crm = {},
                                const QString &kind = {});
/// Both parts in one line.
[[nodiscard]] QString sentence(const Error &error, Doing doing, const QString &crm = {},
                               const QString &kind = {});
/// The codes for whoever must look deeper: for "Copy for my admin", never the first thing on the screen.
[[nodiscard]] QString technicalDetails(const Error &error);

} // namespace parley::ui

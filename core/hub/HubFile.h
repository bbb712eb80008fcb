// The administrator's file, hub.toml in the data folder: the brand and the pre-chat form.
#pragma once

#include "core/base/Result.h"
#include "core/hub/Config.h"

namespace parley::hub {

/// Takes brand and form from hub.toml; without the file nothing changes. A file that cannot be understood is
/// an error that names the line: a hub that came up without the company's form would be noticed too late.
///
///     [brand]
///     name = "Tallyworks"
///     reply = "Usually replies in 2 minutes"
///     [[form]]
///     name = "department"      # name email phone company department product subject, or one of your own
///     label = "Department"
///     type = "select"          # text email tel select textarea
///     required = false
///     options = ["Sales", "Billing", "Support"]
Result<Done> readHubFile(Config &config);

/// What is wrong with the name of a site ("https://www.example.com", "https://*.example.com") or a proxy
/// ("10.0.0.7", "10.0.0.0/8"); nothing when it is good.
std::optional<QString> wrongSite(const QString &site);
std::optional<QString> wrongProxy(const QString &proxy);

} // namespace parley::hub

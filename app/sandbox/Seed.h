// The people, companies and cases with which a new org begins; the same every time.
#pragma once

#include <QString>

namespace parley {
class Clock;
}

namespace parley::sandbox {

class Metadata;
class Store;

inline const QString kSignInUser = QStringLiteral("nora.whitfield@tallyworks.example");
inline const QString kSignInPassword = QStringLiteral("northern-lights-7");

/// Fills a new store; in an old one only adds what the metadata brings (record types, the organization).
void seed(Store &store, const Metadata &metadata, Clock &clock);

} // namespace parley::sandbox

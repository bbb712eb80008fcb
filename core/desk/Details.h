// Finds an e-mail address or a phone number in what a visitor wrote.
#pragma once

#include <QString>

namespace parley::desk {

/// The last address in the text: people correct themselves forwards. Empty when there is none.
QString emailIn(const QString &text);
/// The last number that reads like a phone number, as it was written. Order numbers and dates are left alone.
QString phoneIn(const QString &text);
/// Digits and a leading +, for comparing two ways of writing one number.
QString phoneDigits(const QString &phone);

} // namespace parley::desk

// What our own painted widgets are to assistive technology: a text, a group, a window; not just "something".
#pragma once

namespace parley::ui {

/// For the whole program, once; further calls do nothing.
void installSpokenRoles();

} // namespace parley::ui

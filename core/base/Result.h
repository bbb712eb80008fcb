// The one way in which a call says that it worked or why it did not.
#pragma once

#include "core/base/Error.h"

#include <tl/expected.hpp>

#include <utility>

namespace parley {

template <class T> using Result = tl::expected<T, Error>;

/// Success with nothing to return: Result<Done>.
struct Done {
    friend bool operator==(Done, Done) = default;
};

inline tl::unexpected<Error> fail(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

inline tl::unexpected<Error> fail(Errc code, QString detail = {})
{
    return tl::unexpected<Error>(Error{.code = code, .detail = std::move(detail)});
}

} // namespace parley

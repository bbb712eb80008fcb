#include "app/sandbox/Rest.h"

namespace parley::sandbox {
using namespace Qt::Literals::StringLiterals;
Reply Rest::parameterizedSearch(const Call &call)
{
    Q_UNUSED(call)
    return refusedReply(refusal(404, u"NOT_FOUND"_s, u"later"_s));
}
Reply Rest::sosl(const Call &call)
{
    return parameterizedSearch(call);
}
} // namespace parley::sandbox

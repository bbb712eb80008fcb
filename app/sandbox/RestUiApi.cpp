#include "app/sandbox/Rest.h"

namespace parley::sandbox {
using namespace Qt::Literals::StringLiterals;
Reply Rest::uiApi(const Call &call)
{
    Q_UNUSED(call)
    return refusedReply(refusal(404, u"NOT_FOUND"_s, u"The requested resource does not exist"_s));
}
} // namespace parley::sandbox

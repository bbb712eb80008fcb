// The "crm" commands of parleyctl.
#pragma once

#include "app/ctl/Reply.h"
#include "app/ctl/Session.h"

namespace parley::ctl {

class CrmCommands final : public std::enable_shared_from_this<CrmCommands>
{
public:
    explicit CrmCommands(std::shared_ptr<Session> session);

    Async<Reply> add(NewConnection wanted);
    Async<Reply> list();
    Async<Reply> remove(QString id);
    Async<Reply> check();
    Async<Reply> identify(LiveChatFields values);
    Async<Reply> kinds();
    Async<Reply> describe(QString kind);
    Async<Reply> fields(QString kind);
    Async<Reply> layout(QString kind, crm::LayoutPurpose purpose, QString variantId);
    Async<Reply> search(QString text, int limit);
    Async<Reply> query(QString statement);
    Async<Reply> get(QString kind, QString id);
    /// Into files below the folder, which is made; kinds: those that Parley works with where empty.
    Async<Reply> snapshot(QString folder, QStringList kinds);

private:
    std::shared_ptr<Session> m_session; // the commands' coroutines outlive main's scope
};

/// Live-chat fields from a JSON object: "Category.Name" keys, objects by category, or the plain names of the
/// pre-chat form
/// ("email", "name", "phone", "company"); any other plain name is a custom variable.
Result<LiveChatFields> fieldsFromJson(const QByteArray &json);

} // namespace parley::ctl

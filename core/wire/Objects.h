// The objects inside frames: messages, chats, files, agents, links, between JSON and core/domain.
#pragma once

#include "core/wire/Names.h"

#include <QJsonArray>
#include <QJsonObject>

namespace parley::wire {

/// Members of an entry, `chat` included; add "t" for the frame (see HubFrames.h).
QJsonObject toJson(const Message &message);
/// chat is used where the object itself names none, as in a `log` frame.
Result<Message> messageFrom(const QJsonObject &object, const ChatId &chat = {});

QJsonObject toJson(const Chat &chat);
Result<Chat> chatFrom(const QJsonObject &object);

QJsonObject toJson(const Attachment &file);
Result<Attachment> attachmentFrom(const QJsonObject &object);

QJsonObject toJson(const Agent &agent);
Result<Agent> agentFrom(const QJsonObject &object);

QJsonArray toJson(const QList<RecordRef> &links);
Result<QList<RecordRef>> linksFrom(const QJsonArray &array);

QJsonObject toJson(const QMap<QString, QString> &texts);

/// One question of the pre-chat form.
struct FormField {
    QString name; ///< name, email, phone, company, department, product, subject, or one of the company's own
    QString label;
    QString type = QStringLiteral("text"); ///< text, email, tel, select, textarea
    bool required = false;
    QStringList options; ///< of a select
    friend bool operator==(const FormField &, const FormField &) = default;
};
QJsonObject toJson(const FormField &field);
Result<FormField> formFieldFrom(const QJsonObject &object);

struct Limits {
    qint64 text = 32'000;                   ///< characters (UTF-16 units) of one text
    qint64 file = qint64(10) * 1024 * 1024; ///< bytes of one file
    friend bool operator==(const Limits &, const Limits &) = default;
};
QJsonObject toJson(const Limits &limits);
Result<Limits> limitsFrom(const QJsonObject &object);

} // namespace parley::wire

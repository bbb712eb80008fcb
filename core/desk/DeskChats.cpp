// The hub's half of the desk: the line's news, and what the agent does in the chats.
#include "core/desk/Canned.h"
#include "core/desk/DeskPrivate.h"

#include <QFileInfo>
#include <QMimeDatabase>
#include <QRegularExpression>

namespace parley::desk {

using namespace Qt::Literals::StringLiterals;

// --- the line's news ---

void Desk::Private::connectLine()
{
    const chat::Line *line = context->line.get();
    QObject::connect(line, &chat::Line::stateChanged, q, &Desk::hubStatusChanged);
    QObject::connect(line, &chat::Line::synced, q, [this] { onSynced(); });
    QObject::connect(line, &chat::Line::chatChanged, q, [this](const ChatId &id) { onChat(id); });
    QObject::connect(line, &chat::Line::chatRemoved, q, [this](const ChatId &id) {
        seen.remove(id);
        emit q->chatRemoved(id);
    });
    QObject::connect(line, &chat::Line::messagesChanged, q, [this](const ChatId &id) {
        if (!context->line->chat(id))
            return;
        record(id)->chatChanged();
        readOnScreen(id);
        emit q->threadChanged(id);
        emit q->chatChanged(id);
    });
    QObject::connect(line, &chat::Line::typingChanged, q, [this](const ChatId &id) {
        emit q->typingChanged(id);
        emit q->chatChanged(id);
    });
}

void Desk::Private::onChat(const ChatId &id)
{
    const auto held = context->line->chat(id);
    if (!held || !isListed(*held))
        return;
    const auto part = record(id);
    part->begin(); // the lookup starts with the chat, also with a waiting one
    part->chatChanged();
    if (held->state == ChatState::Waiting && !seen.contains(id)) {
        seen.insert(id);
        emit q->visitorArrived(id);
    }
    if (held->state == ChatState::Ended)
        writer->consider(id);
    emit q->chatChanged(id);
    emit q->recordTabChanged(id);
}

void Desk::Private::onSynced()
{
    if (context->crm && !q->me().email.isEmpty())
        letGo(context->crm->user(q->me().email)); // asked once per CRM; shown as the owner of what is made
    if (!onScreen.isEmpty())
        readOnScreen(onScreen);
    considerAll();
}

void Desk::Private::readOnScreen(const ChatId &id)
{
    if (id == onScreen)
        context->line->markRead(id);
}

// --- the hub ---

HubStatus Desk::hubStatus() const
{
    const auto &line = d->context->line;
    HubStatus status;
    switch (line->state()) {
    case chat::LineState::SignedOut:
        status.state = LineState::SignedOut;
        break;
    case chat::LineState::Connecting:
        status.state = LineState::Connecting;
        break;
    case chat::LineState::Online:
        status.state = LineState::Online;
        break;
    case chat::LineState::Offline:
        status.state = LineState::Offline;
        break;
    }
    status.since = line->stateSince();
    status.hubName = line->hubName();
    status.lastError = line->lastError();
    return status;
}

Agent Desk::me() const
{
    return d->context->line->me();
}

void Desk::setPresence(Presence presence)
{
    d->presence = presence;
    d->context->line->setPresence(presence, d->capacity);
    emit presenceChanged();
}

Presence Desk::presence() const
{
    return d->presence;
}

int Desk::capacity() const
{
    return d->capacity;
}

// --- chats ---

QList<ChatRow> Desk::chats() const
{
    QList<ChatRow> rows;
    for (const Chat &held : d->context->line->chats()) {
        if (d->isListed(held))
            rows += d->book.row(held, *d->record(held.id));
    }
    return rows;
}

Chat Desk::chat(ChatId id) const
{
    return d->context->line->chat(id).value_or(Chat{});
}

QList<ThreadItem> Desk::thread(ChatId id) const
{
    return d->book.thread(id);
}

QString Desk::typingText(ChatId id) const
{
    return d->context->line->typing(id);
}

void Desk::openChat(ChatId id)
{
    d->onScreen = id;
    if (id.isEmpty())
        return;
    d->readOnScreen(id);
    letGo(d->context->line->wholeLog(id)); // brings threadChanged as it comes
}

Async<ChatId> Desk::accept(ChatId id)
{
    return d->context->line->accept(std::move(id));
}

void Desk::send(ChatId id, QString text)
{
    if (text.trimmed().isEmpty())
        return;
    d->context->line->say(id, text);
    setDraft(id, {});
}

void Desk::addNote(ChatId id, QString text)
{
    if (text.trimmed().isEmpty())
        return;
    d->context->line->say(id, text, MessageKind::Note);
    setDraft(id, {});
}

void Desk::sendFile(ChatId id, QString path)
{
    const QFileInfo info(path);
    const qint64 limit = d->context->line->limits().file;
    if (info.size() > limit) {
        const Error error{.code = Errc::InvalidInput, .remoteCode = u"too_long"_s};
        d->context->line->refuseFile(id, info.fileName(), info.size(), error);
        return;
    }
    QFile file(path);
    if (!info.isFile() || !file.open(QIODevice::ReadOnly)) {
        d->context->line->refuseFile(id, info.fileName(), 0,
                                     {.code = Errc::Storage, .detail = file.errorString()});
        return;
    }
    const QByteArray content = file.readAll();
    if (content.isEmpty()) {
        d->context->line->refuseFile(id, info.fileName(), 0,
                                     {.code = Errc::InvalidInput, .remoteCode = u"empty"_s});
        return;
    }
    const QString type = QMimeDatabase().mimeTypeForFileNameAndData(info.fileName(), content).name();
    d->context->line->sendFile(id, info.fileName(), type, content);
}

Async<QByteArray> Desk::fetchFile(ChatId id, Attachment attachment)
{
    return d->context->line->fetch(std::move(id), attachment.id);
}

void Desk::resend(ChatId, ClientId message)
{
    d->context->line->resend(message);
}

void Desk::discard(ChatId, ClientId message)
{
    d->context->line->discard(message);
}

void Desk::setTyping(ChatId id, QString text)
{
    d->context->line->setTyping(id, !text.isEmpty());
}

void Desk::setDraft(ChatId id, QString text)
{
    const auto record = d->record(id);
    if (record->memory().draft == text)
        return;
    record->setDraft(text);
    emit chatChanged(id);
}

QString Desk::draft(ChatId id) const
{
    return d->record(id)->memory().draft;
}

void Desk::setWrapUp(ChatId id, QString text)
{
    d->record(id)->setWrapUp(text);
}

QString Desk::wrapUp(ChatId id) const
{
    return d->record(id)->memory().wrapUp;
}

Async<Done> Desk::endChat(ChatId id)
{
    return d->context->line->end(std::move(id));
}

void Desk::dismiss(ChatId id)
{
    const auto held = d->context->line->chat(id);
    if (!held || held->state != ChatState::Ended)
        return;
    const auto record = d->record(id);
    record->setDismissed();
    const bool isStillToWrite = record->memory().hasPlan() && record->memory().writing == Writing::NotYet;
    if (isStillToWrite)
        emit chatRemoved(id); // off the list; the line keeps it until its writes are promised
    else
        d->context->line->hide(id);
}

Result<Done> Desk::loadCannedResponses(const QString &path)
{
    auto read = readResponses(path);
    if (!read)
        return fail(read.error());
    d->canned = std::move(*read);
    return Done{};
}

QList<CannedResponse> Desk::cannedResponses() const
{
    return d->canned;
}

QString Desk::filled(const CannedResponse &response, ChatId id) const
{
    static const QRegularExpression reference(u"\\{!([A-Za-z]+)\\.([^{}]+?)\\}"_s);
    LiveChatFields values = d->context->valuesOf(chat(id), d->record(id)->memory());
    if (values.value(fields::chatAgentName).isEmpty())
        values.insert(fields::chatAgentName, me().name);
    if (values.value(fields::chatAgentEmail).isEmpty())
        values.insert(fields::chatAgentEmail, me().email);
    // What is not known becomes a blank that the composer stops at, instead of a hole in the sentence.
    auto matches = reference.globalMatch(response.text);
    while (matches.hasNext()) {
        const auto match = matches.next();
        QString &value = values[match.captured(1) + u'.' + match.captured(2)];
        if (value.isEmpty())
            value = u'[' + match.captured(2).toLower() + u']';
    }
    return expandFields(response.text, values);
}

} // namespace parley::desk

// The longer ways of the binding: ending a chat step by step, and files.
#include "ui/panels/DeskBinding.h"
#include "ui/text/ChatText.h"
#include "ui/text/PlainText.h"
#include "ui/text/Sentences.h"

#include <QBuffer>
#include <QDir>
#include <QFileDialog>
#include <QImageReader>
#include <QSaveFile>
#include <QStandardPaths>

namespace parley::ui {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 kMostPixels = 40'000'000; ///< of a picture that a stranger sent
constexpr qint64 kMostPreviewBytes = qint64{12} * 1024 * 1024;

// The sender's name for the file is data: its last part without what a file system or a shell would take for
// more.
QString safeFileName(const QString &name)
{
    QString safe;
    for (const QChar c : safeLine(name, 120)) {
        const bool isBad = c == u'/' || c == u'\\' || c == u':' || c == u'*' || c == u'?' || c == u'"' ||
                           c == u'<' || c == u'>' || c == u'|';
        safe += isBad ? QChar(u'_') : c;
    }
    while (safe.startsWith(u'.') || safe.startsWith(u' '))
        safe.remove(0, 1);
    return safe.isEmpty() ? u"file"_s : safe;
}

} // namespace

EndChatOffer DeskBinding::endOffer() const
{
    EndChatOffer offer;
    const auto row = m_window.list().model().find(m_open);
    offer.visitor = row ? visitorName(*row) : QString();
    offer.isTyping = row && row->isTyping;
    const desk::RecordTab tab = m_desk.recordTab(m_open);
    if (m_desk.crmStatus().state == desk::CrmState::NotConnected)
        return offer;
    offer.crm = tab.crm.name.isEmpty() ? m_desk.crmStatus().name : tab.crm.name;
    offer.wrapUp = m_desk.wrapUp(m_open);
    offer.attach = tab.plan.attach;
    offer.subject = tab.caseSubject;
    offer.canAddNote = tab.state == desk::TabState::Matched && !tab.cards.isEmpty();
    offer.hasTranscriptNote = !tab.note.isEmpty() || tab.plan.attachTranscriptNote;
    if (tab.chosen && offer.attach == crm::Attach::Nothing) {
        switch (*tab.chosen) {
        case desk::CreateOption::LeadAndTask:
            offer.chosen = tr("Create Lead & Attach Task");
            break;
        case desk::CreateOption::Case:
            offer.chosen = tr("Create Case");
            break;
        case desk::CreateOption::ContactAndCase:
            offer.chosen = tr("Create Contact & Attach Case");
            break;
        case desk::CreateOption::ContactAndTask:
            offer.chosen = tr("Create Contact & Attach Task");
            break;
        case desk::CreateOption::Contact:
            offer.chosen = tr("Create Contact");
            break;
        }
    }
    QStringList names;
    for (const desk::RecordCard &card : tab.cards) {
        for (const desk::CardField &field : card.fields) {
            if (field.edited)
                names += field.label;
        }
    }
    offer.changedFields = int(names.size());
    offer.changedNames = names.join(u", "_s);
    return offer;
}

void DeskBinding::askEnd()
{
    if (!m_open.isEmpty())
        m_window.chat().endPanel().ask(endOffer());
}

void DeskBinding::confirmEnd()
{
    EndChatPanel &panel = m_window.chat().endPanel();
    const ChatId chat = m_open;
    panel.setBusy(true);
    if (!panel.keepAttachment()) {
        m_desk.setAttach(chat, crm::Attach::Nothing);
        m_desk.chooseOption(chat, std::nullopt);
    }
    QList<RecordRef> unsaved;
    if (panel.saveChanges()) {
        for (const desk::RecordCard &card : m_desk.recordTab(chat).cards) {
            if (card.changedCount() > 0)
                unsaved += card.record.ref;
        }
    }
    saveThenEnd(chat, unsaved, panel.addNote());
}

void DeskBinding::saveThenEnd(const ChatId &chat, QList<RecordRef> unsaved, bool withNote)
{
    if (unsaved.isEmpty()) {
        noteThenEnd(chat, withNote);
        return;
    }
    const RecordRef next = unsaved.takeFirst();
    whenDone(m_desk.saveEdits(chat, next), this, [this, chat, next, unsaved, withNote](Result<Done> saved) {
        if (saved) {
            saveThenEnd(chat, unsaved, withNote);
            return;
        }
        const Explained words =
            explain(saved.error(), Doing::SaveRecord, m_desk.crmStatus().name, kindText(next.kind));
        if (chat == m_open)
            m_window.chat().endPanel().setFailure(words.title, words.detail);
    });
}

void DeskBinding::noteThenEnd(const ChatId &chat, bool withNote)
{
    if (!withNote) {
        end(chat);
        return;
    }
    whenDone(m_desk.addTranscriptNote(chat), this, [this, chat](Result<RecordRef> added) {
        if (added) {
            end(chat);
            return;
        }
        const Explained words = explain(added.error(), Doing::AddNote, m_desk.crmStatus().name);
        if (chat == m_open)
            m_window.chat().endPanel().setFailure(words.title, words.detail);
    });
}

void DeskBinding::end(const ChatId &chat)
{
    whenDone(m_desk.endChat(chat), this, [this, chat](Result<Done> ended) {
        if (ended) {
            if (chat == m_open) {
                m_window.chat().thread().setFocus(Qt::OtherFocusReason); // the composer goes with the chat
                m_window.chat().endPanel().hide();
            }
            return;
        }
        const Explained words = explain(ended.error(), Doing::EndChat);
        if (chat == m_open)
            m_window.chat().endPanel().setFailure(words.title, words.detail);
        else
            fail(ended.error(), Doing::EndChat);
    });
}

void DeskBinding::fetchImage(const Attachment &attachment)
{
    if (attachment.size > kMostPreviewBytes)
        return;
    whenDone(m_desk.fetchFile(m_open, attachment), this,
             [this, id = attachment.id](Result<QByteArray> bytes) {
                 if (!bytes)
                     return; // the place of the picture stays; a click asks again and says why
                 QBuffer buffer(&*bytes);
                 buffer.open(QIODevice::ReadOnly);
                 QImageReader reader(&buffer);
                 reader.setAutoTransform(true);
                 const QByteArray format = reader.format();
                 static const QList<QByteArray> known{"png", "jpeg", "gif", "webp"};
                 const QSize size = reader.size();
                 if (!known.contains(format) || !size.isValid() ||
                     qint64(size.width()) * size.height() > kMostPixels)
                     return;
                 reader.setScaledSize(
                     size.scaled(452, 206, Qt::KeepAspectRatio)); // twice the place, for fine screens
                 m_window.chat().thread().setImage(id, reader.read());
             });
}

void DeskBinding::saveFile(const Attachment &attachment)
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::DownloadLocation);
    auto *dialog = new QFileDialog(&m_window, tr("Save the file"), folder);
    dialog->setObjectName(u"saveDialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(safeFileName(attachment.name));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, chat = m_open, attachment](const QString &path) { writeFile(chat, attachment, path); });
    dialog->open();
}

void DeskBinding::writeFile(const ChatId &chat, const Attachment &attachment, const QString &path)
{
    whenDone(m_desk.fetchFile(chat, attachment), this, [this, path](Result<QByteArray> bytes) {
        if (!bytes) {
            fail(bytes.error(), Doing::FetchFile);
            return;
        }
        QSaveFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(*bytes) != bytes->size() || !file.commit())
            fail(Error{.code = Errc::Storage, .detail = file.errorString()}, Doing::FetchFile);
    });
}

} // namespace parley::ui

// The card of one record: who it is and how it was found, its fields, and the unsaved changes.
#pragma once

#include "ui/panels/FieldRow.h"
#include "ui/style/Surfaces.h"

#include <QMenu>

namespace parley::ui {

class DuplicatesView;

class RecordCardView : public Card
{
    Q_OBJECT

public:
    RecordCardView(Theme &theme, FieldContext context, QWidget *parent);

    /// Same record: the rows are updated in place and open editors stay open.
    void setCard(const desk::RecordCard &card, bool isMain, bool isAccountOfContact);
    void setNote(bool isAdding, const RecordRef &note);
    [[nodiscard]] RecordRef ref() const { return m_card.record.ref; }
    [[nodiscard]] const desk::RecordCard &card() const { return m_card; }
    [[nodiscard]] FieldRow *row(const QString &field) const;
    [[nodiscard]] int editingCount() const;
    [[nodiscard]] bool hasUnsaved() const;
    /// Keeps what is typed in open editors; false when one of them cannot be read.
    bool keepOpenEdits();
    void keepAsTyped(); ///< as above, readable or not
    /// Blank but for its kind and rows: it may show another record of the kind.
    void letGo();
    [[nodiscard]] const QString &crm() const { return m_context.crm; } ///< whose name its words use
    void save(bool evenIfDuplicate = false);
    void openInBrowser();
    void focusFirst();

signals:
    void editKept(const parley::RecordRef &ref, const QString &field, const QVariant &value,
                  const QVariant &base);
    void editUndone(const parley::RecordRef &ref, const QString &field);
    void mineKept(const parley::RecordRef &ref, const QString &field);
    void discardRequested(const parley::RecordRef &ref);
    void saveRequested(const parley::RecordRef &ref, bool evenIfDuplicate);
    void duplicateChosen(const parley::RecordRef &ref); ///< it is the visitor, not the one of this card
    void noteRequested();
    void lookAgainRequested();
    void unlinkRequested(const parley::RecordRef &ref);
    void urlOpened(const QUrl &url);

protected:
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void buildHeader(QVBoxLayout *column);
    void buildFooter(QVBoxLayout *column);
    void fillMenu(QMenu *menu);
    void tellHeader();
    void tellFooter();
    void tellProblem();
    void tellFields();
    void tellTabStop();
    void moveFocus(FieldRow *from, int by);
    void tellNoteButton();

    class Footer;
    class Tile;
    Theme &m_theme;
    FieldContext m_context;
    desk::RecordCard m_card;
    bool m_isMain = false;
    bool m_isAccountOfContact = false;
    bool m_isNoteAdding = false;
    bool m_hasKept = false; ///< during save()
    RecordRef m_note;

    Avatar *m_avatar = nullptr;
    Tile *m_tile = nullptr;
    ElidedLabel *m_title = nullptr;
    Chip *m_chip = nullptr;
    ElidedLabel *m_reason = nullptr;
    IconButton *m_noteButton = nullptr;
    IconButton *m_refresh = nullptr;
    IconButton *m_open = nullptr;
    IconButton *m_more = nullptr;
    QVBoxLayout *m_fields = nullptr;
    QList<FieldRow *> m_rows;
    Banner *m_banner = nullptr;
    QWidget *m_bannerRow = nullptr;
    Button *m_bannerLink = nullptr;
    DuplicatesView *m_duplicates = nullptr; // made when there are some
    Footer *m_footer = nullptr;
    ElidedLabel *m_summary = nullptr;
    Button *m_discard = nullptr;
    Button *m_save = nullptr;
};

} // namespace parley::ui

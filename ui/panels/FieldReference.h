// Finds a record as one types: the editor of a lookup field, and the box to find a record by hand.
#pragma once

#include "ui/panels/FieldEditor.h"

#include <QListView>
#include <QTimer>

class QStandardItemModel;

namespace parley::ui {

/// The line and the list of what was found below it. Answers to what was typed before are thrown away.
class FieldSearch : public QObject
{
    Q_OBJECT

public:
    enum Roles { RefIdRole = Qt::UserRole + 1, RefKindRole, DetailRole, TypedRole, IsRecordRole };

    FieldSearch(Theme &theme, QLineEdit *line, QWidget *anchor, RecordSearch search, QList<RecordKind> kinds);
    ~FieldSearch() override;

    void search(const QString &text); ///< after a short pause; an empty text closes the list
    void close();
    [[nodiscard]] bool isOpen() const;
    [[nodiscard]] QListView *list() const { return m_list; }

signals:
    void picked(const parley::Record &record);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void ask();
    void show(const Result<QList<Record>> &found, const QString &typed);
    void showNote(const QString &text, const QString &icon);
    void place();
    void pick(const QModelIndex &index);
    bool keyPressed(int key);
    void dress();

    Theme &m_theme;
    QLineEdit *m_line;
    QWidget *m_anchor;
    RecordSearch m_search;
    QList<RecordKind> m_kinds;
    QTimer m_pause;
    QString m_text;
    int m_asked = 0; ///< counts searches: an answer that is not to the last one is stale
    QList<Record> m_found;
    QStandardItemModel *m_model;
    QPointer<QWidget> m_popup;
    QPointer<QListView> m_list;
};

class FieldReferenceEditor : public FieldEditor
{
    Q_OBJECT

public:
    FieldReferenceEditor(Theme &theme, const crm::Field &field, const FieldContext &context, QWidget *parent);
    [[nodiscard]] QVariant value() const override;
    void setValue(const QVariant &value) override;
    [[nodiscard]] QString shown() const override;
    void setShown(const QString &text) override;
    [[nodiscard]] bool hasOpenPopup() const override;
    void selectAll() override;

private:
    FieldLine *m_line;
    FieldSearch *m_search;
    QString m_id;
    QString m_name; ///< of the record with that id
};

} // namespace parley::ui

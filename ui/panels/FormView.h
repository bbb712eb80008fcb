// A create form from the CRM's own layout. Passive: a form's values in, what was typed and wished out.
#pragma once

#include "ui/panels/FormSection.h"
#include "ui/style/Surfaces.h"

#include <QScrollArea>
#include <QTimer>

namespace parley::ui {

class DuplicatesView;
class FormSummary;

class FormView : public QWidget
{
    Q_OBJECT

public:
    FormView(Theme &theme, RecordSearch search, QWidget *parent);

    /// The same form again (after a refused save) keeps what stands in the editors and shows what was
    /// refused.
    void setForm(const desk::RecordForm &form, const QString &crm);
    /// The form is still on its way: sections of grey bars.
    void setLoading(desk::CreateOption option, const QString &crm);
    void setLoadError(const Error &error, const QString &crm);
    [[nodiscard]] const FormState &state() const { return m_state; }
    void submit();                                       ///< Ctrl+S
    void cancel();                                       ///< Escape
    void flush();                                        ///< tells at once what was typed last
    [[nodiscard]] FormField *field(const QString &name); ///< builds it when it has to
    void reveal(const QString &field);
    [[nodiscard]] int builtFields() const;
    [[nodiscard]] static int preferredWidth() { return 608; }

signals:
    void valuesTyped(const parley::FieldMap &values); ///< a moment after typing; with the names of references
    void saveRequested(const parley::FieldMap &values);
    void createAnywayRequested(const parley::FieldMap &values); ///< although the CRM has such a record
    void duplicateChosen(const parley::RecordRef &ref);         ///< instead of what would be created
    void urlOpened(const QUrl &url);
    void cancelled();
    void reloadRequested();
    void signInRequested();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    QWidget *buildHeader();
    QWidget *buildBody();
    QWidget *buildFooter();
    void rebuild();
    void tellHeader();
    void tellFooter();
    void tellProblems();
    bool isReadyToSave(); ///< else what is missing is shown
    void buildNear();
    void buildNext();
    void build(FormChunk *chunk);
    void adopt(FormField *field);
    void fieldEdited(const QString &name);
    void fieldLeft(const QString &name);
    [[nodiscard]] QList<FormChunk *> chunks() const;

    Theme &m_theme;
    FieldContext m_context;
    FormState m_state;
    desk::CreateOption m_option = desk::CreateOption::LeadAndTask;
    bool m_isLoading = false;
    QTimer m_typed;
    QTimer m_idle;

    Label *m_title = nullptr;
    Chip *m_chip = nullptr;
    ElidedLabel *m_layoutName = nullptr;
    QScrollArea *m_scroll = nullptr;
    QVBoxLayout *m_column = nullptr;
    FormSummary *m_summary = nullptr;
    DuplicatesView *m_duplicates = nullptr;
    QWidget *m_legend = nullptr;
    Skeleton *m_skeleton = nullptr;
    EmptyState *m_failed = nullptr;
    QList<FormSection *> m_sections;
    QHash<QString, FormField *> m_fields;
    IconLabel *m_attachIcon = nullptr;
    ElidedLabel *m_attachText = nullptr;
    Button *m_cancel = nullptr;
    Button *m_save = nullptr;
};

/// The red box above a refused form: what happened, and a link to each field.
class FormSummary : public QWidget
{
    Q_OBJECT

public:
    FormSummary(Theme &theme, QWidget *parent);
    void show(const QString &title, const QString &detail, const QList<FormProblem> &problems,
              const FormState &state);
    void setSignIn(bool offered);

signals:
    void fieldChosen(const QString &field);
    void signInRequested();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Theme &m_theme;
    Label *m_title = nullptr;
    Label *m_detail = nullptr;
    QVBoxLayout *m_links = nullptr;
    Button *m_signIn = nullptr;
};

} // namespace parley::ui

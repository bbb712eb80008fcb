// The visitor is not in the CRM: what was looked for, finding by hand, and exactly one of the create options.
#pragma once

#include "ui/panels/FieldReference.h"
#include "ui/style/Surfaces.h"

#include "core/desk/DeskValues.h"

namespace parley::ui {

class OptionsView;

class RecordNotFoundView : public QWidget
{
    Q_OBJECT

public:
    RecordNotFoundView(Theme &theme, RecordSearch search, QWidget *parent);

    void setTab(const desk::RecordTab &tab);
    void reset();
    void chooseOption(int index); ///< Alt+1..4
    void focusSearch();           ///< Ctrl+Shift+F

signals:
    void lookAgainRequested();
    void linkRequested(const parley::RecordRef &ref);
    void optionChosen(std::optional<parley::desk::CreateOption> option);
    void formRequested(parley::desk::CreateOption option);

private:
    void buildSearched(QVBoxLayout *column);
    void buildSearch(QVBoxLayout *column, RecordSearch search);
    void buildOptions(QVBoxLayout *column);
    void tellSearched();
    void tellChoice();
    void act(desk::CreateOption option);

    Theme &m_theme;
    desk::RecordTab m_tab;
    Label *m_title;
    Label *m_summary;
    QVBoxLayout *m_rules;
    QWidget *m_again;
    FieldLine *m_line;
    FieldSearch *m_search;
    Label *m_optionsTitle;
    Label *m_chooseOne;
    OptionsView *m_options;
    Button *m_openForm;
    Label *m_formHint;
    Banner *m_strip;
    QWidget *m_noChoice;
};

} // namespace parley::ui

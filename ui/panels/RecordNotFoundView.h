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
    Label *m_title = nullptr;
    Label *m_summary = nullptr;
    QVBoxLayout *m_rules = nullptr;
    QWidget *m_again = nullptr;
    FieldLine *m_line = nullptr;
    FieldSearch *m_search = nullptr;
    Label *m_optionsTitle = nullptr;
    Label *m_chooseOne = nullptr;
    OptionsView *m_options = nullptr;
    Button *m_openForm = nullptr;
    Label *m_formHint = nullptr;
    Banner *m_strip = nullptr;
    QWidget *m_noChoice = nullptr;
};

} // namespace parley::ui

// A record tab on a stage: its wishes change the tab as the desk would.
#pragma once

#include "tests/ui/record/RecordSamples.h"
#include "ui/panels/FieldRow.h"
#include "ui/panels/OptionsView.h"
#include "ui/panels/RecordTabView.h"

namespace parley::test {

using namespace Qt::Literals::StringLiterals;
using namespace parley::ui;

/// A view whose wishes change the tab as the desk would, so that what it shows comes from the tab alone.
struct RecordStage {
    Theme theme;
    desk::RecordTab tab;
    QList<std::pair<QString, std::function<void(Result<QList<Record>>)>>> searches; ///< held until answered
    RecordTabView view{theme,
                       [this](const QString &text, const QList<RecordKind> &, QObject *,
                              std::function<void(Result<QList<Record>>)> answer) {
                           searches.append({text, std::move(answer)});
                       },
                       nullptr};

    explicit RecordStage(desk::RecordTab first)
        : tab(std::move(first))
    {
        view.resize(400, 900);
        view.setTab(tab);
        QObject::connect(&view, &RecordTabView::optionChosen, &view,
                         [this](std::optional<desk::CreateOption> option) {
                             tab.chosen = option;
                             view.setTab(tab);
                         });
        QObject::connect(&view, &RecordTabView::attachChosen, &view, [this](crm::Attach attach) {
            tab.plan.attach = attach;
            view.setTab(tab);
        });
        QObject::connect(&view, &RecordTabView::editKept, &view,
                         [this](const RecordRef &, const QString &name, const QVariant &value) {
                             field(name).edited = value;
                             view.setTab(tab);
                         });
        QObject::connect(&view, &RecordTabView::editUndone, &view,
                         [this](const RecordRef &, const QString &name) {
                             field(name).edited.reset();
                             field(name).isContested = false;
                             view.setTab(tab);
                         });
        view.show();
    }
    desk::CardField &field(const QString &name)
    {
        return *std::ranges::find(tab.cards[0].fields, name, &desk::CardField::name);
    }
    FieldRow *row(const QString &name) { return view.findChild<FieldRow *>(u"field."_s + name); }
    template <class T> T *find(const QString &name) { return view.findChild<T *>(name); }
    QList<OptionCard *> options()
    {
        return view.findChild<QWidget *>(u"options"_s)->findChildren<OptionCard *>();
    }
    int checkedOptions()
    {
        return int(
            std::ranges::count_if(options(), [](const OptionCard *card) { return card->isChecked(); }));
    }
};

} // namespace parley::test

#include "tests/ui/record/RecordStage.h"
#include "ui/panels/CandidateList.h"
#include "ui/panels/FieldReference.h"
#include "ui/panels/RecordCardView.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace parley;
using namespace parley::test;
using Stage = RecordStage;

class RecordChoicesTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support )"_s)); }

    void options_chooseEach_exactlyOneIsOn()
    {
        Stage stage(notFoundTab());
        QCOMPARE(stage.options().size(), 4);
        QCOMPARE(stage.checkedOptions(), 0);
        QVERIFY(!stage.find<QWidget>(u"openForm"_s)->isVisible());
        for (int i : {0, 2, 1, 3}) {
            stage.view.chooseOption(i);
            QCOMPARE(stage.checkedOptions(), 1);
            QVERIFY(stage.options().at(i)->isChecked());
            QCOMPARE(stage.tab.chosen, stage.tab.options.at(i));
        }
    }

    void options_toggledFromOutside_isAChoice()
    {
        // As assistive technology does it: not by a click, by the Action interface.
        m_theme.dress(*qApp); // as the program does, before anything is built
        Stage stage(notFoundTab());
        QAccessibleInterface *card = QAccessible::queryAccessibleInterface(stage.options().at(1));
        QCOMPARE(card->role(), QAccessible::RadioButton);
        card->actionInterface()->doAction(QAccessibleActionInterface::toggleAction());
        QCOMPARE(stage.tab.chosen, std::optional(desk::CreateOption::Case));
        QVERIFY(card->state().checked);
    }

    void options_arrowKeys_moveTheOneChoice()
    {
        Stage stage(notFoundTab());
        stage.view.chooseOption(0);
        QVERIFY(QTest::qWaitForWindowActive(&stage.view));
        QTest::keyClick(stage.options().at(0), Qt::Key_Down);
        QCOMPARE(stage.checkedOptions(), 1);
        QCOMPARE(stage.tab.chosen, desk::CreateOption::Case);
    }

    void options_deskTakesBack_noneIsOn()
    {
        Stage stage(notFoundTab());
        stage.view.chooseOption(1);
        QVERIFY(stage.find<QWidget>(u"optionStrip"_s)->isVisible());
        QTest::mouseClick(stage.find<QWidget>(u"doNotCreate"_s), Qt::LeftButton);
        QCOMPARE(stage.tab.chosen, std::nullopt);
        QCOMPARE(stage.checkedOptions(), 0);
    }

    void options_fewerFromTheCrm_fewerCards()
    {
        desk::RecordTab tab = notFoundTab();
        tab.options = {desk::CreateOption::LeadAndTask, desk::CreateOption::ContactAndTask};
        Stage stage(tab);
        QCOMPARE(stage.options().size(), 2);
        stage.view.chooseOption(3); // Alt+4 with two options does nothing
        QCOMPARE(stage.checkedOptions(), 0);
    }

    void options_enterOnACard_asksForItsForm()
    {
        Stage stage(notFoundTab());
        QSignalSpy form(&stage.view, &RecordTabView::formRequested);
        QTest::keyClick(stage.options().at(2), Qt::Key_Return);
        QCOMPARE(form.size(), 1);
        QCOMPARE(form.at(0).at(0).value<desk::CreateOption>(), desk::CreateOption::ContactAndCase);
        QTest::keyClick(stage.options().at(1), Qt::Key_Return);
        QCOMPARE(form.size(), 1); // a case on its own has no form
    }

    void attach_caseThenTask_excludeEachOther()
    {
        Stage stage(matchedTab());
        auto *caseButton = stage.find<Button>(u"attachCase"_s);
        auto *taskButton = stage.find<Button>(u"attachTask"_s);
        QTest::mouseClick(caseButton, Qt::LeftButton);
        QVERIFY(caseButton->isChecked() && !taskButton->isChecked());
        QCOMPARE(caseButton->accessibleName(), u"Attach Case, on, at chat end"_s);
        QCOMPARE(stage.find<Banner>(u"attachStrip"_s)->title(),
                 u"A case will be attached when this chat ends"_s);
        QTest::mouseClick(taskButton, Qt::LeftButton);
        QVERIFY(!caseButton->isChecked() && taskButton->isChecked());
        QCOMPARE(stage.tab.plan.attach, crm::Attach::Task);
        QTest::mouseClick(taskButton, Qt::LeftButton);
        QCOMPARE(stage.tab.plan.attach, crm::Attach::Nothing);
        QVERIFY(!stage.find<Banner>(u"attachStrip"_s)->isVisible());
    }

    void attach_lead_offersTaskOnly()
    {
        desk::RecordTab tab = matchedTab();
        tab.cards = {leadCard()};
        Stage stage(tab);
        QVERIFY(!stage.find<QWidget>(u"attachCase"_s)->isVisible());
        QVERIFY(stage.find<QWidget>(u"attachTask"_s)->isVisible());
        stage.view.toggleAttach(crm::Attach::Case); // Ctrl+Shift+C
        QCOMPARE(stage.tab.plan.attach, crm::Attach::Nothing);
    }

    void attach_details_tellOnlyWhatWasTyped()
    {
        Stage stage(matchedTab());
        stage.view.toggleAttach(crm::Attach::Case);
        QSignalSpy edited(&stage.view, &RecordTabView::detailsEdited);
        QTest::mouseClick(stage.find<QWidget>(u"editDetails"_s), Qt::LeftButton);
        auto *subject = stage.find<QWidget>(u"details.Subject"_s)->findChild<QLineEdit *>();
        QCOMPARE(subject->text(), stage.tab.caseSubject);
        subject->selectAll();
        QTest::keyClicks(subject, u"Refund"_s);
        QCOMPARE(edited.last().at(0).value<FieldMap>(), (FieldMap{{u"Subject"_s, u"Refund"_s}}));
    }

    void several_first_isPreselectedAndNothingIsWritten()
    {
        Stage stage(severalTab());
        QSignalSpy chosen(&stage.view, &RecordTabView::candidateChosen);
        auto *list = stage.view.findChild<CandidateList *>();
        QCOMPARE(list->selected(), stage.tab.candidates.at(0).record.ref);
        QCOMPARE(chosen.size(), 0);
        QTest::mouseClick(stage.find<QWidget>(u"candidate.3"_s), Qt::LeftButton);
        stage.view.setTab(stage.tab); // the same candidates again: the selection stays
        QCOMPARE(list->selected(), stage.tab.candidates.at(2).record.ref);
        QTest::keyClick(stage.find<QWidget>(u"candidate.3"_s), Qt::Key_Return);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen.at(0).at(0).value<RecordRef>(), stage.tab.candidates.at(2).record.ref);
        QCOMPARE(chosen.at(0).at(1).toBool(), true);
        QCOMPARE(stage.view.preferredWidth(), 440);
    }

    void several_evidenceAndDifference_areSpoken()
    {
        Stage stage(severalTab());
        QCOMPARE(
            stage.find<QWidget>(u"candidate.3"_s)->accessibleName(),
            u"Ingrid Lindqvist, Contact, Office manager, Fjordline Foods, Mobile Phone is +46 70 174 06 21, "
            "differs: First Name is Ingrid, 3 of 3"_s);
    }

    void find_typedOn_oldAnswerIsThrownAway()
    {
        Stage stage(notFoundTab());
        auto *line = stage.find<QLineEdit>(u"findRecord"_s);
        stage.view.findByHand();
        QTest::keyClicks(line, u"kel"_s);
        QTRY_COMPARE(stage.searches.size(), 1);
        QTest::keyClicks(line, u"ler"_s);
        QTRY_COMPARE(stage.searches.size(), 2);
        QCOMPARE(stage.searches.at(1).first, u"keller"_s);
        stage.searches.at(1).second(QList<Record>{record(kinds::contact, u"new"_s, u"Tomás Keller"_s)});
        stage.searches.at(0).second(QList<Record>{record(kinds::contact, u"old"_s, u"Kelvin"_s)});
        auto *list = stage.view.findChild<QWidget *>(u"foundRecords"_s)->findChild<QListView *>();
        QCOMPARE(list->model()->rowCount(), 1);
        QCOMPARE(list->model()->index(0, 0).data().toString(), u"Tomás Keller"_s);
        QSignalSpy linked(&stage.view, &RecordTabView::linkRequested);
        QTest::keyClick(line, Qt::Key_Return);
        QCOMPARE(linked.size(), 1);
        QCOMPARE(linked.at(0).at(0).value<RecordRef>().id.value, u"new"_s);
    }

    void several_forty_arrowsReachAndShowTheLast()
    {
        desk::RecordTab tab = severalTab();
        const crm::Candidate first = tab.candidates.first();
        tab.candidates.clear();
        for (int i = 1; i <= 40; ++i) {
            crm::Candidate candidate = first;
            candidate.record.ref.id = RecordId{u"003%1"_s.arg(i)};
            candidate.record.title = i % 3 == 0 ? QString() : QString(i * 5, u'N');
            tab.candidates += candidate;
        }
        Stage stage(tab);
        QVERIFY(QTest::qWaitForWindowActive(&stage.view));
        stage.find<QWidget>(u"candidate.1"_s)->setFocus(Qt::TabFocusReason);
        for (int i = 1; i < 40; ++i)
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Down);
        auto *last = stage.find<OptionCard>(u"candidate.40"_s);
        QVERIFY(last->hasFocus());
        QVERIFY(last->isChecked());
        QTRY_VERIFY2(last->visibleRegion().boundingRect().height() >= last->height() - 1,
                     "the focus went where nobody sees it");
        QCOMPARE(last->accessibleName().right(8), u"40 of 40"_s);
    }

private:
    Theme m_theme; // the application wears it until the end
};

QTEST_MAIN(RecordChoicesTest)
#include "tst_RecordChoices.moc"

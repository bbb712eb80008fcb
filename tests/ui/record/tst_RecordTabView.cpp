#include "tests/ui/record/RecordStage.h"
#include "ui/panels/CandidateList.h"
#include "ui/panels/FieldReference.h"
#include "ui/panels/RecentView.h"
#include "ui/panels/RecordCardView.h"

#include <QClipboard>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace parley;
using namespace parley::test;
using Stage = RecordStage;

class RecordTabViewTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support )"_s)); }

    void edit_enter_keepsAndShowsWas()
    {
        Stage stage(matchedTab());
        QSignalSpy kept(&stage.view, &RecordTabView::editKept);
        QTest::mouseClick(stage.row(u"Title"_s), Qt::LeftButton);
        QVERIFY(stage.row(u"Title"_s)->isEditing());
        auto *line = stage.row(u"Title"_s)->findChild<QLineEdit *>();
        line->selectAll();
        QTest::keyClicks(line, u"Finance Lead"_s);
        QTest::keyClick(line, Qt::Key_Return);
        QVERIFY(!stage.row(u"Title"_s)->isEditing());
        QCOMPARE(kept.size(), 1);
        QCOMPARE(kept.at(0).at(1).toString(), u"Title"_s);
        QCOMPARE(kept.at(0).at(2), QVariant(u"Finance Lead"_s));
        QCOMPARE(stage.row(u"Title"_s)->accessibleName(), u"Title, changed, was Analyst, Finance Lead"_s);
        QVERIFY(stage.find<QWidget>(u"unsavedChanges"_s)->isVisible());
        const auto words = stage.row(u"Title"_s)->findChildren<ElidedLabel *>();
        const auto value = std::ranges::find(words, u"Finance Lead"_s, &ElidedLabel::text);
        QVERIFY(value != words.end());
        QCOMPARE((*value)->font().weight(), QFont::Medium); // it stands out until it is saved
    }

    void edit_escape_undoesWithoutATrace()
    {
        Stage stage(matchedTab());
        QSignalSpy kept(&stage.view, &RecordTabView::editKept);
        stage.row(u"Title"_s)->setFocus();
        QTest::keyClick(stage.row(u"Title"_s), Qt::Key_F2);
        auto *line = stage.row(u"Title"_s)->findChild<QLineEdit *>();
        QTest::keyClicks(line, u"xx"_s);
        QTest::keyClick(line, Qt::Key_Escape);
        QVERIFY(!stage.row(u"Title"_s)->isEditing());
        QCOMPARE(kept.size(), 0);
        QVERIFY(!stage.find<QWidget>(u"unsavedChanges"_s)->isVisible());
    }

    void edit_backToTheOldValue_isNoChange()
    {
        Stage stage(matchedTab());
        stage.field(u"Title"_s).edited = u"Finance Lead"_s;
        stage.view.setTab(stage.tab);
        QSignalSpy undone(&stage.view, &RecordTabView::editUndone);
        stage.row(u"Title"_s)->startEdit();
        auto *line = stage.row(u"Title"_s)->findChild<QLineEdit *>();
        QCOMPARE(line->text(), u"Finance Lead"_s);
        line->selectAll();
        QTest::keyClicks(line, u"Analyst"_s);
        QTest::keyClick(line, Qt::Key_Return);
        QCOMPARE(undone.size(), 1);
        QVERIFY(!stage.field(u"Title"_s).edited.has_value());
    }

    void edit_unreadableValue_staysOpenAndSaysWhy()
    {
        Stage stage(matchedTab());
        stage.row(u"Email"_s)->startEdit();
        auto *line = stage.row(u"Email"_s)->findChild<QLineEdit *>();
        line->selectAll();
        QTest::keyClicks(line, u"nonsense"_s);
        QVERIFY(!stage.row(u"Email"_s)->keep());
        QVERIFY(stage.row(u"Email"_s)->isEditing());
        QCOMPARE(line->text(), u"nonsense"_s);
    }

    void edit_newTabMeanwhile_keepsTheOpenEditor()
    {
        Stage stage(matchedTab());
        stage.row(u"Phone"_s)->startEdit();
        auto *line = stage.row(u"Phone"_s)->findChild<QLineEdit *>();
        line->selectAll();
        QTest::keyClicks(line, u"+351"_s);
        stage.tab.writes.append({.key = u"k"_s, .kind = kinds::note, .state = desk::WriteState::Sending});
        stage.view.setTab(stage.tab);
        stage.tab.state = desk::TabState::Looking;
        stage.view.setTab(stage.tab);
        stage.tab.state = desk::TabState::Matched;
        stage.view.setTab(stage.tab);
        QVERIFY(stage.row(u"Phone"_s)->isEditing());
        QCOMPARE(stage.row(u"Phone"_s)->findChild<QLineEdit *>()->text(), u"+351"_s);
    }

    void leaveChat_halfTyped_isKeptForTheChat()
    {
        Stage stage(matchedTab());
        QSignalSpy kept(&stage.view, &RecordTabView::editKept);
        stage.row(u"Title"_s)->startEdit();
        QTest::keyClicks(stage.row(u"Title"_s)->findChild<QLineEdit *>(), u"Lead"_s);
        stage.view.leaveChat();
        QCOMPARE(kept.size(), 1);
        QCOMPARE(kept.at(0).at(2), QVariant(u"Lead"_s));
    }

    void leaveChat_unreadableText_isKeptAndAskedAboutBeforeSaving()
    {
        Stage stage(matchedTab());
        stage.row(u"Email"_s)->startEdit();
        stage.row(u"Email"_s)->findChild<QLineEdit *>()->selectAll();
        QTest::keyClicks(stage.row(u"Email"_s)->findChild<QLineEdit *>(), u"amelia@"_s);
        stage.view.leaveChat();
        QCOMPARE(stage.field(u"Email"_s).edited, QVariant(u"amelia@"_s));
        stage.view.setTab(stage.tab);
        QSignalSpy saved(&stage.view, &RecordTabView::saveRequested);
        stage.view.saveFocusedCard();
        QCOMPARE(saved.size(), 0);
        QVERIFY(stage.row(u"Email"_s)->isEditing());
    }

    void leaveChat_anotherVisitor_nothingOfTheLastIsSeen()
    {
        Stage stage(matchedTab());
        stage.field(u"Title"_s).refusal = u"Salesforce: no such title"_s;
        stage.field(u"Phone"_s).edited = u"+351 1"_s;
        stage.field(u"Phone"_s).isContested = true;
        stage.view.setTab(stage.tab);
        stage.row(u"Email"_s)->startEdit();
        QTest::keyClicks(stage.row(u"Email"_s)->findChild<QLineEdit *>(), u"half"_s);
        QVERIFY(stage.find<QWidget>(u"contest.Phone"_s)->isVisible());
        const QPointer<FieldRow> before = stage.row(u"Email"_s);
        stage.view.leaveChat();
        QVERIFY(!stage.row(u"Email"_s)); // nor is it found by what reads the window
        QVERIFY(before);                 // but waits to be filled
        for (const QWidget *widget : before->parentWidget()->findChildren<QWidget *>()) {
            QVERIFY2(!widget->accessibleName().contains(u"Amelia"_s, Qt::CaseInsensitive),
                     qPrintable(widget->accessibleName()));
            const auto *label = qobject_cast<const QLabel *>(widget);
            QVERIFY(!label || !label->text().contains(u"Amelia"_s, Qt::CaseInsensitive));
        }
        for (const ElidedLabel *label : before->findChildren<ElidedLabel *>())
            QCOMPARE(label->text(), QString());

        desk::RecordTab other = matchedTab();
        other.cards[0].record.ref.id = RecordId(u"003OTHER"_s);
        for (desk::CardField &field : other.cards[0].fields)
            field.text = u"Other "_s + field.name;
        QSignalSpy kept(&stage.view, &RecordTabView::editKept);
        stage.view.setTab(other);
        QCOMPARE(stage.row(u"Email"_s), before.data());
        QVERIFY(!stage.row(u"Email"_s)->isEditing());
        for (const desk::CardField &field : std::as_const(other.cards[0].fields))
            QCOMPARE(stage.row(field.name)->shownText(), u"Other "_s + field.name);
        QVERIFY(!stage.find<QWidget>(u"contest.Phone"_s));
        for (const QLabel *label : stage.view.findChildren<QLabel *>())
            QVERIFY(!label->isVisible() || !label->text().contains(u"no such title"_s));
        QVERIFY(!stage.find<QWidget>(u"saveEdits"_s)->isVisible());
        QCOMPARE(kept.size(), 0);
    }

    void recent_isAskedForWhenOpened_andShowsNoOthersRows()
    {
        Stage stage(matchedTab());
        QSignalSpy asked(&stage.view, &RecordTabView::recentAsked);
        QCOMPARE(asked.size(), 0);
        QTest::mouseClick(stage.find<QWidget>(u"recentHead"_s), Qt::LeftButton);
        QCOMPARE(asked.size(), 1);
        stage.view.setTab(stage.tab); // the same record: not asked again
        QCOMPARE(asked.size(), 1);
        stage.view.recent().setActivities({{.ref = {.kind = kinds::crmCase, .id = {u"5001"_s}},
                                            .number = u"00041877"_s,
                                            .subject = u"<b>Invoice</b>"_s,
                                            .status = u"Working"_s,
                                            .url = QUrl(u"https://example.com/5001"_s)}});
        const auto *row = stage.find<QWidget>(u"recent.5001"_s);
        QTRY_VERIFY(row->isVisible());
        QVERIFY2(row->accessibleName().contains(u"<b>Invoice</b>. 00041877, Working"_s),
                 qPrintable(row->accessibleName()));
        stage.view.recent().setProblem({u"Salesforce is not reachable"_s, {}});
        QTest::mouseClick(stage.find<QWidget>(u"recentAgain"_s), Qt::LeftButton);
        QCOMPARE(asked.size(), 2);
        stage.view.recent().setActivities({{.ref = {.kind = kinds::crmCase, .id = {u"5001"_s}}}});
        stage.view.leaveChat();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QVERIFY(!stage.find<QWidget>(u"recent.5001"_s));
        stage.view.setTab(matchedTab()); // open lists stay open: of this visitor now
        QCOMPARE(asked.size(), 3);
    }

    void duplicates_ofAnEdit_areShownWithTheWaysOn()
    {
        Stage stage(duplicatesTab(true));
        const auto *box = stage.find<QWidget>(u"editDuplicates"_s);
        QVERIFY(box->isVisible());
        QVERIFY(!stage.find<QWidget>(u"saveProblem"_s)->isVisible()); // said once
        QSignalSpy saved(&stage.view, &RecordTabView::saveRequested);
        QTest::mouseClick(stage.find<QWidget>(u"insist"_s), Qt::LeftButton);
        QCOMPARE(saved.size(), 1);
        QCOMPARE(saved.at(0).at(1).toBool(), true);
        QTest::mouseClick(stage.find<QWidget>(u"saveEdits"_s), Qt::LeftButton);
        QCOMPARE(saved.at(1).at(1).toBool(), false); // the plain way asks the CRM once more
        const RecordRef edited = stage.tab.cards.first().record.ref;
        QSignalSpy linked(&stage.view, &RecordTabView::insteadChosen);
        // Whoever hears of it shows the other record at once: the card, and the button on it, are let go.
        connect(&stage.view, &RecordTabView::insteadChosen, &stage.view,
                [&stage] { stage.view.leaveChat(); });
        QTest::mouseClick(stage.find<QWidget>(u"useDuplicate.2"_s), Qt::LeftButton);
        QCOMPARE(linked.size(), 1);
        QCOMPARE(linked.at(0).at(0).value<RecordRef>(), edited);
        QCOMPARE(linked.at(0).at(1).value<RecordRef>().id.value, u"0031"_s);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        stage.view.setTab(matchedTab());
        QVERIFY(!stage.find<QWidget>(u"editDuplicates"_s));
    }

    void duplicates_blocked_offerNoSecondWay()
    {
        Stage stage(duplicatesTab(false));
        QVERIFY(!stage.find<QWidget>(u"insist"_s)->isVisible());
        desk::RecordTab saving = duplicatesTab(false);
        saving.cards[0].isSaving = true;
        stage.view.setTab(saving);
        QVERIFY(!stage.find<QWidget>(u"editDuplicates"_s)->isVisible());
    }

    void save_withAnOpenEditor_keepsItFirst()
    {
        Stage stage(matchedTab());
        QSignalSpy saved(&stage.view, &RecordTabView::saveRequested);
        stage.view.saveFocusedCard();
        QCOMPARE(saved.size(), 0); // nothing to save
        stage.row(u"Title"_s)->startEdit();
        QTest::keyClicks(stage.row(u"Title"_s)->findChild<QLineEdit *>(), u"Lead"_s);
        QTest::mouseClick(stage.find<QWidget>(u"saveEdits"_s), Qt::LeftButton);
        QCOMPARE(saved.size(), 1);
        QCOMPARE(saved.at(0).at(0).value<RecordRef>(), stage.tab.cards.at(0).record.ref);
        QCOMPARE(stage.field(u"Title"_s).edited, QVariant(u"Lead"_s));
    }

    void save_refused_saysSoAtTheFieldAsPlainText()
    {
        Stage stage(matchedTab());
        stage.field(u"Phone"_s).edited = u"912"_s;
        stage.field(u"Phone"_s).refusal = u"Start with <b>+</b>"_s;
        stage.tab.cards[0].saveError = Error{.code = Errc::InvalidInput};
        stage.view.setTab(stage.tab);
        auto *banner = stage.find<Banner>(u"saveProblem"_s);
        QVERIFY(banner->isVisible());
        QCOMPARE(banner->title(), u"Salesforce did not save this contact. One field needs a change."_s);
        const auto labels = stage.row(u"Phone"_s)->findChildren<QLabel *>();
        const auto words = std::ranges::find(labels, u"Start with <b>+</b>"_s, &QLabel::text);
        QVERIFY(words != labels.end());
        QCOMPARE((*words)->textFormat(), Qt::PlainText);
    }

    void contested_field_showsBothAndAsksForAChoice()
    {
        Stage stage(contestedTab());
        auto *banner = stage.find<Banner>(u"saveProblem"_s);
        QVERIFY(banner->title().startsWith(u"Changed in Salesforce by Lewis Grant at "_s));
        auto *contest = stage.row(u"Title"_s)->findChild<QWidget *>(u"contest.Title"_s);
        QVERIFY(contest->isVisible());
        QVERIFY(!stage.row(u"Phone"_s)->findChild<QWidget *>(u"contest.Phone"_s));
        QSignalSpy mine(&stage.view, &RecordTabView::mineKept);
        QSignalSpy theirs(&stage.view, &RecordTabView::editUndone);
        auto *keep = contest->findChild<QPushButton *>(u"keepMine"_s);
        QCOMPARE(keep->accessibleName(), stage.field(u"Title"_s).label + u": Keep mine"_s);
        QTest::mouseClick(keep, Qt::LeftButton);
        QCOMPARE(mine.size(), 1);
        QCOMPARE(mine.at(0).at(1).toString(), u"Title"_s);
        QTest::mouseClick(contest->findChild<QPushButton *>(u"takeTheirs"_s), Qt::LeftButton);
        QCOMPARE(theirs.size(), 1);
        QVERIFY(!contest->isVisible()); // as the desk says, nothing is contested any more
    }

    void readOnly_click_opensNoEditorAndSaysWhy()
    {
        Stage stage(matchedTab());
        stage.field(u"Department"_s).isReadOnly = true;
        stage.view.setTab(stage.tab);
        QTest::mouseClick(stage.row(u"Department"_s), Qt::LeftButton);
        QVERIFY(!stage.row(u"Department"_s)->isEditing());
        QCOMPARE(stage.row(u"Department"_s)->accessibleDescription(),
                 u"Salesforce does not let you change Department"_s);
    }

    void looking_quickAnswer_showsNoSkeleton()
    {
        Stage stage(lookingTab());
        QVERIFY(!stage.find<QWidget>(u"looking"_s)->isVisible());
        QTRY_VERIFY(stage.find<QWidget>(u"looking"_s)->isVisible());
        stage.view.setTab(matchedTab());
        QVERIFY(!stage.find<QWidget>(u"looking"_s)->isVisible());
    }

    void failed_copyForAdmin_holdsTheCode()
    {
        Stage stage(failedTab(Errc::Forbidden));
        QSignalSpy again(&stage.view, &RecordTabView::lookAgainRequested);
        QTest::mouseClick(stage.find<QWidget>(u"tryAgain"_s), Qt::LeftButton);
        QCOMPARE(again.size(), 1);
        QTest::mouseClick(stage.find<QWidget>(u"copyForAdmin"_s), Qt::LeftButton);
        QVERIFY(QGuiApplication::clipboard()->text().contains(u"INSUFFICIENT_ACCESS"_s));
    }

    void notConnected_button_asksToConnect()
    {
        Stage stage(notConnectedTab());
        QSignalSpy asked(&stage.view, &RecordTabView::connectRequested);
        QTest::mouseClick(stage.find<QWidget>(u"connectCrm"_s), Qt::LeftButton);
        QCOMPARE(asked.size(), 1);
    }

    void noChat_connected_asksForNoConnection()
    {
        desk::RecordTab tab;
        tab.crm = salesforce();
        Stage stage(tab);
        QVERIFY(stage.find<QWidget>(u"noChat"_s)->isVisible());
        QVERIFY(!stage.find<QWidget>(u"notConnected"_s)->isVisible());
    }

    void signInNeeded_edits_stayVisible()
    {
        Stage stage(matchedTab());
        stage.field(u"Title"_s).edited = u"Lead"_s;
        stage.tab.crm.state = desk::CrmState::SignInNeeded;
        stage.view.setTab(stage.tab);
        QVERIFY(stage.find<QWidget>(u"signInBanner"_s)->isVisible());
        QCOMPARE(stage.row(u"Title"_s)->shownText(), u"Lead"_s);
    }

    void outage_isSaidAboveWhatIsShown_data()
    {
        QTest::addColumn<Error>("error");
        QTest::addColumn<QString>("title");
        QTest::newRow("no line") << Error{.code = Errc::Offline} << u"Salesforce is not reachable"_s;
        QTest::newRow("no answer") << Error{.code = Errc::TimedOut} << u"Salesforce did not answer in time"_s;
        QTest::newRow("busy") << Error{.code = Errc::RateLimited} << u"Salesforce is busy"_s;
        QTest::newRow("used up") << Error{.code = Errc::RateLimited, .isQuotaUsedUp = true}
                                 << u"Salesforce takes no more requests for now"_s;
    }
    void outage_isSaidAboveWhatIsShown()
    {
        QFETCH(Error, error);
        Stage stage(matchedTab());
        auto *banner = stage.find<Banner>(u"offlineBanner"_s);
        QVERIFY(!banner->isVisible());
        stage.tab.crm.lastError = error;
        stage.view.setTab(stage.tab);
        QVERIFY(banner->isVisible());
        QTEST(banner->title(), "title");
        stage.tab.crm.lastError.reset();
        stage.view.setTab(stage.tab);
        QVERIFY(!banner->isVisible());
    }

    void promisedField_showsWhatWasSaved_andThatItWaits()
    {
        Stage stage(matchedTab());
        stage.field(u"Title"_s).value = u"Finance Lead"_s; // its text is still the CRM's own
        stage.field(u"Title"_s).isPromised = true;
        stage.view.setTab(stage.tab);
        QCOMPARE(stage.row(u"Title"_s)->shownText(), u"Finance Lead"_s);
        QVERIFY(stage.row(u"Title"_s)->accessibleName().contains(u"waits to be sent"_s));
        stage.row(u"Title"_s)->startEdit();
        QCOMPARE(stage.row(u"Title"_s)->findChild<QLineEdit *>()->text(), u"Finance Lead"_s);
    }

    void hostileText_everyLabel_isPlain()
    {
        desk::RecordTab tab = matchedTab();
        const QString hostile = u"<img src=x onerror=1>\n\u202eevil"_s;
        tab.cards[0].record.title = hostile;
        for (desk::CardField &field : tab.cards[0].fields)
            field.label = field.text = field.refusal = hostile;
        tab.caseSubject = tab.owner = hostile;
        tab.plan.attach = crm::Attach::Case;
        Stage stage(tab);
        for (const QLabel *label : stage.view.findChildren<QLabel *>()) {
            QCOMPARE(label->textFormat(), Qt::PlainText);
            QVERIFY(!label->text().contains(QChar(0x202e)));
        }
        for (const QWidget *widget : stage.view.findChildren<QWidget *>())
            QVERIFY(!widget->toolTip().contains(u"<img"_s));
    }

    void everyControl_inEachState_hasAName()
    {
        for (const desk::RecordTab &tab :
             {matchedTab(), notFoundTab(), severalTab(), failedTab(Errc::Offline), notConnectedTab()}) {
            Stage stage(tab);
            for (const QWidget *widget : stage.view.findChildren<QWidget *>()) {
                const auto *button = qobject_cast<const QAbstractButton *>(widget);
                const bool isInput = button || qobject_cast<const QLineEdit *>(widget);
                if (!isInput || !widget->isVisible())
                    continue;
                const QString name = !widget->accessibleName().isEmpty() ? widget->accessibleName()
                                     : button                            ? button->text()
                                                                         : QString();
                QVERIFY2(!name.isEmpty(), qPrintable(widget->objectName() + u' ' +
                                                     QString::fromLatin1(widget->metaObject()->className())));
            }
        }
    }
};

QTEST_MAIN(RecordTabViewTest)
#include "tst_RecordTabView.moc"

#include "ui/style/Button.h"
#include "ui/style/Label.h"
#include "ui/style/Marks.h"
#include "ui/style/Paint.h"
#include "ui/style/ParleyStyle.h"
#include "ui/style/SegmentedControl.h"
#include "ui/style/StyleSheet.h"
#include "ui/style/Surfaces.h"

#include <QCheckBox>
#include <QFocusFrame>
#include <QLineEdit>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace parley::ui;

class StyleTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_theme = std::make_unique<Theme>();
        m_theme->dress(*qApp);
        m_theme->choose(ThemeChoice::Light);
    }
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support )"_s)); }

    void weight_givenAfterTheFirstLook_staysInTheNext()
    {
        QWidget window;
        auto *row = new QHBoxLayout(&window);
        auto *label = new Label(*m_theme, u"Changed"_s);
        auto *elided = new ElidedLabel(*m_theme, u"Changed"_s);
        row->addWidget(label);
        row->addWidget(elided);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        m_theme->choose(ThemeChoice::Dark);
        label->setWeight(QFont::DemiBold);
        elided->setWeight(QFont::Medium);
        m_theme->choose(ThemeChoice::Light);
        QCOMPARE(label->font().weight(), QFont::DemiBold);
        QCOMPARE(elided->font().weight(), QFont::Medium);
    }

    void initials_names_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("initials");
        QTest::newRow("two") << u"Amelia Hart"_s << u"AH"_s;
        QTest::newRow("three") << u"Ana Maria Souza"_s << u"AS"_s;
        QTest::newRow("one") << u"cher"_s << u"C"_s;
        QTest::newRow("number") << u"Visitor 48213"_s << u"V"_s;
        QTest::newRow("none") << u"12 34"_s << u"?"_s;
        QTest::newRow("outside the first plane") << u"𐐨lice"_s << u"𐐀"_s;
        QTest::newRow("empty") << QString() << u"?"_s;
    }
    void initials_names()
    {
        QFETCH(QString, name);
        QTEST(initialsOf(name), "initials");
    }

    void wait_thresholds_areThoseOfTheDesign()
    {
        QCOMPARE(waitStep(59s), WaitStep::Fresh);
        QCOMPARE(waitStep(60s), WaitStep::Warn);
        QCOMPARE(waitStep(179s), WaitStep::Warn);
        QCOMPARE(waitStep(180s), WaitStep::Late);
        QCOMPARE(waitText(38s), u"0:38"_s);
        QCOMPARE(waitText(246s), u"4:06"_s);
        QCOMPARE(waitText(3729s), u"1:02:09"_s);
        QCOMPARE(waitText(-5s), u"0:00"_s);
    }

    void keyText_joints_areSpaces()
    {
        QCOMPARE(keyText(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N)), u"Ctrl Shift N"_s);
        QCOMPARE(keyText(QKeySequence(Qt::CTRL | Qt::Key_Plus)), u"Ctrl +"_s);
        QCOMPARE(keyText(QKeySequence(Qt::Key_Return)), u"Enter"_s);
    }

    void styleSheet_everyName_isAColour()
    {
        for (const Palette &palette : {lightPalette(), darkPalette(), highContrastPalette(true)}) {
            const QString sheet = styleSheetOf(palette, 1);
            QVERIFY(!sheet.contains(u'@'));
            static const QRegularExpression hole(u":\\s*;|solid\\s*;|:\\s*#000000;"_s);
            if (palette.tx1 != QColor(Qt::white)) // black is a colour of high contrast
                QVERIFY2(!hole.match(sheet).hasMatch(), qPrintable(hole.match(sheet).captured()));
        }
    }

    void theme_change_repaintsWhatIsShown()
    {
        Button button(*m_theme, u"Save"_s, ButtonKind::Primary);
        button.move(200, 200); // not under the pointer
        button.show();
        QVERIFY(QTest::qWaitForWindowExposed(&button));
        const QColor light = button.grab().toImage().pixelColor(6, 16);
        QCOMPARE(light, lightPalette().accent);
        m_theme->choose(ThemeChoice::Dark);
        QTRY_COMPARE(button.grab().toImage().pixelColor(6, 16), darkPalette().accent);
        m_theme->choose(ThemeChoice::Light);
    }

    void choose_systemAfterDark_isTheSystemsAgain()
    {
        m_theme->choose(ThemeChoice::Dark);
        QVERIFY(m_theme->isDark());
        m_theme->choose(ThemeChoice::System);
        QVERIFY(!m_theme->isDark()); // the offscreen platform is light
        QCOMPARE(qApp->palette().color(QPalette::Window), lightPalette().bgPane);
        m_theme->choose(ThemeChoice::Light);
    }

    void icons_everyName_isDrawn()
    {
        for (const QString &name : {u"chats"_s, u"queue"_s, u"sync"_s, u"settings"_s, u"keyboard"_s,
                                    u"search"_s, u"filter"_s, u"more"_s, u"endchat"_s, u"attach"_s,
                                    u"emoji"_s, u"slash"_s, u"send"_s, u"lock"_s, u"sidebar"_s, u"open"_s}) {
            const QImage image = m_theme->icon(name, 16, Qt::red).toImage();
            bool isDrawn = false;
            for (int y = 0; y < 16 && !isDrawn; ++y) {
                for (int x = 0; x < 16; ++x)
                    isDrawn = isDrawn || image.pixelColor(x, y).alpha() > 128;
            }
            QVERIFY2(isDrawn, qPrintable(name));
        }
    }

    void icon_pointing_isMirroredRightToLeft()
    {
        const auto draw = [this](Qt::LayoutDirection direction) {
            QImage image(16, 16, QImage::Format_ARGB32_Premultiplied);
            image.fill(Qt::transparent);
            QPainter painter(&image);
            painter.setLayoutDirection(direction);
            paint::icon(painter, *m_theme, QRect(0, 0, 16, 16), u"right"_s, 16, Qt::black);
            painter.end();
            return image;
        };
        const QImage mirrored = draw(Qt::LeftToRight).mirrored(true, false);
        const QImage drawn = draw(Qt::RightToLeft);
        // Painting a mirrored pixmap may round differently: compare by ink, not by pixel.
        int apart = 0;
        for (int y = 0; y < 16; ++y) {
            for (int x = 0; x < 16; ++x)
                apart +=
                    std::abs(mirrored.pixelColor(x, y).alpha() - drawn.pixelColor(x, y).alpha()) > 96 ? 1 : 0;
        }
        QVERIFY2(apart < 4, qPrintable(QString::number(apart)));
        QVERIFY(draw(Qt::LeftToRight) != drawn);
    }

    void focusRing_onlyForTheKeyboard()
    {
        QWidget window;
        auto *row = new QHBoxLayout(&window);
        Button *first = new Button(*m_theme, u"One"_s);
        Button *second = new Button(*m_theme, u"Two"_s);
        auto *edit = new QLineEdit;
        row->addWidget(first);
        row->addWidget(second);
        row->addWidget(edit);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        const auto ring = [&window] {
            return window.findChild<QFocusFrame *>();
        };
        QTest::mouseClick(first, Qt::LeftButton);
        QVERIFY(first->hasFocus());
        QVERIFY(!ring());
        QTest::keyClick(first, Qt::Key_Tab);
        QVERIFY(second->hasFocus());
        QVERIFY(ring());
        QCOMPARE(ring()->widget(), second);
        QCOMPARE(ring()->geometry(), second->geometry().adjusted(-4, -4, 4, 4));
        QTest::keyClick(second, Qt::Key_Tab);
        QVERIFY(edit->hasFocus());
        QVERIFY(!ring()); // an input shows its focus by its border
    }

    void segmented_arrows_chooseAndOneTabStop()
    {
        SegmentedControl control(*m_theme);
        control.addSegment(u"Reply"_s);
        control.addSegment(u"Internal note"_s);
        control.show();
        QVERIFY(QTest::qWaitForWindowActive(&control));
        QSignalSpy changed(&control, &SegmentedControl::currentChanged);
        const auto buttons = control.findChildren<QPushButton *>();
        QCOMPARE(buttons.size(), 2);
        buttons.first()->setFocus();
        QTest::keyClick(buttons.first(), Qt::Key_Right);
        QCOMPARE(control.current(), 1);
        QVERIFY(buttons.at(1)->hasFocus());
        QVERIFY(!(buttons.at(0)->focusPolicy() & Qt::TabFocus));
        QCOMPARE(changed.size(), 1);
    }

    void label_markup_staysText()
    {
        Label label(*m_theme, u"<b>bold</b>"_s);
        QCOMPARE(label.textFormat(), Qt::PlainText);
        Label plain(*m_theme, u"bold"_s);
        QVERIFY(label.sizeHint().width() > plain.sizeHint().width());
    }

    void elidedLabel_longName_keepsItsWholeName()
    {
        const QString name(300, u'W');
        ElidedLabel label(*m_theme, name);
        label.resize(100, 20);
        QVERIFY(label.isElided());
        QCOMPARE(label.accessibleName(), name);
        QVERIFY(label.minimumSizeHint().width() <= 24);
    }

    void button_sizes_areThoseOfTheDesign()
    {
        QCOMPARE(Button(*m_theme, u"x"_s, ButtonKind::Normal, ButtonSize::Xs).sizeHint().height(), 24);
        QCOMPARE(Button(*m_theme, u"x"_s, ButtonKind::Normal, ButtonSize::Sm).sizeHint().height(), 28);
        QCOMPARE(Button(*m_theme, u"x"_s, ButtonKind::Normal, ButtonSize::Md).sizeHint().height(), 32);
        QCOMPARE(Button(*m_theme, u"x"_s, ButtonKind::Normal, ButtonSize::Lg).sizeHint().height(), 36);
    }

    void highContrast_hasNoTints()
    {
        Theme theme;
        theme.choose(ThemeChoice::Light);
        theme.setHighContrast(true);
        QCOMPARE(theme.lineWidth(), 2);
        QCOMPARE(theme.colours().warnTint, theme.colours().bgPane);
        QCOMPARE(theme.colours().tx3, theme.colours().tx1);
        theme.setHighContrast(false);
        QCOMPARE(theme.colours().warnTint, lightPalette().warnTint);
    }

private:
    std::unique_ptr<Theme> m_theme;
};

QTEST_MAIN(StyleTest)
#include "tst_Style.moc"

#include "app/equivalence/page.h"
#include "app/training/page.h"
#include "app/window/welcome_page.h"
#include "sim/document/plan_laboratories.h"
#include "sim/equivalence/settings.h"
#include "tests/app/window/window_fixture.h"
#include "widgets/look/text.h"

#include <QAbstractButton>
#include <QSignalSpy>
#include <QTest>

using namespace endospike;

class TestWelcomePage : public QObject {
    Q_OBJECT
private slots:
    void everyCardLeadsSomewhere()
    {
        WelcomePage page(benchKinds());
        page.resize(1100, 700);
        page.show();
        QStringList led;
        connect(&page, &WelcomePage::laboratoryWanted, this,
            [&](std::string_view key, bool runs) { led << qstring(key) + (runs ? " runs" : ""); });
        QTest::mouseClick(page.card(neuron::key), Qt::LeftButton);
        QTest::mouseClick(page.card(equivalence::key), Qt::LeftButton);
        page.card(training::key)->setFocus();
        QTest::keyClick(page.card(training::key), Qt::Key_Space);
        QCOMPARE(led, (QStringList{"neuron", "equivalence", "training runs"}));
        QVERIFY(!page.card("cost"));
    }

    void filesAndExamplesAreListed()
    {
        WelcomePage page(benchKinds());
        page.resize(1100, 700);
        page.show();
        QVERIFY(page.recentLinks().empty());
        page.setRecentFiles({"/somewhere/one & two.json", "/else/three.json"});
        page.setExamples({{"First", ":/examples/first.json", "what to look for"}});
        QCOMPARE(page.recentLinks().size(), std::size_t{2});
        QSignalSpy file(&page, &WelcomePage::fileWanted);
        QSignalSpy example(&page, &WelcomePage::exampleWanted);
        QTest::mouseClick(page.recentLinks()[0], Qt::LeftButton);
        QCOMPARE(file.takeFirst().first().toString(), QString("/somewhere/one & two.json"));
        QTest::mouseClick(page.exampleLinks()[0], Qt::LeftButton);
        QCOMPARE(example.takeFirst().first().toString(), QString(":/examples/first.json"));
        page.setRecentFiles({});
        QVERIFY(page.recentLinks().empty());
    }

    /// Keys do not act on the laboratory that lies behind.
    void keysStayInFront()
    {
        WindowFixture w;
        QTRY_COMPARE(w.state(), TransportState::running);
        w.press(Qt::Key_D, Qt::ControlModifier);
        const Experiment before = w.experiment();
        w.press(Qt::Key_Home, Qt::AltModifier);
        QTRY_COMPARE(w.state(), TransportState::paused);
        w.answer = w.file("behind");
        w.press(Qt::Key_Space);
        w.press(Qt::Key_I);
        for (const Qt::Key key : {Qt::Key_D, Qt::Key_E, Qt::Key_S, Qt::Key_Z})
            w.press(key, Qt::ControlModifier);
        w.press(Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
        QTest::qWait(50);
        QCOMPARE(w.state(), TransportState::paused);
        QCOMPARE(w.experiment(), before);
        QVERIFY(w.document().isModified() && w.lastQuestion.start.isEmpty());
        w.press(Qt::Key_N, Qt::ControlModifier); // asks about changes, which must be seen then
        QVERIFY(w->page().isVisible());
        w.answerQuestion(QMessageBox::Cancel);
        w.press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(w.experiment() != before);
    }

    void theWindowGoesWhereTheCardsLead()
    {
        WindowFixture w;
        QCOMPARE(w->bench().laboratory().key, neuron::key); // opens as ever
        QTRY_COMPARE(w.state(), TransportState::running);
        w.press(Qt::Key_Home, Qt::AltModifier);
        WelcomePage* page = &w->welcomePage();
        QVERIFY(page->isVisible());
        QVERIFY(!w->transport().isVisible());
        QTRY_COMPARE(w.state(), TransportState::paused); // nobody sees it
        QVERIFY(!page->exampleLinks().empty());
        QTest::mouseClick(page->card(neuron::key), Qt::LeftButton);
        QVERIFY(w.neuron().isVisible());
        QVERIFY(w->transport().isVisible());
        QTRY_COMPARE(w.state(), TransportState::running);
        w->showWelcome();
        QTest::mouseClick(page->card(equivalence::key), Qt::LeftButton);
        QVERIFY(w.page<EquivalencePage>(equivalence::key).isVisible());
        w->showWelcome();
        QTest::mouseClick(page->exampleLinks().front(), Qt::LeftButton);
        QVERIFY(!page->isVisible());
        QVERIFY(!w.experiment().title.empty());
    }

    void theTrainingCardOpensTheDemonstration()
    {
        WindowFixture w;
        w->showWelcome();
        QTest::mouseClick(w->welcomePage().card(training::key), Qt::LeftButton);
        QVERIFY(w.page<TrainingPage>(training::key).isVisible());
        QCOMPARE(w.experiment(), firstTraining());
    }

    void thePicturesMoveOnlyWhileTheyAreSeen()
    {
        WelcomePage page(benchKinds());
        page.resize(900, 600);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        const QImage before = page.card(neuron::key)->grab().toImage();
        QTRY_VERIFY(page.card(neuron::key)->grab().toImage() != before);
        page.hide();
        const QImage hidden = page.card(neuron::key)->grab().toImage();
        QTest::qWait(150);
        QCOMPARE(page.card(neuron::key)->grab().toImage(), hidden);
    }
};

QTEST_MAIN(TestWelcomePage)
#include "tst_welcome_page.moc"

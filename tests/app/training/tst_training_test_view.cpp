#include "app/training/test_view.h"
#include "tests/app/training/training_view_fixture.h"
#include "widgets/picture/image_grid.h"
#include "widgets/picture/image_view.h"
#include "widgets/picture/probability_bars.h"

#include <QComboBox>
#include <QLabel>
#include <QToolButton>

using namespace endospike;
using MatrixCell = ConfusionMatrix::Cell;

namespace {

/// Answers nothing until it is let go.
class SlowNetwork : public FakeNetwork {
public:
    explicit SlowNetwork(const std::atomic<bool>& go)
        : m_go(&go)
    {
    }
    void forward(const Batch& batch, Workspace& workspace, Workers& workers, ActivityCounter* counter) const override
    {
        while (!*m_go)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        FakeNetwork::forward(batch, workspace, workers, counter);
    }

private:
    const std::atomic<bool>* m_go;
};

} // namespace

class TestTrainingTestView : public QObject {
    Q_OBJECT

    std::shared_ptr<const TrainingData> m_data;
    std::unique_ptr<TrainingTestView> m_view;

    int truth(int pair, int task) const { return m_data->test.labels(pair)[static_cast<std::size_t>(task)]; }
    bool right(int pair, int task) const
    {
        return FakeNetwork::answerFor(task, truth(pair, task)) == truth(pair, task);
    }
    void clickCell(int task, MatrixCell cell)
    {
        ConfusionMatrix* matrix = m_view->matrix(task);
        QTest::mouseClick(matrix, Qt::LeftButton, {}, matrix->cellRect(cell).center().toPoint());
    }

private slots:
    void init()
    {
        m_data = smallData(400, 600); // three batches
        m_view = std::make_unique<TrainingTestView>();
        m_view->setData(m_data);
        m_view->resize(1190, 650);
        m_view->show();
        m_view->enter();
        m_view->setSnapshot(fakeRun, afterEpoch(2), std::make_shared<FakeNetwork>());
        QTRY_COMPARE(m_view->predicted(), 600);
    }
    void cleanup() { m_view.reset(); }

    void theMatricesCountEveryAnswer()
    {
        for (int task = 0; task < taskCount; ++task) {
            std::vector<int> expected(100);
            for (int pair = 0; pair < 600; ++pair)
                ++expected[static_cast<std::size_t>(
                    truth(pair, task) * 10 + FakeNetwork::answerFor(task, truth(pair, task)))];
            for (int i = 0; i < 100; ++i)
                QCOMPARE(m_view->matrix(task)->countAt({i / 10, i % 10}), expected[static_cast<std::size_t>(i)]);
        }
        QVERIFY(m_view->statusLabel()->text().contains("after epoch 3"));
        QVERIFY(m_view->statusLabel()->text().contains(QString::number(100 * m_view->matrix(0)->accuracy(), 'f', 1)));
    }

    void filtersShowExactlyWhatTheySay_data()
    {
        QTest::addColumn<int>("filter");
        QTest::newRow("all") << int(TrainingTestView::all);
        QTest::newRow("wrong at the top left") << int(TrainingTestView::wrongFirst);
        QTest::newRow("wrong at the bottom right") << int(TrainingTestView::wrongSecond);
        QTest::newRow("wrong in both") << int(TrainingTestView::wrongBoth);
        QTest::newRow("right in both") << int(TrainingTestView::rightBoth);
    }
    void filtersShowExactlyWhatTheySay()
    {
        QFETCH(int, filter);
        m_view->filterCombo()->setFocus();
        for (int i = 0; i < filter; ++i)
            QTest::keyClick(m_view->filterCombo(), Qt::Key_Down);
        std::vector<int> expected;
        for (int pair = 0; pair < 600; ++pair) {
            const bool first = right(pair, 0);
            const bool second = right(pair, 1);
            if (filter == TrainingTestView::all || (filter == TrainingTestView::wrongFirst && !first)
                || (filter == TrainingTestView::wrongSecond && !second)
                || (filter == TrainingTestView::wrongBoth && !first && !second)
                || (filter == TrainingTestView::rightBoth && first && second))
                expected.push_back(pair);
        }
        QVERIFY(!expected.empty());
        QCOMPARE(m_view->shown(), expected);
        QCOMPARE(m_view->grid()->count(), static_cast<int>(expected.size()));
    }

    void aCellShowsExactlyItsImages()
    {
        clickCell(0, {5, 3});
        QVERIFY(!m_view->shown().empty());
        QCOMPARE(static_cast<int>(m_view->shown().size()), m_view->matrix(0)->countAt({5, 3}));
        for (const int pair : m_view->shown())
            QCOMPARE(truth(pair, 0), 5);
        QVERIFY(m_view->cellChip()->isVisible());
        clickCell(1, {7, 2}); // the other task's cell takes its place
        QVERIFY(!m_view->matrix(0)->current());
        for (const int pair : m_view->shown())
            QCOMPARE(truth(pair, 1), 7);
        QTest::mouseClick(m_view->cellChip(), Qt::LeftButton);
        QCOMPARE(m_view->grid()->count(), 600);
        QVERIFY(!m_view->cellChip()->isVisible());
    }

    void anEmptyCellShowsNothing()
    {
        clickCell(0, {1, 9});
        QCOMPARE(m_view->grid()->count(), 0);
        clickCell(0, {1, 9});
        QCOMPARE(m_view->grid()->count(), 600);
    }

    void theChosenOneShowsProbabilitiesAndTruth()
    {
        clickCell(0, {5, 3});
        QTest::mouseClick(m_view->grid()->viewport(), Qt::LeftButton, {}, m_view->grid()->itemRect(1).center());
        const int pair = m_view->shown()[1];
        QCOMPARE(m_view->imageView()->index(), pair);
        QCOMPARE(m_view->bars(0)->answer(), 3);
        QCOMPARE(m_view->bars(0)->truth(), 5);
        QCOMPARE(m_view->bars(1)->truth(), truth(pair, 1));
        QVERIFY(m_view->bars(0)->sentence().contains("wrong"));
    }

    void anotherRunTakesTheOldAnswersAway()
    {
        std::atomic<bool> go = false;
        m_view->setSnapshot({"HH fc", 1}, afterEpoch(0), std::make_shared<SlowNetwork>(go));
        QCOMPARE(m_view->predicted(), 0);
        QVERIFY(std::isnan(m_view->matrix(0)->accuracy()));
        go = true;
        QTRY_COMPARE(m_view->predicted(), 600);
    }

    void newEpochsOfTheRunKeepTheOldAnswersUntilTheirsAreThere()
    {
        std::atomic<bool> go = false;
        m_view->setSnapshot(fakeRun, afterEpoch(3), std::make_shared<SlowNetwork>(go));
        m_view->setSnapshot(fakeRun, afterEpoch(4), std::make_shared<FakeNetwork>());
        QCOMPARE(m_view->predicted(), 600);
        go = true;
        QTRY_VERIFY(m_view->statusLabel()->text().contains("after epoch 5"));
        QCOMPARE(m_view->predicted(), 600);
    }

    void behindAnotherViewNothingIsComputed()
    {
        m_view->leave();
        std::atomic<bool> go = false;
        auto slow = std::make_shared<SlowNetwork>(go);
        m_view->setSnapshot(fakeRun, afterEpoch(3), slow);
        QTest::qWait(20);
        QCOMPARE(slow.use_count(), 2L); // the view remembers it, no job has it
        go = true;
        m_view->enter();
        QTRY_VERIFY(m_view->statusLabel()->text().contains("after epoch 4"));
    }
};

QTEST_MAIN(TestTrainingTestView)
#include "tst_training_test_view.moc"

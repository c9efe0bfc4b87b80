#include "app/training/data_view.h"
#include "sim/document/plan_laboratories.h"
#include "tests/app/training/training_view_fixture.h"
#include "widgets/form/segmented_control.h"
#include "widgets/picture/image_grid.h"
#include "widgets/picture/image_view.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QLabel>
#include <QSpinBox>

using namespace endospike;

class TestTrainingDataView : public QObject {
    Q_OBJECT

    std::shared_ptr<const TrainingData> m_data;
    std::unique_ptr<TrainingDataView> m_view;

    void choose(QComboBox* combo, int index)
    {
        combo->setFocus();
        while (combo->currentIndex() != index)
            QTest::keyClick(combo, combo->currentIndex() < index ? Qt::Key_Down : Qt::Key_Up);
    }

private slots:
    void init()
    {
        m_data = smallData();
        m_view = std::make_unique<TrainingDataView>();
        Experiment experiment = firstTraining();
        experiment.training.settings = smallPlan().settings;
        m_view->setExperiment(experiment);
        m_view->setData(m_data);
        m_view->resize(1100, 650);
        m_view->show();
    }

    void bothSetsAreShownWhole()
    {
        QCOMPARE(m_view->grid()->count(), 400);
        QTest::mouseClick(m_view->setControl()->button(1), Qt::LeftButton);
        QCOMPARE(m_view->grid()->count(), 120);
        QVERIFY(m_view->countLabel()->text().contains("120"));
    }

    void theFilterLeavesExactlyTheClasses()
    {
        choose(m_view->classCombo(0), 4); // "any" stands first
        choose(m_view->classCombo(1), 8);
        int expected = 0;
        for (int pair = 0; pair < m_data->train.size(); ++pair)
            expected += m_data->train.labels(pair)[0] == 3 && m_data->train.labels(pair)[1] == 7;
        QCOMPARE(static_cast<int>(m_view->shown().size()), expected);
        for (const int pair : m_view->shown()) {
            QCOMPARE(int(m_data->train.labels(pair)[0]), 3);
            QCOMPARE(int(m_data->train.labels(pair)[1]), 7);
        }
    }

    void aClickShowsItLargeWithItsLabels()
    {
        QTest::mouseClick(m_view->grid()->viewport(), Qt::LeftButton, {}, m_view->grid()->itemRect(5).center());
        QCOMPARE(m_view->pair(), 5);
        QVERIFY(m_view->imageView()->hasImage());
        const QString caption = m_view->imageView()->caption();
        for (const int label : m_data->train.labels(5))
            QVERIFY(caption.contains(QString("class %1").arg(label)));
        QVERIFY(caption.contains(QString::number(m_data->train.first(5))));
        QVERIFY(caption.contains(QString::number(m_data->train.second(5))));
    }

    void aNumberThatTheFilterHidesLiftsIt()
    {
        choose(m_view->classCombo(0), 4);
        int hidden = 0;
        while (m_data->train.labels(hidden)[0] == 3)
            ++hidden;
        QSpinBox* spin = m_view->imageView()->numberSpin();
        spin->selectAll();
        QTest::keyClicks(spin, QString::number(hidden));
        QTest::keyClick(spin, Qt::Key_Return);
        QCOMPARE(m_view->pair(), hidden);
        QCOMPARE(m_view->classCombo(0)->currentIndex(), 0);
        QCOMPARE(m_view->grid()->current(), hidden);
    }

    void thePairingSeedIsSaid()
    {
        bool said = false;
        for (const QLabel* label : m_view->findChildren<QLabel*>())
            said = said || label->text().contains("pairing seed 3");
        QVERIFY(said);
    }

    void withoutDataNothingIsShown()
    {
        m_view->setData(nullptr);
        QCOMPARE(m_view->grid()->count(), 0);
        m_view->grab();
        m_view->setData(m_data);
        QCOMPARE(m_view->grid()->count(), 400);
    }
};

QTEST_MAIN(TestTrainingDataView)
#include "tst_training_data_view.moc"

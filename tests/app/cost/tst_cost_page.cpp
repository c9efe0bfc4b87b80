#include "app/cost/board.h"
#include "app/cost/page.h"
#include "app/cost/setup.h"
#include "sim/cost/laboratory.h"
#include "sim/network/training_plan.h"
#include "tests/app/window/window_fixture.h"
#include "tests/widgets/plot/figure_ink.h"
#include "widgets/form/number_spin.h"
#include "widgets/form/parameter_form.h"
#include "widgets/form/segmented_control.h"
#include "widgets/plot/bar_plot.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QTableWidget>
#include <QTest>

#include <cmath>

using namespace endospike;

class TestCostPage : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<WindowFixture> m_window;

    CostPage& page() const { return dynamic_cast<CostPage&>((*m_window)->page()); }
    CostBoard& board() const { return page().board(); }
    const Experiment& experiment() const { return m_window->experiment(); }
    void click(QAbstractButton* button) const
    {
        QVERIFY(button);
        QTest::mouseClick(button, Qt::LeftButton, {}, {8, button->height() / 2});
    }
    QString cell(int row, int column) const { return board().table()->item(row, column)->text(); }
    void show()
    {
        m_window = std::make_unique<WindowFixture>(m_folder->path());
        (*m_window)->showLaboratory(cost::key);
        QTRY_VERIFY(page().isVisible());
    }
    /// One small network, so that measuring is quick.
    void makeSmall() const
    {
        Experiment small = experiment();
        small.training.networks.clear();
        small.training.networks.emplace_back(*findNetworkKind("lif_fc")).parameters.set("hidden", 16);
        m_window->document().edit(small, "small");
    }

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        show();
    }
    void cleanup()
    {
        m_window.reset();
        m_folder.reset();
    }

    void everyKindIsCountedAtOnce()
    {
        QCOMPARE(experiment(), firstCost());
        const auto kinds = networkKinds();
        QCOMPARE(board().table()->rowCount(), static_cast<int>(kinds.size()));
        QCOMPARE(board().bars()->rows().size(), kinds.size());
        for (std::size_t i = 0; i < kinds.size(); ++i) {
            const BarRow& row = board().bars()->rows()[i];
            QCOMPARE(row.color, hueColor(kinds[i].hue));
            QCOMPARE(row.bars[0].value, publishedCount(NetworkPlan(kinds[i])).total() / 1e6);
            const auto executed = executedCount(NetworkPlan(kinds[i]));
            QCOMPARE(std::isnan(row.bars[1].value), !executed);
            if (executed)
                QCOMPARE(row.bars[1].value, executed->operations.total() / 1e6);
            QCOMPARE(row.bars[0].mark > 0, kinds[i].printed.has_value());
        }
    }

    void thePrintedCountsAreMatchedToTheDigit()
    {
        QCOMPARE(cell(0, 1), QString("9.99419"));
        QCOMPARE(cell(0, 2), QString("10.00192"));
        QCOMPARE(cell(2, 1), QString("10.09403"));
        QCOMPARE(cell(2, 2), QString("10.15552"));
        const QString note = board().note()->text();
        QVERIFY(note.contains("LIF fc: the paper prints 9.99419 / 10.00192, counted here is the same to the digit"));
        QVERIFY(note.contains("the paper prints 10.09403 / 10.15552, counted here is the same to the digit"));
        QCOMPARE(printedSentences({}).size(), 0);
    }

    void countsFollowTheParameters()
    {
        NumberSpin* steps = page().setup().form()->spin(rowOf(findNetworkKind("lif_fc")->parameters, "steps"));
        QVERIFY(steps);
        QVERIFY(steps->isVisible());
        QVERIFY(
            !page().setup().form()->spin(rowOf(findNetworkKind("lif_fc")->parameters, "learning_rate"))->isVisible());
        steps->setFocus();
        steps->selectAll();
        QTest::keyClicks(steps, "30");
        QTest::keyClick(steps, Qt::Key_Return);
        QCOMPARE(experiment().training.networks[0].parameters["steps"], 30.0);
        QCOMPARE(
            cell(0, 1), QString::number(publishedCount(experiment().training.networks[0]).additions / 1e6, 'f', 5));
        QVERIFY(cell(0, 1) != "9.99419");
        QVERIFY(board().note()->text().contains("LIF fc: other parameters than published"));
        QVERIFY(std::isnan(board().bars()->rows()[0].bars[0].mark));
        QVERIFY(page().setup().networkChecks()->box("lif_fc")->text().contains("own parameters"));
        m_window->document().undoStack().undo();
        QCOMPARE(cell(0, 1), QString("9.99419"));
    }

    void networksAreTickedAndChosen()
    {
        click(page().setup().networkChecks()->box("lif_fc"));
        QCOMPARE(experiment().training.networks.size(), networkKinds().size() - 1);
        QCOMPARE(cell(0, 0), QString("4LIF fc"));
        m_window->document().undoStack().undo();
        QTableWidget* table = board().table();
        const QRect area = table->visualItemRect(table->item(3, 0));
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, area.center());
        QCOMPARE(page().setup().networkCombo()->currentIndex(), 3);
        QCOMPARE(page().setup().form()->values(), experiment().training.networks[3].parameters);
    }

    void everyQuantityHasBars()
    {
        for (int quantity = 0; quantity < 4; ++quantity) {
            click(board().quantityControl()->button(quantity));
            QCOMPARE(board().bars()->rows().size(), networkKinds().size());
            QCOMPARE(board().bars()->isEmpty(), quantity == CostBoard::time);
        }
        click(board().subjectControl()->button(CostBoard::cells));
        QCOMPARE(board().table()->rowCount(), static_cast<int>(neuronModels().size()));
        QVERIFY(!board().quantityControl()->button(CostBoard::parameters)->isEnabled());
        click(board().quantityControl()->button(CostBoard::operations));
        for (std::size_t i = 0; i < neuronModels().size(); ++i) {
            const auto count = neuronModels()[i].published;
            const Bar& bar = board().bars()->rows()[i].bars[0];
            QCOMPARE(std::isnan(bar.value), !count);
            if (count)
                QCOMPARE(bar.value, count->total());
        }
    }

    void measuresAndForgetsWhatChanged()
    {
        makeSmall();
        QCOMPARE(cell(0, 7), QString("–"));
        click((*m_window)->transport().runButton());
        QTRY_COMPARE(page().state(), TransportState::finished);
        QVERIFY(cell(0, 7).section(' ', 0, 0).toDouble() > 0);
        click(board().quantityControl()->button(CostBoard::time));
        const Bar& bar = board().bars()->rows()[0].bars[0];
        QVERIFY(bar.low > 0 && bar.low <= bar.value && bar.value <= bar.high);
        click(board().subjectControl()->button(CostBoard::cells));
        for (int row = 0; row < board().table()->rowCount(); ++row)
            QVERIFY(cell(row, 4).section(' ', 0, 0).toDouble() > 0 && cell(row, 5).contains(" to "));
        click(board().subjectControl()->button(CostBoard::networks));
        Experiment other = experiment();
        other.training.networks[0].parameters.set("hidden", 17);
        m_window->document().edit(other, "other");
        QCOMPARE(cell(0, 7), QString("–")); // measured with another size
        m_window->document().undoStack().undo();
        QVERIFY(cell(0, 7).section(' ', 0, 0).toDouble() > 0);
    }

    void measuringIsStopped()
    {
        click((*m_window)->transport().runButton());
        QCOMPARE(page().state(), TransportState::running);
        click((*m_window)->transport().runButton());
        QTRY_COMPARE(page().state(), TransportState::paused);
        QCOMPARE(page().sentence(), QString("Stopped."));
    }

    void theTableIsExported()
    {
        m_window->answer = m_window->file("cost.csv");
        m_window->press(Qt::Key_E, Qt::ControlModifier);
        QTRY_VERIFY(!readBytes(m_window->answer).isEmpty());
        const QList<QByteArray> lines = readBytes(m_window->answer).trimmed().split('\n');
        QCOMPARE(lines.size(), static_cast<int>(networkKinds().size()) + 1);
        QVERIFY(lines[0].startsWith("network,published_additions,"));
        QVERIFY(lines[1].startsWith("LIF fc,9994190,10001920,"));
        for (const QByteArray& line : lines)
            QCOMPARE(line.count(','), lines[0].count(','));
        compareFigure(
            page().figure("Twelve networks"), "Twelve networks", {hueColor(Hue::blue), hueColor(Hue::vermilion)});
    }

    void theLayoutIsKept()
    {
        click(board().subjectControl()->button(CostBoard::cells));
        click(board().quantityControl()->button(CostBoard::memory));
        (*m_window)->close();
        m_window.reset();
        show();
        QCOMPARE(board().subjectControl()->current(), int(CostBoard::cells));
        QCOMPARE(board().quantityControl()->current(), int(CostBoard::memory));
    }

    void theDocumentIsKept()
    {
        makeSmall();
        QCOMPARE(experimentFromJson(toJson(experiment())), experiment());
    }
};

QTEST_MAIN(TestCostPage)
#include "tst_cost_page.moc"

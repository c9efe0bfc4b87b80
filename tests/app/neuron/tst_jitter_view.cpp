#include "app/neuron/jitter_view.h"
#include "tests/app/window/window_fixture.h"
#include "tests/widgets/plot/figure_ink.h"
#include "widgets/form/number_spin.h"
#include "widgets/form/parameter_form.h"
#include "widgets/plot/curve_plot.h"
#include "widgets/plot/trial_raster.h"
#include "widgets/trace/plot_stack.h"

#include <QLabel>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include <algorithm>
#include <cmath>

using namespace endospike;

class TestJitterView : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<WindowFixture> m_window;

    NeuronPage& page() const { return m_window->neuron(); }
    JitterView& view() const { return *page().jitter(); }
    void click(QAbstractButton* button) const { QTest::mouseClick(button, Qt::LeftButton); }
    void open() const
    {
        click(page().jitterButton());
        QTRY_VERIFY(view().isVisible());
    }
    void type(int row, const char* text) const
    {
        NumberSpin* spin = view().form()->spin(row);
        spin->setFocus();
        spin->selectAll();
        QTest::keyClicks(spin, text);
        QTest::keyClick(spin, Qt::Key_Return);
    }
    bool done(int trials) const { return !view().isBusy() && view().result().trials == trials; }

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_window = std::make_unique<WindowFixture>(m_folder->path());
    }
    void cleanup()
    {
        m_window.reset();
        m_folder.reset();
    }

    void nothingIsComputedBehindTheScenes()
    {
        QVERIFY(!view().isVisible());
        m_window->retitle("other");
        QVERIFY(!view().isBusy());
        QCOMPARE(view().result().trials, 0);
    }

    void showsTrialsAndJitterOfEveryCell()
    {
        open();
        QTRY_VERIFY(done(100));
        const JitterResult& result = view().result();
        QCOMPARE(result.cells.size(), std::size_t(2)); // HH and LIF
        QCOMPARE(view().raster()->blocks().size(), std::size_t(2));
        QCOMPARE(view().plot()->curves().size(), std::size_t(2));
        for (std::size_t i = 0; i < 2; ++i) {
            QVERIFY(view().raster()->blocks()[i].trials_ms == result.cells[i].trials_ms);
            QVERIFY(!result.cells[i].spikes.empty());
            QCOMPARE(view().plot()->curves()[i].y.back(), result.cells[i].spikes.back().deviation_ms);
            QCOMPARE(view().plot()->curves()[i].color, hueColor(m_window->experiment().neuron.cells[i].model->hue));
            QVERIFY(view().summary()->text().contains(QString::fromStdString(result.cells[i].name)));
        }
        QVERIFY(view().summary()->text().contains("ms"));
        const auto panels = page().plots().panels();
        const auto shown = std::ranges::count_if(panels, &PlotPanel::visible);
        QCOMPARE(page().figure("caption").pictures.size(), static_cast<std::size_t>(shown + 2));
        compareFigure(
            page().figure("Twice a hundred"), "Twice a hundred", {hueColor(Hue::vermilion), hueColor(Hue::blue)});
    }

    void settingsAndEditsBeginAnew()
    {
        open();
        type(jitter::trials, "7");
        QTRY_VERIFY(done(7));
        QVERIFY(view().result().cells[1].jitter_ms() > 0);
        type(jitter::deviation, "0");
        QTRY_VERIFY(done(7) && view().result().cells[1].jitter_ms() == 0);
        Experiment silent = m_window->experiment();
        silent.neuron.stimulus.parts.clear();
        m_window->document().edit(silent, "silence", "silence");
        QTRY_VERIFY(done(7) && view().result().cells[1].spikes.empty());
        QVERIFY(view().summary()->text().contains("silent"));
        m_window->document().undoStack().undo();
        QTRY_VERIFY(done(7) && !view().result().cells[1].spikes.empty());
    }

    void hiddenCellsAreLeftOut()
    {
        open();
        type(jitter::trials, "3");
        QTRY_VERIFY(done(3));
        Experiment hidden = m_window->experiment();
        hidden.neuron.cells[0].visible = false;
        m_window->document().edit(hidden, "hide", "hide");
        QVERIFY(!view().isBusy()); // nothing is computed for that
        QCOMPARE(view().raster()->blocks().size(), std::size_t(1));
    }

    void stopsAndRepeats()
    {
        open();
        type(jitter::trials, "2000");
        QTRY_VERIFY(view().result().trials > 0);
        QCOMPARE(view().button()->text(), QString("Stop"));
        click(view().button());
        QVERIFY(!view().isBusy());
        QCOMPARE(view().button()->text(), QString("Repeat"));
        QTest::qWait(300);
        QVERIFY(view().result().trials < 2000);
        type(jitter::trials, "4");
        QTRY_VERIFY(done(4));
        click(view().button());
        QVERIFY(view().isBusy());
        QTRY_VERIFY(done(4));
    }

    void closingEndsTheWork()
    {
        open();
        type(jitter::trials, "2000");
        QVERIFY(view().isBusy());
        click(page().jitterButton());
        QVERIFY(!view().isVisible());
        QVERIFY(!view().isBusy());
        page().stop();
    }

    void isOpenAgainNextTime()
    {
        open();
        (*m_window)->close();
        m_window = std::make_unique<WindowFixture>(m_folder->path());
        QVERIFY(page().jitterButton()->isChecked());
        QTRY_VERIFY(view().isVisible());
    }
};

QTEST_MAIN(TestJitterView)
#include "tst_jitter_view.moc"

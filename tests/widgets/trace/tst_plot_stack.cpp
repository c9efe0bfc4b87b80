#include "sim/document/plan_laboratories.h"
#include "tests/widgets/plot/figure_ink.h"
#include "tests/widgets/trace/synthetic_history.h"
#include "widgets/plot/figure.h"
#include "widgets/trace/plot_stack.h"
#include "widgets/trace/trace_plot.h"

#include <QSvgRenderer>
#include <QToolButton>
#include <QtTest>

using namespace endospike;

class TestPlotStack : public QObject {
    Q_OBJECT

    struct Page {
        NeuronPlan plan = firstExperiment().neuron;
        TraceHistory history;
        PlotStack stack;
        std::shared_ptr<const TraceLayout> layout = layoutOf(plan);
        double end_ms = 0;

        explicit Page(double until_ms)
        {
            stack.resize(800, 700);
            stack.setPlan(plan);
            stack.setSelectedCell(plan.cells[0].id);
            stack.setHistory(&history);
            stack.show();
            QCoreApplication::processEvents();
            grow(until_ms);
        }

        void grow(double by_ms, bool restarted = false)
        {
            if (restarted)
                end_ms = 0;
            history.append(rampBlock(plan, layout, end_ms, static_cast<int>(by_ms * 20), restarted));
            end_ms += by_ms;
            stack.refresh();
            QCoreApplication::processEvents();
        }

        TimePlot* voltage() { return stack.plot("voltage"); }

        void wheel(TimePlot* plot, QPoint at, int delta, Qt::KeyboardModifiers modifiers = {})
        {
            QWheelEvent event(
                at, plot->mapToGlobal(at), {}, {0, delta}, Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
            QCoreApplication::sendEvent(plot, &event);
            stack.refresh();
        }

        void drag(TimePlot* plot, QPoint from, QPoint to)
        {
            QTest::mousePress(plot, Qt::LeftButton, {}, from);
            QTest::mouseMove(plot, to);
            QTest::mouseRelease(plot, Qt::LeftButton, {}, to);
            stack.refresh();
        }
    };

private slots:
    void plotsShareTheTimeAxisAndTheLeftEdge()
    {
        Page page(600);
        for (const PlotPanel& panel : page.stack.panels())
            page.stack.setPanelVisible(panel.key, true);
        page.stack.resize(800, 1100);
        QCoreApplication::processEvents();
        page.stack.refresh();
        int labelled = 0;
        for (const PlotPanel& panel : page.stack.panels()) {
            const TimePlot* plot = page.stack.plot(panel.key);
            QCOMPARE(plot->from_ms(), page.stack.visibleRange().from_ms);
            QCOMPARE(plot->to_ms(), page.stack.visibleRange().to_ms);
            QCOMPARE(plot->plotArea().left(), page.voltage()->plotArea().left());
            QCOMPARE(plot->plotArea().width(), page.voltage()->plotArea().width());
            QVERIFY(!plot->accessibleName().isEmpty());
            labelled += plot->isTimeAxisShown();
        }
        QCOMPARE(labelled, 1);
        QVERIFY(page.stack.plot(page.stack.panels().back().key)->isTimeAxisShown());
    }

    void followsUntilPannedBackAndEndBringsItBack()
    {
        Page page(600);
        QVERIFY(page.stack.followsLive());
        QVERIFY(std::abs(page.stack.visibleRange().to_ms - page.history.last_ms()) < 1);
        QSignalSpy spy(&page.stack, &PlotStack::followLiveChanged);
        const QPoint center = page.voltage()->plotArea().center();
        page.drag(page.voltage(), center, center + QPoint(100, 0));
        QVERIFY(!page.stack.followsLive());
        QCOMPARE(spy.count(), 1);
        const TimeRange looked = page.stack.visibleRange();
        const double moved = 100 * 200.0 / page.voltage()->plotArea().width();
        QVERIFY(std::abs(page.history.last_ms() - looked.to_ms - moved) < 1);
        page.grow(100);
        QCOMPARE(page.stack.visibleRange().from_ms, looked.from_ms); // stands still
        QTest::keyClick(&page.stack, Qt::Key_End);
        page.stack.refresh();
        QVERIFY(page.stack.followsLive());
        QVERIFY(std::abs(page.stack.visibleRange().to_ms - page.history.last_ms()) < 1);
        page.wheel(page.voltage(), center, 120, Qt::ShiftModifier);
        QVERIFY(!page.stack.followsLive());
        QTest::mouseClick(page.stack.findChild<QToolButton*>("follow"), Qt::LeftButton);
        QVERIFY(page.stack.followsLive());
        QTest::keyClick(&page.stack, Qt::Key_Left);
        QVERIFY(!page.stack.followsLive());
    }

    void wheelZoomsAroundTheCursor()
    {
        Page page(600);
        page.stack.setVisibleRange({100, 300});
        page.stack.refresh();
        const QRect area = page.voltage()->plotArea();
        const QPoint at(area.left() + area.width() / 4, area.center().y());
        const double before = page.voltage()->timeAt(at.x());
        page.wheel(page.voltage(), at, 120);
        const TimeRange range = page.stack.visibleRange();
        QVERIFY(std::abs((range.to_ms - range.from_ms) - 170) < 1e-6);
        QVERIFY(std::abs(page.voltage()->timeAt(at.x()) - before) < 1e-6);
        const QCPRange values = page.voltage()->yAxis->range();
        page.wheel(page.voltage(), at, 120, Qt::ControlModifier);
        QCOMPARE(page.stack.visibleRange().from_ms, range.from_ms);
        QVERIFY(page.voltage()->yAxis->range().size() < values.size());
    }

    void doubleClickAndHomeShowEverything()
    {
        Page page(600);
        page.stack.setVisibleRange({100, 110});
        QTest::mouseDClick(page.voltage(), Qt::LeftButton, {}, page.voltage()->plotArea().center());
        QCOMPARE(page.stack.visibleRange().from_ms, page.history.first_ms());
        QCOMPARE(page.stack.visibleRange().to_ms, page.history.last_ms());
        page.stack.setVisibleRange({100, 110});
        QTest::keyClick(&page.stack, Qt::Key_Home);
        QCOMPARE(page.stack.visibleRange().to_ms, page.history.last_ms());
    }

    void crosshairReadsEveryPlotAtOneTime()
    {
        Page page(600);
        page.stack.setVisibleRange({0, 400});
        page.stack.refresh();
        const QPoint at = page.voltage()->plotArea().center();
        QMouseEvent move(QEvent::MouseMove, at, page.voltage()->mapToGlobal(at), Qt::NoButton, Qt::NoButton, {});
        QCoreApplication::sendEvent(page.voltage(), &move);
        QVERIFY(page.stack.crosshair_ms().has_value());
        const double t_ms = *page.stack.crosshair_ms();
        QVERIFY(std::abs(t_ms - page.voltage()->timeAt(at.x())) < 1e-9);
        const auto entries = page.voltage()->legend(t_ms);
        QCOMPARE(entries.size(), page.plan.cells.size());
        for (std::size_t i = 0; i < entries.size(); ++i)
            QVERIFY(std::abs(entries[i].y - rampValue(page.plan.cells[i].id, t_ms)) < 0.1 * 0.026);
        QCOMPARE(page.stack.plot("gates")->legend(t_ms).size(), std::size_t{3});
        QCOMPARE(page.stack.plot("gates")->legend(t_ms).front().y, 0.25);
        QCOMPARE(page.stack.plot("stimulus")->legend(t_ms).front().y, 7.5);
    }

    void hiddenPlotsAreNotDrawn()
    {
        Page page(300);
        QTest::mouseClick(page.stack.findChild<QToolButton*>("chip_gates"), Qt::LeftButton);
        QVERIFY(!page.stack.isPanelVisible("gates"));
        for (int i = 0; i < 3; ++i)
            page.grow(10); // the splitter settles
        const std::uint64_t hidden = page.stack.plot("gates")->framesDrawn();
        const std::uint64_t shown = page.voltage()->framesDrawn();
        for (int i = 0; i < 5; ++i)
            page.grow(10);
        QCOMPARE(page.stack.plot("gates")->framesDrawn(), hidden);
        QCOMPARE(page.voltage()->framesDrawn(), shown + 5);
        page.stack.refresh(); // nothing new
        QCOMPARE(page.voltage()->framesDrawn(), shown + 5);
        QVERIFY(page.stack.framesPerSecond() > 0);
    }

    void aRestartBringsTheViewBack()
    {
        Page page(600);
        page.stack.setVisibleRange({500, 600});
        page.grow(20, true);
        QVERIFY(page.stack.followsLive());
        QVERIFY(page.stack.visibleRange().from_ms < 1);
    }

    void everyCellInDetail()
    {
        Page page(100);
        auto* gates = static_cast<TracePlot*>(page.stack.plot("gates"));
        QCOMPARE(gates->curves().size(), std::size_t{3});
        page.plan.cells.push_back(page.plan.cells[0]);
        page.plan.cells.back().id = 77;
        page.stack.setPlan(page.plan);
        QCOMPARE(gates->curves().size(), std::size_t{3});
        page.stack.setAllCellsInDetail(true);
        QCOMPARE(gates->curves().size(), std::size_t{6});
        page.plan.cells.back().visible = false;
        page.stack.setPlan(page.plan);
        QCOMPARE(gates->curves().size(), std::size_t{3});
    }

    void layoutSurvivesAndRubbishIsRefused()
    {
        Page page(100);
        page.stack.setPanelVisible("rate", true);
        page.stack.setPanelVisible("gates", false);
        page.stack.setTimeSpan(77);
        const QByteArray state = page.stack.saveLayout();
        PlotStack other;
        QVERIFY(!other.restoreLayout("rubbish"));
        QVERIFY(!other.restoreLayout(state.left(state.size() - 3)));
        QVERIFY(other.isPanelVisible("gates"));
        QVERIFY(other.restoreLayout(state));
        QVERIFY(other.isPanelVisible("rate"));
        QVERIFY(!other.isPanelVisible("gates"));
        QCOMPARE(other.visibleRange().to_ms - other.visibleRange().from_ms, 77.0);
    }

    void figures()
    {
        applyTheme(*qApp, ThemeKind::dark);
        Page page(300);
        const QImage before = page.voltage()->grab().toImage();
        const FigureRequest request = page.stack.figure("HH and LIF; seed 1");
        QCOMPARE(request.pictures.size(), std::size_t{4});
        const QByteArray svg = figureSvg(request);
        QSvgRenderer renderer(svg);
        QVERIFY(renderer.isValid());
        QImage drawn(renderer.defaultSize(), QImage::Format_RGB32);
        drawn.fill(Qt::white);
        QPainter painter(&drawn);
        renderer.render(&painter);
        painter.end();
        QVERIFY(inkOf(drawn, hueColor(Hue::vermilion)) > inkOfACurve);
        QVERIFY2(wordsOn(svg).endsWith("HH and LIF; seed 1"), qPrintable(wordsOn(svg)));
        QVERIFY(!svg.contains("<image")); // curves are vectors
        const QByteArray pdf = figurePdf(request);
        QVERIFY(pdf.startsWith("%PDF"));
        QVERIFY(pdf.trimmed().endsWith("%%EOF"));
        QVERIFY(piecesOf(pdf, hueColor(Hue::vermilion)) > 50);
        const QImage png = QImage::fromData(figurePng({{page.voltage()}, {}}), "PNG");
        QCOMPARE(png.width(), 2 * page.voltage()->width());
        QCOMPARE(png.pixelColor(2, png.height() - 2), theme(ThemeKind::light).plot);
        // The screen keeps its theme.
        page.stack.refresh();
        QCOMPARE(page.voltage()->theme().kind, ThemeKind::dark);
        QCOMPARE(page.voltage()->grab().toImage(), before);
        applyTheme(*qApp, ThemeKind::light);
    }
};

QTEST_MAIN(TestPlotStack)
#include "tst_plot_stack.moc"

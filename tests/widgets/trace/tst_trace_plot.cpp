#include "sim/document/plan_laboratories.h"
#include "tests/widgets/trace/synthetic_history.h"
#include "widgets/look/rich_label.h"
#include "widgets/trace/curve_raster.h"
#include "widgets/trace/raster_plot.h"
#include "widgets/trace/trace_plot.h"

#include <QPainter>
#include <QtTest>

#include <cmath>
#include <limits>
#include <numbers>

using namespace endospike;

class TestTracePlot : public QObject {
    Q_OBJECT

    NeuronPlan m_plan = firstExperiment().neuron;

    void fill(TraceHistory& history, double until_ms) const
    {
        const auto layout = layoutOf(m_plan);
        for (double t = 0; t < until_ms; t += 50)
            history.append(rampBlock(m_plan, layout, t, 1000, t == 0));
    }

    static double inkOf(const QImage& image)
    {
        double ink = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                ink += qAlpha(image.pixel(x, y)) / 255.0;
        return ink;
    }

private slots:
    void rasterCoversTheAreaOfTheStroke_data()
    {
        QTest::addColumn<double>("rise"); // px of y for each px of x
        QTest::newRow("flat") << 0.0;
        QTest::newRow("shallow") << 0.3;
        QTest::newRow("diagonal") << 1.0;
        QTest::newRow("steep") << 4.0;
    }

    void rasterCoversTheAreaOfTheStroke()
    {
        QFETCH(double, rise);
        // A straight stroke of width w and length l covers w * l + pi w^2 / 4 with its round ends.
        const double run = 20;
        const std::vector<EnvelopePoint> points{{10, 50.3, 50.3}, {10 + run, 50.3 - rise * run, 50.3 - rise * run}};
        CurveRaster raster;
        raster.begin(60, 160);
        raster.stroke(points, {0, 1, 60, 1}, Qt::black, 3);
        const double expected = 3 * run * std::hypot(1, rise) + std::numbers::pi * 9 / 4;
        const double ink = inkOf(raster.image());
        QVERIFY2(
            std::abs(ink - expected) < 0.06 * expected, qPrintable(QStringLiteral("%1 %2").arg(ink).arg(expected)));
    }

    void rasterBreaksAtGapsAndStaysInside()
    {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const std::vector<EnvelopePoint> points{{-1e9, 5, 5}, {20, 5, 5}, {25, nan, nan}, {40, 5, 5}, {1e9, 5, 1e12}};
        CurveRaster raster;
        raster.begin(60, 10);
        raster.stroke(points, {0, 1, 10, 1}, Qt::red, 2);
        const QImage image = raster.image();
        QVERIFY(qAlpha(image.pixel(10, 5)) > 200);
        for (int y = 0; y < 10; ++y)
            QCOMPARE(qAlpha(image.pixel(30, y)), 0);
        QVERIFY(qAlpha(image.pixel(41, 5)) > 200);
    }

    void dashesLeaveGapsButNeverInUpstrokes()
    {
        CurveRaster raster;
        raster.begin(100, 100);
        const double dashes[] = {10, 10};
        raster.stroke(std::vector<EnvelopePoint>{{0, 50, 50}, {100, 50, 50}}, {0, 1, 100, 1}, Qt::black, 2, dashes);
        QVERIFY(qAlpha(raster.image().pixel(5, 50)) > 200);
        QCOMPARE(qAlpha(raster.image().pixel(15, 50)), 0);
        raster.begin(100, 100);
        raster.stroke(std::vector<EnvelopePoint>{{15, 10, 90}}, {0, 1, 100, 1}, Qt::black, 2, dashes);
        QVERIFY(qAlpha(raster.image().pixel(15, 50)) > 200);
    }

    void richTextIsMeasuredAndStripped()
    {
        QCOMPARE(plainText("I<sub>Na</sub> &lt;&amp;&gt;"), QStringLiteral("INa <&>"));
        QVERIFY(richWidth(QFont(), "I<sub>Na</sub>") < richWidth(QFont(), "INa"));
    }

    void pointsAreBoundedByPixels_data()
    {
        QTest::addColumn<double>("span_ms");
        QTest::newRow("few samples") << 5.0;
        QTest::newRow("one screen") << 400.0;
        QTest::newRow("long") << 4000.0;
    }

    void pointsAreBoundedByPixels()
    {
        QFETCH(double, span_ms);
        TraceHistory history;
        fill(history, 4000);
        TracePlot plot;
        plot.resize(600, 300);
        const int id = m_plan.cells[0].id;
        plot.setCurves({{id, "v_mv", "V", Qt::red, 0, 2, {}}});
        plot.setHistory(&history);
        plot.show();
        plot.setTimeRange(0, span_ms);
        QVERIFY(plot.refresh());
        QVERIFY(plot.sampledPoints() > 10);
        QVERIFY(plot.sampledPoints() <= static_cast<std::size_t>(plot.plotArea().width()) + 4);
        QCOMPARE(plot.legend(3.0).front().y, rampValue(id, 3));
    }

    void samplesGrowAsTheyWouldFromScratch()
    {
        const auto layout = layoutOf(m_plan);
        TraceHistory history;
        TracePlot growing, fresh;
        for (TracePlot* plot : {&growing, &fresh}) {
            plot->resize(600, 300);
            plot->setCurves({{m_plan.cells[0].id, "v_mv", "V", Qt::red, 0, 2, {}}});
            plot->setHistory(&history);
            plot->setTimeRange(0, 512);
            plot->setBounds(TracePlot::Bounds::fixed, -90, 50);
        }
        growing.show();
        for (int i = 0; i < 300; ++i) {
            history.append(rampBlock(m_plan, layout, i * 0.05 * 33, 33, i == 0));
            growing.refresh();
        }
        fresh.show();
        fresh.refresh();
        QCOMPARE(growing.sampledPoints(), fresh.sampledPoints());
        // The newest pixel is still open: where its centre lies depends on what came first.
        const QRect inside(0, 0, static_cast<int>(growing.xAxis->coordToPixel(490)), growing.height());
        QCOMPARE(growing.grab(inside).toImage(), fresh.grab(inside).toImage());
    }

    void voltageWidensAndSaysSo()
    {
        TraceHistory history;
        fill(history, 2000); // the ramp ends at +120
        TracePlot plot;
        plot.resize(600, 300);
        plot.setBounds(TracePlot::Bounds::widening, -90, 50);
        plot.setCurves({{m_plan.cells[0].id, "v_mv", "V", Qt::red, 0, 2, {}}});
        plot.setHistory(&history);
        plot.show();
        plot.setTimeRange(0, 200);
        plot.refresh();
        QCOMPARE(plot.yAxis->range().lower, -90.0);
        QCOMPARE(plot.yAxis->range().upper, 50.0);
        QVERIFY(plot.notes().isEmpty());
        plot.setTimeRange(0, 2000);
        plot.refresh();
        QCOMPARE(plot.yAxis->range().lower, -90.0);
        QVERIFY(plot.yAxis->range().upper >= 120);
        QCOMPARE(plot.notes().size(), 1);
        plot.setTimeRange(0, 200);
        plot.fitValues();
        plot.refresh();
        QCOMPARE(plot.yAxis->range().upper, 50.0);
    }

    void ratesAndRasters()
    {
        TraceHistory history;
        fill(history, 2000);
        const int id = m_plan.cells[0].id;
        RatePlot rate;
        rate.setCurves({{id, {}, "HH", Qt::red, 0, 1, {}}});
        rate.setHistory(&history);
        QVERIFY(std::abs(rate.legend(305.0).front().y - 100) < 1e-9);
        RasterPlot raster;
        raster.resize(600, 120);
        raster.setRows({{id, "HH", Qt::red}});
        raster.setHistory(&history);
        raster.show();
        raster.setTimeRange(100, 195);
        raster.refresh();
        QCOMPARE(raster.sampledTicks(), std::size_t{10});
        QCOMPARE(raster.legend(155.0).front().value, QString("150.00"));
    }
};

QTEST_MAIN(TestTracePlot)
#include "tst_trace_plot.moc"

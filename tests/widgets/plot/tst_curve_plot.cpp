#include "widgets/plot/curve_plot.h"

#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <limits>

using namespace endospike;

class TestCurvePlot : public QObject {
    Q_OBJECT

    static Curve line(const QString& name, QVector<double> x, QVector<double> y)
    {
        Curve curve;
        curve.name = name;
        curve.x = std::move(x);
        curve.y = std::move(y);
        curve.color = QColor("#D55E00");
        return curve;
    }

    static int coloured(const QImage& image, const QRect& area)
    {
        int count = 0;
        for (int y = area.top(); y <= area.bottom(); ++y)
            for (int x = area.left(); x <= area.right(); ++x)
                count += image.pixelColor(x, y).saturation() > 90;
        return count;
    }

private slots:
    void cleanup() { applyTheme(*qApp, ThemeKind::light); }

    void valuesBetweenSamples_data()
    {
        QTest::addColumn<bool>("steps");
        QTest::addColumn<double>("x");
        QTest::addColumn<double>("y");
        const double none = std::numeric_limits<double>::quiet_NaN();
        QTest::newRow("before") << false << -0.1 << none;
        QTest::newRow("first") << false << 0.0 << 1.0;
        QTest::newRow("quarter") << false << 0.5 << 1.5;
        QTest::newRow("step") << true << 1.9 << 1.0;
        QTest::newRow("next step") << true << 2.0 << 3.0;
        QTest::newRow("last") << false << 4.0 << -1.0;
        QTest::newRow("after") << false << 4.1 << none;
    }
    void valuesBetweenSamples()
    {
        QFETCH(bool, steps);
        QFETCH(double, x);
        QFETCH(double, y);
        Curve curve = line("a", {0, 2, 4}, {1, 3, -1});
        curve.steps = steps;
        const double value = CurvePlot::valueAt(curve, x);
        QVERIFY(std::isnan(y) ? std::isnan(value) : std::abs(value - y) < 1e-12);
    }

    void fitHoldsAllCurves()
    {
        CurvePlot plot;
        plot.setCurves({line("a", {0, 5}, {1, 7}), line("b", {-2, 3}, {-4, 2})});
        QCOMPARE(plot.xAxis->range().lower, -2.0);
        QCOMPARE(plot.xAxis->range().upper, 5.0);
        QVERIFY(plot.yAxis->range().contains(-4) && plot.yAxis->range().contains(7));
    }

    void aLogarithmicAxisLeavesOutZero()
    {
        CurvePlot plot;
        plot.setLogarithmic(true);
        plot.setCurves({line("a", {0, 1, 2, 3}, {0, 2e-12, 3e-11, 0})});
        QCOMPARE(plot.yAxis->range().lower, 1e-12);
        QCOMPARE(plot.yAxis->range().upper, 1e-10);
        QVERIFY(std::isnan(plot.legend(0.0).front().y)); // no dot below the axis
        plot.setLogarithmic(false);
        QVERIFY(plot.yAxis->range().contains(0));
    }

    void theLegendTellsTheValueUnderTheMouse()
    {
        CurvePlot plot;
        plot.resize(600, 300);
        plot.setCurves({line("a", {0, 10}, {0, 20})});
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        QSignalSpy hovered(&plot, &XyPlot::hovered);
        const int x = static_cast<int>(plot.xAxis->coordToPixel(4));
        QTest::mouseMove(&plot, QPoint(x, plot.plotArea().center().y()));
        QTRY_COMPARE(hovered.size(), 1);
        const double at = hovered.first().first().toDouble();
        QVERIFY(std::abs(at - 4) < 0.05);
        QVERIFY(std::abs(plot.legend(plot.crosshair()).front().y - 2 * at) < 1e-9);
    }

    void wheelZoomsAroundTheMouseAndHomeFits()
    {
        CurvePlot plot;
        plot.resize(600, 300);
        plot.setCurves({line("a", {0, 10}, {0, 20})});
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        const QCPRange x = plot.xAxis->range();
        const QCPRange y = plot.yAxis->range();
        const QPoint at(static_cast<int>(plot.xAxis->coordToPixel(2)), plot.plotArea().center().y());
        const double under = plot.xAxis->pixelToCoord(at.x());
        QWheelEvent wheel(at, plot.mapToGlobal(at), {}, {0, 120}, {}, {}, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&plot, &wheel);
        QVERIFY(plot.xAxis->range().size() < x.size());
        QCOMPARE(plot.yAxis->range(), y);
        QVERIFY(std::abs(plot.xAxis->pixelToCoord(at.x()) - under) < 1e-9);
        plot.setCurves({line("a", {0, 10}, {0, 30})}); // the user's view stays
        QVERIFY(plot.xAxis->range().size() < x.size());
        QTest::keyClick(&plot, Qt::Key_Home);
        QCOMPARE(plot.xAxis->range(), x);
        QVERIFY(plot.yAxis->range().contains(30));
    }

    void aDragPans()
    {
        CurvePlot plot;
        plot.resize(600, 300);
        plot.setCurves({line("a", {0, 10}, {0, 20})});
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        const QCPRange before = plot.xAxis->range();
        const QPoint from = plot.plotArea().center();
        QTest::mousePress(&plot, Qt::LeftButton, {}, from);
        for (const int step : {10, 30, 60}) {
            QMouseEvent move(QEvent::MouseMove, from + QPoint(step, 0), plot.mapToGlobal(from + QPoint(step, 0)),
                Qt::NoButton, Qt::LeftButton, {});
            QApplication::sendEvent(&plot, &move);
        }
        QTest::mouseRelease(&plot, Qt::LeftButton, {}, from + QPoint(60, 0));
        const double moved = before.lower - plot.xAxis->range().lower;
        QVERIFY(std::abs(moved - 60 * before.size() / plot.plotArea().width()) < 0.05);
        QTest::mouseDClick(&plot, Qt::LeftButton, {}, from);
        QCOMPARE(plot.xAxis->range(), before);
    }

    void figuresAreLightWhateverTheTheme()
    {
        applyTheme(*qApp, ThemeKind::dark);
        CurvePlot plot;
        plot.resize(600, 300);
        plot.setTitle("Firing rate", "Hz");
        plot.setCurves({line("a", {0, 1, 2, 10}, {0, 0, 30, 100})});
        QImage image(800, 400, QImage::Format_RGB32);
        image.fill(Qt::blue);
        {
            QCPPainter painter(&image);
            plot.drawFigure(painter, image.size());
        }
        QCOMPARE(image.pixelColor(799, 0), theme(ThemeKind::light).plot);
        QVERIFY(coloured(image, QRect(400, 100, 390, 250)) > 300);
        QCOMPARE(plot.theme().kind, ThemeKind::dark); // the screen is as before
        QCOMPARE(plot.xAxis->range().upper, 10.0);
    }

    void spreadIsABandAndFits()
    {
        CurvePlot plot;
        plot.setTheme(theme(ThemeKind::light));
        plot.resize(600, 400);
        Curve curve = line("a", {0, 1, 2, 3}, {50, 50, 50, 50});
        curve.spread = {20, 20, std::nan(""), 20};
        plot.setCurves({curve});
        plot.fit();
        QVERIFY(plot.yAxis->range().lower <= 30 && plot.yAxis->range().upper >= 70);
        plot.replot();
        const QImage image = plot.grab().toImage();
        const auto at = [&](double x, double y) {
            const QPoint place(
                static_cast<int>(plot.xAxis->coordToPixel(x)), static_cast<int>(plot.yAxis->coordToPixel(y)));
            return image.pixelColor(place * image.devicePixelRatio());
        };
        const QColor plain = theme(ThemeKind::light).plot;
        QVERIFY(at(0.52, 63) != plain); // inside the band
        QVERIFY(at(0.52, 37) != plain);
        QCOMPARE(at(0.52, 72), plain); // above it
        QCOMPARE(at(2.52, 63), plain); // nothing between a point without and one with a spread
    }

    void withoutDataItSaysWhatToDo()
    {
        CurvePlot plot;
        plot.resize(600, 300);
        QVERIFY(plot.isEmpty());
        const QImage bare = plot.grab().toImage();
        plot.setEmptyText("Press run");
        plot.replot();
        QVERIFY(plot.grab().toImage() != bare);
        plot.setCurves({line("a", {0, 1}, {0, 1})});
        QVERIFY(!plot.isEmpty());
    }
};

QTEST_MAIN(TestCurvePlot)
#include "tst_curve_plot.moc"

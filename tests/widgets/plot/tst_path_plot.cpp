#include "widgets/plot/path_plot.h"

#include <QTest>

#include <cmath>

using namespace endospike;

class TestPathPlot : public QObject {
    Q_OBJECT

    static std::vector<PlanePath> paths()
    {
        return {{"A", QColor("#D55E00"), 0, {{1, 0}, {2, 1}, {3, 2}}}, {"B", QColor("#0072B2"), 0, {{1, 1}}},
            {"C", {}, 0, {}}};
    }
    /// Whether this colour is drawn within a few pixels of the place.
    static bool drawnAt(PathPlot& plot, QPointF place, const QColor& color)
    {
        const QImage image = plot.grab().toImage();
        const QPoint at(static_cast<int>(plot.xAxis->coordToPixel(place.x())),
            static_cast<int>(plot.yAxis->coordToPixel(place.y())));
        return image.pixelColor(at * image.devicePixelRatio()) == color;
    }

private slots:
    void emptyUntilThereIsAPoint()
    {
        PathPlot plot;
        QVERIFY(plot.isEmpty());
        plot.setPaths({{"C", {}, 0, {}}});
        QVERIFY(plot.isEmpty());
        plot.setPaths(paths());
        QVERIFY(!plot.isEmpty());
        QCOMPARE(plot.legend(std::nullopt).size(), 3u);
    }

    void rangesHoldEverything()
    {
        PathPlot plot;
        plot.resize(500, 400);
        plot.setCeiling(7, "all");
        plot.setPaths(paths());
        plot.fit();
        for (const PlanePath& path : plot.paths())
            for (const QPointF& point : path.points) {
                QVERIFY(plot.xAxis->range().contains(point.x()));
                QVERIFY(plot.yAxis->range().contains(point.y()));
            }
        QVERIFY(plot.yAxis->range().contains(7));
        plot.setPaths({{"one", Qt::red, 0, {{1700, 2}}}}); // a lone point has room around it
        QVERIFY(plot.xAxis->range().size() > 0.5);
    }

    void theDotStandsAtTheStep()
    {
        PathPlot plot;
        plot.setTheme(theme(ThemeKind::light));
        plot.resize(500, 400);
        plot.setPaths(paths());
        plot.setStep(1);
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        plot.replot();
        const QColor solid = curvePen(QColor("#D55E00"), 0, plot.theme()).color();
        QVERIFY(drawnAt(plot, {2, 1}, solid));
        QVERIFY(!drawnAt(plot, {3, 2}, solid)); // still to come: faint
        QVERIFY(!drawnAt(plot, {1, 0}, solid)); // where it began: hollow
        QVERIFY(drawnAt(plot, {1, 1}, curvePen(QColor("#0072B2"), 0, plot.theme()).color())); // at its end
        QCOMPARE(plot.legend(std::nullopt)[0].value, QString("1"));
        plot.setStep(2);
        plot.replot();
        QVERIFY(drawnAt(plot, {3, 2}, solid));
        QCOMPARE(plot.legend(std::nullopt)[0].value, QString("2"));
    }
};

QTEST_MAIN(TestPathPlot)
#include "tst_path_plot.moc"

#include "widgets/plot/annotated_plot.h"

#include <QTest>

#include <limits>
#include <numeric>

using namespace endospike;

class TestAnnotatedPlot : public QObject {
    Q_OBJECT
private slots:
    void aHistogramCountsEachValueOnce()
    {
        const float none = std::numeric_limits<float>::quiet_NaN();
        const std::vector<float> values{0, 0.1f, 0.49f, 0.51f, 1, 2, none};
        const Histogram histogram = histogramOf(values, 2, 0, 1);
        QCOMPARE(histogram.shares.size(), std::size_t{2});
        QVERIFY(qFuzzyCompare(histogram.shares[0], 3.0 / 6)); // of the six finite values
        QVERIFY(qFuzzyCompare(histogram.shares[1], 2.0 / 6)); // the upper end belongs to the last bin
        QCOMPARE(histogram.binWidth(), 0.5);
    }

    void withoutValuesThereIsNoHistogram()
    {
        QVERIFY(histogramOf({}, 10, 0, 1).shares.empty());
        QVERIFY(histogramOf(std::vector<float>{1}, 10, 1, 1).shares.empty());
        QVERIFY(histogramOf(std::vector<float>{1}, 0, 0, 1).shares.empty());
        QVERIFY(histogramOf(std::vector<float>{std::numeric_limits<float>::infinity()}, 4, 0, 1).shares.empty());
    }

    void aThresholdIsAlwaysInView()
    {
        AnnotatedPlot plot;
        plot.resize(400, 240);
        plot.setCurves({{"u", {0, 1, 2}, {0, 0.1, 0.2}, Qt::blue}});
        QVERIFY(!plot.yAxis->range().contains(2));
        plot.setLevels({{"threshold", 2}});
        QVERIFY(plot.yAxis->range().contains(2));
        plot.setLevels({{"threshold", std::numeric_limits<double>::quiet_NaN()}});
        QVERIFY(!plot.yAxis->range().contains(2));
    }

    void ticksHaveRoomAboveTheCurve()
    {
        AnnotatedPlot plot;
        plot.resize(400, 240);
        plot.setCurves({{"u", {0, 1, 2}, {0, 1, 0}, Qt::blue}});
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        const double before = plot.yAxis->coordToPixel(1);
        plot.setTicks({{0.5, 1}, {1.5}}, Qt::black);
        QVERIFY(plot.yAxis->coordToPixel(1) > before + 8);
        plot.grab();
    }

    void theHistogramIsNamedAndReadInTheLegend()
    {
        AnnotatedPlot plot;
        plot.setHistogram(histogramOf(std::vector<float>{0.1f, 0.2f, 0.9f}, 2, 0, 1), "currents");
        const auto entries = plot.legend(0.25);
        QCOMPARE(entries.back().name, QString("currents"));
        QCOMPARE(entries.back().value, QString("66.7 %"));
        QVERIFY(plot.legend(7.0).back().value.isEmpty());
    }
};

QTEST_MAIN(TestAnnotatedPlot)
#include "tst_annotated_plot.moc"

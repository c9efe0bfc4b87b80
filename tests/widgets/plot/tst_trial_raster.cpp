#include "widgets/plot/trial_raster.h"

#include <QTest>

using namespace endospike;

class TestTrialRaster : public QObject {
    Q_OBJECT

    /// Pixels of the plot area that have this colour, within these shares of its height.
    static int count(TrialRaster& raster, const QColor& color, double from, double to)
    {
        raster.replot();
        const QImage image = raster.grab().toImage();
        const QRect area = raster.plotArea();
        int found = 0;
        for (int y = area.top() + static_cast<int>(from * area.height()); y < area.top() + to * area.height(); ++y)
            for (int x = area.left() + 3; x < area.right(); ++x) // beside the axis
                found += image.pixelColor(QPoint(x, y) * image.devicePixelRatio()) == color;
        return found;
    }

private slots:
    void emptyUntilThereIsABlock()
    {
        TrialRaster raster;
        QVERIFY(raster.isEmpty());
        raster.setBlocks({{"HH", Qt::red, 0, {}, {}}}, 100);
        QVERIFY(!raster.isEmpty());
        raster.fit();
        QCOMPARE(raster.xAxis->range(), QCPRange(0, 100));
    }

    void everySpikeOfEveryTrialIsATick()
    {
        TrialRaster raster;
        raster.setTheme(theme(ThemeKind::light));
        raster.resize(600, 300);
        const QColor first = hueColor(Hue::vermilion), second = hueColor(Hue::blue);
        const std::vector<std::vector<double>> trials{{10, 50}, {12}, {}, {90}};
        raster.setBlocks({{"HH", first, 0, {}, trials}, {"LIF", second, 0, {}, {{20}}}}, 100);
        raster.fit();
        const QColor drawnFirst = curvePen(first, 0, theme(ThemeKind::light)).color();
        const QColor drawnSecond = curvePen(second, 0, theme(ThemeKind::light)).color();
        QVERIFY(count(raster, drawnFirst, 0, 0.5) > 0);
        QCOMPARE(count(raster, drawnFirst, 0.5, 1), 0);
        QCOMPARE(count(raster, drawnSecond, 0, 0.5), 0);
        // The only trial of the second block takes its whole height; four share that of the first.
        const double whole = count(raster, drawnSecond, 0.5, 1);
        const double four = count(raster, drawnFirst, 0, 0.5);
        QVERIFY2(std::abs(four / whole - 1) < 0.25, qPrintable(QString("%1 %2").arg(four).arg(whole)));
        // The third row is empty.
        QCOMPARE(count(raster, drawnFirst, 0.26, 0.36), 0);
    }

    void referenceRunsThroughItsBlock()
    {
        TrialRaster raster;
        raster.setTheme(theme(ThemeKind::light));
        raster.resize(600, 300);
        raster.setBlocks({{"HH", Qt::red, 0, {50}, {}}, {"LIF", Qt::blue, 0, {}, {}}}, 100);
        const QColor muted = theme(ThemeKind::light).mutedText;
        QVERIFY(count(raster, muted, 0.05, 0.45) > 30);
        QCOMPARE(count(raster, muted, 0.55, 0.95), 0);
    }
};

QTEST_MAIN(TestTrialRaster)
#include "tst_trial_raster.moc"

#include "widgets/plot/spike_comparison.h"

#include <QTest>

using namespace endospike;

class TestSpikeComparison : public QObject {
    Q_OBJECT

    static bool isInk(const QImage& image, QPoint at, const QColor& ink)
    {
        for (int dx = -2; dx <= 2; ++dx)
            if (image.pixelColor(at + QPoint(dx, 0)) == ink)
                return true;
        return false;
    }

private slots:
    void eachKindHasItsHalfOfTheRow()
    {
        const QColor first("#D55E00");
        const QColor second("#0072B2");
        SpikeComparison plot;
        plot.setKinds({"HH", first}, {"LIF", second});
        plot.setRows({{"one", {std::vector<double>{20}, {60}}}, {"two", {std::vector<double>{}, {20, 40}}}}, 80);
        QImage image(800, 240, QImage::Format_RGB32);
        {
            QCPPainter painter(&image);
            plot.resize(image.size());
            plot.show();
            QVERIFY(QTest::qWaitForWindowExposed(&plot));
            plot.replot();
            plot.toPainter(&painter, image.width(), image.height());
        }
        const QRect area = plot.plotArea();
        const auto at = [&](double t_ms, double row) {
            return QPoint(qRound(plot.xAxis->coordToPixel(t_ms)), area.top() + qRound(row * area.height() / 2.0));
        };
        QVERIFY(isInk(image, at(20, 0.25), first));
        QVERIFY(!isInk(image, at(20, 0.75), second));
        QVERIFY(isInk(image, at(60, 0.75), second));
        QVERIFY(!isInk(image, at(60, 0.25), first));
        QVERIFY(isInk(image, at(40, 1.75), second));
        QVERIFY(!isInk(image, at(40, 1.25), first));
    }

    void countsAreSpoken()
    {
        SpikeComparison plot;
        QVERIFY(plot.isEmpty());
        plot.setRows({{"sine", {std::vector<double>{1, 2, 3}, {1}}}}, 80);
        QVERIFY(!plot.isEmpty());
        QCOMPARE(plot.accessibleDescription(), QStringLiteral("sine: 3 / 1"));
        QCOMPARE(plot.xAxis->range().upper, 80.0);
    }
};

QTEST_MAIN(TestSpikeComparison)
#include "tst_spike_comparison.moc"

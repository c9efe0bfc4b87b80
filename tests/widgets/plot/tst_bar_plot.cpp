#include "widgets/plot/bar_plot.h"

#include <QTest>

#include <cmath>

using namespace endospike;

class TestBarPlot : public QObject {
    Q_OBJECT

    static BarRow row(const QString& name, double first, double second)
    {
        BarRow row{name, QColor("#D55E00"), {}};
        row.bars[0].value = first;
        row.bars[1].value = second;
        return row;
    }

private slots:
    void withoutValuesItIsEmpty()
    {
        BarPlot plot;
        QVERIFY(plot.isEmpty());
        plot.setRows({{"HH", Qt::red, {}}});
        QVERIFY(plot.isEmpty());
        plot.setRows({row("HH", 3, std::nan(""))});
        QVERIFY(!plot.isEmpty());
        plot.grab();
    }

    /// A factor of ten is the same length everywhere.
    void lengthsAreLogarithms()
    {
        BarPlot plot;
        plot.resize(800, 300);
        plot.setSeries("published", "executed");
        plot.setRows({row("a", 2, 20), row("b", 200, std::nan(""))});
        plot.replot();
        const double first = plot.barRect(0, 1).right() - plot.barRect(0, 0).right();
        const double second = plot.barRect(1, 0).right() - plot.barRect(0, 1).right();
        QVERIFY(first > 20);
        QVERIFY(std::abs(first - second) < 1);
        QCOMPARE(plot.barRect(1, 1).width(), 0.0);
        QVERIFY(plot.barRect(0, 0).width() > 5); // the shortest can be seen
        QVERIFY(plot.barRect(1, 0).right() < plot.plotArea().right());
    }

    void barsOfARowStandOneBelowTheOther()
    {
        BarPlot plot;
        plot.resize(800, 300);
        plot.setSeries("published", "executed");
        plot.setRows({row("a", 2, 20), row("b", 200, 30)});
        plot.replot();
        QVERIFY(plot.barRect(0, 0).bottom() <= plot.barRect(0, 1).top());
        QVERIFY(plot.barRect(0, 1).bottom() <= plot.barRect(1, 0).top());
        plot.setSeries("time", {});
        QVERIFY(plot.barRect(0, 0).height() > plot.plotArea().height() / 5.0); // one bar takes their room
    }

    void theFirstIsFilledAndTheSecondPale()
    {
        BarPlot plot;
        plot.resize(800, 300);
        plot.setSeries("published", "executed");
        plot.setRows({row("a", 50, 50)});
        plot.replot();
        const QImage image = plot.toPixmap().toImage();
        const auto saturation = [&](std::size_t bar) {
            const QRectF box = plot.barRect(0, bar);
            return image.pixelColor((box.topLeft() + QPointF(box.width() / 3, box.height() / 2)).toPoint())
                .hslSaturation();
        };
        const QColor filled = image.pixelColor(plot.barRect(0, 0).center().toPoint());
        const QColor palest = image.pixelColor(plot.barRect(0, 1).center().toPoint());
        QVERIFY(saturation(0) > 100);
        QVERIFY(palest.lightness() > filled.lightness() + 30);
    }
};

QTEST_MAIN(TestBarPlot)
#include "tst_bar_plot.moc"

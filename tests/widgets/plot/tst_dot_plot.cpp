#include "widgets/plot/dot_plot.h"

#include <QTest>

using namespace endospike;

class TestDotPlot : public QObject {
    Q_OBJECT
private slots:
    void everyDotIsInView()
    {
        DotPlot plot;
        QVERIFY(plot.isEmpty());
        plot.setLeastX(70, 80);
        plot.setRows({{"HH", Qt::red, {{{71, 72}, {68.5}}}}, {"LIF", Qt::blue, {{{85}, {}}}}});
        QVERIFY(!plot.isEmpty());
        QVERIFY(plot.fullX().contains(68.5) && plot.fullX().contains(85));
    }

    void theFirstQuantityIsFilledAndTheSecondHollow()
    {
        DotPlot plot;
        plot.resize(600, 200);
        plot.setTitle("Accuracy", {});
        plot.setLeastX(0, 100);
        const auto middleOf = [&](std::size_t quantity) {
            std::array<std::vector<double>, 2> values;
            values[quantity] = {30, 70}; // the bar of the mean stands apart from both
            plot.setRows({{"HH", QColor("#D55E00"), values}});
            plot.replot();
            const QImage image = plot.toPixmap().toImage();
            const double y = plot.plotArea().top() + plot.plotArea().height() * (quantity == 0 ? 0.32 : 0.68);
            return image.pixelColor(QPointF(plot.xAxis->coordToPixel(30), y).toPoint());
        };
        QVERIFY(middleOf(0).hslSaturation() > 100);
        QVERIFY(middleOf(1).hslSaturation() < 40);
    }
};

QTEST_MAIN(TestDotPlot)
#include "tst_dot_plot.moc"

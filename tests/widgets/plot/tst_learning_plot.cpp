#include "widgets/plot/learning_plot.h"

#include <QSignalSpy>
#include <QTest>

#include <cmath>

using namespace endospike;

class TestLearningPlot : public QObject {
    Q_OBJECT

    static LearningCurve curve(const QString& name, double level, const QColor& color = QColor("#D55E00"))
    {
        LearningCurve c{name, color, 0, {}, {}};
        for (int i = 1; i <= 400; ++i)
            c.samples.append({i / 100.0, level + (i % 2 ? 0.1 : -0.1)});
        for (int i = 0; i <= 4; ++i)
            c.marks.append({static_cast<double>(i), level + 3});
        return c;
    }
    static QPoint pixel(const LearningPlot& plot, QPointF at)
    {
        return {static_cast<int>(std::lround(plot.xAxis->coordToPixel(at.x()))),
            static_cast<int>(std::lround(plot.yAxis->coordToPixel(at.y())))};
    }
    static void show(LearningPlot& plot)
    {
        plot.setTheme(theme(ThemeKind::light));
        plot.resize(600, 400);
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        plot.replot();
    }

private slots:
    void aSmoothLineGoesThroughTheSamples()
    {
        LearningPlot plot;
        QVERIFY(plot.isEmpty());
        plot.setCurves({curve("A", 10), curve("B", 20)});
        QVERIFY(!plot.isEmpty());
        for (const QPointF& point : plot.line(1))
            QVERIFY(std::abs(point.y() - 20) < 0.075);
        show(plot);
        const QImage image = plot.grab().toImage();
        const QColor ink = curvePen(QColor("#D55E00"), 0, plot.theme()).color();
        const QColor line = image.pixelColor(pixel(plot, {2.5, 20}));
        const QColor sample = image.pixelColor(pixel(plot, plot.curves()[1].samples[250]));
        QVERIFY(contrastRatio(line, ink) < 1.3);
        QVERIFY(sample != line && sample != Qt::white); // faint
    }

    void growsAtItsEnd()
    {
        LearningPlot plot;
        plot.setCurves({curve("A", 10)});
        const double before = plot.fullX().upper;
        plot.extend(0, {{7.5, 10}, {8, 10}}, {{8, 13}});
        QCOMPARE(plot.curves()[0].samples.size(), 402);
        QCOMPARE(plot.line(0).size(), 402);
        QCOMPARE(plot.curves()[0].marks.size(), 6);
        QVERIFY(plot.fullX().upper > before);
        QVERIFY(plot.xAxis->range().contains(8));
    }

    void aWildStartNeedNotBeInView()
    {
        LearningPlot plot;
        LearningCurve wild = curve("A", 10);
        wild.marks[0].setY(1000);
        plot.setCurves({wild});
        QVERIFY(plot.fullY().contains(1000));
        plot.setTrimmed(true);
        QVERIFY(!plot.fullY().contains(1000));
        for (const QPointF& point : plot.line(0))
            QVERIFY(plot.fullY().contains(point.y()));
    }

    void leavesOutWhatALogarithmicAxisCannotShow()
    {
        LearningPlot plot;
        plot.setCurves({{"A", Qt::red, 0, {}, {{0, 10}, {5, 50}, {500, 80}}}});
        plot.setLogarithmicX(true);
        QVERIFY(plot.fullX().lower > 0);
        QVERIFY(plot.fullX().contains(5) && plot.fullX().contains(500));
        QVERIFY(!plot.fullY().contains(10));
        show(plot);
        QVERIFY(plot.xAxis->tickVector().contains(10.0));
        const QCPRange range = plot.xAxis->range();
        QTest::keyClick(&plot, Qt::Key_Left);
        QVERIFY(plot.xAxis->range().lower > 0 && plot.xAxis->range().upper < range.upper);
        QTest::keyClick(&plot, Qt::Key_Right);
        QVERIFY(std::abs(plot.xAxis->range().upper / range.upper - 1) < 1e-9);
        plot.setLogarithmicX(false);
        QCOMPARE(plot.fullX().lower, 0.0);
    }

    void namesTheCurveUnderTheMouse()
    {
        LearningPlot plot;
        plot.setCurves({curve("A", 10), curve("B", 20)});
        show(plot);
        const QSignalSpy clicked(&plot, &LearningPlot::curveClicked);
        QTest::mouseMove(&plot, pixel(plot, {2, 20}));
        QTRY_COMPARE(plot.hoveredCurve(), 1);
        QTest::mouseClick(&plot, Qt::LeftButton, {}, pixel(plot, {2, 10}));
        QCOMPARE(clicked.size(), 1);
        QCOMPARE(clicked[0][0].toInt(), 0);
        QTest::mouseClick(&plot, Qt::LeftButton, {}, pixel(plot, {2, 16}));
        QCOMPARE(clicked.size(), 1); // nothing there
    }

    void theEmphasisedOneIsDrawnOnTop()
    {
        LearningPlot plot;
        plot.setCurves({curve("A", 10, QColor("#D55E00")), curve("B", 10, QColor("#0072B2"))});
        show(plot);
        const auto at = [&] { return plot.grab().toImage().pixelColor(pixel(plot, {2.5, 10})); };
        QVERIFY(at().blue() > at().red());
        plot.emphasise(0);
        plot.replot();
        QVERIFY(at().red() > at().blue());
        plot.setCurves({});
        QCOMPARE(plot.emphasised(), -1);
        plot.emphasise(1); // there is none
        QCOMPARE(plot.emphasised(), -1);
        plot.replot();
    }

    void namesOfAFigureFit()
    {
        std::vector<LearningCurve> curves;
        for (int i = 0; i < 25; ++i)
            curves.push_back({QString("network %1, seed 1").arg(i), Qt::red, i, {}, {}});
        const FigurePicture wide = curveNames(curves, 1200);
        const FigurePicture narrow = curveNames(curves, 300);
        QCOMPARE(wide.size.width(), 1200);
        QVERIFY(narrow.size.height() > 2 * wide.size.height());
    }
};

QTEST_MAIN(TestLearningPlot)
#include "tst_learning_plot.moc"

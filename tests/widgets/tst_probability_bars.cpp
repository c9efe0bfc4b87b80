#include "widgets/probability_bars.h"

#include <QTest>

using namespace endospike;

class TestProbabilityBars : public QObject {
    Q_OBJECT
private slots:
    void theSentenceSaysWhatIsRightAndWrong_data()
    {
        QTest::addColumn<int>("truth");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("right") << 1 << "Shirt, 70 %: right";
        QTest::newRow("wrong") << 0 << "Shirt, 70 %: wrong, it is Coat";
        QTest::newRow("not known") << -1 << "Shirt, 70 %";
    }
    void theSentenceSaysWhatIsRightAndWrong()
    {
        QFETCH(int, truth);
        QFETCH(QString, sentence);
        ProbabilityBars bars;
        bars.setNames({"Coat", "Shirt", "Bag"});
        bars.setProbabilities(std::vector<float>{0.25f, 0.7f, 0.05f});
        bars.setTruth(truth);
        QCOMPARE(bars.answer(), 1);
        QCOMPARE(bars.sentence(), sentence);
    }

    void withoutProbabilitiesThereIsNoAnswer()
    {
        ProbabilityBars bars;
        bars.setNames({"Coat", "Shirt"});
        bars.setProbabilities(std::vector<float>(3));
        QCOMPARE(bars.answer(), -1);
        QVERIFY(bars.sentence().isEmpty());
        bars.grab();
    }

    void barsAreAsLongAsTheyAreProbable()
    {
        ProbabilityBars bars;
        bars.resize(400, 120);
        bars.setNames({"a", "b"});
        const auto inkAtRow = [&](int row) {
            const QImage image = bars.grab().toImage();
            const int y = image.height() - (row == 0 ? 3 : 1) * (image.height() - 20) / 4;
            const QColor first = image.pixelColor(150, y);
            int last = 150;
            while (last + 1 < image.width() && image.pixelColor(last + 1, y) == first)
                ++last;
            return last;
        };
        bars.setProbabilities(std::vector<float>{0.9f, 0.1f});
        const int sure = inkAtRow(0);
        bars.setProbabilities(std::vector<float>{0.6f, 0.4f});
        QVERIFY(inkAtRow(0) < sure);
    }
};

QTEST_MAIN(TestProbabilityBars)
#include "tst_probability_bars.moc"

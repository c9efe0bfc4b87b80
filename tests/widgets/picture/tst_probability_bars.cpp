#include "widgets/picture/answer_marks.h"
#include "widgets/picture/probability_bars.h"

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
        bars.setTruth(0);
        const auto coloured = [&] { // of the right answer's bar
            const QImage image = bars.grab().toImage();
            int count = 0;
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x)
                    count += image.pixelColor(x, y) == answerColor(true);
            return count;
        };
        bars.setProbabilities(std::vector<float>{0.9f, 0.1f});
        const int sure = coloured();
        bars.setProbabilities(std::vector<float>{0.6f, 0.4f});
        QVERIFY(sure > 0);
        QVERIFY(std::abs(static_cast<double>(coloured()) / sure - 6.0 / 9) < 0.03);
    }
};

QTEST_MAIN(TestProbabilityBars)
#include "tst_probability_bars.moc"

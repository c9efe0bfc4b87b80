#include "widgets/look/theme.h"
#include "widgets/picture/weight_picture.h"

#include <QTest>

#include <limits>
#include <set>

using namespace endospike;

class TestWeightPicture : public QObject {
    Q_OBJECT

    static WeightPictures pictures(int count, int side)
    {
        WeightPictures weights{side, side, {}, {}};
        for (int i = 0; i < count; ++i) {
            weights.names.push_back("input " + std::to_string(i));
            weights.pictures.emplace_back(static_cast<std::size_t>(side * side), static_cast<float>(i) - 1);
        }
        return weights;
    }

private slots:
    void zeroIsNeutralAndTheSignsAreFarApart_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("light") << int(ThemeKind::light);
        QTest::newRow("dark") << int(ThemeKind::dark);
        QTest::newRow("projector") << int(ThemeKind::projector);
    }
    void zeroIsNeutralAndTheSignsAreFarApart()
    {
        QFETCH(int, kind);
        const Theme& look = theme(static_cast<ThemeKind>(kind));
        QCOMPARE(divergingColor(0, look).rgb(), look.plot.rgb());
        QCOMPARE(divergingColor(std::numeric_limits<double>::quiet_NaN(), look).rgb(), look.plot.rgb());
        QCOMPARE(divergingColor(-7, look), divergingColor(-1, look));
        double before = 1;
        for (const double value : {0.25, 0.5, 0.75, 1.0}) {
            for (const double signedValue : {value, -value})
                QVERIFY(contrastRatio(divergingColor(signedValue, look), look.plot) > before);
            // Blue is blue and orange is not: every kind of colour vision tells blue from yellowish.
            QVERIFY(divergingColor(-value, look).blue() > divergingColor(-value, look).red());
            QVERIFY(divergingColor(value, look).red() > divergingColor(value, look).blue());
            before = contrastRatio(divergingColor(value, look), look.plot) * 0.9;
        }
    }

    void severalPicturesStandInOneImage()
    {
        const WeightPictures weights = pictures(3, 5);
        QCOMPARE(largestWeight(weights), 1.0);
        const Theme& look = theme(ThemeKind::light);
        const QImage image = weightImage(weights, 1, look);
        QCOMPARE(image.size(), QSize(11, 11)); // two by two with a line between
        QCOMPARE(image.pixelColor(0, 0), divergingColor(-1, look));
        QCOMPARE(image.pixelColor(7, 1), look.plot);
        QCOMPARE(image.pixelColor(1, 8), divergingColor(1, look));
        QVERIFY(weightImage({}, 1, look).isNull());
    }

    void aPlaceReadsItsWeight()
    {
        WeightPictures weights{2, 3, {"input"}, {{1, 2, 3, 4, 5, 6}}};
        WeightPicture picture;
        picture.resize(300, 300);
        picture.setWeights(weights);
        QCOMPARE(picture.scale(), 6.0);
        picture.setScale(10);
        QCOMPARE(picture.scale(), 10.0);
        std::set<double> read;
        for (int y = 0; y < 300; y += 5)
            for (int x = 0; x < 300; x += 5)
                if (const auto reading = picture.readingAt(QPointF(x, y))) {
                    QCOMPARE(reading->value, 1.0 + reading->row * 3 + reading->column);
                    read.insert(reading->value);
                }
        QCOMPARE(read.size(), std::size_t{6});
        QVERIFY(!picture.readingAt(QPointF(299, 299)));
    }

    void manySmallPicturesHaveRoom()
    {
        WeightPicture picture;
        picture.setWeights(pictures(40, 3));
        picture.resize(picture.minimumSizeHint());
        bool last = false;
        for (int y = 0; y < picture.height(); y += 2)
            for (int x = 0; x < picture.width(); x += 2)
                if (const auto reading = picture.readingAt(QPointF(x, y)))
                    last = last || reading->picture == 39;
        QVERIFY(last);
        picture.grab();
    }
};

QTEST_MAIN(TestWeightPicture)
#include "tst_weight_picture.moc"

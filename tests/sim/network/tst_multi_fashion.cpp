#include "sim/base/errors.h"
#include "sim/network/multi_fashion.h"
#include "tests/sim/data_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <map>
#include <set>

using namespace endospike;

namespace {

TrainingPlan planWith(int trainPairs, int testPairs, int validationPairs, int seed = 1)
{
    TrainingPlan plan;
    plan.settings.set(training::train_pairs, trainPairs);
    plan.settings.set(training::test_pairs, testPairs);
    plan.settings.set(training::validation_pairs, validationPairs);
    plan.settings.set(training::pairing_seed, seed);
    return plan;
}

std::vector<std::pair<int, int>> pairsOf(const PairedImages& set)
{
    std::vector<std::pair<int, int>> pairs;
    for (int i = 0; i < set.size(); ++i)
        pairs.emplace_back(set.first(i), set.second(i));
    return pairs;
}

/// How often each image of a corner is met.
std::map<int, int> countsOf(const PairedImages& set, bool second)
{
    std::map<int, int> counts;
    for (const auto& [a, b] : pairsOf(set))
        ++counts[second ? b : a];
    return counts;
}

} // namespace

class TestMultiFashion : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    QString folder(const char* name) const { return m_folder.filePath(name); }

private slots:
    void shuffledIsAPermutation()
    {
        std::vector<std::int32_t> order = shuffled(1000, 7, 3);
        QVERIFY(order == shuffled(1000, 7, 3));
        QVERIFY(order != shuffled(1000, 8, 3));
        QVERIFY(order != shuffled(1000, 7, 4));
        // Where a number stands says nothing about it: no more fixed points than chance (1 expected).
        int fixed = 0;
        for (int i = 0; i < 1000; ++i)
            fixed += order[static_cast<std::size_t>(i)] == i;
        QVERIFY(fixed < 8);
        std::ranges::sort(order);
        for (int i = 0; i < 1000; ++i)
            QCOMPARE(order[static_cast<std::size_t>(i)], i);
    }

    void everyImageIsMetAboutEquallyOften_data()
    {
        QTest::addColumn<int>("pairs");
        for (const int pairs : {1, 99, 100, 101, 250, 1000})
            QTest::addRow("%d", pairs) << pairs;
    }
    void everyImageIsMetAboutEquallyOften()
    {
        QFETCH(int, pairs);
        const auto images = numberedImages(120);
        const PairedImages set(images, images, 10, 110, pairs, 5, false);
        QCOMPARE(set.size(), pairs);
        for (const bool second : {false, true}) {
            const std::map<int, int> counts = countsOf(set, second);
            QCOMPARE(std::ssize(counts), std::min(pairs, 100));
            QVERIFY(counts.begin()->first >= 10 && counts.rbegin()->first < 110);
            int onceMore = 0;
            for (const auto& [image, count] : counts) {
                QVERIFY(count >= pairs / 100 && count <= pairs / 100 + 1);
                onceMore += count > pairs / 100;
            }
            QCOMPARE(onceMore, pairs % 100);
        }
    }

    void aSeedIsAPairing()
    {
        const TrainingImages images = numberedTrainingImages(200, 200);
        const TrainingData data = pairImages(images, planWith(400, 400, 0));
        QCOMPARE(pairsOf(data.train), pairsOf(pairImages(images, planWith(400, 400, 0)).train));
        QVERIFY(pairsOf(data.train) != pairsOf(pairImages(images, planWith(400, 400, 0, 2)).train));
        QVERIFY2(pairsOf(data.train) != pairsOf(data.test), "the test pairing is its own");
        // More pairs begin with the same ones.
        auto more = pairsOf(pairImages(images, planWith(500, 300, 0)).train);
        more.resize(400);
        QCOMPARE(more, pairsOf(data.train));
        // The corners are independent: about one pair in 200 joins an image with itself.
        const auto self =
            std::ranges::count_if(pairsOf(data.train), [](auto pair) { return pair.first == pair.second; });
        QVERIFY(self < 12);
    }

    void validationHoldsBackTheLastTenth()
    {
        const TrainingImages images = numberedTrainingImages(100, 30);
        const TrainingData data = pairImages(images, planWith(500, 77, 25));
        QCOMPARE(data.test.size(), 25);
        for (const bool second : {false, true}) {
            QVERIFY(countsOf(data.train, second).rbegin()->first < 90);
            QVERIFY(countsOf(data.test, second).begin()->first >= 90);
        }
        // The pixels come from the training images: image 95 does not exist among the 30 test images.
        QVERIFY(countsOf(data.test, false).rbegin()->first >= 95);
        QVERIFY_EXCEPTION_THROWN(pairImages(numberedTrainingImages(1, 1), planWith(1, 1, 1)), DocumentError);
    }

    void aCanvasIsTheLargerPixel()
    {
        auto first = std::make_shared<LabelledImages>(*numberedImages(1));
        auto second = std::make_shared<LabelledImages>(*numberedImages(1));
        for (std::size_t i = 0; i < 784; ++i) {
            first->images.pixels[i] = static_cast<std::uint8_t>(i % 251);
            second->images.pixels[i] = static_cast<std::uint8_t>(i * 7 % 255);
        }
        first->labels.values[0] = 3;
        second->labels.values[0] = 9;
        const PairedImages set(first, second, 0, 1, 1, 1, false);
        std::array<std::uint8_t, canvasPixels> canvas;
        canvas.fill(17);
        set.canvas(0, canvas);
        for (int row = 0; row < 36; ++row)
            for (int column = 0; column < 36; ++column) {
                const int a = row < 28 && column < 28 ? (row * 28 + column) % 251 : 0;
                const int b = row >= 8 && column >= 8 ? ((row - 8) * 28 + column - 8) * 7 % 255 : 0;
                QCOMPARE(int(canvas[static_cast<std::size_t>(row * 36 + column)]), std::max(a, b));
            }

        Batch batch;
        set.append(0, batch);
        set.append(0, batch);
        QCOMPARE(batch.size, 2);
        QCOMPARE(batch.pixels.size(), std::size_t(2 * canvasPixels));
        QCOMPARE(batch.labels, (std::vector<std::uint8_t>{3, 9, 3, 9}));
        for (std::size_t i = 0; i < canvasPixels; ++i)
            QCOMPARE(batch.pixels[canvasPixels + i], static_cast<float>(canvas[i]));
    }

    void readsAFolder()
    {
        writeDataset(folder("small").toStdString(), 20, 10);
        TrainingPlan plan = planWith(30, 10, 0);
        plan.dataFolder = folder("small").toStdString();
        const TrainingImages images = readTrainingImages(plan);
        QCOMPARE(images.firstTrain->images.count, 20);
        QCOMPARE(images.firstTest->labels.values[7], std::uint8_t(7));
        QVERIFY2(images.firstTrain == images.secondTrain, "the same bytes serve both corners");
        QCOMPARE(images.classNames[0][9], std::string("Ankle boot"));
        QCOMPARE(images.classNames[1][0], std::string("T-shirt/top"));
    }

    void readsDigits()
    {
        writeDataset(folder("fashion").toStdString(), 20, 10);
        writeDataset(folder("digits").toStdString(), 15, 12);
        TrainingPlan plan = planWith(30, 30, 0);
        plan.dataFolder = folder("fashion").toStdString();
        plan.settings.set(training::source, training::fashionAndDigits);
        QVERIFY_EXCEPTION_THROWN(readTrainingImages(plan), FileError);
        plan.digitsFolder = folder("no digits").toStdString();
        try {
            readTrainingImages(plan);
            QFAIL("there are no digits");
        } catch (const FileError& error) {
            QVERIFY2(error.why.find("apt") == std::string::npos, "the package of Fashion-MNIST would not help");
        }
        plan.digitsFolder = folder("digits").toStdString();
        const TrainingImages images = readTrainingImages(plan);
        QCOMPARE(images.secondTrain->images.count, 15);
        QCOMPARE(images.classNames[1][4], std::string("4"));
        QCOMPARE(images.classNames[0][4], std::string("Coat"));
        const TrainingData data = pairImages(images, plan);
        QVERIFY(countsOf(data.train, false).rbegin()->first < 15);
        QVERIFY(countsOf(data.test, true).rbegin()->first < 10);
    }

    void whatDoesNotFitIsRefused_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QList<int>>("sizes");
        QTest::newRow("image size") << "train-images-idx3-ubyte" << QList<int>{20, 27, 28};
        QTest::newRow("too few labels") << "t10k-labels-idx1-ubyte" << QList<int>{9};
        QTest::newRow("too many labels") << "train-labels-idx1-ubyte" << QList<int>{21};
        QTest::newRow("no images") << "train-images-idx3-ubyte" << QList<int>{0, 28, 28};
        QTest::newRow("labels for images") << "t10k-images-idx3-ubyte" << QList<int>{10};
    }
    void whatDoesNotFitIsRefused()
    {
        QFETCH(QString, file);
        QFETCH(QList<int>, sizes);
        const std::filesystem::path place = folder("bad").toStdString();
        writeDataset(place, 20, 10);
        std::size_t product = 1;
        for (const int size : sizes)
            product *= static_cast<std::size_t>(size);
        writeIdx(place / file.toStdString(), {sizes.begin(), sizes.end()}, std::vector<std::uint8_t>(product));
        TrainingPlan plan;
        plan.dataFolder = place.string();
        try {
            readTrainingImages(plan);
            QFAIL("accepted");
        } catch (const FileError& error) {
            QVERIFY2(QString::fromStdString(error.path).endsWith(file), error.what());
        }
    }

    void aLabelOf200IsRefused()
    {
        const std::filesystem::path place = folder("label").toStdString();
        writeDataset(place, 20, 10);
        std::vector<std::uint8_t> labels(20);
        labels[13] = 200;
        writeIdx(place / "train-labels-idx1-ubyte", {20}, labels);
        TrainingPlan plan;
        plan.dataFolder = place.string();
        try {
            readTrainingImages(plan);
            QFAIL("accepted");
        } catch (const FileError& error) {
            QVERIFY2(error.why.find("200 at place 13") != std::string::npos, error.what());
        }
    }
};

QTEST_GUILESS_MAIN(TestMultiFashion)
#include "tst_multi_fashion.moc"

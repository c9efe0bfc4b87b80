#include "sim/base/errors.h"
#include "sim/network/idx.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <zlib.h>

using namespace endospike;
using Bytes = std::vector<std::uint8_t>;

namespace {

/// Two images of 2 x 3.
Bytes images() { return {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}; }
Bytes labels() { return {0, 0, 8, 1, 0, 0, 0, 3, 9, 0, 4}; }

void writePlain(const QString& path, const Bytes& bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<qint64>(bytes.size()));
}

void writePacked(const QString& path, const Bytes& bytes)
{
    gzFile file = gzopen(path.toUtf8(), "wb");
    QVERIFY(file);
    gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(file);
}

} // namespace

class TestIdx : public QObject {
    Q_OBJECT

private slots:
    void readsImagesAndLabels()
    {
        const IdxImages parsed = parseIdxImages(images(), "x");
        QCOMPARE(parsed.count, 2);
        QCOMPARE(parsed.rows, 2);
        QCOMPARE(parsed.columns, 3);
        QCOMPARE(parsed.image(1)[0], std::uint8_t(7));
        QCOMPARE(parsed.image(1).size(), std::size_t(6));
        QVERIFY_EXCEPTION_THROWN(parsed.image(2), std::out_of_range);
        QVERIFY_EXCEPTION_THROWN(parsed.image(-1), std::out_of_range);
        QCOMPARE(parseIdxLabels(labels(), "x").values, (Bytes{9, 0, 4}));
    }

    void everyTruncationIsRefused()
    {
        const Bytes someImages = images(), someLabels = labels();
        for (std::size_t length = 0; length < someImages.size(); ++length)
            QVERIFY_EXCEPTION_THROWN(parseIdxImages(std::span(someImages).first(length), "x"), FileError);
        for (std::size_t length = 0; length < someLabels.size(); ++length)
            QVERIFY_EXCEPTION_THROWN(parseIdxLabels(std::span(someLabels).first(length), "x"), FileError);
    }

    void badBytesAreRefused_data()
    {
        QTest::addColumn<int>("place");
        QTest::addColumn<int>("value");
        QTest::newRow("first zero") << 0 << 1;
        QTest::newRow("type") << 2 << 9;
        QTest::newRow("dimensions") << 3 << 1;
        QTest::newRow("enormous count") << 4 << 255;
        QTest::newRow("no images") << 7 << 0;
        QTest::newRow("no rows") << 11 << 0;
        QTest::newRow("too many columns") << 15 << 4;
    }
    void badBytesAreRefused()
    {
        QFETCH(int, place);
        QFETCH(int, value);
        Bytes bytes = images();
        bytes[place] = static_cast<std::uint8_t>(value);
        QVERIFY_EXCEPTION_THROWN(parseIdxImages(bytes, "x"), FileError);
    }

    void labelsBeyondTheirRangeAreRefused()
    {
        Bytes bytes = labels();
        bytes[9] = 200;
        QVERIFY_EXCEPTION_THROWN(parseIdxLabels(bytes, "x"), FileError);
        bytes[9] = 10;
        QVERIFY_EXCEPTION_THROWN(parseIdxLabels(bytes, "x"), FileError);
        QCOMPARE(parseIdxLabels(bytes, "x", 10).values[1], std::uint8_t(10));
        QVERIFY_EXCEPTION_THROWN(parseIdxLabels(images(), "x"), FileError);
    }

    void readsPlainAndPackedFiles()
    {
        QTemporaryDir folder;
        writePlain(folder.filePath("plain"), images());
        writePacked(folder.filePath("packed.gz"), images());
        const IdxImages plain = readIdxImages(folder.filePath("plain").toStdString());
        QCOMPARE(plain.pixels, readIdxImages(folder.filePath("packed.gz").toStdString()).pixels);
        QCOMPARE(plain.pixels, parseIdxImages(images(), "x").pixels);
    }

    void damagedArchivesAreRefused()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("a.gz");
        writePacked(path, Bytes(100'000, 7));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        const QByteArray whole = file.readAll();
        file.resize(whole.size() / 2);
        QVERIFY_EXCEPTION_THROWN(readIdxImages(path.toStdString()), FileError);
        QVERIFY_EXCEPTION_THROWN(readIdxImages(folder.filePath("none").toStdString()), FileError);
        QVERIFY_EXCEPTION_THROWN(readIdxImages(folder.path().toStdString()), FileError);
    }

    void endlessArchivesAreRefused()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("bomb.gz");
        gzFile file = gzopen(path.toUtf8(), "wb1");
        const Bytes zeros(1u << 20);
        for (int i = 0; i < 258; ++i)
            gzwrite(file, zeros.data(), static_cast<unsigned>(zeros.size()));
        gzclose(file);
        QVERIFY_EXCEPTION_THROWN(readIdxImages(path.toStdString()), FileError);
    }

    void missingDataSaysHowToGetIt()
    {
        QTemporaryDir folder;
        qputenv("ENDOSPIKE_DATA", folder.path().toUtf8());
        try {
            findFashionMnist();
            QFAIL("an empty folder was taken for a dataset");
        } catch (const FileError& error) {
            QVERIFY(QString::fromStdString(error.why).contains("sudo apt install dataset-fashion-mnist"));
            QVERIFY(QString::fromStdString(error.path).contains("train-images"));
        }
        for (const char* name : {"train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte",
                 "t10k-labels-idx1-ubyte"})
            writePlain(folder.filePath(name), {});
        QVERIFY(findFashionMnist().trainLabels.string().ends_with(".gz"));
        QVERIFY(QDir(folder.path()).mkdir("fashion-mnist"));
        QVERIFY_EXCEPTION_THROWN(findFashionMnist(), FileError); // now the subfolder counts
        qunsetenv("ENDOSPIKE_DATA");
    }

    void theRealDataset()
    {
        qunsetenv("ENDOSPIKE_DATA");
        if (!QDir("/usr/share/datasets/fashion-mnist").exists())
            QSKIP("dataset-fashion-mnist is not installed");
        const DatasetFiles files = findFashionMnist();
        const IdxImages test = readIdxImages(files.testImages);
        QCOMPARE(test.count, 10000);
        QCOMPARE(test.rows * test.columns, 784);
        std::array<int, 10> counts = {};
        for (const std::uint8_t label : readIdxLabels(files.testLabels).values)
            ++counts[label];
        QVERIFY(std::ranges::all_of(counts, [](int count) { return count == 1000; }));
    }
};

QTEST_GUILESS_MAIN(TestIdx)
#include "tst_idx.moc"

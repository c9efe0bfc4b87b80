#include "sim/base/errors.h"
#include "sim/base/whole_file.h"
#include "sim/runs/safetensors.h"
#include "tests/sim/base/file_size_limit.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cstring>

using namespace endospike;

namespace {

/// Quotation marks in the header are written as apostrophes.
std::string fileOf(std::string header, const std::string& data)
{
    std::ranges::replace(header, '\'', '"');
    std::string bytes(8, '\0');
    const std::uint64_t length = header.size();
    std::memcpy(bytes.data(), &length, 8);
    return bytes + header + data;
}

const std::string eight(8, '\1');

} // namespace

class TestSafeTensors : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string path() const { return m_folder.filePath("a.safetensors").toStdString(); }

private slots:
    void whatIsWrittenComesBack()
    {
        const std::vector<float> weight = {1, 2.5f, -3, 4e-40f, 5, 6};
        const std::uint64_t steps = 77;
        SafeTensors file;
        file.metadata = {{"format", "x"}, {"text", "a \"quoted\"\nline, ü"}};
        file.tensors = {floatTensor("b.weight", {2, 3}, weight), floatTensor("empty", {0, 5}, {}),
            {"steps", "U64", {}, {reinterpret_cast<const char*>(&steps), 8}}};
        writeSafeTensors(path(), file);
        const std::string bytes = readWholeFile(path(), 1 << 20);
        const SafeTensors read = parseSafeTensors(bytes, "x");
        QVERIFY(read.metadata == file.metadata);
        QCOMPARE(read.tensors.size(), 3u);
        QVERIFY(read.find("b.weight")->shape == (std::vector<std::uint64_t>{2, 3}));
        QVERIFY(floatsOf(*read.find("b.weight")) == weight);
        QCOMPARE(read.find("empty")->bytes.size(), std::size_t(0));
        QVERIFY(read.find("steps")->shape.empty());
        QCOMPARE(std::memcmp(read.find("steps")->bytes.data(), &steps, 8), 0);
        QVERIFY(!read.find("c"));
    }

    void theLayoutIsThatOfTheFormat()
    {
        const std::vector<float> one = {1};
        SafeTensors file;
        file.tensors = {floatTensor("a", {1}, one)};
        writeSafeTensors(path(), file);
        const std::string bytes = readWholeFile(path(), 1 << 20);
        std::uint64_t length = 0;
        std::memcpy(&length, bytes.data(), 8);
        QCOMPARE(length % 8, std::uint64_t(0));
        QCOMPARE(bytes.size(), 8 + length + 4);
        const QByteArray header = QByteArray::fromStdString(bytes.substr(8, length));
        QVERIFY(header.startsWith('{'));
        QCOMPARE(
            header.trimmed().replace('"', '\''), QByteArray("{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}"));
        QCOMPARE(bytes.substr(8 + length), std::string("\0\0\x80\x3f", 4));
    }

    void tensorsMayBeNamedInAnyOrder()
    {
        const std::string bytes = fileOf("{'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]},"
                                         "'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}",
            eight);
        const SafeTensors file = parseSafeTensors(bytes, "x");
        QCOMPARE(file.tensors[0].name, std::string("a"));
        QCOMPARE(file.tensors[1].name, std::string("b"));
    }

    void damageIsRefused_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QString>("why");
        const auto row = [](const char* name, const char* header, const char* why) {
            QTest::newRow(name) << QByteArray(header) << QString(why);
        };
        row("no JSON", "{hello}", "damaged header");
        row("a list", "[1]", "no JSON object");
        row("truncated JSON", "{'a':{'dtype':'F32',", "damaged header");
        row("tensor is a number", "{'a':5}", "must have dtype");
        row("no dtype", "{'a':{'x':'F32','shape':[2],'data_offsets':[0,8]}}", "unknown dtype");
        row("unknown dtype", "{'a':{'dtype':'F31','shape':[2],'data_offsets':[0,8]}}", "unknown dtype");
        row("dtype is a number", "{'a':{'dtype':32,'shape':[2],'data_offsets':[0,8]}}", "unknown dtype");
        row("extra key", "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'x':1}}", "must have dtype");
        row("shape is text", "{'a':{'dtype':'F32','shape':'2','data_offsets':[0,8]}}", "shape");
        row("negative length", "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}", "wrong shape");
        row("fraction", "{'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}", "wrong shape");
        row("wrong shape", "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,8]}}", "does not fit");
        row("wrong type size", "{'a':{'dtype':'F64','shape':[2],'data_offsets':[0,8]}}", "larger than the file");
        row("overflowing shape", "{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,8]}}", "shape");
        row("overflow to 8 bytes", "{'a':{'dtype':'U8','shape':[2305843009213693953,8],'data_offsets':[0,8]}}",
            "wrong shape");
        row("many dimensions", "{'a':{'dtype':'F32','shape':[2,1,1,1,1,1,1,1,1],'data_offsets':[0,8]}}", "shape");
        row("one offset", "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8]}}", "data_offsets");
        row("backwards", "{'a':{'dtype':'F32','shape':[0],'data_offsets':[8,0]}}", "does not fit");
        row("beyond the end", "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}}", "larger than the file");
        row("absurd offset", "{'a':{'dtype':'F32','shape':[2],'data_offsets':[18446744073709551608,0]}}",
            "data_offsets");
        row("bytes left over", "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}", "belong to no tensor");
        row("gap", "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}", "gap");
        row("overlap",
            "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'U8','shape':[6],'data_offsets':[2,8]}"
            "}",
            "overlaps");
        row("metadata are numbers", "{'__metadata__':{'a':1},'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}",
            "metadata");
        row("metadata are text", "{'__metadata__':'a'}", "metadata");
        row("nothing", "{}", "belong to no tensor");
    }
    void damageIsRefused()
    {
        QFETCH(QByteArray, header);
        QFETCH(QString, why);
        try {
            parseSafeTensors(fileOf(header.toStdString(), eight), "x");
            QFAIL("accepted");
        } catch (const FileError& error) {
            QVERIFY2(QString::fromStdString(error.why).contains(why), error.what());
        }
    }

    void absurdHeadersAreRefused()
    {
        const std::string good = fileOf("{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}", eight);
        parseSafeTensors(good, "x");
        for (std::size_t length = 0; length < good.size(); ++length)
            QVERIFY_EXCEPTION_THROWN(parseSafeTensors(std::string_view(good).substr(0, length), "x"), FileError);
        for (const std::uint64_t length :
            {std::uint64_t(0), std::uint64_t(1), std::uint64_t(good.size()), std::uint64_t(good.size() - 7),
                std::uint64_t(1) << 32, std::uint64_t(1) << 63, ~std::uint64_t(0), ~std::uint64_t(7)}) {
            std::string bad = good;
            std::memcpy(bad.data(), &length, 8);
            QVERIFY_EXCEPTION_THROWN(parseSafeTensors(bad, "x"), FileError);
        }
        QVERIFY_EXCEPTION_THROWN(parseSafeTensors(fileOf("{" + std::string(100'000, '['), eight), "x"), FileError);
        // Inside the file, but longer than any header needs.
        QVERIFY_EXCEPTION_THROWN(
            parseSafeTensors(fileOf("{" + std::string(maximumSafeTensorsHeader, ' ') + "}", ""), "x"), FileError);
    }

    void metadataAreReadFromTheHeaderAlone()
    {
        const auto read = [this](const std::string& bytes) {
            writeWholeFile(path(), bytes);
            return readMetadata(path(), "format");
        };
        const std::string good = fileOf("{'__metadata__':{'format':'x','y':'z'},'a':'not looked at'}", "");
        QCOMPARE(read(good), std::string("x"));
        QCOMPARE(read(fileOf("{'__metadata__':{'y':'z'}}", eight)), std::string());
        QCOMPARE(read(fileOf("{}", eight)), std::string());
        for (std::size_t length = 0; length < good.size(); ++length)
            QVERIFY_EXCEPTION_THROWN(read(good.substr(0, length)), FileError);
        QVERIFY_EXCEPTION_THROWN(read(fileOf("{'__metadata__':{'format':1}}", eight)), FileError);
        QVERIFY_EXCEPTION_THROWN(read(std::string(8, '\xff') + "{}"), FileError);
        QVERIFY_EXCEPTION_THROWN(readMetadata("/nowhere.safetensors", "format"), FileError);
        QVERIFY_EXCEPTION_THROWN(readMetadata("/tmp", "format"), FileError);
    }

    void tooManyTensorsAreRefused()
    {
        std::string header = "{";
        for (int i = 0; i < 1001; ++i)
            header += (i ? ",'" : "'") + std::to_string(i) + "':{'dtype':'U8','shape':[0],'data_offsets':[0,0]}";
        QVERIFY_EXCEPTION_THROWN(parseSafeTensors(fileOf(header + "}", ""), "x"), FileError);
    }

    void aFullDiskLeavesTheOldFile()
    {
        const std::vector<float> values(10'000, 1.0f);
        SafeTensors file;
        file.tensors = {floatTensor("a", {100, 100}, values)};
        writeSafeTensors(path(), file);
        const std::string old = readWholeFile(path(), 1 << 20);
        {
            const FileSizeLimit limit(20'000);
            QVERIFY_EXCEPTION_THROWN(writeSafeTensors(path(), file), FileError);
        }
        QCOMPARE(readWholeFile(path(), 1 << 20), old);
    }
};

QTEST_GUILESS_MAIN(TestSafeTensors)
#include "tst_safetensors.moc"

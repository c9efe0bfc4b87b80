// A reader of the record format, written from its description alone, checks every sum and every value.
#include "sim/base/errors.h"
#include "sim/base/whole_file.h"
#include "sim/network/event_file.h"
#include "tests/sim/base/file_size_limit.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <stdexcept>

using namespace endospike;

namespace {

/// Bit by bit, unlike the table that is tested.
std::uint32_t slowCrc(std::string_view bytes)
{
    std::uint32_t crc = 0xffffffff;
    for (const char c : bytes)
        for (int bit = 0; bit < 8; ++bit) {
            const bool low = ((crc ^ static_cast<unsigned char>(c) >> bit) & 1) != 0;
            crc = crc >> 1 ^ (low ? 0x82f63b78u : 0u);
        }
    return ~crc;
}

/// What was written as this field; only the last one if it comes again.
struct Message {
    std::map<unsigned, std::uint64_t> numbers;
    std::map<unsigned, std::string_view> texts;
};

class Reader {
public:
    explicit Reader(std::string_view bytes)
        : m_bytes(bytes)
    {
    }
    bool atEnd() const { return m_bytes.empty(); }

    template <class Number>
    Number fixed()
    {
        Number number;
        std::memcpy(&number, take(sizeof number).data(), sizeof number);
        return number;
    }
    std::uint64_t varint()
    {
        std::uint64_t number = 0;
        for (int shift = 0;; shift += 7) {
            const auto byte = static_cast<unsigned char>(take(1)[0]);
            number |= std::uint64_t(byte & 0x7f) << shift;
            if (byte < 0x80)
                return number;
        }
    }
    std::string_view take(std::size_t count)
    {
        if (count > m_bytes.size())
            throw std::runtime_error("the file ends too early");
        const std::string_view taken = m_bytes.substr(0, count);
        m_bytes.remove_prefix(count);
        return taken;
    }

private:
    std::string_view m_bytes;
};

Message messageIn(std::string_view bytes)
{
    Message message;
    for (Reader reader(bytes); !reader.atEnd();) {
        const std::uint64_t key = reader.varint();
        const auto field = static_cast<unsigned>(key >> 3);
        switch (key & 7) {
        case 0:
            message.numbers[field] = reader.varint();
            break;
        case 1:
            message.numbers[field] = reader.fixed<std::uint64_t>();
            break;
        case 2:
            message.texts[field] = reader.take(reader.varint());
            break;
        case 5:
            message.numbers[field] = reader.fixed<std::uint32_t>();
            break;
        default:
            throw std::runtime_error("unknown wire type");
        }
    }
    return message;
}

std::uint32_t unmasked(std::uint32_t sum)
{
    const std::uint32_t rotated = sum - 0xa282ead8u;
    return rotated >> 17 | rotated << 15;
}

std::vector<Message> eventsIn(std::string_view bytes)
{
    std::vector<Message> events;
    for (Reader reader(bytes); !reader.atEnd();) {
        const std::string_view lengthBytes = reader.take(8);
        if (unmasked(reader.fixed<std::uint32_t>()) != slowCrc(lengthBytes))
            throw std::runtime_error("wrong sum of a length");
        const std::string_view data = reader.take(Reader(lengthBytes).fixed<std::uint64_t>());
        if (unmasked(reader.fixed<std::uint32_t>()) != slowCrc(data))
            throw std::runtime_error("wrong sum of data");
        events.push_back(messageIn(data));
    }
    return events;
}

template <class Number, class Bits>
Number numberOf(Bits bits)
{
    Number number;
    static_assert(sizeof number <= sizeof bits);
    std::memcpy(&number, &bits, sizeof number);
    return number;
}

} // namespace

class TestEventFile : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string path() const { return m_folder.filePath("events.out.tfevents.1").toStdString(); }
    std::string bytes() const { return readWholeFile(path(), 1 << 20); }

private slots:
    void publishedCheckValues()
    {
        QCOMPARE(crc32c("123456789"), 0xe3069283u);
        // RFC 3720, B.4.
        QCOMPARE(crc32c(std::string(32, '\0')), 0x8a9136aau);
        QCOMPARE(crc32c(std::string(32, '\xff')), 0x62a8ab43u);
        std::string rising;
        for (char c = 0; c < 32; ++c)
            rising += c;
        QCOMPARE(crc32c(rising), 0x46dd794eu);
        QCOMPARE(crc32c(rising), slowCrc(rising));
    }

    void everyValueComesBack()
    {
        const std::vector<ScalarSeries> series = {
            {"loss/train", {{0, 1.7e9, 4.5}, {1, 1.7e9 + 0.25, 0.1}, {300, 1.7e9 + 9, -1e-30}}},
            {"größe", {{std::int64_t(1) << 40, 1.7e9 + 1, 3e38}, {-1, 1.7e9 + 2, 0}}}};
        writeEventFile(path(), series);
        const std::string file = bytes();
        const std::vector<Message> events = eventsIn(file);
        QCOMPARE(events.size(), 1u + 3u + 2u);
        QCOMPARE(events[0].texts.at(3), std::string_view("brain.Event:2"));
        QCOMPARE(numberOf<double>(events[0].numbers.at(1)), 1.7e9);
        std::size_t next = 1;
        for (const ScalarSeries& one : series)
            for (const ScalarPoint& point : one.points) {
                const Message& event = events[next++];
                QCOMPARE(numberOf<double>(event.numbers.at(1)), point.wallTime_s);
                QCOMPARE(static_cast<std::int64_t>(event.numbers.at(2)), point.step);
                const Message value = messageIn(messageIn(event.texts.at(5)).texts.at(1));
                QCOMPARE(value.texts.at(1), std::string_view(one.tag));
                QCOMPARE(
                    numberOf<float>(static_cast<std::uint32_t>(value.numbers.at(2))), static_cast<float>(point.value));
            }
    }

    void anyChangedByteIsNoticed()
    {
        writeEventFile(path(), std::vector<ScalarSeries>{{"a", {{1, 2, 3}}}});
        const std::string good = bytes();
        for (std::size_t i = 0; i < good.size(); ++i) {
            std::string bad = good;
            bad[i] = static_cast<char>(bad[i] ^ 4);
            QVERIFY_EXCEPTION_THROWN(eventsIn(bad), std::runtime_error);
        }
    }

    void figuresOfATraining()
    {
        std::vector<EpochMetrics> epochs(3);
        for (int i = 0; i < 3; ++i) {
            epochs[static_cast<std::size_t>(i)].epoch = i - 1;
            epochs[static_cast<std::size_t>(i)].testLoss = 4 - i;
            epochs[static_cast<std::size_t>(i)].testAccuracy = {0.1 * i, 0.2 * i};
            epochs[static_cast<std::size_t>(i)].elapsed_s = 10 * i;
            epochs[static_cast<std::size_t>(i)].layers = {{"Hidden", 0.25 * i, 512, 1, 0}};
        }
        epochs[0].trainLoss = std::numeric_limits<double>::quiet_NaN();
        std::map<std::string, std::vector<ScalarPoint>> byTag;
        for (const ScalarSeries& one : scalarSeries(epochs, 100))
            byTag[one.tag] = one.points;
        QCOMPARE(byTag.at("loss/test").size(), 3u);
        QCOMPARE(byTag.at("loss/test")[2].value, 2.0);
        QCOMPARE(byTag.at("loss/test")[2].step, 2);
        QCOMPARE(byTag.at("loss/test")[2].wallTime_s, 120.0);
        QCOMPARE(byTag.at("loss/train").size(), 2u);
        QCOMPARE(byTag.at("accuracy 2/test")[1].value, 0.2);
        QCOMPARE(byTag.at("spike rate/Hidden")[2].value, 0.5);
        QVERIFY(scalarSeries({}, 0).empty());
    }

    void aFullDiskLeavesTheOldFile()
    {
        writeEventFile(path(), std::vector<ScalarSeries>{{"a", {{1, 2, 3}}}});
        const std::string old = bytes();
        {
            const FileSizeLimit limit(100);
            QVERIFY_EXCEPTION_THROWN(
                writeEventFile(path(), std::vector<ScalarSeries>{{"a", std::vector<ScalarPoint>(100)}}), FileError);
        }
        QCOMPARE(bytes(), old);
    }
};

QTEST_GUILESS_MAIN(TestEventFile)
#include "tst_event_file.moc"

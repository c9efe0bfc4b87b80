#include "sim/network/event_file.h"

#include "sim/base/whole_file.h"

#include <array>
#include <bit>
#include <cmath>
#include <type_traits>

namespace endospike {
namespace {

constexpr const char* fileVersion = "brain.Event:2";
enum WireType { varint = 0, fixed64 = 1, delimited = 2, fixed32 = 5 };

constexpr std::array<std::uint32_t, 256> makeTable()
{
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t remainder = i;
        for (int bit = 0; bit < 8; ++bit)
            remainder = remainder >> 1 ^ (remainder & 1 ? 0x82f63b78u : 0u);
        table[i] = remainder;
    }
    return table;
}

template <class Number>
void appendFixed(std::string& out, Number number)
{
    using Bits = std::conditional_t<sizeof(Number) == 8, std::uint64_t, std::uint32_t>;
    const auto bits = std::bit_cast<Bits>(number);
    for (std::size_t byte = 0; byte < sizeof(Bits); ++byte)
        out += static_cast<char>(bits >> 8 * byte & 0xff);
}

void appendVarint(std::string& out, std::uint64_t number)
{
    for (; number > 0x7f; number >>= 7)
        out += static_cast<char>(number | 0x80);
    out += static_cast<char>(number);
}

void appendKey(std::string& out, unsigned field, WireType type) { appendVarint(out, field << 3 | type); }

void appendBytes(std::string& out, unsigned field, std::string_view bytes)
{
    appendKey(out, field, delimited);
    appendVarint(out, bytes.size());
    out += bytes;
}

/// TensorFlow stores a rotated sum, so that a CRC over data that hold CRCs stays sound.
std::uint32_t masked(std::uint32_t crc) { return std::rotr(crc, 15) + 0xa282ead8u; }

void appendRecord(std::string& out, std::string_view data)
{
    std::string length;
    appendFixed(length, static_cast<std::uint64_t>(data.size()));
    out += length;
    appendFixed(out, masked(crc32c(length)));
    out += data;
    appendFixed(out, masked(crc32c(data)));
}

std::string versionEvent(double wallTime_s)
{
    std::string event;
    appendKey(event, 1, fixed64);
    appendFixed(event, wallTime_s);
    appendBytes(event, 3, fileVersion);
    return event;
}

std::string scalarEvent(const std::string& tag, const ScalarPoint& point)
{
    std::string value;
    appendBytes(value, 1, tag);
    appendKey(value, 2, fixed32);
    appendFixed(value, static_cast<float>(point.value));
    std::string summary;
    appendBytes(summary, 1, value);
    std::string event;
    appendKey(event, 1, fixed64);
    appendFixed(event, point.wallTime_s);
    appendKey(event, 2, varint);
    appendVarint(event, static_cast<std::uint64_t>(point.step));
    appendBytes(event, 5, summary);
    return event;
}

} // namespace

std::uint32_t crc32c(std::string_view bytes)
{
    static constexpr std::array<std::uint32_t, 256> table = makeTable();
    std::uint32_t crc = 0xffffffff;
    for (const char c : bytes)
        crc = crc >> 8 ^ table[(crc ^ static_cast<unsigned char>(c)) & 0xff];
    return ~crc;
}

void writeEventFile(const std::string& path, std::span<const ScalarSeries> series)
{
    double start_s = 0;
    for (const ScalarSeries& one : series)
        for (const ScalarPoint& point : one.points)
            if (start_s == 0 || point.wallTime_s < start_s)
                start_s = point.wallTime_s;
    std::string bytes;
    appendRecord(bytes, versionEvent(start_s));
    for (const ScalarSeries& one : series)
        for (const ScalarPoint& point : one.points)
            appendRecord(bytes, scalarEvent(one.tag, point));
    writeWholeFile(path, bytes);
}

std::vector<ScalarSeries> scalarSeries(std::span<const EpochMetrics> epochs, double start_s)
{
    std::vector<ScalarSeries> series;
    const auto add = [&](const std::string& tag, const auto& valueOf) {
        ScalarSeries one{tag, {}};
        for (const EpochMetrics& metrics : epochs)
            if (const double value = valueOf(metrics); std::isfinite(value))
                one.points.push_back({metrics.epoch + 1, start_s + metrics.elapsed_s, value});
        if (!one.points.empty())
            series.push_back(std::move(one));
    };
    add("loss/train", [](const EpochMetrics& m) { return m.trainLoss; });
    add("loss/test", [](const EpochMetrics& m) { return m.testLoss; });
    for (std::size_t task = 0; task < taskCount; ++task) {
        const std::string number = std::to_string(task + 1);
        add("accuracy " + number + "/train", [=](const EpochMetrics& m) { return m.trainAccuracy[task]; });
        add("accuracy " + number + "/test", [=](const EpochMetrics& m) { return m.testAccuracy[task]; });
    }
    add("learning rate", [](const EpochMetrics& m) { return m.learningRate; });
    add("samples per second", [](const EpochMetrics& m) { return m.samples_per_s; });
    if (!epochs.empty())
        for (std::size_t layer = 0; layer < epochs.front().layers.size(); ++layer)
            add("spike rate/" + epochs.front().layers[layer].name, [=](const EpochMetrics& m) {
                return layer < m.layers.size() ? m.layers[layer].meanRate : std::nan("");
            });
    return series;
}

} // namespace endospike

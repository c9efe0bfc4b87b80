#include "sim/trace/trace_writer.h"

#include "sim/base/csv.h"
#include "sim/base/errors.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <set>
#include <utility>

namespace endospike {
namespace {

struct GroupFile {
    ChannelGroup group;
    std::string_view name;
};
constexpr std::array groupFiles{
    GroupFile{ChannelGroup::voltage, "voltage"},
    GroupFile{ChannelGroup::gate, "gates"},
    GroupFile{ChannelGroup::current, "currents"},
    GroupFile{ChannelGroup::conductance, "conductances"},
    GroupFile{ChannelGroup::stimulus, "stimulus"},
    GroupFile{ChannelGroup::internal, "internals"},
};

std::string replaced(std::string_view text, std::string_view from, std::string_view to)
{
    std::string result;
    for (std::size_t at; (at = text.find(from)) != std::string_view::npos; text.remove_prefix(at + from.size()))
        result.append(text.substr(0, at)).append(to);
    return result.append(text);
}

/// "I<sub>Na</sub>" as "I_Na": the symbol in plain letters.
std::string plainSymbol(std::string_view richText)
{
    std::string text = replaced(richText, "<sub>", "_");
    for (std::size_t open; (open = text.find('<')) != std::string::npos;)
        text.erase(open, std::min(text.find('>', open), text.size() - 1) - open + 1);
    return text;
}

std::string plainUnit(std::string_view unit)
{
    std::string text(unit);
    for (const auto& [from, to] : {std::pair("\u00b5", "u"), std::pair("\u03bc", "u"), std::pair("\u00b2", "^2"),
             std::pair("\u03a9", "Ohm"), std::pair("\u00b0", "deg ")})
        text = replaced(text, from, to);
    return text;
}

std::string onOneLine(std::string text)
{
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 32; }, ' ');
    return text;
}

/// As a Python string in an NPY header.
void appendPythonString(std::string& out, std::string_view text)
{
    out.append("'").append(replaced(replaced(text, "\\", "\\\\"), "'", "\\'")).append("'");
}

void appendNumber(std::string& out, double value)
{
    std::array<char, 32> text;
    out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr);
}

/// 12 digits: a sampling time is a whole multiple of the interval, whatever its last bits say.
void appendTime(std::string& out, double t_ms)
{
    std::array<char, 32> text;
    out.append(
        text.data(), std::to_chars(text.data(), text.data() + text.size(), t_ms, std::chars_format::general, 12).ptr);
}

void appendLittleEndian(std::string& out, std::uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; ++i)
        out += static_cast<char>(value >> (8 * i) & 0xff);
}

std::vector<std::string> withTime(std::vector<std::string> titles)
{
    titles.insert(titles.begin(), "time [ms]");
    std::set<std::string> taken;
    for (std::string& title : titles) {
        title = onOneLine(title);
        const std::string base = title;
        for (int number = 2; title.empty() || !taken.insert(title).second; ++number)
            title = base + " (" + std::to_string(number) + ")";
    }
    return titles;
}

} // namespace

std::string_view extensionOf(TraceFormat format) { return format == TraceFormat::csv ? "csv" : "npy"; }

std::string columnTitle(const TraceColumn& column)
{
    const Channel& channel = column.channel;
    std::string title =
        column.cellName + ' ' + (channel.symbol.empty() ? std::string(channel.label) : plainSymbol(channel.symbol));
    if (!channel.unit.empty() && channel.unit != "1")
        title += " [" + plainUnit(channel.unit) + "]";
    return title;
}

TraceTable::TraceTable(const std::string& path, TraceFormat format, std::vector<std::string> columnTitles)
    : m_format(format)
    , m_titles(withTime(std::move(columnTitles)))
    , m_file(path)
{
    if (m_format == TraceFormat::npy) {
        m_file.write(npyHeader());
        return;
    }
    std::string header;
    for (const std::string& title : m_titles) {
        if (!header.empty())
            header += ',';
        header += csvField(title);
    }
    header += '\n';
    m_file.write(header);
}

void TraceTable::addRow(double t_ms, std::span<const double> values)
{
    m_row.clear();
    if (m_format == TraceFormat::csv) {
        appendTime(m_row, t_ms);
        for (const double value : values) {
            m_row += ',';
            appendNumber(m_row, value);
        }
        m_row += '\n';
    } else {
        appendLittleEndian(m_row, std::bit_cast<std::uint64_t>(t_ms), 8);
        for (const double value : values)
            appendLittleEndian(m_row, std::bit_cast<std::uint64_t>(value), 8);
    }
    m_file.write(m_row);
    ++m_rows;
}

void TraceTable::finish()
{
    // The number of rows is known only now; the header has kept room for it.
    if (m_format == TraceFormat::npy)
        m_file.overwrite(0, npyHeader());
    m_file.finish();
}

std::string TraceTable::npyHeader() const
{
    std::string text = "{'descr': [";
    for (const std::string& title : m_titles) {
        text += '(';
        appendPythonString(text, title);
        text += ", '<f8'), ";
    }
    text += "], 'fortran_order': False, 'shape': (";
    const std::string rows = std::to_string(m_rows);
    constexpr std::size_t mostDigits = std::numeric_limits<std::uint64_t>::digits10 + 1;

    const bool ascii =
        std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 128; });
    const bool isShort = text.size() < 65000;
    const int version = !ascii ? 3 : isShort ? 1 : 2;
    const int lengthBytes = version == 1 ? 2 : 4;
    // Magic, version, length and text together fill a multiple of 64 bytes and end in a newline.
    const std::size_t prefix = 8 + static_cast<std::size_t>(lengthBytes);
    const std::size_t needed = prefix + text.size() + mostDigits + 5;
    const std::size_t total = (needed + 63) / 64 * 64;

    std::string header = "\x93NUMPY";
    header += static_cast<char>(version);
    header += '\0';
    appendLittleEndian(header, total - prefix, lengthBytes);
    header += text + rows + ",), }";
    header.resize(total - 1, ' ');
    return header + '\n';
}

struct TraceFolder::Group {
    std::vector<std::size_t> columns;
    std::unique_ptr<TraceTable> table;
};

TraceFolder::TraceFolder(std::string folder, TraceFormat format)
    : m_folder(std::move(folder))
    , m_format(format)
{
    std::error_code error;
    std::filesystem::create_directories(m_folder, error);
    if (!std::filesystem::is_directory(m_folder))
        throw FileError(m_folder, "cannot be made a folder: " + (error ? error.message() : "a file has this name"));
}

TraceFolder::~TraceFolder() = default;

void TraceFolder::open(const TraceLayout& layout)
{
    for (const GroupFile& file : groupFiles) {
        Group group;
        std::vector<std::string> titles;
        for (std::size_t c = 0; c < layout.columns.size(); ++c) {
            if (layout.columns[c].channel.group != file.group)
                continue;
            group.columns.push_back(c);
            titles.push_back(columnTitle(layout.columns[c]));
        }
        if (titles.empty())
            continue;
        const std::string name = std::string(file.name) + '.' + std::string(extensionOf(m_format));
        const std::string path = (std::filesystem::path(m_folder) / name).string();
        group.table = std::make_unique<TraceTable>(path, m_format, std::move(titles));
        m_groups.push_back(std::move(group));
    }
}

void TraceFolder::append(const TraceBlock& block)
{
    if (m_groups.empty())
        open(*block.layout);
    for (const Group& group : m_groups) {
        m_row.resize(group.columns.size());
        for (int k = 0; k < block.count; ++k) {
            for (std::size_t c = 0; c < group.columns.size(); ++c)
                m_row[c] = block.values[group.columns[c] * static_cast<std::size_t>(block.count) + k];
            group.table->addRow(block.first_ms + k * block.interval_ms, m_row);
        }
    }
}

std::vector<std::string> TraceFolder::publish()
{
    for (const Group& group : m_groups)
        group.table->finish();
    std::vector<std::string> names;
    for (const Group& group : m_groups) {
        group.table->publish();
        names.push_back(std::filesystem::path(group.table->path()).filename().string());
    }
    return names;
}

void writeHistory(const TraceHistory& history, double from_ms, double to_ms, const std::string& path,
    TraceFormat format, const JobContext& context)
{
    struct Known {
        int cellId;
        std::string_view channelKey;
    };
    // First what columns there are, over every layout in the range; then the values.
    std::vector<Known> known;
    std::vector<std::string> titles;
    std::vector<std::size_t> place;
    const TraceLayout* layout = nullptr;
    const auto findPlaces = [&](const TraceLayout& newLayout) {
        layout = &newLayout;
        place.clear();
        for (const TraceColumn& column : newLayout.columns) {
            const auto same = [&](const Known& k) {
                return k.cellId == column.cellId && k.channelKey == column.channel.key;
            };
            const auto found = std::find_if(known.begin(), known.end(), same);
            place.push_back(static_cast<std::size_t>(found - known.begin()));
            if (found != known.end())
                continue;
            known.push_back({column.cellId, column.channel.key});
            titles.push_back(columnTitle(column));
        }
    };
    history.forEachSample(from_ms, to_ms, [&](const TraceLayout& rowLayout, double, std::span<const double>) {
        if (&rowLayout != layout)
            findPlaces(rowLayout);
    });

    TraceTable table(path, format, titles);
    layout = nullptr;
    std::vector<double> row;
    const double begin_ms = std::max(from_ms, history.first_ms());
    const double length_ms = std::max(std::min(to_ms, history.last_ms()) - begin_ms, 1e-9);
    const std::string sentence = "Writing " + std::filesystem::path(path).filename().string();
    int untilReport = 0;
    bool stopped = false;
    history.forEachSample(
        from_ms, to_ms, [&](const TraceLayout& rowLayout, double t_ms, std::span<const double> values) {
            if (--untilReport < 0) {
                untilReport = 4096;
                stopped = context.stop.stop_requested();
                context.report((t_ms - begin_ms) / length_ms, sentence);
            }
            if (stopped)
                return;
            if (&rowLayout != layout)
                findPlaces(rowLayout);
            row.assign(known.size(), std::numeric_limits<double>::quiet_NaN());
            for (std::size_t c = 0; c < values.size(); ++c)
                row[place[c]] = values[c];
            table.addRow(t_ms, row);
        });
    if (stopped)
        return;
    table.finish();
    table.publish();
}

} // namespace endospike

// Recorded traces as files: CSV for people and spreadsheets, NPY (structured array, one field per column) for NumPy.
#pragma once

#include "sim/base/job.h"
#include "sim/base/whole_file.h"
#include "sim/trace/trace_buffer.h"
#include "sim/trace/trace_history.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace endospike {

enum class TraceFormat { csv, npy };

/// "csv", "npy"
std::string_view extensionOf(TraceFormat format);

/// Name and unit of a column in plain ASCII but for the cell's own name: "HH V [mV]", "HH I_Na [uA/cm^2]", "HH m".
std::string columnTitle(const TraceColumn& column);

/// One table in one file: time in ms, then any number of columns. CSV holds every value in the fewest digits that read
/// back to the same double; NPY is format version 1.0 to 3.0, little-endian doubles. NaN stands for a value that does
/// not exist. Nothing takes the place of an older file before publish(). Throws FileError.
class TraceTable {
public:
    /// A title that occurs twice, or is empty, is told apart by a number.
    TraceTable(const std::string& path, TraceFormat format, std::vector<std::string> columnTitles);

    const std::string& path() const { return m_file.path(); }
    void addRow(double t_ms, std::span<const double> values);
    void finish();
    void publish() { m_file.publish(); }

private:
    std::string npyHeader() const;

    TraceFormat m_format;
    std::vector<std::string> m_titles;
    WholeFile m_file;
    std::string m_row;
    std::uint64_t m_rows = 0;
};

/// A run as one table for each group of channels (voltage.csv, gates.csv, currents.csv, conductances.csv, stimulus.csv,
/// internals.csv) in a folder that is made if need be. Takes blocks of one layout, in order. Throws FileError.
class TraceFolder {
public:
    TraceFolder(std::string folder, TraceFormat format);
    ~TraceFolder();

    void append(const TraceBlock& block);
    /// Every table complete on the disk, then every table in its place. Returns the names of the files.
    std::vector<std::string> publish();

private:
    struct Group;
    void open(const TraceLayout& layout);

    std::string m_folder;
    TraceFormat m_format;
    std::vector<Group> m_groups;
    std::vector<double> m_row;
};

/// The samples of a history with t in [from, to] as one table; a cell that did not exist at a time has NaN there.
/// When asked to stop it leaves nothing behind. Throws FileError.
void writeHistory(const TraceHistory& history, double from_ms, double to_ms, const std::string& path,
    TraceFormat format, const JobContext& context = {});

} // namespace endospike

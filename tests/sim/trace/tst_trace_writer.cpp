// Tables read back as what was written, in both formats, and never half.
#include "sim/base/errors.h"
#include "sim/trace/trace_writer.h"
#include "tests/sim/base/file_size_limit.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QtEndian>

#include <bit>
#include <cmath>
#include <limits>

using namespace endospike;

namespace {

constexpr Channel voltage{"v_mv", "Membrane potential", "V", "mV", ChannelGroup::voltage};
constexpr Channel gate{"m", "Activation", "m", "1", ChannelGroup::gate};
constexpr Channel current{"i_na", "Sodium current", "I<sub>Na</sub>", "µA/cm²", ChannelGroup::current};
constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

std::shared_ptr<const TraceLayout> layoutOf(std::vector<std::pair<int, Channel>> columns)
{
    auto layout = std::make_shared<TraceLayout>();
    for (const auto& [cell, channel] : columns)
        layout->columns.push_back({cell, QString("c%1").arg(cell).toStdString(), nullptr, channel});
    return layout;
}

TraceBlock blockOf(std::shared_ptr<const TraceLayout> layout, double first_ms, int count)
{
    TraceBlock block{std::move(layout), first_ms, 0.5, count, false, {}, {}};
    for (std::size_t c = 0; c < block.layout->columns.size(); ++c)
        for (int k = 0; k < count; ++k)
            block.values.push_back(100.0 * static_cast<double>(c + 1) + first_ms + 0.5 * k);
    return block;
}

} // namespace

class TestTraceWriter : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    std::string pathOf(const QString& name) const { return m_folder.filePath(name).toStdString(); }
    QByteArray bytesOf(const QString& name) const
    {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QList<QByteArray> linesOf(const QString& name) const
    {
        QList<QByteArray> lines = bytesOf(name).split('\n');
        if (!lines.isEmpty() && lines.last().isEmpty())
            lines.removeLast();
        return lines;
    }
    void write(const QString& name, TraceFormat format, std::vector<std::string> titles,
        const std::vector<std::vector<double>>& rows)
    {
        TraceTable table(pathOf(name), format, std::move(titles));
        double t_ms = 0;
        for (const auto& row : rows)
            table.addRow(std::exchange(t_ms, t_ms + 0.05), row);
        table.finish();
        table.publish();
    }

    struct Npy {
        int version;
        QString header;
        QByteArray data;
    };
    /// By the description of the format: magic, version, little-endian length, text padded to 64 bytes, data.
    static Npy parseNpy(const QByteArray& bytes)
    {
        Npy npy{bytes.startsWith("\x93NUMPY") ? bytes[6] : -1, {}, {}};
        const int lengthBytes = npy.version == 1 ? 2 : 4;
        const qsizetype length = npy.version == 1 ? qFromLittleEndian<quint16>(bytes.constData() + 8)
                                                  : qFromLittleEndian<quint32>(bytes.constData() + 8);
        npy.header = QString::fromUtf8(bytes.mid(8 + lengthBytes, length));
        npy.data = bytes.mid(8 + lengthBytes + length);
        return npy;
    }

private slots:
    void titlesSayUnits_data()
    {
        QTest::addColumn<QString>("symbol");
        QTest::addColumn<QString>("unit");
        QTest::addColumn<QString>("title");
        QTest::newRow("voltage") << "V"
                                 << "mV"
                                 << "c V [mV]";
        QTest::newRow("current") << "I<sub>Na</sub>"
                                 << "µA/cm²"
                                 << "c I_Na [uA/cm^2]";
        QTest::newRow("gate") << "m"
                              << "1"
                              << "c m";
        QTest::newRow("no symbol") << ""
                                   << "ms"
                                   << "c Label [ms]";
        QTest::newRow("slanted") << "<i>g</i><sub>K</sub>"
                                 << "mS/cm²"
                                 << "c g_K [mS/cm^2]";
    }
    void titlesSayUnits()
    {
        QFETCH(QString, symbol);
        QFETCH(QString, unit);
        QFETCH(QString, title);
        const std::string symbolText = symbol.toStdString();
        const std::string unitText = unit.toStdString();
        const Channel channel{"key", "Label", symbolText, unitText, ChannelGroup::voltage};
        QCOMPARE(QString::fromStdString(columnTitle({1, "c", nullptr, channel})), title);
    }

    void csvReadsBackToTheBit()
    {
        const std::vector<std::vector<double>> rows = {
            {1.0 / 3, -65}, {5e-324, 1.7976931348623157e308}, {-0.0, 0.1}, {std::nextafter(50.0, 51.0), notANumber}};
        write("a.csv", TraceFormat::csv, {"x [mV]", "y"}, rows);
        const QList<QByteArray> lines = linesOf("a.csv");
        QCOMPARE(lines.size(), 5);
        QCOMPARE(lines[0], QByteArray("time [ms],x [mV],y"));
        for (std::size_t r = 0; r < rows.size(); ++r) {
            const QList<QByteArray> fields = lines[static_cast<qsizetype>(r) + 1].split(',');
            QCOMPARE(fields.size(), 3);
            for (std::size_t c = 0; c < 2; ++c) {
                const double value = std::strtod(fields[static_cast<qsizetype>(c) + 1].constData(), nullptr);
                if (std::isnan(rows[r][c]))
                    QVERIFY(std::isnan(value));
                else
                    QCOMPARE(std::bit_cast<quint64>(value), std::bit_cast<quint64>(rows[r][c]));
            }
        }
        QCOMPARE(lines[4].split(',')[0], QByteArray("0.15")); // not 0.15000000000000002
    }

    void csvQuotesNames()
    {
        write("a.csv", TraceFormat::csv, {"a, \"b\"", "line\nbreak", "same", "same", ""}, {});
        QCOMPARE(linesOf("a.csv").size(), 1);
        QCOMPARE(linesOf("a.csv")[0], QByteArray("time [ms],\"a, \"\"b\"\"\",line break,same,same (2), (2)"));
    }

    void npyFollowsTheFormat_data()
    {
        QTest::addColumn<QString>("title");
        QTest::addColumn<int>("columns");
        QTest::addColumn<int>("version");
        QTest::newRow("plain") << "HH V [mV]" << 1 << 1;
        QTest::newRow("quotes") << "it's a \\ [mV]" << 3 << 1;
        QTest::newRow("beyond ASCII") << QString::fromUtf8("Zelle ä V [mV]") << 2 << 3;
        QTest::newRow("very many columns") << "x" << 6000 << 2;
    }
    void npyFollowsTheFormat()
    {
        QFETCH(QString, title);
        QFETCH(int, columns);
        QFETCH(int, version);
        std::vector<std::string> titles;
        for (int c = 0; c < columns; ++c)
            titles.push_back((title + QString::number(c)).toStdString());
        std::vector<std::vector<double>> rows(3, std::vector<double>(static_cast<std::size_t>(columns), 1.0 / 3));
        rows[2].back() = -7.25;
        write("a.npy", TraceFormat::npy, titles, rows);

        const QByteArray bytes = bytesOf("a.npy");
        const Npy npy = parseNpy(bytes);
        QCOMPARE(npy.version, version);
        QCOMPARE(static_cast<int>(bytes[7]), 0);
        QCOMPARE((bytes.size() - npy.data.size()) % 64, 0);
        QVERIFY(npy.header.endsWith('\n'));
        QVERIFY(npy.header.contains("'shape': (3,)"));
        QVERIFY(npy.header.contains("'fortran_order': False"));
        QCOMPARE(npy.header.count("'<f8'"), columns + 1);
        QCOMPARE(npy.data.size(), 3 * (columns + 1) * 8);
        const auto valueAt = [&](qsizetype row, qsizetype column) {
            return qFromLittleEndian<double>(npy.data.constData() + (row * (columns + 1) + column) * 8);
        };
        QCOMPARE(valueAt(1, 0), 0.05);
        QCOMPARE(valueAt(0, 1), 1.0 / 3);
        QCOMPARE(valueAt(2, columns), -7.25);
    }

    void npyNamesAreEscaped()
    {
        write("a.npy", TraceFormat::npy, {"it's \\"}, {});
        QVERIFY(parseNpy(bytesOf("a.npy")).header.contains("('it\\'s \\\\', '<f8')"));
    }

    void folderHoldsOneTableForEachGroup()
    {
        const auto layout = layoutOf({{1, voltage}, {1, gate}, {1, inputChannel}, {2, voltage}, {2, inputChannel}});
        TraceFolder folder(pathOf("run/deep"), TraceFormat::csv);
        folder.append(blockOf(layout, 0, 3));
        folder.append(blockOf(layout, 1.5, 2));
        QVERIFY(!QFile::exists(m_folder.filePath("run/deep/voltage.csv")));
        const std::vector<std::string> names = folder.publish();
        QCOMPARE(names, (std::vector<std::string>{"voltage.csv", "gates.csv", "stimulus.csv"}));
        const QList<QByteArray> lines = linesOf("run/deep/voltage.csv");
        QCOMPARE(lines.size(), 6);
        QCOMPARE(lines[0], QByteArray("time [ms],c1 V [mV],c2 V [mV]"));
        QCOMPARE(lines[5], QByteArray("2,102,402"));
        QCOMPARE(linesOf("run/deep/gates.csv")[1], QByteArray("0,200"));
        QCOMPARE(QDir(m_folder.filePath("run/deep")).entryList(QDir::Files | QDir::Hidden).size(), 3);
    }

    void fullDiskLeavesOldTables()
    {
        QVERIFY(QDir(m_folder.path()).mkpath("full"));
        writeWholeFile(pathOf("full/voltage.csv"), "old");
        const FileSizeLimit limit(2000);
        const auto layout = layoutOf({{1, voltage}, {1, gate}});
        QVERIFY_EXCEPTION_THROWN(
            {
                TraceFolder folder(pathOf("full"), TraceFormat::csv);
                for (int block = 0; block < 100; ++block)
                    folder.append(blockOf(layout, 500.0 * block, 1000));
                folder.publish();
            },
            FileError);
        QCOMPARE(bytesOf("full/voltage.csv"), QByteArray("old"));
        QCOMPARE(QDir(m_folder.filePath("full")).entryList(QDir::Files | QDir::Hidden), QStringList("voltage.csv"));
    }

    void refusesFolders()
    {
        writeWholeFile(pathOf("file"), "x");
        QVERIFY_EXCEPTION_THROWN(TraceFolder(pathOf("file"), TraceFormat::csv), FileError);
        QVERIFY_EXCEPTION_THROWN(TraceFolder(pathOf("file/below"), TraceFormat::csv), FileError);
        QVERIFY_EXCEPTION_THROWN(TraceFolder("/proc/none", TraceFormat::csv), FileError);
    }

    void historyKeepsCellsThatCameAndWent()
    {
        TraceHistory history;
        history.append(blockOf(layoutOf({{1, voltage}, {1, current}}), 0, 4));
        history.append(blockOf(layoutOf({{1, voltage}, {2, voltage}}), 2, 4));
        writeHistory(history, 1, 3, pathOf("h.csv"), TraceFormat::csv);
        const QList<QByteArray> lines = linesOf("h.csv");
        QCOMPARE(lines.size(), 6);
        QCOMPARE(lines[0], QByteArray("time [ms],c1 V [mV],c1 I_Na [uA/cm^2],c2 V [mV]"));
        QCOMPARE(lines[1], QByteArray("1,101,201,nan"));
        QCOMPARE(lines[3], QByteArray("2,102,nan,202"));
        QCOMPARE(lines[5], QByteArray("3,103,nan,203"));
    }

    void emptyHistoryIsATableWithoutRows()
    {
        writeHistory(TraceHistory(), 0, 1, pathOf("h.csv"), TraceFormat::csv);
        QCOMPARE(bytesOf("h.csv"), QByteArray("time [ms]\n"));
    }
};

QTEST_APPLESS_MAIN(TestTraceWriter)
#include "tst_trace_writer.moc"

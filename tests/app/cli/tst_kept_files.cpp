// Nothing that a person made is lost: what earlier versions of the program left on the disk opens, goes on to the bit
// and is written again as it was. tests/data/version_N/README.txt says how it was made.
#include "sim/base/whole_file.h"
#include "sim/control/checkpoint.h"
#include "sim/control/log.h"
#include "sim/document/experiment.h"
#include "sim/information/checkpoint.h"
#include "sim/information/log.h"
#include "sim/network/checkpoint.h"
#include "sim/network/run_folder.h"
#include "sim/network/training_log.h"
#include "sim/neuron/highway_targets.h"
#include "sim/robustness/sweep_files.h"
#include "tests/app/cli/cli_fixture.h"

#include <Eigen/Core>

#include <hwy/targets.h>

#include <QCryptographicHash>
#include <QDir>
#include <QDirIterator>
#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <filesystem>
#include <functional>

#include <gnu/libc-version.h>

using namespace endospike;
namespace fs = std::filesystem;

namespace {

const QString kept = QStringLiteral(ENDOSPIKE_SOURCE_DIR "/tests/data/version_1/");

/// What the last bits of a training depend on, besides its settings.
std::string variant()
{
    const std::int64_t targets = hwy::SupportedTargets();
    int l1 = 0, l2 = 0, l3 = 0;
    Eigen::internal::queryCacheSizes(l1, l2, l3);
    return "Highway " + std::string(hwy::TargetName(targets & -targets)) + "; Eigen "
        + Eigen::SimdInstructionSetsInUse() + ", products cut for a cache of " + std::to_string(l1) + "; glibc "
        + gnu_get_libc_version() + "; g++ " + __VERSION__ + ", " + ENDOSPIKE_BUILD_TYPE;
}

std::string textOf(const QString& file) { return readWholeFile(QFile::encodeName(file).toStdString(), 1u << 24); }

/// Every file of this name below a folder, from there.
QStringList filesBelow(const QString& folder, const QString& name)
{
    QStringList files;
    for (QDirIterator at(folder, {name}, QDir::Files, QDirIterator::Subdirectories); at.hasNext();)
        files << QDir(folder).relativeFilePath(at.next());
    files.sort();
    return files;
}

QStringList documents()
{
    return filesBelow(kept, "experiment.json")
        + filesBelow(kept + "documents", "*.json").replaceInStrings(QRegularExpression("^"), "documents/");
}

/// Every folder with a checkpoint of a laboratory.
QStringList trainingsIn(const QString& laboratory)
{
    QStringList folders;
    for (const QString& file : filesBelow(kept + "runs/" + laboratory, "checkpoint.safetensors"))
        folders << QFileInfo("runs/" + laboratory + "/" + file).path();
    return folders;
}

void addRows(const QStringList& names)
{
    QTest::addColumn<QString>("name");
    for (const QString& name : names)
        QTest::newRow(qPrintable(name)) << name;
}

/// SHA-256 of names, types, shapes and bytes of all tensors, by name.
QByteArray digestOf(SafeTensors file)
{
    std::ranges::sort(file.tensors, {}, &SafeTensor::name);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const SafeTensor& tensor : file.tensors) {
        QStringList shape;
        for (const std::uint64_t length : tensor.shape)
            shape << QString::number(length);
        hash.addData(
            QByteArray::fromStdString(tensor.name + ' ' + tensor.type + ' ') + shape.join(',').toLatin1() + '\n');
        hash.addData(QByteArray(tensor.bytes.data(), static_cast<qsizetype>(tensor.bytes.size())));
    }
    return hash.result().toHex();
}

/// |a - b| / |b| over all numbers of two tensors.
double distance(const SafeTensor& a, const SafeTensor& b)
{
    const std::vector<float> one = floatsOf(a), other = floatsOf(b);
    double difference = 0, size = 0;
    for (std::size_t i = 0; i < one.size(); ++i) {
        difference += std::pow(one[i] - other[i], 2);
        size += std::pow(other[i], 2);
    }
    return std::sqrt(difference / std::max(size, 1e-12));
}

/// A line of figures without what a clock measured.
QJsonObject figuresOf(QJsonObject line)
{
    for (const char* key : {"elapsed_s", "epoch_s", "samples_per_s", "steps_per_s", "peak_memory_bytes", "made"})
        line.remove(key);
    return line;
}

QJsonObject jsonOf(const std::string& text)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
}

} // namespace

class TestKeptFiles : public QObject, CliFolder {
    Q_OBJECT

    bool m_sameBits = false; ///< as on the machine on which the files were made

    /// A copy that may be written to.
    QString copyOf(const QString& folder) const
    {
        const fs::path from = (kept + folder).toStdString(), to = path(folder).toStdString();
        fs::create_directories(to);
        fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
        return path(folder);
    }
    void compareCheckpoints(const std::string& is, const std::string& was) const
    {
        const SafeTensors one = parseSafeTensors(is, "now"), other = parseSafeTensors(was, "then");
        QCOMPARE(one.metadata.at("experiment"), other.metadata.at("experiment"));
        QCOMPARE(one.tensors.size(), other.tensors.size());
        for (std::size_t i = 0; i < one.tensors.size(); ++i) {
            QCOMPARE(one.tensors[i].name, other.tensors[i].name);
            if (m_sameBits)
                QVERIFY2(one.tensors[i].bytes == other.tensors[i].bytes, one.tensors[i].name.c_str());
            else if (!one.tensors[i].name.starts_with("optimizer."))
                QVERIFY2(distance(one.tensors[i], other.tensors[i]) < 0.05, one.tensors[i].name.c_str());
        }
        if (m_sameBits)
            QCOMPARE(figuresOf(jsonOf(one.metadata.at("progress"))), figuresOf(jsonOf(other.metadata.at("progress"))));
    }
    /// All but batches, which are logged as often as a clock says.
    void compareMetrics(const QString& is, const QString& was) const
    {
        const auto events = [](const QString& file) {
            QList<QJsonObject> lines = linesOf(QByteArray::fromStdString(textOf(file)));
            lines.removeIf([](const QJsonObject& line) { return line["event"] == "batch"; });
            for (QJsonObject& line : lines)
                line = figuresOf(line);
            return lines;
        };
        const QList<QJsonObject> one = events(is), other = events(was);
        QVERIFY(!one.isEmpty() && !other.isEmpty());
        if (m_sameBits)
            QCOMPARE(one, other);
        else if (other.last().contains("test_loss"))
            QVERIFY(std::abs(one.last()["test_loss"].toDouble() / other.last()["test_loss"].toDouble() - 1) < 0.05);
    }
    /// To the bit where that can be; on another processor or library within some percent, which is all that learning
    /// leaves of another last bit. A policy that learns from its own actions is then another one: it must get to the
    /// end.
    void goesOn(const QString& name, const char* verb) const
    {
        const QString folder = copyOf(name), finished = kept + "finished" + name.mid(4);
        const std::string before = textOf(folder + "/checkpoint.safetensors");
        const Answer answer = cli({verb, folder + "/experiment.json", "--out", QFileInfo(folder).path(), "--resume"});
        QVERIFY2(answer.code == 0, answer.err);
        const std::string after = textOf(folder + "/checkpoint.safetensors");
        QVERIFY(after != before);
        if (!m_sameBits && name.contains("control/"))
            return;
        compareMetrics(folder + "/metrics.jsonl", finished + "/metrics.jsonl");
        if (QFile::exists(finished + "/checkpoint.safetensors"))
            compareCheckpoints(after, textOf(finished + "/checkpoint.safetensors"));
        else if (m_sameBits)
            QCOMPARE(digestOf(parseSafeTensors(after, "now")) + '\n',
                QByteArray::fromStdString(textOf(finished + "/tensors.sha256")));
    }

private slots:
    void initTestCase()
    {
        qputenv("ENDOSPIKE_DATA", QFile::encodeName(kept + "images"));
        m_sameBits = variant() + "\n" == textOf(kept + "variant.txt");
        if (!m_sameBits)
            qInfo("these files were made elsewhere: bits are not compared (%s)", variant().c_str());
    }

    void documentsAreWrittenAgainAsTheyWere_data() { addRows(documents()); }
    void documentsAreWrittenAgainAsTheyWere()
    {
        QFETCH(QString, name);
        const std::string text = textOf(kept + name);
        QCOMPARE(toJson(experimentFromJson(text)), text);
    }

    void documentsAreRight_data() { addRows(documents()); }
    void documentsAreRight()
    {
        QFETCH(QString, name);
        const Answer answer = cli({"check", kept + name});
        QCOMPARE(answer.out, QByteArray("ok\n"));
        QCOMPARE(answer.code, 0);
    }

    void checkpointsAreWrittenAgainAsTheyWere_data() { addRows(filesBelow(kept, "*.safetensors")); }
    void checkpointsAreWrittenAgainAsTheyWere()
    {
        QFETCH(QString, name);
        const std::string bytes = textOf(kept + name), copy = path("copy.safetensors").toStdString();
        const std::string format = parseSafeTensors(bytes, "x").metadata.at("format");
        if (format == "endospike-checkpoint")
            writeCheckpoint(copy, parseCheckpoint(bytes, "x"));
        else if (format == "endospike-information-checkpoint")
            writeCheckpoint(copy, parseInformationCheckpoint(bytes, "x"));
        else if (format == "endospike-control")
            writeControlCheckpoint(copy, parseControlCheckpoint(bytes, "x"));
        else
            writePolicy(copy, *parsePolicy(bytes, "x"));
        QVERIFY(textOf(path("copy.safetensors")) == bytes);
    }

    void figuresAreWrittenAgainAsTheyWere_data() { addRows(filesBelow(kept, "metrics.jsonl")); }
    void figuresAreWrittenAgainAsTheyWere()
    {
        QFETCH(QString, name);
        const std::string text = textOf(kept + name);
        const QJsonObject first = linesOf(QByteArray::fromStdString(text)).value(0);
        const RunId id{first[name.contains("control/") ? "policy" : "network"].toString().toStdString(),
            static_cast<std::uint64_t>(first["seed"].toInt())};
        std::string again;
        if (name.contains("control/"))
            for (const ControlEvent& event : controlEventsFromJsonLines(text, "x"))
                again += toJsonLine(id, event) + '\n';
        else if (name.contains("information/"))
            for (const InformationEpoch& epoch : informationFromJsonLines(text))
                again += toJsonLine(id, epoch) + '\n';
        else
            for (const TrainingEvent& event : eventsFromJsonLines(text, "x"))
                again += std::visit([&](const auto& metrics) { return toJsonLine(id, metrics); }, event) + '\n';
        QCOMPARE(again, text);
    }

    void trainingsGoOn_data() { addRows(trainingsIn("training")); }
    void trainingsGoOn()
    {
        QFETCH(QString, name);
        QVERIFY(!readRunFolder((kept + name).toStdString()).finished());
        goesOn(name, "train");
    }

    void policiesGoOn_data() { addRows(trainingsIn("control")); }
    void policiesGoOn()
    {
        QFETCH(QString, name);
        const ControlCheckpoint checkpoint =
            parseControlCheckpoint(textOf(kept + name + "/checkpoint.safetensors"), "x");
        if (!environmentAvailable(*checkpoint.plan.environment))
            QSKIP("MuJoCo was not found when this was built");
        goesOn(name, "train");
        if (m_sameBits)
            QVERIFY(textOf(path(name + "/policy.safetensors"))
                == textOf(kept + "finished" + name.mid(4) + "/policy.safetensors"));
    }

    void informationGoesOn_data() { addRows(trainingsIn("information")); }
    void informationGoesOn()
    {
        QFETCH(QString, name);
        goesOn(name, "information");
    }

    void sweepsGoOn_data() { addRows(QDir(kept + "runs/robustness").entryList(QDir::Dirs | QDir::NoDotAndDotDot)); }
    void sweepsGoOn()
    {
        QFETCH(QString, name);
        const QString folder = copyOf("runs/robustness/" + name), finished = kept + "finished/robustness/" + name;
        const SweepRecord before = readSweepFolder(folder.toStdString());
        QVERIFY(before.problems.empty());
        QVERIFY(!before.fields.empty() && before.fields.size() < before.of);
        const Answer answer = cli({"sweep", folder + "/experiment.json", "--out", folder});
        QVERIFY2(answer.code == 0, answer.err);
        const QStringList cells = filesBelow(finished + "/cells", "*.json");
        QCOMPARE(filesBelow(folder + "/cells", "*.json"), cells);
        for (const QString& cell : cells) {
            const QJsonObject one = figuresOf(jsonOf(textOf(folder + "/cells/" + cell)));
            const QJsonObject other = figuresOf(jsonOf(textOf(finished + "/cells/" + cell)));
            QCOMPARE(one["settings"], other["settings"]);
            if (m_sameBits)
                QCOMPARE(one, other);
        }
        if (m_sameBits)
            QCOMPARE(textOf(folder + "/summary.json"), textOf(finished + "/summary.json"));
        for (const FieldResult& field : before.fields) { // done once
            const QString file = "/cells/" + QString::fromStdString(field.field.fileName());
            QCOMPARE(textOf(folder + file), textOf(kept + "runs/robustness/" + name + file));
        }
    }

    void sweepsAreWrittenAgainAsTheyWere()
    {
        for (const char* work : {"runs", "finished"}) {
            const QString sweeps = kept + work + "/robustness/";
            for (const QString& name : QDir(sweeps).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
                const SweepRecord record = readSweepFolder((sweeps + name).toStdString());
                QVERIFY(!record.fields.empty());
                for (const SweepUnit& unit : sweepUnits(record.experiment))
                    for (const FieldResult& result : record.fields)
                        if (std::ranges::find(unit.fields, result.field) != unit.fields.end()) {
                            writeField(path("cells").toStdString(), record.experiment, unit, result);
                            const std::string file = "/cells/" + result.field.fileName();
                            QCOMPARE(textOf(path("cells") + file.c_str()), textOf(sweeps + name + file.c_str()));
                        }
            }
        }
    }

    void finishedNetworksAnswerAsTheyDid_data()
    {
        addRows(filesBelow(kept + "finished/training", "checkpoint.safetensors"));
    }
    void finishedNetworksAnswerAsTheyDid()
    {
        QFETCH(QString, name);
        const QString folder = QFileInfo(kept + "finished/training/" + name).path();
        const Answer answer = cli({"evaluate", folder, "--confusion"});
        QVERIFY2(answer.code == 0, answer.err);
        const double now = QJsonDocument::fromJson(answer.out)["loss"].toDouble();
        const QByteArray metrics = QByteArray::fromStdString(textOf(folder + "/metrics.jsonl"));
        const double then = eventsOf(metrics, "epoch").last()["test_loss"].toDouble();
        QVERIFY2(m_sameBits ? now == then : std::abs(now / then - 1) < 0.01, answer.out);
    }
};

QTEST_GUILESS_MAIN(TestKeptFiles)
#include "tst_kept_files.moc"

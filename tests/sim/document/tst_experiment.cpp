#include "sim/base/errors.h"
#include "sim/base/whole_file.h"
#include "sim/document/experiment.h"
#include "sim/document/plan_laboratories.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include <cmath>
#include <random>
#include <set>

using namespace endospike;

namespace {

/// A value near the middle of a row's bounds that is not the default.
double unusual(const Parameter& row)
{
    if (row.kind != ParameterKind::real)
        return row.initial == row.maximum ? row.minimum : row.maximum;
    return row.typicalMinimum + (row.typicalMaximum - row.typicalMinimum) / 3;
}

ParameterValues unusualValues(ParameterTable table)
{
    ParameterValues values(table);
    for (std::size_t i = 0; i < table.size(); ++i)
        values.set(i, unusual(table[i]));
    return values;
}

/// Every model, every stimulus, nothing at its default.
Experiment fullExperiment()
{
    Experiment experiment;
    experiment.title = "Grün \"quoted\" \\ and\nlines";
    experiment.notes = "µA/cm² — ∞";
    for (const NeuronModel& model : neuronModels()) {
        if (experiment.neuron.cells.size() == maximumCells)
            break;
        Cell cell(model);
        cell.id = experiment.neuron.freeCellId();
        cell.name = experiment.neuron.freeCellName("Zelle");
        cell.visible = experiment.neuron.cells.size() % 2 == 1;
        cell.parameters = unusualValues(model.parameters);
        experiment.neuron.cells.push_back(std::move(cell));
    }
    for (const StimulusKind& kind : stimulusKinds()) {
        StimulusPart part(kind);
        part.values = unusualValues(kind.parameters);
        if (kind.hasSamples)
            part.recording = std::make_shared<const RecordedCurrent>(
                RecordedCurrent{{-1.5, 0.1, 1.0 / 3}, {1e-300, -0.1, 123456.789}});
        experiment.neuron.stimulus.parts.push_back(std::move(part));
    }
    experiment.neuron.cells[0].ownStimulus = Stimulus{{StimulusPart(*findStimulusKind("sine"))}};
    experiment.neuron.cells[1].ownStimulus = Stimulus(); // no current at all is not the shared one
    experiment.neuron.simulation = unusualValues(simulationTable());
    return experiment;
}

/// The text of the first experiment with one piece replaced.
std::string changed(std::string_view from, std::string_view to)
{
    std::string text = toJson(firstExperiment());
    const std::size_t at = text.find(from);
    if (at == std::string::npos)
        throw std::logic_error("the document does not hold " + std::string(from));
    return text.replace(at, from.size(), to);
}

DocumentError refusalOf(std::string_view text)
{
    try {
        experimentFromJson(text);
    } catch (const DocumentError& error) {
        return error;
    }
    return DocumentError("", "", "was taken");
}

std::string header(std::string_view rest)
{
    return R"({"format": "endospike-experiment", "version": 1)" + std::string(rest) + "}";
}

} // namespace

class TestExperiment : public QObject {
    Q_OBJECT

private slots:
    void everythingRoundTrips();
    void firstExperimentRoundTrips();
    void randomValuesRoundTripToTheBit();
    void missingKeysKeepDefaults();
    void longRecordingFitsIntoADocument();
    void badDocumentIsRefused_data();
    void badDocumentIsRefused();
    void everyTruncationIsRefused();
    void everyRowIsCheckedInTheDocument();
    void garbageIsRefused_data();
    void garbageIsRefused();
    void withValueReplaces_data();
    void withValueReplaces();
    void withValueRefuses_data();
    void withValueRefuses();
    void withValueKeepsIds();
    void tablesListEverything();
    void freeNamesAndIds();
    void stepsPerSample();
};

void TestExperiment::everythingRoundTrips()
{
    const Experiment experiment = fullExperiment();
    const std::string text = toJson(experiment);
    QCOMPARE(text.back(), '\n');
    const Experiment again = experimentFromJson(text);
    QVERIFY(again == experiment);
    QCOMPARE(toJson(again), text);
    QVERIFY(again.neuron.cells[0].ownStimulus.has_value());
    QVERIFY(again.neuron.cells[1].ownStimulus.has_value() && again.neuron.cells[1].ownStimulus->parts.empty());
}

void TestExperiment::firstExperimentRoundTrips()
{
    const Experiment experiment = firstExperiment();
    QVERIFY(experimentFromJson(toJson(experiment)) == experiment);
    QVERIFY(experimentFromJson(toJson(Experiment())) == Experiment());
    QCOMPARE(experiment.neuron.cells.size(), 2u);
    QVERIFY(experiment.neuron.cells[0].id != experiment.neuron.cells[1].id);
}

void TestExperiment::randomValuesRoundTripToTheBit()
{
    std::mt19937_64 random(1);
    Experiment experiment = firstExperiment();
    for (int trial = 0; trial < 50; ++trial) {
        for (Cell& cell : experiment.neuron.cells)
            for (std::size_t i = 0; i < cell.parameters.size(); ++i) {
                const Parameter& row = cell.parameters.table()[i];
                if (row.kind == ParameterKind::real)
                    cell.parameters.set(i, std::uniform_real_distribution(row.minimum, row.maximum)(random));
            }
        QVERIFY(experimentFromJson(toJson(experiment)) == experiment);
    }
}

void TestExperiment::missingKeysKeepDefaults()
{
    const Experiment bare = experimentFromJson(header(""));
    QVERIFY(bare == Experiment());
    const Experiment one = experimentFromJson(
        header(R"(, "cells": [{"model": "hh"}], "stimulus": [{"kind": "sine", "parameters": {"frequency_hz": 7}}])"));
    QCOMPARE(one.neuron.cells.size(), 1u);
    QCOMPARE(one.neuron.cells[0].name, std::string(findNeuronModel("hh")->shortName));
    QVERIFY(one.neuron.cells[0].visible);
    QVERIFY(!one.neuron.cells[0].ownStimulus);
    QVERIFY(one.neuron.cells[0].parameters == ParameterValues(findNeuronModel("hh")->parameters));
    QCOMPARE(one.neuron.stimulus.parts[0].values["frequency_hz"], 7.0);
    ParameterValues sine(findStimulusKind("sine")->parameters);
    sine.set("frequency_hz", 7);
    QVERIFY(one.neuron.stimulus.parts[0].values == sine);
    QVERIFY(one.neuron.simulation == ParameterValues(simulationTable()));
}

void TestExperiment::longRecordingFitsIntoADocument()
{
    RecordedCurrent recording;
    std::mt19937_64 random(2);
    std::uniform_real_distribution<double> current(-1, 1);
    for (std::size_t k = 0; k < maximumRecordedSamples; ++k) {
        recording.time_ms.push_back(static_cast<double>(k) / 3);
        recording.current_ua_per_cm2.push_back(current(random) * 1e-5);
    }
    Experiment experiment;
    StimulusPart part(*findStimulusKind("recorded"));
    part.recording = std::make_shared<const RecordedCurrent>(std::move(recording));
    experiment.neuron.stimulus.parts.push_back(std::move(part));
    const std::string text = toJson(experiment);
    QVERIFY(text.size() < maximumDocumentBytes);
    QVERIFY(experimentFromJson(text) == experiment);
}

void TestExperiment::badDocumentIsRefused_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("path");
    QTest::addColumn<std::string>("why"); // a part of it
    const auto row = [](const char* name, std::string text, std::string path, std::string why) {
        QTest::newRow(name) << std::move(text) << std::move(path) << std::move(why);
    };
    row("empty", "", "line 1", "truncated or empty");
    row("a list", "[]", "", "must be an object");
    row("a number", "17", "", "must be an object");
    row("another program's", R"({"version": 1})", "format", "not an Endospike experiment");
    row("format is a number", R"({"format": 3})", "format", "must be text");
    row("no version", R"({"format": "endospike-experiment"})", "version", "whole number");
    row("version in words", changed("\"version\": 1", "\"version\": \"1\""), "version", "whole number");
    row("version 0", changed("\"version\": 1", "\"version\": 0"), "version", "whole number");
    row("version 1.5", changed("\"version\": 1", "\"version\": 1.5"), "version", "whole number");
    row("newer version", changed("\"version\": 1", "\"version\": 2"), "version", "newer Endospike");
    row("far newer version", changed("\"version\": 1", "\"version\": 18446744073709551615"), "version", "newer");
    row("other laboratory", changed("\"laboratory\": \"neuron\"", "\"laboratory\": \"kitchen\""), "laboratory",
        "must be one of");
    row("unknown key", header(R"(, "colour": 3)"), "colour", "not a known key");
    row("unknown key of a cell", header(R"(, "cells": [{"model": "hh", "size": 3}])"), "cells.0.size", "not a known");
    row("unknown parameter", header(R"(, "cells": [{"model": "lif", "parameters": {"tau": 3}}])"),
        "cells.0.parameters.tau", "not a known key");
    row("unknown setting", header(R"(, "simulation": {"dt": 1})"), "simulation.dt", "dt_ms");
    row("cells as object", header(R"(, "cells": {})"), "cells", "must be a list");
    row("cell as number", header(R"(, "cells": [5])"), "cells.0", "must be an object");
    row("no model", header(R"(, "cells": [{}])"), "cells.0.model", "must be one of hh");
    row("unknown model", header(R"(, "cells": [{"model": "hh"}, {"model": "izh"}])"), "cells.1.model", "hh");
    row("model is a number", header(R"(, "cells": [{"model": 1}])"), "cells.0.model", "must be text");
    row("parameters as list", header(R"(, "cells": [{"model": "hh", "parameters": []}])"), "cells.0.parameters",
        "must be an object");
    row("text for a number", header(R"(, "cells": [{"model": "lif", "parameters": {"tau_ms": "10"}}])"),
        "cells.0.parameters.tau_ms", "must be a number");
    row("null for a number", header(R"(, "cells": [{"model": "lif", "parameters": {"tau_ms": null}}])"),
        "cells.0.parameters.tau_ms", "must be a number");
    row("flag for a number", header(R"(, "simulation": {"dt_ms": true})"), "simulation.dt_ms", "must be a number");
    row("number for a flag", header(R"(, "simulation": {"endless": 1})"), "simulation.endless", "true or false");
    row("zero time constant", header(R"(, "cells": [{"model": "lif", "parameters": {"tau_ms": 0}}])"),
        "cells.0.parameters.tau_ms", "must lie between");
    row("dt too small", header(R"(, "simulation": {"dt_ms": 1e-5})"), "simulation.dt_ms", "must lie between 0.0001");
    row("unknown integrator", header(R"(, "simulation": {"integrator": "euler"})"), "simulation.integrator",
        "forward_euler");
    row("integrator as number", header(R"(, "simulation": {"integrator": 1})"), "simulation.integrator",
        "must be one of");
    row("broken seed", header(R"(, "stimulus": [{"kind": "white_noise", "parameters": {"seed": 1.5}}])"),
        "stimulus.0.parameters.seed", "whole number");
    row("unknown stimulus", header(R"(, "stimulus": [{"kind": "tickle"}])"), "stimulus.0.kind", "must be one of");
    row("recording of a sine", header(R"(, "stimulus": [{"kind": "sine", "recording": {}}])"), "stimulus.0.recording",
        "not a known key");
    const auto recording = [](std::string_view inside) {
        return header(R"(, "stimulus": [{"kind": "recorded", "recording": )" + std::string(inside) + "}]");
    };
    row("recording without current", recording(R"({"time_ms": [0, 1]})"), "stimulus.0.recording.current_ua_per_cm2",
        "is missing");
    row("recording of unequal length", recording(R"({"time_ms": [0, 1], "current_ua_per_cm2": [1]})"),
        "stimulus.0.recording", "as many currents");
    row("recording of one sample", recording(R"({"time_ms": [0], "current_ua_per_cm2": [1]})"), "stimulus.0.recording",
        "two or more");
    row("recording out of order", recording(R"({"time_ms": [0, 0], "current_ua_per_cm2": [1, 1]})"),
        "stimulus.0.recording.time_ms", "must rise");
    row("recording with a word", recording(R"({"time_ms": [0, "1"], "current_ua_per_cm2": [1, 1]})"),
        "stimulus.0.recording.time_ms.1", "must be a number");
    row("own stimulus wrong", header(R"(, "cells": [{"model": "hh", "stimulus": {}}])"), "cells.0.stimulus", "a list");
    row("empty name", header(R"(, "cells": [{"model": "hh", "name": ""}])"), "cells.0.name", "1 to 60");
    row("long name", header(R"(, "cells": [{"model": "hh", "name": ")" + std::string(61, 'x') + "\"}]"), "cells.0.name",
        "1 to 60");
    row("title as list", header(R"(, "title": ["a"])"), "title", "must be text");
    row("long title", header(R"(, "title": ")" + std::string(30'000, 'x') + "\""), "title", "shorter than");
    std::string nine = R"({"model": "hh"})";
    for (int k = 1; k < 9; ++k)
        nine += R"(, {"model": "lif"})";
    row("nine cells", header(", \"cells\": [" + nine + "]"), "cells", "at most 8");
    std::string parts = R"({"kind": "sine"})";
    for (int k = 1; k < 17; ++k)
        parts += R"(, {"kind": "sine"})";
    row("seventeen parts", header(", \"stimulus\": [" + parts + "]"), "stimulus", "at most 16");
    row("NaN", "{\n\"format\": \"endospike-experiment\",\n\"version\": NaN}", "line 3", "not valid JSON");
    row("infinity", header(",\n\"simulation\": {\"dt_ms\": -Infinity}"), "line 2", "not valid JSON");
    row("1e999", header(",\n\n\"simulation\": {\"dt_ms\": 1e999}"), "line 3", "too large");
    row("-1e999", header(",\n\"title\": \"1e999\",\n\"simulation\": {\"dt_ms\": -1e999}"), "line 3", "too large");
    row("invalid UTF-8", header(",\n\"title\": \"\xff\xfe\""), "line 2", "not valid JSON");
    row("overlong UTF-8", header(", \"title\": \"\xc0\xaf\""), "line 1", "not valid JSON");
    row("comment", header(" /* no */"), "line 1", "not valid JSON");
    row("two documents", header("") + header(""), "line 1", "not valid JSON");
    row("comma too many", header(","), "line 1", "not valid JSON");
    row("comparison of no cell", header(R"(, "cells": [{"model": "hh"}], "comparison": {"first": 0, "second": 1})"),
        "comparison.second", "place of a cell");
}

void TestExperiment::badDocumentIsRefused()
{
    QFETCH(std::string, text);
    QFETCH(std::string, path);
    QFETCH(std::string, why);
    const DocumentError error = refusalOf(text);
    QVERIFY2(error.why.find(why) != std::string::npos, error.what());
    QCOMPARE(error.path, path);
    QVERIFY2(std::string(error.what()).size() < 1000, "a sentence, not the document");
}

void TestExperiment::everyTruncationIsRefused()
{
    std::string text = toJson(firstExperiment());
    while (text.back() != '}')
        text.pop_back();
    for (std::size_t length = 0; length < text.size(); ++length) {
        const DocumentError error = refusalOf(std::string_view(text).substr(0, length));
        QVERIFY(error.why != "was taken");
        QCOMPARE(error.path.substr(0, 5), std::string("line "));
    }
}

void TestExperiment::everyRowIsCheckedInTheDocument()
{
    const auto check = [](ParameterTable table, const std::string& before, const std::string& after,
                           const std::string& path) {
        for (const Parameter& row : table) {
            if (row.kind != ParameterKind::real && row.kind != ParameterKind::integer)
                continue;
            const double step = row.kind == ParameterKind::integer ? 1 : 0;
            for (double bad : {step != 0 ? row.minimum - 1 : std::nextafter(row.minimum, -HUGE_VAL),
                     step != 0 ? row.maximum + 1 : std::nextafter(row.maximum, HUGE_VAL)}) {
                char text[64];
                std::snprintf(text, sizeof text, "%.17g", bad);
                const DocumentError error =
                    refusalOf(header(before + "{\"" + std::string(row.key) + "\": " + text + "}" + after));
                QCOMPARE(error.path, path + "." + std::string(row.key));
                QVERIFY(error.why.find("must lie between") == 0);
            }
        }
    };
    check(simulationTable(), ", \"simulation\": ", "", "simulation");
    for (const NeuronModel& model : neuronModels())
        check(model.parameters, ", \"cells\": [{\"model\": \"" + std::string(model.key) + "\", \"parameters\": ", "}]",
            "cells.0.parameters");
    for (const StimulusKind& kind : stimulusKinds())
        check(kind.parameters, ", \"stimulus\": [{\"kind\": \"" + std::string(kind.key) + "\", \"parameters\": ", "}]",
            "stimulus.0.parameters");
}

void TestExperiment::garbageIsRefused_data()
{
    QTest::addColumn<std::string>("text");
    constexpr std::size_t big = maximumDocumentBytes;
    QTest::newRow("too large") << std::string(big + 1, ' ');
    QTest::newRow("blanks") << std::string(big / 4, ' ');
    QTest::newRow("zeros") << std::string(big, '\0');
    QTest::newRow("quotes") << std::string(big, '"');
    QTest::newRow("backslashes") << std::string(big, '\\');
    QTest::newRow("open brackets") << std::string(big, '[');
    QTest::newRow("open braces in a document") << header(", \"cells\": " + std::string(1'000'000, '{'));
    QTest::newRow("digits") << std::string(big / 8, '7');
    std::string keys;
    for (int k = 0; k < 1'000'000; ++k)
        keys += ", \"k" + std::to_string(k) + "\": 0";
    QTest::newRow("very many keys") << header(keys);
    std::string list = "[0";
    while (list.size() < big - 2)
        list += ",0";
    QTest::newRow("a list of nothing but numbers") << header(", \"cells\": " + list.substr(0, big - 100) + "]");
    std::string noise(big, ' ');
    std::mt19937_64 random(4);
    for (std::size_t i = 0; i + 8 <= noise.size(); i += 8) {
        const std::uint64_t bits = random();
        std::memcpy(noise.data() + i, &bits, 8);
    }
    QTest::newRow("noise") << noise;
}

void TestExperiment::garbageIsRefused()
{
    QFETCH(std::string, text);
    const DocumentError error = refusalOf(text);
    QVERIFY(error.why != "was taken");
    QVERIFY(std::string(error.what()).size() < 1000);
}

void TestExperiment::withValueReplaces_data()
{
    QTest::addColumn<std::string>("path");
    QTest::addColumn<std::string>("value");
    QTest::addColumn<std::string>("expected"); // how the document then reads at one place
    const auto row = [](const char* path, const char* value, const char* expected) {
        QTest::addRow("%s=%s", path, value) << std::string(path) << std::string(value) << std::string(expected);
    };
    row("title", "plain words", "\"title\": \"plain words\"");
    row("title", "42", "\"title\": \"42\"");
    row("title", "", "\"title\": \"\"");
    row("cells.0.name", "Squid", "\"name\": \"Squid\"");
    row("cells.1.parameters.tau_ms", "12.5", "\"tau_ms\": 12.5");
    row("cells.LIF.parameters.tau_ms", "12.5", "\"tau_ms\": 12.5");
    row("cells.0.visible", "false", "\"visible\": false");
    row("simulation.integrator", "runge_kutta_4", "\"integrator\": \"runge_kutta_4\"");
    row("simulation.dt_ms", "0.02", "\"dt_ms\": 0.02");
    row("simulation.endless", "false", "\"endless\": false");
    row("stimulus.0.parameters.amplitude_ua_per_cm2", "-3", "\"amplitude_ua_per_cm2\": -3");
    row("stimulus", "[]", "\"stimulus\": []");
    row("stimulus.0", R"({"kind": "sine"})", "\"kind\": \"sine\"");
    row("cells", "[]", "\"cells\": []");
}

void TestExperiment::withValueReplaces()
{
    QFETCH(std::string, path);
    QFETCH(std::string, value);
    QFETCH(std::string, expected);
    const std::string before = toJson(firstExperiment());
    const std::string after = toJson(withValue(firstExperiment(), path, value));
    QVERIFY(before.find(expected) == std::string::npos);
    QVERIFY2(after.find(expected) != std::string::npos, after.c_str());
}

void TestExperiment::withValueRefuses_data()
{
    QTest::addColumn<std::string>("path");
    QTest::addColumn<std::string>("value");
    const auto row = [](const char* path, const char* value) {
        QTest::addRow("%s=%s", path, value) << std::string(path) << std::string(value);
    };
    for (const char* path : {"", ".", "nothing", "cells.2.name", "cells.-1.name", "cells.0x0.name", "cells.0.",
             "cells.0.parameters.tau", "title.x", "stimulus.0.parameters.phase_deg", "cells.99999999999999999999.name"})
        row(path, "1");
    row("cells.1.parameters.tau_ms", "0");
    row("cells.1.parameters.tau_ms", "ten");
    row("cells.1.parameters.tau_ms", "NaN");
    row("cells.1.parameters.tau_ms", "1e999");
    row("cells.1.parameters.tau_ms", "");
    row("cells.1.parameters.tau_ms", "\xff");
    row("cells.0.model", "none");
    row("cells.0.name", "");
    row("simulation.integrator", "4");
    row("simulation.endless", "1");
    row("simulation", "3");
    row("format", "other");
    row("version", "2");
    row("title", "\xff\xfe");
}

void TestExperiment::withValueRefuses()
{
    QFETCH(std::string, path);
    QFETCH(std::string, value);
    QVERIFY_EXCEPTION_THROWN(withValue(firstExperiment(), path, value), DocumentError);
}

void TestExperiment::withValueKeepsIds()
{
    Experiment experiment = firstExperiment();
    experiment.neuron.cells[0].id = 7;
    experiment.neuron.cells[1].id = 3;
    experiment.neuron.comparison = Comparison{3, 7};
    const Experiment renamed = withValue(experiment, "title", "x");
    QCOMPARE(renamed.neuron.cells[0].id, 7);
    QCOMPARE(renamed.neuron.cells[1].id, 3);
    QVERIFY(renamed.neuron.comparison == experiment.neuron.comparison);
    const Experiment more =
        withValue(experiment, "cells", R"([{"model": "hh"}, {"model": "lif"}, {"model": "lif"}, {"model": "hh"}])");
    std::set<int> ids;
    for (const Cell& cell : more.neuron.cells)
        ids.insert(cell.id);
    QCOMPARE(ids.size(), 4u);
    const Experiment swapped = withValue(experiment, "comparison", R"({"first": 0, "second": 1})");
    QVERIFY((swapped.neuron.comparison == Comparison{7, 3}));
    const Experiment half = withValue(experiment, "comparison.second", "0");
    QVERIFY((half.neuron.comparison == Comparison{3, 7}));
}

void TestExperiment::tablesListEverything()
{
    QJsonParseError error;
    const QJsonObject tables = QJsonDocument::fromJson(QByteArray::fromStdString(tablesAsJson()), &error).object();
    QCOMPARE(error.error, QJsonParseError::NoError);
    const auto compare = [](const QJsonArray& rows, ParameterTable table) {
        QCOMPARE(static_cast<std::size_t>(rows.size()), table.size());
        for (qsizetype i = 0; i < rows.size(); ++i) {
            const Parameter& row = table[static_cast<std::size_t>(i)];
            const QJsonObject json = rows[i].toObject();
            QCOMPARE(json["key"].toString().toStdString(), std::string(row.key));
            QCOMPARE(json["unit"].toString().toStdString(), std::string(row.unit));
            QVERIFY(!json["meaning"].toString().isEmpty());
            QVERIFY(json.contains("default"));
            if (row.kind == ParameterKind::real || row.kind == ParameterKind::integer) {
                QCOMPARE(json["default"].toDouble(), row.initial);
                QCOMPARE(json["minimum"].toDouble(), row.minimum);
                QCOMPARE(json["maximum"].toDouble(), row.maximum);
            }
            QCOMPARE(static_cast<std::size_t>(json["choices"].toArray().size()), row.choices.size());
        }
    };
    const QJsonArray models = tables["models"].toArray();
    QCOMPARE(static_cast<std::size_t>(models.size()), neuronModels().size());
    for (qsizetype i = 0; i < models.size(); ++i) {
        const NeuronModel& model = neuronModels()[static_cast<std::size_t>(i)];
        QCOMPARE(models[i]["key"].toString().toStdString(), std::string(model.key));
        QCOMPARE(static_cast<std::size_t>(models[i]["channels"].toArray().size()), model.channels.size());
        compare(models[i]["parameters"].toArray(), model.parameters);
    }
    const QJsonArray stimuli = tables["stimuli"].toArray();
    QCOMPARE(static_cast<std::size_t>(stimuli.size()), stimulusKinds().size());
    for (qsizetype i = 0; i < stimuli.size(); ++i)
        compare(stimuli[i]["parameters"].toArray(), stimulusKinds()[static_cast<std::size_t>(i)].parameters);
    compare(tables["simulation"].toArray(), simulationTable());
}

void TestExperiment::freeNamesAndIds()
{
    Experiment experiment;
    QCOMPARE(experiment.neuron.freeCellId(), 1);
    QCOMPARE(experiment.neuron.freeCellName("HH"), std::string("HH"));
    for (const char* name : {"HH", "HH 3"}) {
        Cell cell(*findNeuronModel("hh"));
        cell.name = name;
        cell.id = experiment.neuron.freeCellId();
        experiment.neuron.cells.push_back(cell);
    }
    QCOMPARE(experiment.neuron.freeCellName("HH"), std::string("HH 2"));
    experiment.neuron.cells[1].name = "HH 2";
    QCOMPARE(experiment.neuron.freeCellName("HH"), std::string("HH 3"));
    QCOMPARE(experiment.neuron.freeCellName("LIF"), std::string("LIF"));
    QCOMPARE(experiment.neuron.freeCellId(), 3);
}

void TestExperiment::stepsPerSample()
{
    Experiment experiment;
    const auto steps = [&](double dt_ms, double interval_ms) {
        experiment.neuron.simulation.set(simulation::dt_ms, dt_ms);
        experiment.neuron.simulation.set(simulation::record_interval_ms, interval_ms);
        return experiment.neuron.stepsPerSample();
    };
    QCOMPARE(steps(0.01, 0.05), 5);
    QCOMPARE(steps(0.01, 0.01), 1);
    QCOMPARE(steps(0.1, 0.3), 3);
    QCOMPARE(steps(1, 0.05), 1);
    QCOMPARE(steps(0.03, 0.1), 3);
    QCOMPARE(steps(1e-4, 100), 1'000'000);
}

QTEST_APPLESS_MAIN(TestExperiment)
#include "tst_experiment.moc"

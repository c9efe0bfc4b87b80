// Every row of every list goes through the life of a document: made, written, read, edited to each bound, undone,
// saved, opened, captioned; cells run, networks are counted, claims are judged.
#include "app/document/document.h"
#include "sim/base/errors.h"
#include "sim/cost/cost_table.h"
#include "sim/document/laboratory.h"
#include "sim/document/plan_laboratories.h"
#include "sim/neuron/run.h"
#include "sim/results/claims.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace endospike;

namespace {

/// A document that uses a row, and where in it the row's own parameters stand.
struct Row {
    std::string name;
    Experiment document;
    std::string place;
    ParameterTable table;
};

std::vector<Row> laboratoryRows()
{
    std::vector<Row> rows;
    for (const LaboratoryKind& kind : laboratories())
        rows.push_back({"laboratory " + std::string(kind.key), kind.first(), std::string(kind.key), kind.own});
    rows.push_back({"simulation", firstExperiment(), "simulation", simulationTable()});
    return rows;
}

std::vector<Row> cellRows()
{
    std::vector<Row> rows;
    for (const NeuronModel& model : neuronModels()) {
        Experiment document = firstExperiment();
        document.neuron.cells.clear();
        document.neuron.addCell(model);
        rows.push_back({"model " + std::string(model.key), document, "cells.0.parameters", model.parameters});
    }
    for (const StimulusKind& kind : stimulusKinds()) {
        Experiment document = firstExperiment();
        StimulusPart part(kind);
        if (kind.hasSamples)
            part.recording = std::make_shared<const RecordedCurrent>(RecordedCurrent{{0, 1}, {2, 3}});
        document.neuron.stimulus.parts.assign(1, part);
        rows.push_back({"stimulus " + std::string(kind.key), document, "stimulus.0.parameters", kind.parameters});
    }
    return rows;
}

std::vector<Row> learnerRows()
{
    std::vector<Row> rows;
    for (const NetworkKind& kind : networkKinds()) {
        Experiment document = firstTraining();
        document.training.networks.assign(1, NetworkPlan(kind));
        rows.push_back(
            {"network " + std::string(kind.key), document, "training.networks.0.parameters", kind.parameters});
    }
    for (const PolicyKind& kind : policyKinds()) {
        Experiment document = firstControl();
        document.control.policies.assign(1, PolicyPlan(kind));
        rows.push_back({"policy " + std::string(kind.key), document, "control.policies.0.parameters", kind.parameters});
    }
    for (const EnvironmentKind& kind : environmentKinds()) {
        Experiment document = firstControl();
        document.control.setEnvironment(kind);
        rows.push_back({"environment " + std::string(kind.key), document, "control.environment.parameters",
            document.control.environmentParameters.table()});
    }
    return rows;
}

std::string jsonOf(const Parameter& parameter, double value)
{
    if (parameter.kind == ParameterKind::flag)
        return value != 0 ? "true" : "false";
    if (parameter.kind == ParameterKind::choice)
        return std::string(parameter.choices[static_cast<std::size_t>(value)].key);
    return QByteArray::number(value, 'g', 17).toStdString();
}

} // namespace

class TestEveryRow : public QObject {
    Q_OBJECT

    std::vector<Row> m_rows;

    void addRows() const
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < m_rows.size(); ++i)
            QTest::newRow(m_rows[i].name.c_str()) << static_cast<int>(i);
    }
    const Row& row() const
    {
        QFETCH(int, index);
        return m_rows[static_cast<std::size_t>(index)];
    }

private slots:
    void initTestCase()
    {
        for (const auto& rows : {laboratoryRows(), cellRows(), learnerRows()})
            m_rows.insert(m_rows.end(), rows.begin(), rows.end());
    }

    void isWrittenAndReadAgain_data() { addRows(); }
    void isWrittenAndReadAgain()
    {
        const std::string text = toJson(row().document);
        const Experiment again = experimentFromJson(text);
        QCOMPARE(toJson(again), text);
        QVERIFY(again.laboratory == row().document.laboratory);
    }

    void takesEachBoundAndNothingBeyond_data() { addRows(); }
    void takesEachBoundAndNothingBeyond()
    {
        for (const Parameter& parameter : row().table) {
            const std::string place = row().place + "." + std::string(parameter.key);
            for (const double bound : {parameter.minimum, parameter.maximum}) {
                const Experiment edited = withValue(row().document, place, jsonOf(parameter, bound));
                const std::string text = toJson(edited);
                QCOMPARE(toJson(experimentFromJson(text)), text);
            }
            if (parameter.kind != ParameterKind::real && parameter.kind != ParameterKind::integer)
                continue;
            for (const double beyond : {parameter.minimum - 1 - std::abs(parameter.minimum),
                     parameter.maximum + 1 + std::abs(parameter.maximum)})
                try {
                    withValue(row().document, place, QByteArray::number(beyond, 'g', 17).toStdString());
                    QFAIL((place + " takes what is out of its bounds").c_str());
                } catch (const DocumentError& error) {
                    QVERIFY2(error.path.ends_with(parameter.key), error.what());
                }
        }
    }

    void isEditedUndoneSavedAndOpened_data() { addRows(); }
    void isEditedUndoneSavedAndOpened()
    {
        const QTemporaryDir folder;
        Document document(row().document);
        for (const Parameter& parameter : row().table) {
            const Experiment before = document.experiment();
            const std::string place = row().place + "." + std::string(parameter.key);
            const Experiment low = withValue(before, place, jsonOf(parameter, parameter.minimum));
            const Experiment edited =
                low == before ? withValue(before, place, jsonOf(parameter, parameter.maximum)) : low;
            QVERIFY2(!(edited == before), place.c_str());
            document.edit(edited, QString::fromStdString(place));
            document.endEdit();
            QVERIFY(document.experiment() == edited);
            document.undoStack().undo();
            QVERIFY2(document.experiment() == before, place.c_str());
            document.undoStack().redo();
            QVERIFY(document.experiment() == edited);
        }
        const QString path = folder.filePath("row.json");
        document.save(path);
        const std::string saved = toJson(document.experiment());
        Document other(firstExperiment());
        other.open(path);
        QCOMPARE(toJson(other.experiment()), saved);
    }

    void hasACaption_data() { addRows(); }
    void hasACaption()
    {
        const std::vector<std::string> said = row().document.laboratory->caption(row().document);
        QVERIFY(!said.empty());
        for (const std::string& sentence : said)
            QVERIFY(!sentence.empty());
    }

    void cellsRun_data()
    {
        m_rows = cellRows();
        addRows();
    }
    void cellsRun()
    {
        NeuronPlan plan = row().document.neuron;
        plan.simulation.set(simulation::duration_ms, 5);
        int samples = 0;
        const Result result = run(plan, {}, [&](const TraceBlock& block) {
            samples += block.count;
            for (const double value : block.values)
                QVERIFY(std::isfinite(value));
        });
        QCOMPARE(result.simulated_ms, 5.0);
        QCOMPARE(samples, 101);
    }

    void whatCostsIsCounted()
    {
        for (const NetworkKind& kind : networkKinds())
            QVERIFY2(countedCost(NetworkPlan(kind)).published.additions > 0, kind.key.data());
        for (const NeuronModel& model : neuronModels())
            QCOMPARE(countedCost(model).model, &model);
    }

    void claimsSayWhatTheyAsk()
    {
        QStringList keys;
        for (const PaperClaim& claim : claimTable()) {
            for (const std::string_view words :
                {claim.key, claim.title, claim.statement, claim.place, claim.rule, claim.howTo})
                QVERIFY2(!words.empty(), claim.key.data());
            QVERIFY(!keys.contains(QByteArray(claim.key.data(), static_cast<qsizetype>(claim.key.size()))));
            keys << QByteArray(claim.key.data(), static_cast<qsizetype>(claim.key.size()));
            QCOMPARE(findClaim(claim.key), &claim);
        }
    }
};

QTEST_GUILESS_MAIN(TestEveryRow)
#include "tst_every_row.moc"

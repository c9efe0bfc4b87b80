// What is said below a figure: the truth about the plans that its laboratory uses, and nothing of the others.
#include "sim/document/experiment.h"
#include "sim/document/laboratory.h"

#include <QTest>

using namespace endospike;

class TestCaption : public QObject {
    Q_OBJECT

    static QStringList sentences(const Experiment& experiment)
    {
        QStringList said;
        for (const std::string& sentence : experiment.laboratory->caption(experiment))
            said << QString::fromStdString(sentence);
        return said;
    }
    static Experiment first(std::string_view laboratory) { return findLaboratory(laboratory)->first(); }

private slots:
    void whatIsChangedIsSaid_data()
    {
        QTest::addColumn<QByteArray>("laboratory");
        QTest::addColumn<QByteArray>("place");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* laboratory, const char* place, const char* value, const char* said) {
            QTest::addRow("%s: %s", laboratory, place)
                << QByteArray(laboratory) << QByteArray(place) << QByteArray(value) << QString::fromUtf8(said);
        };
        row("neuron", "cells.HH.parameters.g_na_ms_per_cm2", "60", "60 mS/cm²");
        row("neuron", "stimulus.0.parameters.amplitude_ua_per_cm2", "7", "7 µA/cm²");
        row("neuron", "simulation.dt_ms", "0.02", "0.02 ms");
        row("equivalence", "stimulus.0.parameters.amplitude_ua_per_cm2", "33", "33 µA/cm²");
        row("equivalence", "equivalence.coupling", "1234", "Coupling 1234");
        row("training", "training.networks.LIF fc.parameters.hidden", "77", "77");
        row("training", "training.settings.epochs", "13", "13");
        row("training", "training.settings.first_seed", "19", "19");
        row("control", "control.policies.LIF.parameters.hidden", "77", "77");
        row("control", "control.settings.first_seed", "19", "19");
        row("robustness", "robustness.noise_seed", "23", "23");
        row("robustness", "training.settings.epochs", "13", "13");
        row("information", "information.code_size", "29", "29");
        row("cost", "training.networks.LIF fc.parameters.hidden", "77", "77");
    }

    void whatIsChangedIsSaid()
    {
        QFETCH(QByteArray, laboratory);
        QFETCH(QByteArray, place);
        QFETCH(QByteArray, value);
        QFETCH(QString, said);
        const Experiment before = first(laboratory.toStdString());
        const QString unchanged = sentences(before).join("; ");
        const QString changed = sentences(withValue(before, place.toStdString(), value.toStdString())).join("; ");
        QVERIFY2(!unchanged.contains(said), qPrintable(unchanged));
        QVERIFY2(changed.contains(said), qPrintable(changed));
    }

    /// Cells were named below figures of trainings once, and trainings below those of policies.
    void onlyTheOwnPlansAreNamed_data()
    {
        QTest::addColumn<QStringList>("named");
        QTest::newRow("neuron") << QStringList{"HH", "LIF", "stimulus: Step", "time step 0.01 ms"};
        QTest::newRow("equivalence") << QStringList{"HH", "tv-LIF", "stimulus: Constant", "time step 0.001 ms"};
        QTest::newRow("training") << QStringList{"LIF fc", "HH fc", "Epochs 5"};
        QTest::newRow("control") << QStringList{"Inverted pendulum", "LIF", "HH", "seed"};
        QTest::newRow("robustness") << QStringList{"LIF fc", "HH fc", "Epochs 3", "oise"};
        QTest::newRow("information") << QStringList{"LIF fc", "HH fc", "Epochs 5", "Code"};
        QTest::newRow("cost") << QStringList{"networks with the published values"};
    }

    void onlyTheOwnPlansAreNamed()
    {
        QFETCH(QStringList, named);
        const std::string laboratory = QTest::currentDataTag();
        const QString said = sentences(first(laboratory)).join("; ");
        for (const QString& words : named)
            QVERIFY2(said.contains(words), qPrintable(said));
        const bool ofCells = laboratory == "neuron" || laboratory == "equivalence";
        QCOMPARE(said.contains("time step"), ofCells);
        const bool ofTrainings = laboratory == "training" || laboratory == "robustness" || laboratory == "information";
        QCOMPARE(said.contains("Epochs"), ofTrainings);
        QCOMPARE(said.contains("olicy") || said.contains("pendulum"), laboratory == "control");
    }

    void everyLaboratoryHasOne()
    {
        for (const LaboratoryKind& laboratory : laboratories()) {
            const QStringList said = sentences(laboratory.first());
            QVERIFY2(!said.isEmpty() && !said.contains(QString()), laboratory.key.data());
        }
    }
};

QTEST_APPLESS_MAIN(TestCaption)
#include "tst_caption.moc"

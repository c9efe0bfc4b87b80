#include "sim/base/errors.h"
#include "sim/document/experiment.h"
#include "sim/equivalence/settings.h"

#include <QtTest>

#include <cmath>
#include <limits>
#include <set>

using namespace endospike;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

struct NamedTable {
    std::string name;
    ParameterTable table;
};

std::vector<NamedTable> everyTable()
{
    std::vector<NamedTable> tables = {{"simulation", simulationTable()}, {"equivalence", equivalenceTable()}};
    for (const NeuronModel& model : neuronModels())
        tables.push_back({"model " + std::string(model.key), model.parameters});
    for (const StimulusKind& kind : stimulusKinds())
        tables.push_back({"stimulus " + std::string(kind.key), kind.parameters});
    return tables;
}

void everyRow()
{
    QTest::addColumn<const Parameter*>("row");
    for (const NamedTable& each : everyTable())
        for (const Parameter& row : each.table)
            QTest::addRow("%s %s", each.name.c_str(), std::string(row.key).c_str()) << &row;
}

/// A table of its own for what no table of the program must hold.
constexpr Choice colours[] = {{"red", "Red", ""}, {"green", "Green", ""}};
constexpr Parameter sampleRows[] = {
    {"length_mm", "Length", "l", "mm", 2, -1, 3, 0, 2, "How long."},
    {"count", "Count", "", "", 1, 0, 10, 0, 5, "How many.", ParameterKind::integer},
    {"on", "On", "", "", 1, 0, 1, 0, 1, "Whether.", ParameterKind::flag},
    {"colour", "Colour", "", "", 0, 0, 1, 0, 1, "Which.", ParameterKind::choice, colours},
};

} // namespace

Q_DECLARE_METATYPE(const Parameter*)

class TestParameter : public QObject {
    Q_OBJECT

private slots:
    void tablesHaveUniqueKeys();
    void rowIsSound_data() { everyRow(); }
    void rowIsSound();
    void rowRefusesWhatIsOutside_data() { everyRow(); }
    void rowRefusesWhatIsOutside();
    void refusedValueChangesNothing();
    void valuesAreFoundByKey();
    void flagsAndWholeNumbers();
    void equalityTellsTablesApart();
    void shortNumberReadsBack_data();
    void shortNumberReadsBack();
};

void TestParameter::tablesHaveUniqueKeys()
{
    for (const NamedTable& each : everyTable()) {
        std::set<std::string_view> keys;
        for (const Parameter& row : each.table) {
            QVERIFY2(keys.insert(row.key).second, std::string(row.key).c_str());
            QCOMPARE(&each.table[rowOf(each.table, row.key)], &row);
        }
    }
    QCOMPARE(rowOf(simulationTable(), "no_such_key"), -1);
}

void TestParameter::rowIsSound()
{
    QFETCH(const Parameter*, row);
    QVERIFY(!row->label.empty());
    QVERIFY(!row->meaning.empty());
    QVERIFY(row->minimum < row->maximum);
    QVERIFY(row->minimum <= row->typicalMinimum);
    QVERIFY(row->typicalMinimum < row->typicalMaximum);
    QVERIFY(row->typicalMaximum <= row->maximum);
    QCOMPARE(refusal(*row, row->initial), std::string());
    if (row->logarithmic)
        QVERIFY2(row->typicalMinimum > 0, "a slider in decades cannot begin at zero");
    if (row->kind == ParameterKind::choice) {
        QCOMPARE(row->minimum, 0.0);
        QCOMPARE(row->maximum, static_cast<double>(row->choices.size() - 1));
        std::set<std::string_view> keys;
        for (const Choice& choice : row->choices)
            QVERIFY(keys.insert(choice.key).second);
    }
    for (char c : row->key)
        QVERIFY2((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_', "keys are snake_case");
}

void TestParameter::rowRefusesWhatIsOutside()
{
    QFETCH(const Parameter*, row);
    QCOMPARE(refusal(*row, row->minimum), std::string());
    QCOMPARE(refusal(*row, row->maximum), std::string());
    QVERIFY(!refusal(*row, std::nextafter(row->minimum, -infinity)).empty());
    QVERIFY(!refusal(*row, std::nextafter(row->maximum, infinity)).empty());
    for (double bad : {notANumber, infinity, -infinity})
        QVERIFY(!refusal(*row, bad).empty());
    if (row->kind != ParameterKind::real)
        QVERIFY(!refusal(*row, row->minimum + 0.5).empty());
}

void TestParameter::refusedValueChangesNothing()
{
    ParameterValues values(sampleRows);
    values.set("length_mm", 2.5);
    try {
        values.set("length_mm", 3.5);
        QFAIL("a value above the maximum was taken");
    } catch (const DocumentError& error) {
        QCOMPARE(error.path, std::string("length_mm"));
        QCOMPARE(error.value, std::string("3.5"));
        QCOMPARE(error.why, std::string("must lie between -1 and 3 mm"));
    }
    QCOMPARE(values["length_mm"], 2.5);
    QVERIFY_EXCEPTION_THROWN(values.set("width_mm", 1), DocumentError);
    QVERIFY_EXCEPTION_THROWN(values.set(0, notANumber), DocumentError);
    QCOMPARE(values[0], 2.5);
}

void TestParameter::valuesAreFoundByKey()
{
    ParameterValues values(sampleRows);
    QCOMPARE(values.size(), std::size(sampleRows));
    for (std::size_t i = 0; i < values.size(); ++i) {
        QVERIFY(values.isDefault(i));
        QCOMPARE(values[i], sampleRows[i].initial);
        QCOMPARE(values[sampleRows[i].key], values[i]);
    }
    values.set("count", 7);
    QVERIFY(!values.isDefault(1));
    QCOMPARE(values.all()[1], 7.0);
    QVERIFY_EXCEPTION_THROWN(static_cast<void>(values["nothing"]), std::out_of_range);
}

void TestParameter::flagsAndWholeNumbers()
{
    QCOMPARE(refusal(sampleRows[1], 1.5), std::string("must be a whole number"));
    QCOMPARE(refusal(sampleRows[2], 0.5), std::string("must be true or false"));
    QCOMPARE(refusal(sampleRows[2], 2), std::string("must be true or false"));
    QVERIFY(!refusal(sampleRows[3], 2).empty());
    QCOMPARE(refusal(sampleRows[1], 11), std::string("must lie between 0 and 10"));
}

void TestParameter::equalityTellsTablesApart()
{
    static constexpr Parameter twin[] = {sampleRows[0], sampleRows[1], sampleRows[2], sampleRows[3]};
    QVERIFY(ParameterValues(sampleRows) == ParameterValues(sampleRows));
    QVERIFY(!(ParameterValues(sampleRows) == ParameterValues(twin)));
    ParameterValues changed(sampleRows);
    changed.set("on", 0);
    QVERIFY(!(changed == ParameterValues(sampleRows)));
}

void TestParameter::shortNumberReadsBack_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("ten") << 10.0 << "10";
    QTest::newRow("a thousandth") << 0.001 << "0.001";
    QTest::newRow("negative") << -54.387 << "-54.387";
    QTest::newRow("sum of tenths") << 0.1 + 0.2 << "0.3";
    QTest::newRow("large") << 4294967295.0 << "4294967295";
    QTest::newRow("zero") << 0.0 << "0";
}

void TestParameter::shortNumberReadsBack()
{
    QFETCH(double, value);
    QFETCH(QString, text);
    QCOMPARE(QString::fromStdString(shortNumber(value)), text);
    QVERIFY(std::abs(std::stod(shortNumber(value)) - value) <= 1e-14 * std::abs(value));
}

QTEST_APPLESS_MAIN(TestParameter)
#include "tst_parameter.moc"

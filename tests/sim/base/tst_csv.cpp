#include "sim/base/csv.h"

#include <QTest>

#include <limits>

using namespace endospike;

class TestCsv : public QObject {
    Q_OBJECT
private slots:
    void fieldsAreQuotedWhereTheyMustBe()
    {
        QCOMPARE(csvField("LIF fc"), std::string("LIF fc"));
        QCOMPARE(csvField("a,b"), std::string("\"a,b\""));
        QCOMPARE(csvField("the \"best\""), std::string("\"the \"\"best\"\"\""));
        QCOMPARE(csvField("two\nlines"), std::string("\"two\nlines\""));
        QCOMPARE(csvField(""), std::string());
    }

    void rowsHaveAllTheirFields()
    {
        constexpr double none = std::numeric_limits<double>::quiet_NaN();
        CsvTable table;
        table.addRow("name", "value", "seed");
        table.addRow("", 0.1, 18446744073709551615u);
        table.addRow("x", none, -3);
        table.addRow(none, std::numeric_limits<double>::infinity(), 2.5f);
        QCOMPARE(table.text(), std::string("name,value,seed\n,0.1,18446744073709551615\nx,,-3\n,,2.5\n"));
    }
};

QTEST_GUILESS_MAIN(TestCsv)
#include "tst_csv.moc"

#include "sim/analysis/cost.h"
#include "sim/network/network.h"

#include <QTest>

using namespace endospike;

class TestCost : public QObject {
    Q_OBJECT

private slots:
    // He et al. 2024, in operations of one forward pass.
    void publishedCounts_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<double>("additions");
        QTest::addColumn<double>("multiplications");
        QTest::newRow("LIF fc") << "lif_fc" << 9.99419e6 << 10.00192e6;
        QTest::newRow("HH fc") << "hh_fc" << 10.09403e6 << 10.15552e6;
    }
    void publishedCounts()
    {
        QFETCH(QString, kind);
        QFETCH(double, additions);
        QFETCH(double, multiplications);
        const OperationCount count = publishedCount(NetworkPlan(*findNetworkKind(kind.toStdString())));
        QCOMPARE(count.additions, additions);
        QCOMPARE(count.multiplications, multiplications);
        QCOMPARE(count.total(), additions + multiplications);
    }

    /// Counted by hand for nets so small that a hand can do it.
    void smallNets_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<double>("additions");
        QTest::addColumn<double>("multiplications");
        // Two hidden neurons, three steps; the readout of their outputs to 50 comes once.
        QTest::newRow("lif_fc") << "lif_fc" << 3.0 * (1295 * 2 + 3 * 2) + 1 * 50 << 3.0 * (1296 * 2 + 3 * 2) + 2 * 50;
        QTest::newRow("s_lif2hh_fc") << "s_lif2hh_fc" << 3.0 * (1295 * 6 + 14 * 2) + 7 * 50
                                     << 3.0 * (1296 * 6 + 15 * 2) + 8 * 50;
        QTest::newRow("ann_fc") << "ann_fc" << 1295.0 * 2 + 1 * 50 << 1296.0 * 2 + 2 * 50;
        // Two channels: 36 x 36 maps from one image, then 18 x 18 maps from two, 9 x 9 of them read.
        QTest::newRow("lif_conv") << "lif_conv"
                                  << 3.0 * ((9 - 1) * 2 * 1296 + 3 * 2 * 1296 + (18 - 1) * 2 * 324 + 3 * 2 * 324)
                + 161 * 50 << 3.0 * (9 * 2 * 1296 + 3 * 2 * 1296 + 18 * 2 * 324 + 3 * 2 * 324) + 162 * 50;
        QTest::newRow("cnn") << "cnn" << 8.0 * 2 * 1296 + 17 * 2 * 324 + 161 * 50
                             << 9.0 * 2 * 1296 + 18 * 2 * 324 + 162 * 50;
    }
    void smallNets()
    {
        QFETCH(QString, kind);
        QFETCH(double, additions);
        QFETCH(double, multiplications);
        NetworkPlan plan(*findNetworkKind(kind.toStdString()));
        plan.parameters.set("hidden", 2);
        if (rowOf(plan.parameters.table(), "steps") >= 0)
            plan.parameters.set("steps", 3);
        QCOMPARE(publishedCount(plan).additions, additions);
        QCOMPARE(publishedCount(plan).multiplications, multiplications);
    }

    void theWindowOfVoltageDependentNeuronsCounts()
    {
        NetworkPlan plan(*findNetworkKind("hh_vd_fc"));
        plan.parameters.set("window_ms", 10);
        plan.parameters.set("dt_ms", 0.1);
        const OperationCount count = publishedCount(plan);
        QCOMPARE(count.multiplications, 100 * (1296 * 512 + 23 * 512.0) + 512 * 50);
    }

    void parametersAreThoseOfTheNetwork_data()
    {
        QTest::addColumn<QString>("kind");
        for (const NetworkKind& kind : networkKinds())
            QTest::newRow(std::string(kind.key).c_str()) << QString::fromStdString(std::string(kind.key));
    }
    void parametersAreThoseOfTheNetwork()
    {
        QFETCH(QString, kind);
        NetworkPlan plan(*findNetworkKind(kind.toStdString()));
        QCOMPARE(parameterCount(plan), static_cast<double>(makeNetwork(plan, 1)->trainedCount()));
        plan.parameters.set("hidden", 3);
        QCOMPARE(parameterCount(plan), static_cast<double>(makeNetwork(plan, 1)->trainedCount()));
    }
};

QTEST_GUILESS_MAIN(TestCost)
#include "tst_cost.moc"

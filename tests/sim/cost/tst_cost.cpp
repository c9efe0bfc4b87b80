#include "sim/cost/cost_table.h"
#include "sim/network/network.h"
#include "sim/network/operation_count.h"
#include "sim/spiking/spiking.h"
#include "sim/spiking/spiking_sequence.h"

#include <QTest>

#include <cmath>

using namespace endospike;

namespace {

/// A number that counts what is done to it.
struct Counted {
    float value = 0;
    Counted() = default;
    Counted(double x) // NOLINT: stands for a literal
        : value(static_cast<float>(x))
    {
    }
    static inline double additions = 0, multiplications = 0;
    static Counted add(double x)
    {
        ++additions;
        return x;
    }
    static Counted multiply(double x)
    {
        ++multiplications;
        return x;
    }
    friend Counted operator+(Counted a, Counted b) { return add(a.value + b.value); }
    friend Counted operator-(Counted a, Counted b) { return add(a.value - b.value); }
    friend Counted operator*(Counted a, Counted b) { return multiply(a.value * b.value); }
    friend Counted operator/(Counted a, Counted b) { return multiply(a.value / b.value); }
    Counted& operator+=(Counted b) { return *this = *this + b; }
    friend bool operator<(Counted a, Counted b) { return a.value < b.value; }
    friend bool operator>(Counted a, Counted b) { return a.value > b.value; }
};

struct CountedSpike {
    using Real = Counted;
    Counted threshold = 1;
    Counted value(Counted u) const { return u > threshold ? 1 : 0; }
    Counted slope(Counted u) const { return (u - threshold).value < 0 ? 0 : 1; }
    Counted operator()(Counted u) const { return value(u); }
    bool settled(Counted x) const { return ((x - threshold).value > 1e9f) | ((x - threshold).value < -1e9f); }
};

/// What `work` does.
template <class Work>
OperationCount counted(const Work& work)
{
    Counted::additions = Counted::multiplications = 0;
    work();
    return {Counted::additions, Counted::multiplications};
}

/// The operations that one more hidden neuron, or channel, costs; what grows with the square is told apart.
OperationCount executedWith(std::string_view kind, int hidden, int steps)
{
    NetworkPlan plan(*findNetworkKind(kind));
    plan.parameters.set("hidden", hidden);
    if (rowOf(plan.parameters.table(), "steps") >= 0)
        plan.parameters.set("steps", steps);
    return executedCount(plan)->operations;
}

} // namespace

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
        const OperationCount printed = *findNetworkKind(kind.toStdString())->printed;
        QCOMPARE(printed.additions, additions);
        QCOMPARE(printed.multiplications, multiplications);
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

    /// Neurons of a fully connected layer, by running their own code on numbers that count.
    void responsesAreCounted_data()
    {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"lif_fc", "hh_fc", "s_lif2hh_fc", "ann_fc"})
            QTest::newRow(kind) << kind;
    }
    void responsesAreCounted()
    {
        QFETCH(QString, kind);
        constexpr int count = spiking::lanes;
        for (const int steps : {1, 7}) {
            std::vector<Counted> x(count, 1), slope(count), output(count * spiking::parts), table(count * 7, 1);
            const CountedSpike spike;
            const spiking::Map<Counted> map{{1, 1, 1}, 1};
            const OperationCount done = counted([&] {
                if (kind == "lif_fc")
                    spiking::lif<Counted>(x.data(), count, steps, 0.5, spike, output.data(), slope.data());
                else if (kind == "hh_fc")
                    spiking::linear<Counted>(
                        x.data(), count, steps, table.data(), table.data(), count, spike, output.data(), slope.data());
                else if (kind == "s_lif2hh_fc")
                    spiking::sLifHh<Counted>(
                        {x.data(), x.data(), x.data()}, count, steps, 0.5, map, spike, output.data());
                else
                    spiking::binary<Counted>(x.data(), count, spike, output.data(), slope.data());
            });
            const double currents = kind == "s_lif2hh_fc" ? 3 : 1, outputs = kind == "s_lif2hh_fc" ? 4 : 1;
            const double linear = 1296 * currents + 50 * outputs; // into one neuron, and from it
            const OperationCount two = executedWith(kind.toStdString(), 2, steps);
            const OperationCount one = executedWith(kind.toStdString(), 1, steps);
            // The reciprocal of the number of steps is taken once for all of them.
            const double once = kind == "lif_fc" || kind == "hh_fc" ? 1 : 0;
            QCOMPARE(two.additions - one.additions - linear, done.additions / count);
            QCOMPARE(two.multiplications - one.multiplications - linear, (done.multiplications - once) / count);
        }
    }

    /// One more step of a convolutional network: every neuron once, with the sum of its spikes, and every change.
    void stepsAreCounted_data()
    {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"lif_conv", "hh_conv", "s_lif2hh_conv"})
            QTest::newRow(kind) << kind;
    }
    void stepsAreCounted()
    {
        QFETCH(QString, kind);
        Counted x[3] = {1, 1, 1}, u[4], sum;
        int parts = 1;
        const auto step = [&](const auto& unit, auto drive) {
            parts = unit.parts;
            unit.advance(drive, x, u);
            for (int i = 0; i < unit.parts; ++i)
                sum += unit.spikes(u[i]);
        };
        const OperationCount neuron = counted([&] {
            if (kind == "lif_conv")
                step(LifUnit<CountedSpike>{{}, 0.5}, NoDrive());
            else if (kind == "hh_conv")
                step(FrozenHhUnit<CountedSpike>{{}, 0.5}, ConductanceDrive<Counted>());
            else
                step(FourLifUnit<CountedSpike>{{{}, 0.5}, {1, 1, 1, 1}}, NoDrive());
        });
        const double channels = 3, currents = parts == 4 ? 3 : 1;
        const double neurons = channels * (1296 + 324), changes = channels * 324 * (1 + 9 * channels * currents);
        const OperationCount more = executedWith(kind.toStdString(), 3, 6),
                             less = executedWith(kind.toStdString(), 3, 5);
        QCOMPARE(more.additions - less.additions, neurons * neuron.additions + changes);
        QCOMPARE(more.multiplications - less.multiplications, neurons * neuron.multiplications + changes);
    }

    /// The input layer is applied once: more steps cost only what the neurons take.
    void executedIsLessThanPublished()
    {
        for (const char* kind : {"lif_fc", "4lif_fc", "hh_fc", "s_lif2hh_fc", "hh_vd_fc"}) {
            const NetworkPlan plan(*findNetworkKind(kind));
            const ExecutedCount executed = *executedCount(plan);
            QVERIFY2(executed.operations.total() < publishedCount(plan).total() / 10, kind);
            // At least every weight once.
            QVERIFY2(executed.operations.multiplications > parameterCount(plan) * 0.99, kind);
            QCOMPARE(executed.lookups, kind == std::string_view("hh_vd_fc") ? 1024.0 : 0.0);
        }
        QVERIFY(!executedCount(NetworkPlan(*findNetworkKind("hh_vd_conv"))));
    }

    void cellsAsPublished()
    {
        QCOMPARE(findNeuronModel("lif")->published->total(), 6.0);
        QCOMPARE(findNeuronModel("hh")->published->multiplications, 23.0);
        QCOMPARE(findNeuronModel("hh")->published->additions, 16.0);
        QCOMPARE(findNeuronModel("s_lif2hh")->published->multiplications, 15.0);
        QVERIFY(!findNeuronModel("tv_lif2hh")->published);
    }

    /// Whatever the machine, figures that could be times and sizes, and every row.
    void theTableIsMeasured()
    {
        NetworkPlan plan(*findNetworkKind("lif_fc"));
        plan.parameters.set("hidden", 16);
        CostOptions options;
        options.passes = 3;
        int networks = 0, cells = 0;
        const CostSink sink{[&](const NetworkCost&) { ++networks; }, [&](const CellCost&) { ++cells; }};
        const CostTable table = costTable({plan}, options, {}, sink);
        QCOMPARE(networks, 1);
        QCOMPARE(cells, static_cast<int>(neuronModels().size()));
        QCOMPARE(table.networks.size(), std::size_t(1));
        QCOMPARE(table.cells.size(), neuronModels().size());
        const NetworkCost& cost = table.networks[0];
        QCOMPARE(cost.parameterBytes, 4 * cost.parameters);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        QVERIFY(std::isnan(cost.workingBytes)); // a sanitizer's heap is not counted
#else
        QVERIFY(cost.workingBytes >= 4.0 * costBatch * canvasPixels);
#endif
        const auto ordered = [](const Timing& time) {
            return time.passes == 3 && time.low_s > 0 && time.low_s <= time.median_s && time.median_s <= time.high_s;
        };
        QVERIFY(ordered(cost.perCanvas));
        for (const CellCost& cell : table.cells)
            QVERIFY2(ordered(cell.perStep) && ordered(cell.perStepOfMany) && cell.stateBytes > 0, cell.name.c_str());
        const std::string text = toJson(table);
        for (const char* key : {"\"executed\"", "\"s_per_canvas\"", "\"tv_lif2hh\"", "\"at_most\""})
            QVERIFY2(text.find(key) != std::string::npos, key);

        // What is known before measuring is the same, and says of itself that nothing was measured.
        const NetworkCost counted = countedCost(plan);
        QCOMPARE(counted.parameterBytes, cost.parameterBytes);
        QCOMPARE(counted.published.total(), cost.published.total());
        QVERIFY(std::isnan(counted.perCanvas.median_s) && std::isnan(counted.workingBytes));

        std::stop_source later;
        const CostSink one{[&](const NetworkCost&) { later.request_stop(); }, {}};
        const CostTable cut = costTable({plan, plan}, options, {later.get_token(), {}}, one);
        QVERIFY(cut.stopped && cut.networks.size() == 1 && cut.cells.empty());

        std::stop_source stop;
        stop.request_stop();
        const CostTable stopped = costTable({plan}, options, {stop.get_token(), {}});
        QVERIFY(stopped.stopped && stopped.networks.empty() && stopped.cells.empty());
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
        for (const int hidden : {static_cast<int>(plan.parameters["hidden"]), 3}) {
            plan.parameters.set("hidden", hidden);
            const std::unique_ptr<Network> network = makeNetwork(plan, 1);
            QCOMPARE(parameterCount(plan), static_cast<double>(network->trainedCount()));
            QCOMPARE(parameterCount(plan) + frozenCount(plan), static_cast<double>(network->values().size()));
        }
    }
};

QTEST_GUILESS_MAIN(TestCost)
#include "tst_cost.moc"

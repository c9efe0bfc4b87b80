#include "sim/base/errors.h"
#include "sim/neuron/f_i_curve.h"

#include <QTest>

#include <cmath>

using namespace endospike;

namespace {

FiCurve curveOf(const char* key, const std::vector<double>& currents, const FiSettings& settings = {})
{
    const NeuronModel* model = findNeuronModel(key);
    return fiCurve(*model, ParameterValues(model->parameters), currents, settings, {});
}

} // namespace

class TestFiCurve : public QObject {
    Q_OBJECT

private slots:
    void lifFollowsItsClosedForm()
    {
        // Period: refractory + tau ln(R I / (R I - (threshold - E)))
        const NeuronModel* model = findNeuronModel("lif");
        const ParameterValues p(model->parameters);
        FiSettings settings;
        settings.duration_ms = 2000;
        const FiCurve curve = curveOf("lif", {0, 6, 8, 15, 40}, settings);
        for (std::size_t i = 0; i < curve.rate_hz.size(); ++i) {
            const double drive = p["resistance_kohm_cm2"] * curve.current_ua_per_cm2[i];
            const double height = p["threshold_mv"] - p["rest_mv"];
            const double period = p["refractory_ms"] + p["tau_ms"] * std::log(drive / (drive - height));
            const double expected = drive > height ? 1e3 / period : 0;
            QVERIFY2(std::abs(curve.rate_hz[i] - expected) <= 0.01 * expected + 0.5, qPrintable(QString::number(i)));
        }
        QCOMPARE(curve.rate_hz[0], 0.0);
    }

    void hhIsSilentBelowAndFiresAbove()
    {
        const FiCurve curve = curveOf("hh", {0, 5, 7, 10, 20, 40});
        QCOMPARE(curve.rate_hz[0], 0.0);
        QCOMPARE(curve.rate_hz[1], 0.0); // a spike or two at the onset, in the transient
        QVERIFY(curve.rate_hz[2] > 40 && curve.rate_hz[3] > curve.rate_hz[2]);
        QVERIFY(std::abs(curve.rate_hz[3] - 68) <= 2); // about 68 Hz at 10 uA/cm^2
        QVERIFY(std::ranges::is_sorted(curve.rate_hz));
    }

    void microstructureHasTheSameCurve()
    {
        const std::vector<double> currents = {0, 4, 8, 12, 30, 60};
        QCOMPARE(curveOf("tv_lif2hh", currents).rate_hz, curveOf("hh", currents).rate_hz);
    }

    void simplifiedUnitFollowsItsClosedForm()
    {
        // Steps until x (1 - 0.9^k) / 0.1 > 70: the fourth unit is above long before.
        const FiCurve curve = curveOf("s_lif2hh", {6.9, 9, 20, 100});
        const double steps[] = {0, 15, 5, 1};
        QCOMPARE(curve.rate_hz[0], 0.0);
        for (std::size_t i = 1; i < 4; ++i)
            QVERIFY(std::abs(curve.rate_hz[i] - 1e3 / steps[i]) <= 2);
    }

    void badSettingsAreRefused_data()
    {
        QTest::addColumn<double>("dt");
        QTest::addColumn<double>("transient");
        QTest::addColumn<double>("duration");
        QTest::newRow("no step") << 0.0 << 0.0 << 100.0;
        QTest::newRow("NaN step") << std::nan("") << 0.0 << 100.0;
        QTest::newRow("negative transient") << 0.01 << -1.0 << 100.0;
        QTest::newRow("no duration") << 0.01 << 0.0 << 0.0;
        QTest::newRow("endless") << 0.01 << 0.0 << std::numeric_limits<double>::infinity();
    }
    void badSettingsAreRefused()
    {
        QFETCH(double, dt);
        QFETCH(double, transient);
        QFETCH(double, duration);
        QVERIFY_EXCEPTION_THROWN(
            curveOf("lif", {1}, {Integrator::forwardEuler, dt, transient, duration}), DocumentError);
    }

    void badCurrentsAreRefused()
    {
        QVERIFY_EXCEPTION_THROWN(curveOf("lif", {}), DocumentError);
        QVERIFY_EXCEPTION_THROWN(curveOf("lif", {1, std::nan("")}), DocumentError);
    }

    void stopsWhenAsked()
    {
        std::stop_source source;
        source.request_stop();
        const NeuronModel* model = findNeuronModel("lif");
        const std::vector<double> currents = {10};
        const FiCurve curve =
            fiCurve(*model, ParameterValues(model->parameters), currents, {}, {source.get_token(), {}});
        QVERIFY(curve.stopped);
    }
};

QTEST_GUILESS_MAIN(TestFiCurve)
#include "tst_f_i_curve.moc"

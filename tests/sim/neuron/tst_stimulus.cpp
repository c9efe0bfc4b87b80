#include "sim/base/errors.h"
#include "sim/base/random.h"
#include "sim/neuron/stimulus.h"

#include <QtTest>

#include <cmath>
#include <functional>
#include <numbers>
#include <random>

using namespace endospike;

namespace {

using Values = std::vector<std::pair<std::string_view, double>>;

StimulusPart part(std::string_view kind, const Values& values)
{
    StimulusPart result(*findStimulusKind(kind));
    for (const auto& [key, value] : values)
        result.values.set(key, value);
    return result;
}

Stimulus single(StimulusPart each) { return Stimulus{{std::move(each)}}; }

StimulusPart recordedPart(std::vector<double> time_ms, std::vector<double> current, const Values& values = {})
{
    StimulusPart result = part("recorded", values);
    result.recording = std::make_shared<const RecordedCurrent>(RecordedCurrent{std::move(time_ms), std::move(current)});
    return result;
}

/// A stimulus and what it should be, from whole nanoseconds, so that the edges of the reference have no rounding.
struct Formula {
    StimulusPart stimulus;
    std::function<double(std::int64_t ns)> expected;
    bool piecewiseConstant = true;
};

constexpr std::int64_t ms = 1'000'000;
constexpr std::int64_t us = 1'000;

bool inside(std::int64_t t, std::int64_t from, std::int64_t length) { return t >= from && t < from + length; }

std::vector<std::pair<const char*, Formula>> formulas()
{
    std::vector<std::pair<const char*, Formula>> all;
    all.push_back({"constant", {part("constant", {{"amplitude_ua_per_cm2", -3.5}}), [](auto) { return -3.5; }}});
    all.push_back({"step",
        {part("step", {{"amplitude_ua_per_cm2", 7}, {"onset_ms", 10}, {"duration_ms", 5.3}}),
            [](std::int64_t t) { return inside(t, 10 * ms, 5300 * us) ? 7.0 : 0.0; }}});
    all.push_back({"endless step",
        {part("step", {{"amplitude_ua_per_cm2", 7}, {"onset_ms", 0.7}, {"duration_ms", 0}}),
            [](std::int64_t t) { return t >= 700 * us ? 7.0 : 0.0; }}});
    all.push_back({"ramp",
        {part("ramp", {{"from_ua_per_cm2", -2}, {"to_ua_per_cm2", 6}, {"onset_ms", 4}, {"duration_ms", 16}}),
            [](std::int64_t t) {
                const double t_ms = static_cast<double>(t) * 1e-6;
                return t_ms < 4 ? -2 : t_ms > 20 ? 6 : -2 + 8 * (t_ms - 4) / 16;
            },
            false}});
    all.push_back({"sine",
        {part("sine", {{"mean_ua_per_cm2", 3}, {"amplitude_ua_per_cm2", 11}, {"frequency_hz", 80}, {"phase_deg", -90}}),
            [](std::int64_t t) {
                return 3 - 11 * std::cos(2 * std::numbers::pi * 80 * static_cast<double>(t % (12'500 * us)) * 1e-9);
            },
            false}});
    all.push_back({"square",
        {part("square",
             {{"mean_ua_per_cm2", 1}, {"amplitude_ua_per_cm2", 4}, {"frequency_hz", 125}, {"phase_deg", 90},
                 {"duty", 0.25}}),
            [](std::int64_t t) { return (t + 2 * ms) % (8 * ms) < 2 * ms ? 5.0 : -3.0; }}});
    all.push_back({"sawtooth",
        {part("sawtooth",
             {{"mean_ua_per_cm2", 2}, {"amplitude_ua_per_cm2", 5}, {"frequency_hz", 200}, {"phase_deg", 0}}),
            [](std::int64_t t) { return 2 + 5 * (2 * static_cast<double>(t % (5 * ms)) / (5 * ms) - 1); }, false}});
    all.push_back({"triangle",
        {part("triangle",
             {{"mean_ua_per_cm2", 2}, {"amplitude_ua_per_cm2", 5}, {"frequency_hz", 100}, {"phase_deg", 180}}),
            [](std::int64_t t) { // falls from 7 to -3 in the first half, as the phase is half a period ahead
                const double x = static_cast<double>(t % (10 * ms)) / (5 * ms);
                return x < 1 ? 7 - 10 * x : -3 + 10 * (x - 1);
            },
            false}});
    const auto train = [](std::int64_t t, std::int64_t count) {
        for (std::int64_t pulse = 0; pulse < count; ++pulse)
            if (inside(t, 3 * ms + pulse * 2500 * us, 600 * us))
                return 9.0;
        return 0.0;
    };
    const Values trainValues = {
        {"amplitude_ua_per_cm2", 9}, {"onset_ms", 3}, {"width_ms", 0.6}, {"period_ms", 2.5}, {"count", 4}};
    all.push_back({"pulse train", {part("pulse_train", trainValues), [train](auto t) { return train(t, 4); }}});
    StimulusPart endless = part("pulse_train", trainValues);
    endless.values.set("count", 0);
    all.push_back({"endless pulse train", {endless, [train](auto t) { return train(t, 1000); }}});
    all.push_back({"paired pulses",
        {part("paired_pulses",
             {{"amplitude_ua_per_cm2", 20}, {"second_ua_per_cm2", 30}, {"onset_ms", 1}, {"width_ms", 0.7},
                 {"interval_ms", 2.1}}),
            [](std::int64_t t) {
                return (inside(t, 1 * ms, 700 * us) ? 20.0 : 0.0) + (inside(t, 3100 * us, 700 * us) ? 30.0 : 0.0);
            }}});
    all.push_back({"overlapping pulses",
        {part("paired_pulses",
             {{"amplitude_ua_per_cm2", 20}, {"second_ua_per_cm2", 30}, {"onset_ms", 1}, {"width_ms", 2},
                 {"interval_ms", 0.5}}),
            [](std::int64_t t) {
                return (inside(t, 1 * ms, 2 * ms) ? 20.0 : 0.0) + (inside(t, 1500 * us, 2 * ms) ? 30.0 : 0.0);
            }}});
    all.push_back({"white noise",
        {part("white_noise", {{"mean_ua_per_cm2", 1}, {"deviation_ua_per_cm2", 2}, {"interval_ms", 0.1}, {"seed", 5}}),
            [](std::int64_t t) {
                return 1 + 2 * randomNormal(5, RandomPurpose::whiteNoise, static_cast<std::uint64_t>(t / (100 * us)));
            }}});
    all.push_back({"recorded",
        {recordedPart({2, 3, 7}, {1, 5, -3}, {{"gain", 2}, {"onset_ms", 0.29}}),
            [](std::int64_t t) { // the times of the file count from its first one
                const double x = static_cast<double>(t - 290 * us) * 1e-6;
                return x < 0 || x > 5 ? 0 : x < 1 ? 2 * (1 + 4 * x) : 2 * (5 - 2 * (x - 1));
            },
            false}});
    all.push_back({"repeated recording",
        {recordedPart({0, 1, 2}, {0, 4, 1}, {{"repeat", 1}}),
            [](std::int64_t t) {
                const double x = static_cast<double>(t % (2 * ms)) * 1e-6;
                return x < 1 ? 4 * x : 4 - 3 * (x - 1);
            },
            false}});
    return all;
}

std::vector<double> samples(StimulusSampler& sampler, double offset, double dt_ms, int count, int first = 0)
{
    std::vector<double> values(count);
    sampler.add(0, first, offset, dt_ms, values);
    return values;
}

std::vector<double> everyCurrent(std::uint64_t seed, double interval_ms, double tau_ms, int count)
{
    const StimulusPart noise = part("ornstein_uhlenbeck",
        {{"mean_ua_per_cm2", 0}, {"deviation_ua_per_cm2", 1}, {"interval_ms", interval_ms}, {"tau_ms", tau_ms},
            {"seed", static_cast<double>(seed)}});
    StimulusSampler sampler(single(noise));
    return samples(sampler, 0, interval_ms, count);
}

double autocorrelation(const std::vector<double>& x, std::size_t lag)
{
    double sum = 0;
    for (std::size_t i = lag; i < x.size(); ++i)
        sum += x[i] * x[i - lag];
    return sum / static_cast<double>(x.size() - lag);
}

} // namespace

class TestStimulus : public QObject {
    Q_OBJECT

private slots:
    void matchesFormula_data();
    void matchesFormula();
    void everyKindHasAFormulaHere();
    void partsAddUp();
    void addDoesNotDependOnTheSplit_data();
    void addDoesNotDependOnTheSplit();
    void addAddsToWhatIsThere();
    void originShiftsTheGrid();
    void edgesHoldLateInALongRun();
    void whiteNoiseStatistics();
    void whiteNoiseDoesNotDependOnDt();
    void correlatedNoiseIsStationary();
    void correlatedNoiseForgetsExponentially();
    void correlatedNoiseSeeks();
    void recordingEndsInZero();
    void defaultRecordingIsSilent();
    void equalityLooksInside();
    void csvIsRead_data();
    void csvIsRead();
    void csvIsRefused_data();
    void csvIsRefused();
};

void TestStimulus::matchesFormula_data()
{
    QTest::addColumn<int>("formula");
    QTest::addColumn<double>("dt_ms");
    QTest::addColumn<qint64>("dt_ns");
    const auto all = formulas();
    for (int i = 0; i < static_cast<int>(all.size()); ++i)
        for (const auto& [dt_ms, dt_ns] :
            {std::pair(0.001, 1 * us), {0.01, 10 * us}, {0.025, 25 * us}, {0.1, 100 * us}})
            QTest::addRow("%s at dt %g", all[i].first, dt_ms) << i << dt_ms << static_cast<qint64>(dt_ns);
}

void TestStimulus::matchesFormula()
{
    QFETCH(int, formula);
    QFETCH(double, dt_ms);
    QFETCH(qint64, dt_ns);
    const Formula each = formulas()[formula].second;
    const int steps = static_cast<int>(40 * ms / dt_ns);
    StimulusSampler sampler(single(each.stimulus));
    for (double offset : {0.0, 0.5, 1.0}) {
        const std::vector<double> current = samples(sampler, offset, dt_ms, steps);
        for (int k = 0; k < steps; ++k) {
            // "Just before" the next step: a nanosecond, which no edge of the reference is close to.
            const std::int64_t t = k * dt_ns + (offset == 0 ? 0 : offset == 1 ? dt_ns - 1 : dt_ns / 2);
            const double expected = each.expected(t);
            const double allowed = each.piecewiseConstant ? 0 : 1e-4;
            if (!(std::abs(current[k] - expected) <= allowed))
                QFAIL(qPrintable(QString("offset %1, t = %2 ns: %3 in place of %4")
                                     .arg(offset)
                                     .arg(t)
                                     .arg(current[k], 0, 'g', 17)
                                     .arg(expected, 0, 'g', 17)));
        }
    }
}

void TestStimulus::everyKindHasAFormulaHere()
{
    for (const StimulusKind& kind : stimulusKinds()) {
        QVERIFY(findStimulusKind(kind.key) == &kind);
        const auto all = formulas();
        const bool tested = std::ranges::any_of(all, [&](const auto& f) { return f.second.stimulus.kind == &kind; });
        QVERIFY2(tested == (kind.key != "ornstein_uhlenbeck"), std::string(kind.key).c_str()); // by its statistics
    }
    QVERIFY(!findStimulusKind("no_such_kind"));
}

void TestStimulus::partsAddUp()
{
    Stimulus sum;
    std::vector<double> expected(5000);
    for (const auto& [name, each] : formulas()) {
        sum.parts.push_back(each.stimulus);
        StimulusSampler alone(single(each.stimulus));
        for (int k = 0; k < 5000; ++k)
            expected[k] += alone.at(k * 0.01);
    }
    StimulusSampler sampler(sum);
    for (int k = 0; k < 5000; ++k)
        QCOMPARE(sampler.at(k * 0.01), expected[k]);
    StimulusSampler nothing{Stimulus()};
    QCOMPARE(nothing.at(3), 0.0);
}

void TestStimulus::addDoesNotDependOnTheSplit_data()
{
    QTest::addColumn<int>("kind");
    for (int i = 0; i < static_cast<int>(stimulusKinds().size()); ++i)
        QTest::newRow(std::string(stimulusKinds()[i].key).c_str()) << i;
}

void TestStimulus::addDoesNotDependOnTheSplit()
{
    QFETCH(int, kind);
    const Stimulus stimulus = single(StimulusPart(stimulusKinds()[kind]));
    std::mt19937 random(1);
    for (double offset : {0.0, 0.5, 1.0}) {
        StimulusSampler whole(stimulus);
        StimulusSampler split(stimulus);
        const std::vector<double> expected = samples(whole, offset, 0.025, 6000);
        std::vector<double> current(6000);
        for (std::size_t k = 0; k < current.size();) {
            const std::size_t n = std::min<std::size_t>(1 + random() % 300, current.size() - k);
            split.add(0, static_cast<std::int64_t>(k), offset, 0.025, std::span(current).subspan(k, n));
            k += n;
        }
        QVERIFY(current == expected);
    }
}

void TestStimulus::addAddsToWhatIsThere()
{
    StimulusSampler sampler(single(part("constant", {{"amplitude_ua_per_cm2", 4}})));
    std::vector<double> values = {1, 2, 3};
    sampler.add(0, 0, 0, 0.01, values);
    QCOMPARE(values, (std::vector<double>{5, 6, 7}));
}

void TestStimulus::originShiftsTheGrid()
{
    StimulusSampler sampler(single(part("step", {{"amplitude_ua_per_cm2", 1}, {"onset_ms", 10}, {"duration_ms", 1}})));
    std::vector<double> values(200);
    sampler.add(9.5, 0, 0, 0.01, values);
    for (int k = 0; k < 200; ++k)
        QCOMPARE(values[k], k >= 50 && k < 150 ? 1.0 : 0.0);
}

void TestStimulus::edgesHoldLateInALongRun()
{
    // After a million pulses an edge still falls on its own step.
    StimulusSampler sampler(single(part("pulse_train",
        {{"amplitude_ua_per_cm2", 1}, {"onset_ms", 0}, {"width_ms", 0.3}, {"period_ms", 0.7}, {"count", 0}})));
    const std::int64_t first = 70ll * 1'000'000;
    std::vector<double> values(7000);
    sampler.add(0, first, 0, 0.01, values);
    for (int k = 0; k < 7000; ++k)
        QCOMPARE(values[k], k % 70 < 30 ? 1.0 : 0.0);
}

void TestStimulus::whiteNoiseStatistics()
{
    constexpr int n = 200'000;
    StimulusSampler sampler(single(
        part("white_noise", {{"mean_ua_per_cm2", 3}, {"deviation_ua_per_cm2", 2}, {"interval_ms", 0.1}, {"seed", 9}})));
    std::vector<double> x = samples(sampler, 0, 0.1, n);
    for (double& value : x)
        value = (value - 3) / 2;
    const double fiveSigma = 5 / std::sqrt(n);
    QVERIFY(std::abs(std::accumulate(x.begin(), x.end(), 0.0) / n) < fiveSigma);
    QVERIFY(std::abs(autocorrelation(x, 0) - 1) < std::sqrt(2.0) * fiveSigma);
    for (std::size_t lag : {1u, 2u, 10u})
        QVERIFY(std::abs(autocorrelation(x, lag)) < fiveSigma);
}

void TestStimulus::whiteNoiseDoesNotDependOnDt()
{
    for (const char* kind : {"white_noise", "ornstein_uhlenbeck"}) {
        const Stimulus noise = single(part(kind, {{"interval_ms", 0.1}}));
        StimulusSampler fine(noise);
        StimulusSampler coarse(noise);
        const std::vector<double> a = samples(fine, 0, 0.001, 100'000);
        const std::vector<double> b = samples(coarse, 0, 0.1, 1000);
        for (int k = 0; k < 100'000; ++k)
            QCOMPARE(a[k], b[k / 100]);
        StimulusPart other = noise.parts[0];
        other.values.set("seed", 2);
        StimulusSampler reseeded(single(other));
        QVERIFY(samples(reseeded, 0, 0.1, 1000) != b);
    }
}

void TestStimulus::correlatedNoiseIsStationary()
{
    // Over many seeds, at the very start and later: mean 0, variance 1 at every time.
    constexpr int seeds = 4000;
    double sum[2] = {};
    double squares[2] = {};
    for (int seed = 0; seed < seeds; ++seed) {
        const std::vector<double> x = everyCurrent(static_cast<std::uint64_t>(seed), 0.5, 5, 26);
        for (int which = 0; which < 2; ++which) {
            sum[which] += x[25 * which];
            squares[which] += x[25 * which] * x[25 * which];
        }
    }
    for (int which = 0; which < 2; ++which) {
        QVERIFY(std::abs(sum[which] / seeds) < 5 / std::sqrt(seeds));
        QVERIFY(std::abs(squares[which] / seeds - 1) < 5 * std::sqrt(2.0 / seeds));
    }
}

void TestStimulus::correlatedNoiseForgetsExponentially()
{
    constexpr int n = 400'000;
    const std::vector<double> x = everyCurrent(11, 1, 5, n);
    // An estimate from n values with a memory of tau spreads like one from about n / (2 tau) independent ones.
    const double fiveSigma = 5 * std::sqrt(2.0 * 2 * 5 / n);
    for (std::size_t lag : {0u, 1u, 2u, 5u, 10u, 25u})
        QVERIFY(std::abs(autocorrelation(x, lag) - std::exp(-static_cast<double>(lag) / 5)) < fiveSigma);
    const std::vector<double> fine = everyCurrent(12, 0.05, 5, n);
    double squares = 0;
    for (int k = 1; k < n; ++k)
        squares += (fine[k] - fine[k - 1]) * (fine[k] - fine[k - 1]);
    const double expected = 2 * (1 - std::exp(-0.05 / 5));
    QVERIFY(std::abs(squares / n / expected - 1) < 5 * std::sqrt(2.0 / n));
}

void TestStimulus::correlatedNoiseSeeks()
{
    for (double tau_ms : {0.05, 5.0, 300.0}) {
        const Stimulus noise = single(part("ornstein_uhlenbeck", {{"interval_ms", 0.1}, {"tau_ms", tau_ms}}));
        StimulusSampler sequential(noise);
        StimulusSampler jumping(noise);
        const std::vector<double> expected = samples(sequential, 0, 0.1, 200'000);
        std::mt19937 random(3);
        for (int k = 0; k < 30; ++k) {
            const int at = static_cast<int>(random() % expected.size());
            QVERIFY(std::abs(jumping.at(at * 0.1) - expected[at]) <= 1e-13 * 5);
        }
        QCOMPARE(jumping.at(0), expected[0]);
        QCOMPARE(jumping.at(10), expected[100]);
        QCOMPARE(jumping.at(0.1), expected[1]);
    }
}

void TestStimulus::recordingEndsInZero()
{
    StimulusSampler sampler(single(recordedPart({0, 1}, {2, 2}, {{"onset_ms", 3}})));
    QCOMPARE(sampler.at(2.999), 0.0);
    QCOMPARE(sampler.at(3), 2.0);
    QCOMPARE(sampler.at(4), 2.0);
    QCOMPARE(sampler.at(4.001), 0.0);
}

void TestStimulus::defaultRecordingIsSilent()
{
    StimulusSampler sampler(single(StimulusPart(*findStimulusKind("recorded"))));
    for (double t_ms : {0.0, 0.5, 1.0, 2.0})
        QCOMPARE(sampler.at(t_ms), 0.0);
}

void TestStimulus::equalityLooksInside()
{
    QVERIFY(recordedPart({0, 1}, {2, 3}) == recordedPart({0, 1}, {2, 3}));
    QVERIFY(!(recordedPart({0, 1}, {2, 3}) == recordedPart({0, 1}, {2, 4})));
    QVERIFY(!(part("sine", {}) == part("sawtooth", {})));
    QVERIFY(!(part("sine", {}) == part("sine", {{"frequency_hz", 51}})));
}

using Numbers = std::vector<double>;

void TestStimulus::csvIsRead_data()
{
    QTest::addColumn<QByteArray>("csv");
    QTest::addColumn<Numbers>("time");
    QTest::addColumn<Numbers>("current");
    const Numbers time = {0, 0.5, 2};
    const Numbers current = {1, -2, 3e-3};
    QTest::newRow("comma") << QByteArray("0,1\n0.5,-2\n2,3e-3\n") << time << current;
    QTest::newRow("semicolon, no last newline") << QByteArray("0;1\n0.5;-2\n2;3e-3") << time << current;
    QTest::newRow("tab") << QByteArray("0\t1\n0.5\t-2\n2\t3e-3\n") << time << current;
    QTest::newRow("blanks") << QByteArray("  0   1\n 0.5  -2 \n2 3e-3\n") << time << current;
    QTest::newRow("Windows lines") << QByteArray("0,1\r\n0.5,-2\r\n2,3e-3\r\n") << time << current;
    QTest::newRow("header, comments, empty lines")
        << QByteArray("# made by hand\ntime_ms,current\n0,1\n\n# more\n0.5,-2\n \r\n2,3e-3\n") << time << current;
    QTest::newRow("plus signs") << QByteArray("0,+1\n+0.5,-2\n2,3e-3\n") << time << current;
    QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBF"
                                                   "0,1\n0.5,-2\n2,3e-3\n")
                                     << time << current;
    QTest::newRow("byte order mark and header")
        << QByteArray("\xEF\xBB\xBFt;I\n0,1\n0.5,-2\n2,3e-3\n") << time << current;
    QTest::newRow("separator at the end") << QByteArray("0,1,\n0.5,-2,\n2,3e-3,\n") << time << current;
    QTest::newRow("negative times") << QByteArray("-4,1\n-1,2\n") << Numbers{-4, -1} << Numbers{1, 2};
}

void TestStimulus::csvIsRead()
{
    QFETCH(QByteArray, csv);
    QFETCH(Numbers, time);
    QFETCH(Numbers, current);
    const RecordedCurrent recording = parseRecordedCurrent(std::string_view(csv.data(), csv.size()));
    QCOMPARE(recording.time_ms, time);
    QCOMPARE(recording.current_ua_per_cm2, current);
}

void TestStimulus::csvIsRefused_data()
{
    QTest::addColumn<QByteArray>("csv");
    QTest::addColumn<QByteArray>("path");
    QTest::newRow("empty") << QByteArray() << QByteArray("recording");
    QTest::newRow("one sample") << QByteArray("t,I\n0,1\n") << QByteArray("recording");
    QTest::newRow("only comments") << QByteArray("# a\n# b\n") << QByteArray("recording");
    QTest::newRow("one column") << QByteArray("0,1\n1\n") << QByteArray("line 2");
    QTest::newRow("words") << QByteArray("0,1\n1,2\nthree,4\n") << QByteArray("line 3");
    QTest::newRow("two headers") << QByteArray("time,current\nms,uA\n0,1\n1,2\n") << QByteArray("line 2");
    QTest::newRow("time stands still") << QByteArray("0,1\n0,2\n") << QByteArray("line 2");
    QTest::newRow("time goes back") << QByteArray("0,1\n5,2\n4,2\n") << QByteArray("line 3");
    QTest::newRow("NaN") << QByteArray("0,1\n1,nan\n") << QByteArray("line 2");
    QTest::newRow("infinite") << QByteArray("0,1\n1,inf\n") << QByteArray("line 2");
    QTest::newRow("overflow") << QByteArray("0,1\n1,1e999\n") << QByteArray("line 2");
    QTest::newRow("huge current") << QByteArray("0,1\n1,1e7\n") << QByteArray("line 2");
    QTest::newRow("huge time") << QByteArray("0,1\n1e10,1\n") << QByteArray("line 2");
    QTest::newRow("decimal commas") << QByteArray("0,5;1,5\n1,5;2,5\n") << QByteArray("line 1");
    QTest::newRow("unit behind the number") << QByteArray("0,1uA\n1,2uA\n") << QByteArray("line 1");
    QTest::newRow("three columns") << QByteArray("0,1,2\n") << QByteArray("line 1");
    QTest::newRow("binary") << QByteArray("0,1\n\0\xff\x80,2\n", 10) << QByteArray("line 2");
}

void TestStimulus::csvIsRefused()
{
    QFETCH(QByteArray, csv);
    QFETCH(QByteArray, path);
    try {
        parseRecordedCurrent(std::string_view(csv.data(), csv.size()));
        QFAIL("taken");
    } catch (const DocumentError& error) {
        QCOMPARE(QByteArray::fromStdString(error.path), path);
        QVERIFY(!error.why.empty());
    }
}

QTEST_APPLESS_MAIN(TestStimulus)
#include "tst_stimulus.moc"

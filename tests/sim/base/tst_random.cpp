#include "sim/base/random.h"

#include <QtTest>

#include <bit>
#include <cmath>
#include <set>
#include <span>
#include <vector>

using namespace endospike;

namespace {

constexpr int draws = 200'000;

std::vector<double> normals(std::uint64_t seed, RandomPurpose purpose)
{
    std::vector<double> values;
    for (std::uint64_t i = 0; i < draws; ++i)
        values.push_back(randomNormal(seed, purpose, i));
    return values;
}

/// The same from rows of some 1300 in single precision.
std::vector<double> rowNormals(std::uint64_t seed, RandomPurpose purpose)
{
    std::vector<double> values;
    std::vector<float> row(1301);
    for (std::uint64_t i = 0; values.size() < draws; ++i) {
        randomNormals(seed, purpose, i, row);
        values.insert(values.end(), row.begin(), row.end());
    }
    values.resize(draws);
    return values;
}

using Normals = std::vector<double> (*)(std::uint64_t, RandomPurpose);

void bothWays()
{
    QTest::addColumn<Normals>("normals");
    QTest::newRow("one by one") << &normals;
    QTest::newRow("rows") << &rowNormals;
}

double meanProduct(const std::vector<double>& a, const std::vector<double>& b, std::size_t lag = 0)
{
    double sum = 0;
    for (std::size_t i = lag; i < a.size(); ++i)
        sum += a[i] * b[i - lag];
    return sum / static_cast<double>(a.size() - lag);
}

const double fiveSigma = 5 / std::sqrt(draws); ///< of a mean of `draws` independent values of variance 1

} // namespace

class TestRandom : public QObject {
    Q_OBJECT

private slots:
    void sameArgumentsSameBits();
    void bitsAreBalancedAndDistinct();
    void momentsAreNormal_data() { bothWays(); }
    void momentsAreNormal();
    void distributionIsNormal_data() { bothWays(); }
    void distributionIsNormal();
    void aRowIsAFunctionOfItsIndex();
    void neighboursSeedsAndPurposesAreIndependent_data() { bothWays(); }
    void neighboursSeedsAndPurposesAreIndependent();
};

void TestRandom::sameArgumentsSameBits()
{
    for (std::uint64_t index : {0ull, 1ull, 123456789ull, ~0ull})
        QCOMPARE(randomBits(7, RandomPurpose::whiteNoise, index), randomBits(7, RandomPurpose::whiteNoise, index));
    QVERIFY(randomBits(7, RandomPurpose::whiteNoise, 0) != randomBits(8, RandomPurpose::whiteNoise, 0));
    QVERIFY(randomBits(7, RandomPurpose::whiteNoise, 0) != randomBits(7, RandomPurpose::ornsteinUhlenbeck, 0));
}

void TestRandom::bitsAreBalancedAndDistinct()
{
    int ones[64] = {};
    std::set<std::uint64_t> seen;
    constexpr int count = 20'000;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t bits = randomBits(1, RandomPurpose::whiteNoise, i);
        seen.insert(bits);
        for (int b = 0; b < 64; ++b)
            ones[b] += static_cast<int>(bits >> b & 1);
    }
    QCOMPARE(seen.size(), static_cast<std::size_t>(count));
    for (int each : ones)
        QVERIFY(std::abs(each - count / 2) < 5 * 0.5 * std::sqrt(count));
    // One changed bit of the index changes about half of the result.
    double changed = 0;
    for (int b = 0; b < 64; ++b)
        changed += std::popcount(
            randomBits(1, RandomPurpose::whiteNoise, 5) ^ randomBits(1, RandomPurpose::whiteNoise, 5 ^ (1ull << b)));
    QVERIFY(std::abs(changed / 64 - 32) < 5 * 4 / 8.0);
}

void TestRandom::momentsAreNormal()
{
    QFETCH(Normals, normals);
    const std::vector<double> x = normals(42, RandomPurpose::whiteNoise);
    double m1 = 0, m2 = 0, m3 = 0, m4 = 0;
    for (double v : x) {
        m1 += v / draws;
        m2 += v * v / draws;
        m3 += v * v * v / draws;
        m4 += v * v * v * v / draws;
    }
    QVERIFY(std::abs(m1) < fiveSigma);
    QVERIFY(std::abs(m2 - 1) < std::sqrt(2.0) * fiveSigma);
    QVERIFY(std::abs(m3) < std::sqrt(15.0) * fiveSigma);
    QVERIFY(std::abs(m4 - 3) < std::sqrt(96.0) * fiveSigma);
}

void TestRandom::distributionIsNormal()
{
    QFETCH(Normals, normals);
    std::vector<double> x = normals(3, RandomPurpose::ornsteinUhlenbeck);
    std::ranges::sort(x);
    double distance = 0; // Kolmogorov-Smirnov
    for (int i = 0; i < draws; ++i) {
        const double cdf = 0.5 * std::erfc(-x[i] / std::sqrt(2.0));
        distance = std::max({distance, std::abs(cdf - double(i) / draws), std::abs(cdf - double(i + 1) / draws)});
    }
    QVERIFY2(distance * std::sqrt(draws) < 2.2, "beyond the 1e-4 level of the Kolmogorov distribution");
}

/// A shorter row is the beginning of a longer one, whatever stands beside it.
void TestRandom::aRowIsAFunctionOfItsIndex()
{
    std::vector<float> whole(1000), part(301);
    randomNormals(5, RandomPurpose::pixelNoise, 77, whole);
    randomNormals(5, RandomPurpose::pixelNoise, 77, part);
    QVERIFY(std::ranges::equal(part, std::span(whole).first(301)));
    randomNormals(5, RandomPurpose::pixelNoise, 78, part);
    QVERIFY(part[0] != whole[0]);
    randomNormals(5, RandomPurpose::pixelNoise, 78, {});
}

void TestRandom::neighboursSeedsAndPurposesAreIndependent()
{
    QFETCH(Normals, normals);
    const std::vector<double> x = normals(1, RandomPurpose::whiteNoise);
    for (std::size_t lag : {1u, 2u, 3u, 64u, 128u, 1000u, 1301u})
        QVERIFY(std::abs(meanProduct(x, x, lag)) < fiveSigma);
    QVERIFY(std::abs(meanProduct(x, normals(2, RandomPurpose::whiteNoise))) < fiveSigma);
    QVERIFY(std::abs(meanProduct(x, normals(1, RandomPurpose::ornsteinUhlenbeck))) < fiveSigma);
}

QTEST_APPLESS_MAIN(TestRandom)
#include "tst_random.moc"

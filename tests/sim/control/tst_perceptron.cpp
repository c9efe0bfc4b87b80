#include "sim/control/perceptron.h"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <random>

using namespace endospike;

namespace {

template <class T>
std::vector<T> randomNumbers(std::size_t count, unsigned seed)
{
    std::mt19937 engine(seed);
    std::normal_distribution<double> normal;
    std::vector<T> numbers(count);
    for (T& each : numbers)
        each = static_cast<T>(normal(engine));
    return numbers;
}

/// Random parameters; what is padded is 0.
std::vector<double> randomParameters(const PerceptronShape& shape, unsigned seed)
{
    std::vector<double> all = randomNumbers<double>(shape.size(), seed);
    const auto wide = static_cast<std::size_t>(shape.wide()), width = static_cast<std::size_t>(shape.width);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const bool pad = i < shape.lastBias() ? i % wide >= width : i > shape.lastBias();
        all[i] = pad ? 0 : 0.3 * all[i];
    }
    return all;
}

} // namespace

class TestPerceptron : public QObject {
    Q_OBJECT

private slots:
    void productIsThatOfTheTextbook_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("columns");
        QTest::addColumn<int>("depth");
        for (const auto& [rows, columns, depth] :
            {std::tuple(1, 16, 1), {3, 16, 5}, {64, 128, 128}, {13, 48, 7}, {8, 32, 4}, {67, 80, 12}})
            QTest::addRow("%d x %d x %d", rows, columns, depth) << rows << columns << depth;
    }
    void productIsThatOfTheTextbook()
    {
        QFETCH(int, rows);
        QFETCH(int, columns);
        QFETCH(int, depth);
        compareProducts<float>(rows, columns, depth, 1e-5);
        compareProducts<double>(rows, columns, depth, 1e-13);
    }

    void gradientsAreThoseOfFiniteDifferences()
    {
        const PerceptronShape shape{16, 21};
        constexpr int rows = 5;
        Perceptron<double> net(shape, rows);
        std::vector<double> parameters = randomParameters(shape, 1);
        std::vector<double> x = randomNumbers<double>(rows * 16, 2);
        const std::vector<double> weights = randomNumbers<double>(rows, 3);
        std::vector<double> y(rows);
        const auto loss = [&] {
            net.forward(parameters.data(), x.data(), 16, rows, y.data());
            double sum = 0;
            for (std::size_t i = 0; i < y.size(); ++i)
                sum += weights[i] * y[i];
            return sum;
        };
        loss();
        net.goBack(parameters.data(), weights.data(), rows);
        std::vector<double> gradient(shape.size()), toInputs(x.size(), 1.0), toOne(rows);
        net.gradient(x.data(), 16, weights.data(), rows, gradient.data());
        net.inputGradient(parameters.data(), 3, rows, toOne.data());
        net.inputGradients(parameters.data(), rows, toInputs.data(), 16, true);
        for (int row = 0; row < rows; ++row)
            QVERIFY(std::abs(toOne[row] - (toInputs[row * 16 + 3] - 1)) < 1e-12);
        compareSlopes(parameters, gradient, loss, [&](std::size_t i) { return parameters[i] != 0; });
        for (double& each : toInputs)
            each -= 1;
        compareSlopes(x, toInputs, loss, [](std::size_t) { return true; });
        for (std::size_t i = 0; i < gradient.size(); ++i)
            if (parameters[i] == 0)
                QCOMPARE(gradient[i], 0.0); // padded places never learn
    }

private:
    template <class T>
    static void compareProducts(int rows, int columns, int depth, double tolerance)
    {
        const auto a = randomNumbers<T>(static_cast<std::size_t>(rows) * depth, 1);
        const auto b = randomNumbers<T>(static_cast<std::size_t>(depth) * columns, 2);
        const auto bias = randomNumbers<T>(columns, 3);
        std::vector<T> out(static_cast<std::size_t>(rows) * columns), turned(out.size(), T(2));
        product::multiply(product::Product<T>{
            rows, columns, depth, a.data(), depth, 1, b.data(), columns, out.data(), columns, bias.data(), true});
        // The first factor as a transpose lies in memory, added to what is there.
        std::vector<T> transposed(a.size());
        for (int r = 0; r < rows; ++r)
            for (int k = 0; k < depth; ++k)
                transposed[k * rows + r] = a[r * depth + k];
        product::Product<T> p{
            rows, columns, depth, transposed.data(), 1, rows, b.data(), columns, turned.data(), columns};
        p.add = true;
        product::multiply(p);
        for (int r = 0; r < rows; ++r)
            for (int c = 0; c < columns; ++c) {
                double sum = 0;
                for (int k = 0; k < depth; ++k)
                    sum += static_cast<double>(a[r * depth + k]) * static_cast<double>(b[k * columns + c]);
                const double rectified = std::max(sum + static_cast<double>(bias[c]), 0.0);
                const double scale = tolerance * (1 + std::sqrt(depth));
                QVERIFY(std::abs(static_cast<double>(out[r * columns + c]) - rectified) < scale);
                QVERIFY(std::abs(static_cast<double>(turned[r * columns + c]) - sum - 2) < scale);
            }
    }

    static void compareSlopes(
        std::vector<double>& at, const std::vector<double>& slopes, const auto& loss, const auto& counts)
    {
        constexpr double step = 1e-6;
        for (std::size_t i = 0; i < at.size(); ++i) {
            if (!counts(i))
                continue;
            const double before = at[i];
            at[i] = before + step;
            const double above = loss();
            at[i] = before - step;
            const double below = loss();
            at[i] = before;
            QVERIFY2(std::abs((above - below) / (2 * step) - slopes[i]) < 1e-7 * (1 + std::abs(slopes[i])),
                qPrintable(QString::number(i)));
        }
    }
};

QTEST_APPLESS_MAIN(TestPerceptron)
#include "tst_perceptron.moc"

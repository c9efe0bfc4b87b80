// Every published network against the same network written in PyTorch: initial weights, logits, loss and gradients.
// How the numbers were made and what they are: tests/data/training_reference/README.md.
#include "sim/base/random.h"
#include "sim/network/idx.h"
#include "sim/network/network.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include <cmath>
#include <functional>
#include <numeric>

using namespace endospike;

namespace {

constexpr double tolerance = 1e-5;
const QString folder = QStringLiteral(ENDOSPIKE_SOURCE_DIR "/tests/data/training_reference/");

QJsonObject readReference(const QString& name)
{
    QFile file(folder + name + ".json");
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s", qPrintable(file.fileName() + " cannot be opened"));
    return QJsonDocument::fromJson(file.readAll()).object();
}

Batch readBatch()
{
    const IdxImages images = readIdxImages((folder + "canvases-idx3-ubyte").toStdString());
    Batch batch;
    batch.size = images.count;
    batch.pixels.assign(images.pixels.begin(), images.pixels.end());
    batch.labels = readIdxLabels((folder + "labels-idx1-ubyte").toStdString()).values;
    return batch;
}

/// FNV-1a, the stream of a tensor's signs.
std::uint64_t streamOf(const std::string& name)
{
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : name)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return hash;
}

/// Sum of the entries, each with a sign of its own.
double projection(std::span<const float> values, const std::string& name, std::uint64_t index)
{
    const std::uint64_t stream = index ^ streamOf(name);
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
        sum += randomBits(stream, RandomPurpose::order, i) >> 63 ? -values[i] : values[i];
    return sum;
}

double sumOf(std::span<const float> values) { return std::accumulate(values.begin(), values.end(), 0.0); }

double normOf(std::span<const float> values)
{
    return std::sqrt(std::inner_product(
        values.begin(), values.end(), values.begin(), 0.0, std::plus<>(), [](double a, double b) { return a * b; }));
}

/// |found - expected| relative to the larger of `scale` and |expected|, in units of the tolerance.
double error(double found, double expected, double scale)
{
    const double size = std::max(scale, std::abs(expected));
    return size == 0 ? (found == 0 ? 0 : HUGE_VAL) : std::abs(found - expected) / size / tolerance;
}

/// The largest error() of what the file says about one tensor's gradient. NaN counts as infinite.
double gradientError(std::span<const float> gradient, const std::string& name, const QJsonObject& expected)
{
    const double norm = expected["norm"].toDouble();
    std::vector<double> errors = {
        error(normOf(gradient), norm, norm), error(sumOf(gradient), expected["sum"].toDouble(), norm)};
    const QJsonArray projections = expected["projections"].toArray();
    for (qsizetype i = 0; i < projections.size(); ++i)
        errors.push_back(error(projection(gradient, name, std::uint64_t(i)), projections[i].toDouble(), norm));
    const QJsonArray places = expected["places"].toArray(), entries = expected["entries"].toArray();
    for (qsizetype i = 0; i < places.size(); ++i)
        errors.push_back(
            error(gradient[std::size_t(places[i].toInteger())], entries[i].toDouble(), expected["largest"].toDouble()));
    double worst = 0;
    for (const double each : errors)
        worst = std::isfinite(each) ? std::max(worst, each) : HUGE_VAL;
    return worst;
}

} // namespace

class TestTrainingReference : public QObject {
    Q_OBJECT

private slots:
    void everyPublishedNetworkAgrees_data()
    {
        QTest::addColumn<QString>("name");
        for (const NetworkKind& kind : networkKinds())
            if (kind.published)
                QTest::newRow(kind.key.data()) << QString(kind.key.data());
        QTest::newRow("hh_fc, gates open") << "hh_fc_moving_gates";
        QTest::newRow("hh_conv, gates open") << "hh_conv_moving_gates";
    }

    void everyPublishedNetworkAgrees()
    {
        QFETCH(QString, name);
        const QJsonObject reference = readReference(name);
        NetworkPlan plan(*findNetworkKind(reference["network"].toString().toStdString()));
        const QJsonObject parameters = reference["parameters"].toObject();
        for (const QString& key : parameters.keys())
            plan.parameters.set(key.toStdString(), parameters[key].toDouble());
        const auto network = makeNetwork(plan, std::uint64_t(reference["seed"].toInteger()));
        compareInitialValues(*network, reference["initial_sums"].toObject());

        const Batch batch = readBatch();
        const auto workspace = network->makeWorkspace();
        Workers workers(1);
        network->forward(batch, *workspace, workers);
        compareLogits(workspace->logits, reference["logits"].toArray());
        std::vector<float> gradient(network->trainedCount());
        const BatchResult result = network->backward(batch, *workspace, workers, gradient);
        compareLogits(workspace->logits, reference["logits"].toArray());
        QVERIFY2(
            error(result.loss, reference["loss"].toDouble(), 0) < 1, qPrintable(QString::number(result.loss, 'g', 9)));

        const QJsonObject gradients = reference["gradients"].toObject();
        for (const TensorPlace& place : network->tensors())
            if (place.trained)
                compareGradient(std::span(gradient).subspan(place.offset, place.size()), place, gradients);
        QCOMPARE(std::ranges::count(network->tensors(), true, &TensorPlace::trained), gradients.size());
    }

private:
    static void compareInitialValues(const Network& network, const QJsonObject& sums)
    {
        for (const TensorPlace& place : network.tensors()) {
            const QString name = QString::fromStdString(place.name);
            QVERIFY2(sums.contains(name), qPrintable(name));
            const std::span<const float> values = network.valuesOf(place.name);
            QVERIFY2(error(sumOf(values), sums[name].toDouble(), normOf(values)) < 0.1, qPrintable(name));
        }
        QCOMPARE(qsizetype(network.tensors().size()), sums.size());
    }

    static void compareLogits(const std::vector<float>& logits, const QJsonArray& expected)
    {
        QCOMPARE(qsizetype(logits.size()), expected.size());
        double largest = 0;
        for (const QJsonValue& value : expected)
            largest = std::max(largest, std::abs(value.toDouble()));
        for (qsizetype i = 0; i < expected.size(); ++i)
            QVERIFY2(
                error(logits[std::size_t(i)], expected[i].toDouble(), largest) < 1, qPrintable(QString::number(i)));
    }

    static void compareGradient(std::span<const float> gradient, const TensorPlace& place, const QJsonObject& gradients)
    {
        const QJsonObject expected = gradients[QString::fromStdString(place.name)].toObject();
        QVERIFY2(!expected.isEmpty(), place.name.c_str());
        QJsonArray shape;
        for (const int length : place.shape)
            shape.append(length);
        QCOMPARE(shape, expected["shape"].toArray());
        const double worst = gradientError(gradient, place.name, expected);
        QVERIFY2(
            worst < 1, qPrintable(QString::fromStdString(place.name) + QString(": %1 times the tolerance").arg(worst)));
    }
};

QTEST_GUILESS_MAIN(TestTrainingReference)
#include "tst_training_reference.moc"

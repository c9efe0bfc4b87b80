// The losses of soft actor-critic and their gradients against the same networks written in PyTorch, in double
// precision: tests/data/control_reference.json, made by bench/make_control_reference.py.
#include "sim/control/actor_critic.h"
#include "sim/control/tensor_view.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <cmath>

using namespace endospike;

namespace {

QJsonObject readReference()
{
    QFile file(ENDOSPIKE_SOURCE_DIR "/tests/data/control_reference.json");
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s", qPrintable(file.fileName() + " cannot be opened"));
    return QJsonDocument::fromJson(file.readAll()).object();
}

std::vector<double> numbersOf(const QJsonValue& json)
{
    std::vector<double> numbers;
    for (const auto& value : json.toArray())
        numbers.push_back(value.toDouble());
    return numbers;
}

ControlTensor tensorAt(const std::string& name, const QJsonValue& json)
{
    ControlTensor tensor{name, {}, {}};
    for (const auto& side : json["shape"].toArray())
        tensor.shape.push_back(side.toInt());
    for (const double value : numbersOf(json["values"]))
        tensor.values.push_back(static_cast<float>(value));
    return tensor;
}

PolicySettings settingsFrom(const QJsonObject& json, const QString& policy)
{
    PolicySettings s;
    s.hidden = json["hidden"].toInt();
    s.observations = json["observations"].toInt();
    s.stepsEach = json["steps_each"].toInt();
    s.towerWidth = json["tower_width"].toInt();
    s.surrogateWidth = json["surrogate_width"].toDouble();
    s.decay = json["decay"].toDouble();
    s.threshold = json["threshold"][policy].toDouble();
    return s;
}

std::vector<FrozenNeuron> frozenFrom(const QJsonValue& json, int hidden)
{
    const auto at = [&](const char* key, int i) { return json[key].toArray()[i].toDouble(); };
    std::vector<FrozenNeuron> neurons;
    for (int i = 0; i < hidden; ++i)
        neurons.push_back({FrozenRates([&](const char* rate) { return at(rate, i); }), at("dt_ms", i)});
    return neurons;
}

std::vector<TensorView> criticViews(const PerceptronShape& shape, int which)
{
    return perceptronTensors("c", shape, 1, shape.inputs, which * shape.size());
}

std::vector<double> criticsFrom(const QJsonValue& json, const PerceptronShape& shape)
{
    std::vector<double> critics(2 * shape.size());
    for (int which = 0; which < 2; ++which)
        for (const TensorView& view : criticViews(shape, which))
            takeTensor<double>(
                view, tensorAt(view.name, json.toArray()[which].toObject()[view.name.substr(2).c_str()]), critics);
    return critics;
}

/// A gradient passes through single precision on its way here.
void compare(const ControlTensor& found, const QJsonValue& expected)
{
    const std::vector<double> values = numbersOf(expected["values"]);
    QCOMPARE(found.values.size(), values.size());
    double largest = 0;
    for (const double value : values)
        largest = std::max(largest, std::abs(value));
    for (std::size_t i = 0; i < values.size(); ++i)
        QVERIFY2(std::abs(static_cast<double>(found.values[i]) - values[i]) <= 2e-7 * largest,
            qPrintable(QString("%1[%2]: %3, not %4")
                           .arg(found.name.c_str())
                           .arg(i)
                           .arg(static_cast<double>(found.values[i]))
                           .arg(values[i])));
}

} // namespace

class TestControlReference : public QObject {
    Q_OBJECT

    QJsonObject m_reference = readReference();

private slots:
    void lossesAndGradientsAreThoseOfPyTorch_data()
    {
        QTest::addColumn<int>("index");
        const QJsonArray cases = m_reference["cases"].toArray();
        for (int i = 0; i < cases.size(); ++i)
            QTest::newRow(qPrintable(cases[i]["policy"].toString())) << i;
        QCOMPARE(cases.size(), 4);
    }
    void lossesAndGradientsAreThoseOfPyTorch()
    {
        QFETCH(int, index);
        const QJsonObject c = m_reference["cases"].toArray()[index].toObject();
        const QJsonObject s = m_reference["settings"].toObject();
        const QString kind = c["policy"].toString();
        const PolicyUnit unit = findPolicyKind(kind.toStdString())->unit;
        const int hidden = s["hidden"].toInt(), numbers = s["numbers"].toInt(), size = s["batch"].toInt();
        Actor<double> actor(numbers,
            makeNeuronLayer<double>(unit, settingsFrom(s, kind),
                unit == PolicyUnit::hh ? frozenFrom(c["frozen"], hidden) : std::vector<FrozenNeuron>()),
            size);
        std::vector<ControlTensor> weights;
        for (const ControlTensor& tensor : actor.tensors())
            weights.push_back(tensorAt(tensor.name, c["policy_weights"][tensor.name.c_str()]));
        actor.setTensors(weights, actor.values());
        ActorCritic<double> losses(actor, s["limit"].toDouble(), s["critic_width"].toInt(), size);
        const PerceptronShape shape = losses.criticShape();
        const std::vector<double> critics = criticsFrom(c["critic_weights"], shape);
        const std::vector<double> targets = criticsFrom(c["target_weights"], shape);
        TransitionBatch<double> batch{size, numbersOf(c["observations"]), numbersOf(c["actions"]),
            numbersOf(c["rewards"]), numbersOf(c["goes_on"])};
        std::vector<double> toCritics(critics.size()), toActor(actor.values().size());

        losses.decide(batch);
        const double criticLoss = losses.criticLoss(batch, s["discount"].toDouble(), s["temperature"].toDouble(),
            numbersOf(c["next_normals"]).data(), critics, targets, toCritics);
        const PolicyLoss policyLoss =
            losses.policyLoss(batch, s["temperature"].toDouble(), numbersOf(c["normals"]).data(), critics, toActor);

        const auto near = [&](double found, const char* key) {
            const double expected = c[key].toDouble();
            return std::abs(found - expected) <= 1e-12 * (1 + std::abs(expected));
        };
        QVERIFY(near(criticLoss, "critic_loss"));
        QVERIFY(near(policyLoss.loss, "policy_loss"));
        QVERIFY(near(policyLoss.logProbability, "log_probability"));
        for (int which = 0; which < 2; ++which)
            for (const TensorView& view : criticViews(shape, which))
                compare(tensorOf<double>(view, toCritics),
                    c["critic_gradients"].toArray()[which].toObject()[view.name.substr(2).c_str()]);
        for (const ControlTensor& tensor : actor.tensorsOf(toActor))
            compare(tensor, c["policy_gradients"][tensor.name.c_str()]);
    }
};

QTEST_APPLESS_MAIN(TestControlReference)
#include "tst_control_reference.moc"

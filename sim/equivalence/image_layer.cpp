#include "sim/equivalence/image_layer.h"

#include "sim/base/errors.h"
#include "sim/base/random.h"

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace endospike {
namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Weights = Eigen::Map<Matrix>;
using Bias = Eigen::Map<Eigen::RowVectorXf>;

constexpr int batch = 100;
constexpr int epochs = 2;
constexpr float momentum = 0.9f;

/// Uniform in +-1/sqrt(fanIn).
void fillUniform(std::span<float> values, int fanIn, std::uint64_t seed, std::uint64_t& index)
{
    const double bound = 1 / std::sqrt(static_cast<double>(fanIn));
    for (float& value : values) {
        const double unit = static_cast<double>(randomBits(seed, RandomPurpose::weights, index++) >> 11) * 0x1p-53;
        value = static_cast<float>(bound * (2 * unit - 1));
    }
}

/// A random order of 0..count-1 (Fisher-Yates).
std::vector<int> shuffled(int count, std::uint64_t seed, int epoch)
{
    std::vector<int> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    const std::uint64_t first = static_cast<std::uint64_t>(epoch) << 32;
    for (int i = count - 1; i > 0; --i) {
        const std::uint64_t bits = randomBits(seed, RandomPurpose::order, first + static_cast<std::uint64_t>(i));
        std::swap(order[i], order[bits % static_cast<std::uint64_t>(i + 1)]);
    }
    return order;
}

/// One batch of images as rows of values 0..1.
void gather(const IdxImages& images, std::span<const int> which, Matrix& out)
{
    out.resize(static_cast<Eigen::Index>(which.size()), imagePixels);
    for (std::size_t i = 0; i < which.size(); ++i) {
        const auto image = images.image(which[i]);
        for (int p = 0; p < imagePixels; ++p)
            out(static_cast<Eigen::Index>(i), p) = static_cast<float>(image[p]) / 255;
    }
}

void check(const IdxImages& images, const IdxLabels& labels)
{
    if (images.rows * images.columns != imagePixels || images.count == 0)
        throw DocumentError("images", std::to_string(images.rows) + " x " + std::to_string(images.columns),
            "must be 28 x 28 pixels, and at least one");
    if (labels.values.size() != static_cast<std::size_t>(images.count))
        throw DocumentError("labels", std::to_string(labels.values.size()) + " labels",
            "must be as many as the images (" + std::to_string(images.count) + ")");
    if (std::ranges::any_of(labels.values, [](std::uint8_t label) { return label >= layerOutputs; }))
        throw DocumentError("labels", "", "must lie within 0 and 9");
}

/// The maps of a layer's arrays, and one step of gradient descent with momentum on them.
class Trainer {
public:
    explicit Trainer(ImageLayer& layer)
        : m_a(layer.firstWeights.data(), layerInputs, imagePixels)
        , m_w(layer.weights.data(), layerOutputs, layerInputs)
        , m_b(layer.firstBias.data(), layerInputs)
        , m_c(layer.bias.data(), layerOutputs)
        , m_moveA(Matrix::Zero(layerInputs, imagePixels))
        , m_moveW(Matrix::Zero(layerOutputs, layerInputs))
        , m_moveB(Eigen::RowVectorXf::Zero(layerInputs))
        , m_moveC(Eigen::RowVectorXf::Zero(layerOutputs))
    {
    }

    void step(const Matrix& x, std::span<const int> which, const IdxLabels& labels, float rate)
    {
        const auto count = static_cast<float>(which.size());
        m_hidden.noalias() = x * m_a.transpose();
        m_hidden.rowwise() += m_b;
        m_hidden = m_hidden.cwiseMax(0.0f);
        m_scores.noalias() = m_hidden * m_w.transpose();
        m_scores.rowwise() += m_c;
        // Gradient of the mean cross-entropy: softmax - one-hot
        m_scores.colwise() -= m_scores.rowwise().maxCoeff().eval();
        m_scores = m_scores.array().exp().matrix();
        for (Eigen::Index i = 0; i < m_scores.rows(); ++i) {
            m_scores.row(i) /= m_scores.row(i).sum();
            m_scores(i, labels.values[which[static_cast<std::size_t>(i)]]) -= 1;
        }
        m_scores /= count;
        m_back.noalias() = m_scores * m_w;
        m_back = (m_hidden.array() > 0).select(m_back, 0.0f);
        move(m_w, m_moveW, m_scores.transpose() * m_hidden, rate);
        move(m_c, m_moveC, m_scores.colwise().sum(), rate);
        move(m_a, m_moveA, m_back.transpose() * x, rate);
        move(m_b, m_moveB, m_back.colwise().sum(), rate);
    }

private:
    template <class Values, class Move, class Gradient>
    static void move(Values& values, Move& velocity, const Gradient& gradient, float rate)
    {
        velocity *= momentum;
        velocity.noalias() -= rate * gradient;
        values += velocity;
    }

    Weights m_a, m_w;
    Bias m_b, m_c;
    Matrix m_moveA, m_moveW;
    Eigen::RowVectorXf m_moveB, m_moveC;
    Matrix m_hidden, m_scores, m_back;
};

/// a = max(0, A x + b) of one image.
std::vector<double> firstOutputs(const ImageLayer& layer, std::span<const std::uint8_t> image)
{
    if (image.size() != imagePixels)
        throw DocumentError("image", std::to_string(image.size()) + " pixels", "must be 784 pixels");
    std::vector<double> a(layerInputs);
    for (int j = 0; j < layerInputs; ++j) {
        double sum = layer.firstBias[j];
        for (int p = 0; p < imagePixels; ++p)
            sum += static_cast<double>(layer.firstWeights[j * imagePixels + p]) * image[p] / 255;
        a[j] = std::max(0.0, sum);
    }
    return a;
}

} // namespace

std::vector<double> ImageLayer::scores(std::span<const std::uint8_t> image) const
{
    const std::vector<double> a = firstOutputs(*this, image);
    std::vector<double> result(layerOutputs);
    for (int k = 0; k < layerOutputs; ++k) {
        result[k] = bias[k];
        for (int j = 0; j < layerInputs; ++j)
            result[k] += static_cast<double>(weights[k * layerInputs + j]) * a[j];
    }
    return result;
}

std::vector<double> ImageLayer::currents_ua_per_cm2(std::span<const std::uint8_t> image, double scale_ua_per_cm2) const
{
    std::vector<double> a = firstOutputs(*this, image);
    const double largest = *std::ranges::max_element(a);
    for (double& value : a)
        value = largest > 0 ? scale_ua_per_cm2 * value / largest : 0;
    return a;
}

std::vector<double> ImageLayer::normalisedWeights() const
{
    double squares = 0;
    for (const float w : weights)
        squares += static_cast<double>(w) * w;
    const double length = std::sqrt(squares / layerOutputs);
    std::vector<double> result(weights.begin(), weights.end());
    for (double& w : result)
        w = length > 0 ? w / length : 0;
    return result;
}

ImageLayer seededImageLayer(std::uint64_t seed)
{
    ImageLayer layer{std::vector<float>(static_cast<std::size_t>(layerInputs) * imagePixels),
        std::vector<float>(layerInputs), std::vector<float>(static_cast<std::size_t>(layerOutputs) * layerInputs),
        std::vector<float>(layerOutputs)};
    std::uint64_t index = 0;
    fillUniform(layer.firstWeights, imagePixels, seed, index);
    fillUniform(layer.firstBias, imagePixels, seed, index);
    fillUniform(layer.weights, layerInputs, seed, index);
    fillUniform(layer.bias, layerInputs, seed, index);
    return layer;
}

ImageLayer trainedImageLayer(
    const IdxImages& images, const IdxLabels& labels, std::uint64_t seed, const JobContext& context)
{
    check(images, labels);
    ImageLayer layer = seededImageLayer(seed);
    Trainer trainer(layer);
    Matrix x;
    for (int epoch = 0; epoch < epochs; ++epoch) {
        const std::vector<int> order = shuffled(images.count, seed, epoch);
        for (int first = 0; first < images.count; first += batch) {
            if (context.stop.stop_requested())
                return layer;
            const auto which = std::span(order).subspan(first, std::min(batch, images.count - first));
            const double done = (epoch + static_cast<double>(first) / images.count) / epochs;
            gather(images, which, x);
            trainer.step(x, which, labels, 0.1f * static_cast<float>(1 - 0.9 * done));
            context.report(done, "Training the layer's weights");
        }
    }
    return layer;
}

double accuracy(const ImageLayer& layer, const IdxImages& images, const IdxLabels& labels)
{
    check(images, labels);
    const Eigen::Map<const Matrix> a(layer.firstWeights.data(), layerInputs, imagePixels);
    const Eigen::Map<const Matrix> w(layer.weights.data(), layerOutputs, layerInputs);
    const Eigen::Map<const Eigen::RowVectorXf> b(layer.firstBias.data(), layerInputs);
    const Eigen::Map<const Eigen::RowVectorXf> c(layer.bias.data(), layerOutputs);
    std::vector<int> order(static_cast<std::size_t>(images.count));
    std::iota(order.begin(), order.end(), 0);
    Matrix x;
    int right = 0;
    for (int first = 0; first < images.count; first += batch) {
        const auto which = std::span(order).subspan(first, std::min(batch, images.count - first));
        gather(images, which, x);
        const Matrix hidden = ((x * a.transpose()).rowwise() + b).cwiseMax(0.0f);
        const Matrix scores = (hidden * w.transpose()).rowwise() + c;
        for (Eigen::Index i = 0; i < scores.rows(); ++i) {
            Eigen::Index answer = 0;
            scores.row(i).maxCoeff(&answer);
            right += answer == labels.values[which[static_cast<std::size_t>(i)]];
        }
    }
    return static_cast<double>(right) / images.count;
}

} // namespace endospike

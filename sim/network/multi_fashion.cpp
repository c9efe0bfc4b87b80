#include "sim/network/multi_fashion.h"

#include "sim/base/errors.h"
#include "sim/base/random.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace endospike {
namespace {

constexpr int imageSide = 28;
constexpr int secondCorner = canvasSide - imageSide;
constexpr const char* fashionNames[classCount] = {
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"};
/// Keeps the pairing apart from the order of a training with the same seed.
constexpr std::uint64_t pairingStream = std::uint64_t{1} << 32;

std::shared_ptr<const LabelledImages> read(
    const std::filesystem::path& imagesPath, const std::filesystem::path& labelsPath)
{
    LabelledImages set{readIdxImages(imagesPath), readIdxLabels(labelsPath, classCount - 1)};
    if (set.images.rows != imageSide || set.images.columns != imageSide)
        throw FileError(imagesPath,
            "holds images of " + std::to_string(set.images.rows) + " x " + std::to_string(set.images.columns)
                + " pixels; 28 x 28 are needed");
    if (set.labels.values.size() != static_cast<std::size_t>(set.images.count))
        throw FileError(labelsPath,
            "holds " + std::to_string(set.labels.values.size()) + " labels for " + std::to_string(set.images.count)
                + " images");
    return std::make_shared<const LabelledImages>(std::move(set));
}

/// Images for so many pairs: every image once in a new order, then all of them again.
std::vector<std::int32_t> rounds(int begin, int end, int pairs, std::uint64_t seed, std::uint64_t stream)
{
    std::vector<std::int32_t> images;
    images.reserve(static_cast<std::size_t>(pairs));
    for (std::uint64_t round = 0; std::ssize(images) < pairs; ++round)
        for (const std::int32_t image : shuffled(end - begin, seed, pairingStream + 4 * round + stream))
            if (std::ssize(images) < pairs)
                images.push_back(begin + image);
    return images;
}

int commonCount(const std::shared_ptr<const LabelledImages>& a, const std::shared_ptr<const LabelledImages>& b)
{
    return std::min(a->images.count, b->images.count);
}

} // namespace

std::vector<std::int32_t> shuffled(int count, std::uint64_t seed, std::uint64_t stream)
{
    std::vector<std::int32_t> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    const std::uint64_t own = randomBits(seed, RandomPurpose::order, stream);
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[randomBits(own, RandomPurpose::order, i) % i]);
    return order;
}

TrainingImages readTrainingImages(const TrainingPlan& plan)
{
    const DatasetFiles fashion = plan.dataFolder.empty() ? findFashionMnist() : datasetIn(plan.dataFolder);
    TrainingImages images;
    images.firstTrain = images.secondTrain = read(fashion.trainImages, fashion.trainLabels);
    images.firstTest = images.secondTest = read(fashion.testImages, fashion.testLabels);
    for (std::vector<std::string>& names : images.classNames)
        names.assign(std::begin(fashionNames), std::end(fashionNames));
    if (static_cast<int>(plan.settings[training::source]) != training::fashionAndDigits)
        return images;

    if (plan.digitsFolder.empty())
        throw FileError("MNIST digits", "choose the folder that holds the four IDX files (digits_folder)");
    const DatasetFiles digits = datasetIn(plan.digitsFolder, "the folder of digits must hold the four MNIST files");
    images.secondTrain = read(digits.trainImages, digits.trainLabels);
    images.secondTest = read(digits.testImages, digits.testLabels);
    for (int digit = 0; digit < classCount; ++digit)
        images.classNames[1][static_cast<std::size_t>(digit)] = std::to_string(digit);
    return images;
}

PairedImages::PairedImages(std::shared_ptr<const LabelledImages> first, std::shared_ptr<const LabelledImages> second,
    int begin, int end, int pairs, std::uint64_t seed, bool test)
    : m_first(std::move(first))
    , m_second(std::move(second))
    , m_pairs(pairs)
    , m_test(test)
{
    if (begin < 0 || begin >= end || end > commonCount(m_first, m_second))
        throw std::out_of_range("images " + std::to_string(begin) + " to " + std::to_string(end));
    m_firstOf = rounds(begin, end, pairs, seed, test ? 2 : 0);
    m_secondOf = rounds(begin, end, pairs, seed, test ? 3 : 1);
}

int PairedImages::first(int pair) const { return m_firstOf.at(static_cast<std::size_t>(pair)); }

int PairedImages::second(int pair) const { return m_secondOf.at(static_cast<std::size_t>(pair)); }

std::array<std::uint8_t, taskCount> PairedImages::labels(int pair) const
{
    return {m_first->labels.values[static_cast<std::size_t>(first(pair))],
        m_second->labels.values[static_cast<std::size_t>(second(pair))]};
}

void PairedImages::canvas(int pair, std::span<std::uint8_t, canvasPixels> pixels) const
{
    std::ranges::fill(pixels, std::uint8_t{0});
    const auto put = [&](std::span<const std::uint8_t> image, int corner) {
        for (int row = 0; row < imageSide; ++row) {
            const std::uint8_t* from = image.data() + row * imageSide;
            std::uint8_t* to = pixels.data() + (row + corner) * canvasSide + corner;
            for (int column = 0; column < imageSide; ++column)
                to[column] = std::max(to[column], from[column]);
        }
    };
    put(m_first->images.image(first(pair)), 0);
    put(m_second->images.image(second(pair)), secondCorner);
}

void PairedImages::pixels(int pair, std::span<float, canvasPixels> pixels, std::uint64_t epoch) const
{
    std::array<std::uint8_t, canvasPixels> bytes;
    canvas(pair, bytes);
    std::ranges::copy(bytes, pixels.begin());
    if (m_noise.amplitude == 0)
        return;
    // Row 0 of the stream is the one image for all; the others belong to draw, set and pair.
    const std::uint64_t set = 2 * (m_noise.draw + epoch) + (m_test ? 1 : 0);
    const std::uint64_t row = m_noise.fresh ? (set << 32) + static_cast<std::uint64_t>(pair) + 1 : 0;
    std::array<float, canvasPixels> normal;
    randomNormals(m_noise.seed, RandomPurpose::pixelNoise, row, normal);
    for (std::size_t i = 0; i < canvasPixels; ++i)
        pixels[i] += static_cast<float>(m_noise.amplitude) * normal[i];
}

void PairedImages::append(int pair, Batch& batch) const
{
    batch.pixels.resize(batch.pixels.size() + canvasPixels);
    pixels(pair, std::span(batch.pixels).last<canvasPixels>());
    const auto both = labels(pair);
    batch.labels.insert(batch.labels.end(), both.begin(), both.end());
    ++batch.size;
}

PixelNoise noiseOf(const TrainingPlan& plan)
{
    const bool fresh = static_cast<int>(plan.settings[training::noise]) == training::freshNoise;
    return {plan.settings[training::noise_amplitude], fresh,
        static_cast<std::uint64_t>(plan.settings[training::noise_seed])};
}

TrainingData pairImages(const TrainingImages& images, const TrainingPlan& plan)
{
    const auto setting = [&](training::Row row) { return static_cast<int>(plan.settings[row]); };
    const auto seed = static_cast<std::uint64_t>(plan.settings[training::pairing_seed]);
    const int count = commonCount(images.firstTrain, images.secondTrain);
    const int validation = setting(training::validation_pairs);
    const int held = validation > 0 ? std::max(count / 10, 1) : 0;
    if (held == count)
        throw DocumentError("training.settings.validation_pairs", std::to_string(validation),
            "needs at least two training images, one to hold back");
    const auto train = [&](int begin, int end, int pairs, bool test) {
        return PairedImages(images.firstTrain, images.secondTrain, begin, end, pairs, seed, test);
    };
    TrainingData data{train(0, count - held, setting(training::train_pairs), false),
        held > 0 ? train(count - held, count, validation, true)
                 : PairedImages(images.firstTest, images.secondTest, 0,
                     commonCount(images.firstTest, images.secondTest), setting(training::test_pairs), seed, true),
        images.classNames};
    data.train.setNoise(noiseOf(plan));
    data.test.setNoise(noiseOf(plan));
    return data;
}

} // namespace endospike

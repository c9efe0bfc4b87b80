// Small sets of labelled images for tests, and the same as the four files of a dataset.
#pragma once

#include "sim/base/whole_file.h"
#include "sim/network/multi_fashion.h"

#include <filesystem>
#include <string>

namespace endospike {

/// Image k has the label k mod 10; its top row tells k: pixel c is 255 where bit c of k is set. Below it a bar in the
/// row of its label, which a network can learn.
inline std::shared_ptr<const LabelledImages> numberedImages(int count)
{
    auto set = std::make_shared<LabelledImages>();
    set->images = {count, 28, 28, std::vector<std::uint8_t>(static_cast<std::size_t>(count) * 784)};
    for (int k = 0; k < count; ++k) {
        std::uint8_t* const image = set->images.pixels.data() + static_cast<std::ptrdiff_t>(k) * 784;
        for (int bit = 0; bit < 28; ++bit)
            image[bit] = k >> bit & 1 ? 255 : 0;
        for (int column = 4; column < 24; ++column)
            image[28 * (4 + 2 * (k % 10)) + column] = 200;
        set->labels.values.push_back(static_cast<std::uint8_t>(k % 10));
    }
    return set;
}

inline TrainingImages numberedTrainingImages(int train, int test)
{
    TrainingImages images;
    images.firstTrain = images.secondTrain = numberedImages(train);
    images.firstTest = images.secondTest = numberedImages(test);
    for (auto& names : images.classNames)
        for (int label = 0; label < classCount; ++label)
            names.push_back("class " + std::to_string(label));
    return images;
}

inline void appendBigEndian(std::string& bytes, int number)
{
    for (const int shift : {24, 16, 8, 0})
        bytes += static_cast<char>(number >> shift & 255);
}

inline void writeIdx(
    const std::filesystem::path& path, const std::vector<int>& sizes, std::span<const std::uint8_t> data)
{
    std::string bytes{'\0', '\0', '\x08', static_cast<char>(sizes.size())};
    for (const int size : sizes)
        appendBigEndian(bytes, size);
    bytes.append(reinterpret_cast<const char*>(data.data()), data.size());
    writeWholeFile(path.string(), bytes);
}

inline void writeDataset(const std::filesystem::path& folder, int train, int test)
{
    std::filesystem::create_directories(folder);
    for (const auto& [name, count] : {std::pair("train", train), std::pair("t10k", test)}) {
        const auto set = numberedImages(count);
        writeIdx(folder / (std::string(name) + "-images-idx3-ubyte"), {count, 28, 28}, set->images.pixels);
        writeIdx(folder / (std::string(name) + "-labels-idx1-ubyte"), {count}, set->labels.values);
    }
}

} // namespace endospike

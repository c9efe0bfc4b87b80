// How fast the networks answer and learn, with the memory that takes, beside the same networks in PyTorch.
#include "bench/bench.h"
#include "sim/base/errors.h"
#include "sim/network/multi_fashion.h"
#include "sim/network/network.h"
#include "sim/network/optimizer.h"

#include <Eigen/Core>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <limits>
#include <optional>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace endospike::bench {
namespace {

constexpr int batchSize = 128;
constexpr int batchCount = 8; ///< that take turns
constexpr double budget_s = 1; ///< for each case
constexpr int fewestRepetitions = 5;

/// Processor time where it is the same thing, so that what else the machine does hardly counts.
double now_s(int threads)
{
    if (threads == 1)
        return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Seconds of each of several calls, after one more to warm up.
template <class Work>
std::vector<double> repeat(int threads, Work work)
{
    work();
    std::vector<double> found;
    for (double spent = 0; spent < budget_s || found.size() < fewestRepetitions; spent += found.back()) {
        const double start = now_s(threads);
        work();
        found.push_back(now_s(threads) - start);
    }
    return found;
}

Speed samplesPerSecond(std::vector<double> seconds)
{
    for (double& each : seconds)
        each = batchSize / each;
    return summary(std::move(seconds));
}

/// Best floating-point operations per second of Eigen's product of two matrices of 1024 x 1024 floats on each thread.
double productPeak(int threads)
{
    constexpr int side = 1024;
    struct Matrices {
        Eigen::MatrixXf a = Eigen::MatrixXf::Random(side, side), b = a, c = a;
    };
    std::vector<Matrices> matrices(static_cast<std::size_t>(threads));
    Workers workers(threads);
    const std::vector<double> seconds = repeat(threads, [&] {
        workers.forEach(threads, [&](int i) {
            Matrices& m = matrices[static_cast<std::size_t>(i)];
            m.c.noalias() = m.a * m.b;
        });
    });
    return threads * 2.0 * side * side * side / std::ranges::min(seconds);
}

/// Operations of the layers' products for one sample, if all are executed and a constant input is applied once.
struct ProductCount {
    double forward, train;
};
std::optional<ProductCount> productCount(const NetworkPlan& plan)
{
    const NetworkSettings s = networkSettings(plan);
    const HiddenUnit unit = plan.kind->unit;
    if (unit == HiddenUnit::hhVoltageDependent && plan.kind->convolutional)
        return {}; // spikes pass one by one
    const double currents = unit == HiddenUnit::sLifHh ? 3 : 1, outputs = unit == HiddenUnit::sLifHh ? 4 : 1;
    double first = canvasPixels * s.hidden * currents, second = 0, features = s.hidden * outputs;
    if (plan.kind->convolutional) {
        first = 9.0 * s.hidden * canvasPixels * currents;
        second = 9.0 * s.hidden * s.hidden * canvasPixels / 4 * currents * s.steps;
        features *= canvasPixels / 16;
    }
    const double readout = features * bottleneck + taskCount * bottleneck * classCount;
    // The way back: weight gradients, and the gradient of the input of every layer but the first.
    return ProductCount{2 * (first + second + readout), 2 * (2 * first + 3 * second + 3 * readout)};
}

/// Pairs of images that are met one after the other. Stays in memory while networks are measured, as in a training.
PairedImages readPairs()
{
    const TrainingPlan plan;
    return pairImages(readTrainingImages(plan), plan).train;
}

std::vector<Batch> firstBatches(const PairedImages& pairs)
{
    std::vector<Batch> batches(batchCount);
    int pair = 0;
    for (Batch& batch : batches)
        while (batch.size < batchSize)
            pairs.append(pair++, batch);
    return batches;
}

struct NetworkSpeed {
    Speed forward, train;
};

NetworkSpeed measure(const NetworkKind& kind, const std::vector<Batch>& batches, int threads)
{
    const auto network = makeNetwork(NetworkPlan(kind), 1);
    const auto workspace = network->makeWorkspace();
    Optimizer optimizer(network->settings(), network->trainedCount());
    std::vector<float> gradient(network->trainedCount());
    Workers workers(threads);
    std::size_t turn = 0;
    NetworkSpeed found;
    found.forward = samplesPerSecond(
        repeat(threads, [&] { network->forward(batches[turn++ % batches.size()], *workspace, workers); }));
    const auto train = [&] {
        network->backward(batches[turn++ % batches.size()], *workspace, workers, gradient);
        optimizer.step(
            network->values().first(network->trainedCount()), gradient, network->settings().learningRate, workers);
    };
    found.train = samplesPerSecond(repeat(threads, train));
    return found;
}

/// `work()` in a process of its own, whose peak memory it does not share with anything before. Nothing if it died.
template <class Result, class Work>
std::optional<std::pair<Result, double>> inOwnProcess(Work work)
{
    int ends[2];
    if (pipe(ends) != 0)
        return {};
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        const Result result = work();
        _exit(write(ends[1], &result, sizeof result) == sizeof result ? 0 : 1);
    }
    close(ends[1]);
    Result result;
    const bool whole = child > 0 && read(ends[0], &result, sizeof result) == sizeof result;
    close(ends[0]);
    rusage used{};
    if (child > 0)
        wait4(child, nullptr, 0, &used);
    if (!whole)
        return {};
    return std::pair(result, 1024.0 * static_cast<double>(used.ru_maxrss));
}

const Speed* find(const Speeds& speeds, std::string_view network, const char* rest)
{
    const auto at = speeds.find(std::string(network) + " " + rest);
    return at == speeds.end() ? nullptr : &at->second;
}

void printComparison(const Speeds& torch, const NetworkKind& kind, const std::string& pass, double speed)
{
    for (const char* mode : {"published ", "hoisted "})
        if (const Speed* other = find(torch, kind.key, (mode + pass).c_str()))
            std::printf(" %8.0f %4.0f%% (x%5.1f)", other->median, 100 * other->spread, speed / other->median);
        else
            std::printf(" %23s", "-");
}

void printNetwork(
    const NetworkKind& kind, const NetworkSpeed& speed, double memory_bytes, double peak, const Speeds& torch)
{
    constexpr double mebibyte = 1 << 20;
    const auto count = productCount(NetworkPlan(kind));
    for (const bool train : {false, true}) {
        const Speed& own = train ? speed.train : speed.forward;
        std::printf("%-14s %-7s %9.0f %4.0f%%", train ? "" : kind.key.data(), train ? "train" : "forward", own.median,
            100 * own.spread);
        if (count)
            std::printf(" %5.1f%%", 100 * own.median * (train ? count->train : count->forward) / peak);
        else
            std::printf(" %6s", "-");
        printComparison(torch, kind, train ? "train" : "forward", own.median);
        if (train) {
            std::printf(" %6.0f", memory_bytes / mebibyte);
            if (const Speed* other = find(torch, kind.key, "published memory"))
                std::printf(" %7.0f", other->median / mebibyte);
        }
        std::printf("\n");
    }
    std::fflush(stdout);
}

void printTable(const std::vector<Batch>& batches, int threads, bool alone, const std::string& network)
{
    const auto peak = inOwnProcess<double>([&] { return productPeak(threads); });
    const double operations_per_s = peak ? peak->first : std::numeric_limits<double>::quiet_NaN();
    std::printf("\n%d thread%s: Eigen multiplies two matrices of 1024 x 1024 floats%s at %.0f GFLOP/s.\n", threads,
        threads == 1 ? "" : "s", threads == 1 ? "" : " on each", operations_per_s / 1e9);
    const std::string which = network.empty() ? "" : " --networks " + network;
    const Printed torch =
        alone ? Printed() : runScript("compare_torch.py --threads " + std::to_string(threads) + which);
    for (const std::string& note : torch.notes)
        std::printf("%s\n", note.c_str());
    if (!alone && torch.speeds.empty())
        std::printf("PyTorch is not there (package python3-torch), so there are no ratios.\n");
    std::printf("%-14s %-7s %9s %5s %6s %23s %23s %6s %7s\n", "network", "pass", "samples/s", "+-", "peak", "PyTorch",
        "PyTorch, input once", "MiB", "PyTorch");
    for (const NetworkKind& kind : networkKinds()) {
        if (!network.empty() && network != kind.key)
            continue;
        if (const auto speed = inOwnProcess<NetworkSpeed>([&] { return measure(kind, batches, threads); }))
            printNetwork(kind, speed->first, speed->second, operations_per_s, torch.speeds);
        else
            std::printf("%-14s could not be measured\n", kind.key.data());
    }
}

} // namespace

void benchTraining(bool alone, const std::string& network)
{
    std::printf("\nTraining: samples/s in batches of %d at published settings (voltage-dependent HH: at its defaults), "
                "median and half the range.\n"
                "forward: answers alone; train: forward, backward and optimiser. peak: the operations of the layers' "
                "products, as if all\nwere executed and the constant input applied once, against the product of two "
                "large matrices. PyTorch: the same network\nwith the input layer applied in every step, as published, "
                "or once, and how many times as fast this program is.\nMiB: most memory of a process that trains this "
                "network.\n",
        batchSize);
    try {
        const PairedImages pairs = readPairs();
        const std::vector<Batch> batches = firstBatches(pairs);
        for (const int threads : {1, 2})
            printTable(batches, threads, alone, network);
    } catch (const FileError& error) {
        std::printf("Training cannot be measured: %s\n", error.what());
    }
}

} // namespace endospike::bench

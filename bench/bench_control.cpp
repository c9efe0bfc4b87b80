// How many steps a second of an environment a policy's training makes, with one update each, on one thread.
#include "bench/bench.h"
#include "sim/control/trainer.h"

#include <cstdio>
#include <ctime>

namespace endospike::bench {
namespace {

constexpr int reports = 15;
constexpr int warmUp = 4; ///< reports: the replay has its first batches, the caches are filled

/// Steps a second on one core that the published scripts reached in PyTorch on the single pendulum; 0: not published.
struct PublishedSpeed {
    std::string_view policy;
    double steps_per_s;
};
constexpr PublishedSpeed publishedSpeeds[] = {{"lif", 60}, {"4lif", 11}, {"hh", 42}, {"s_lif2hh", 22}, {"ann", 66}};

double publishedSpeed(std::string_view policy)
{
    for (const PublishedSpeed& each : publishedSpeeds)
        if (each.policy == policy)
            return each.steps_per_s;
    return 0;
}

/// By processor time, so that what else the machine does hardly counts.
Speed measure(const EnvironmentKind& environment, const PolicyKind& kind)
{
    ControlPlan plan;
    plan.setEnvironment(environment);
    plan.policies.emplace_back(kind).parameters = publishedParameters(kind, environment);
    plan.settings.set(control::steps, (warmUp + reports) * controlReportSteps);
    plan.settings.set(control::random_steps, 0);
    plan.settings.set(control::evaluation_interval, 0);
    std::vector<double> speeds;
    std::clock_t before = std::clock();
    ControlSinks sinks;
    sinks.progress = [&](const ControlProgress& progress) {
        const std::clock_t now = std::clock();
        if (progress.step > warmUp * controlReportSteps)
            speeds.push_back(
                controlReportSteps * static_cast<double>(CLOCKS_PER_SEC) / static_cast<double>(now - before));
        before = now;
    };
    trainControl(plan, runsOf(plan).front(), {}, sinks, {});
    return summary(std::move(speeds));
}

} // namespace

void benchControl()
{
    std::printf("\nControl: environment steps/s with one update each, batch 64, at published settings with critics and "
                "towers 128 wide, one thread;\nmedian over %d times %d steps and half the range. published: the "
                "published script in PyTorch on one core (single pendulum).\n",
        reports, controlReportSteps);
    std::printf("%-26s %-10s %9s %5s %9s %7s\n", "environment", "policy", "steps/s", "+-", "published", "ratio");
    for (const EnvironmentKind& environment : environmentKinds()) {
        if (!environmentAvailable(environment)) {
            std::printf("%-26s cannot be measured: this build has no MuJoCo\n", environment.key.data());
            continue;
        }
        for (const PolicyKind& kind : policyKinds()) {
            const Speed speed = measure(environment, kind);
            std::printf(
                "%-26s %-10s %9.0f %4.0f%%", environment.key.data(), kind.key.data(), speed.median, 100 * speed.spread);
            if (const double published = publishedSpeed(kind.key); published > 0)
                std::printf(" %9.0f x%6.1f", published, speed.median / published);
            std::printf("\n");
            std::fflush(stdout);
        }
    }
}

} // namespace endospike::bench

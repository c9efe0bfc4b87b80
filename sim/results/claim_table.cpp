#include "sim/results/claims.h"

#include "sim/equivalence/simplified.h"
#include "sim/network/operation_count.h"

#include <algorithm>
#include <array>
#include <deque>

namespace endospike {
namespace {

/// Keys that are put together; they live as long as the program.
std::string_view keep(std::string text)
{
    static std::deque<std::string> kept;
    return kept.emplace_back(std::move(text));
}

std::vector<ClaimRule> spikeCountRules()
{
    std::vector<ClaimRule> rules;
    for (const PaperStimulus& stimulus : paperStimuli()) {
        const std::string key(stimulus.key);
        rules.push_back({keep(key + "/s_lif2hh"), Relation::equal, keep(key + "/hh")});
    }
    return rules;
}

/// The printed digits, and four times as many LIF neurons cost more.
std::vector<ClaimRule> costRules()
{
    std::vector<ClaimRule> rules;
    for (const NetworkKind& kind : networkKinds())
        if (kind.printed) {
            const std::string key(kind.key);
            rules.push_back({keep(key + "/additions"), Relation::equal, {}, kind.printed->additions});
            rules.push_back({keep(key + "/multiplications"), Relation::equal, {}, kind.printed->multiplications});
        }
    rules.push_back({"4lif_fc/operations", Relation::above, "hh_fc/operations"});
    rules.push_back({"4lif_fc/operations", Relation::above, "s_lif2hh_fc/operations"});
    return rules;
}

/// The paper's order of four models, once for each condition.
std::vector<ClaimRule> orderRules(
    const std::array<std::string, 4>& hhSimpleLifFour, std::initializer_list<const char*> conditions, double least)
{
    const auto& [hh, simple, lif, four] = hhSimpleLifFour;
    std::vector<ClaimRule> rules;
    for (const char* condition : conditions) {
        const auto at = [&](const std::string& model) { return keep(model + "/" + condition); };
        rules.push_back({at(hh), Relation::about, at(simple), 0, least});
        for (const std::string& rich : {hh, simple}) {
            rules.push_back({at(rich), Relation::above, at(lif), 0, least});
            rules.push_back({at(rich), Relation::aboutOrAbove, at(four), 0, least});
        }
    }
    return rules;
}

/// The order of the policies, while they learn and after it.
std::vector<ClaimRule> balanceRules(int poles)
{
    const std::array<std::string, 4> policies = {"hh", "s_lif2hh", "lif", "4lif"};
    const double mostInAStep = 5 * (poles + 1); // 5 for each quantity that is watched
    std::vector<ClaimRule> rules =
        orderRules(policies, {"none/training", "state/training", "reward/training"}, 0.01 * mostInAStep);
    const std::vector<ClaimRule> tests = orderRules(policies, {"none", "state", "reward"}, 0.01 * 1000 * mostInAStep);
    rules.insert(rules.end(), tests.begin(), tests.end());
    return rules;
}

std::vector<PaperClaim> cellClaims()
{
    constexpr std::string_view toFour =
        "endospike-cli new equivalence > four.json; endospike-cli run four.json --out four; then "
        "bench/assemble_claims.py --equivalence four/result.json";
    return {
        {"equivalence", "One HH neuron is four LIF neurons",
            "A Hodgkin-Huxley neuron and a microstructure of four time-varying LIF neurons have the same membrane "
            "potential, exactly.",
            "Figs. 2 and 3",
            "The largest difference of the two potentials over all steps is at most 10⁻⁹ mV, and both cells fire as "
            "often, at the same times to within 10⁻⁹ ms.",
            toFour,
            {{"maximum_mv", Relation::atMost, {}, 1e-9}, {"tv_lif2hh_spikes", Relation::equal, "hh_spikes"},
                {"spike_shift_ms", Relation::atMost, {}, 1e-9}}},
        {"simplified", "Four simplified LIF neurons suffice",
            "The simplified unit of four LIF neurons with constant parameters answers five stimuli as the HH neuron "
            "does.",
            "Fig. 3", "On each stimulus the driven unit fires as often as the driven HH cell.", toFour,
            spikeCountRules()},
        {"circuits", "Circuits stay the same",
            "XOR circuits and a fully connected layer give the same spikes with HH cells and with their four-LIF "
            "microstructures.",
            "Fig. 3",
            "In no case of the XOR circuit does a spike differ by more than 10⁻⁹ ms, at no step of the layer do the "
            "outputs differ, and the potentials differ by at most 10⁻⁶ mV.",
            toFour,
            {{"xor_differing_cases", Relation::equal, {}, 0}, {"xor_maximum_mv", Relation::atMost, {}, 1e-6},
                {"layer_hamming", Relation::equal, {}, 0}, {"layer_maximum_mv", Relation::atMost, {}, 1e-6}}},
    };
}

std::vector<PaperClaim> taskClaims()
{
    constexpr std::string_view orderRule =
        "“About equal” means within 0.5 points or the sum of both standard errors, whichever is larger; “above” means "
        "by more than that.";
    constexpr std::string_view returnRule =
        "Compared are the means over seeds, without noise, with noise on the state, and with noise on the reward: of "
        "the reward in a step over the last 1000 steps of training, as the paper's figure shows it, and of the return "
        "of the test episodes that the finished policies then play by their mean action. “About equal” means within "
        "1 % of the most that is possible or the sum of both standard errors, whichever is larger; “above” means by "
        "more than that.";
    constexpr std::string_view toTrain =
        "endospike-cli train published.json --out runs; then bench/assemble_training_results.py";
    constexpr std::string_view toBalance = "endospike-cli train balance.json --out runs, with every policy and several "
                                           "seeds, and again with either noise; then "
                                           "bench/assemble_claims.py with the folders of the runs";
    return {
        {"training_fc", "Two tasks at once, fully connected",
            "A network of HH neurons, or of simplified four-LIF units, learns two tasks better than a LIF network of "
            "the same size and as well as one with four times the neurons.",
            "Fig. 4", orderRule, toTrain, {}, NetworkForm::fullyConnected},
        {"training_conv", "Two tasks at once, convolutional",
            "The same order of the convolutional networks: HH and simplified units above LIF, and as good as four "
            "times as many LIF channels.",
            "Fig. 4", orderRule, toTrain, {}, NetworkForm::convolutional},
        {"pendulum_single", "Balancing one pendulum",
            "As policies of an inverted pendulum, HH neurons and simplified units reach more reward than as many LIF "
            "neurons, and as much as four times as many; with and without noise.",
            "Fig. 4", returnRule, toBalance, balanceRules(1), {}, "inverted_pendulum"},
        {"pendulum_double", "Balancing two pendulums", "The same order on the inverted double pendulum.", "Fig. 4",
            returnRule, toBalance, balanceRules(2), {}, "inverted_double_pendulum"},
    };
}

std::vector<PaperClaim> reasonClaims()
{
    const std::array<std::string, 4> nets = {"hh_fc", "s_lif2hh_fc", "lif_fc", "4lif_fc"};
    return {
        {"robustness", "Robust under noise",
            "With Gaussian noise on the images, networks of HH neurons and of simplified units stay above LIF networks "
            "and at least as good as four times as many LIF neurons.",
            "Fig. 5",
            "Compared is the mean of both tasks' accuracies at each amplitude. “About equal” means within 0.5 points "
            "or the sum of both standard errors, whichever is larger; “above” means by more than that.",
            "endospike-cli new robustness > noise.json; endospike-cli sweep noise.json --out noise; then "
            "bench/assemble_claims.py --robustness noise",
            orderRules(nets, {"25", "50", "75"}, 0.5)},
        {"cost", "Internal complexity is cheap",
            "A forward pass takes 9.99419 million additions and 10.00192 million multiplications with LIF neurons, "
            "10.09403 and 10.15552 million with HH neurons: hardly more, and less than four times as many LIF neurons.",
            "Fig. 5",
            "The four counts are the same to the digit, and four times as many LIF neurons take more "
            "operations, counted as published.",
            "endospike-cli new cost > cost.json; endospike-cli cost cost.json --json > counts.json; then "
            "bench/assemble_claims.py --cost cost.json counts.json",
            costRules()},
        {"information", "What the code keeps",
            "Seen as an information bottleneck, HH networks and networks of simplified units are alike, and their "
            "codes tell more about the answers than those of LIF networks.",
            "Fig. 5",
            "Compared is I(Z;Y) of both answers after the last epoch, on the test set. “About equal” means within 0.05 "
            "bits or the sum of both standard errors, whichever is larger; “above” means by more than that.",
            "endospike-cli new information > plane.json; endospike-cli information plane.json --out plane; then "
            "bench/assemble_claims.py --information plane/result.json",
            {{"hh_fc/answers", Relation::about, "s_lif2hh_fc/answers", 0, 0.05},
                {"hh_fc/answers", Relation::above, "lif_fc/answers", 0, 0.05},
                {"s_lif2hh_fc/answers", Relation::above, "lif_fc/answers", 0, 0.05}}},
    };
}

std::vector<PaperClaim> allClaims()
{
    std::vector<PaperClaim> all = cellClaims();
    for (const std::vector<PaperClaim>& more : {taskClaims(), reasonClaims()})
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

} // namespace

std::span<const PaperClaim> claimTable()
{
    static const std::vector<PaperClaim> claims = allClaims();
    return claims;
}

const PaperClaim* findClaim(std::string_view key)
{
    const auto at = std::ranges::find(claimTable(), key, &PaperClaim::key);
    return at == claimTable().end() ? nullptr : &*at;
}

} // namespace endospike

#include "sim/information/log.h"

#include "endospike_version.h"
#include "sim/base/document_head.h"
#include "sim/base/whole_file.h"
#include "sim/document/laboratory.h"
#include "sim/information/settings.h"
#include "sim/network/run_folder.h"
#include "sim/runs/run_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace endospike {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t maximumMetricsBytes = 64u << 20;

Json pointToJson(const InformationPoint& point)
{
    return {{"i_zx_bits", figureToJson(point.inputBits())},
        {"i_zy_bits", figuresToJson({point.taskBits(0), point.taskBits(1)})},
        {"i_zy_joint_bits", figureToJson(point.jointBits())},
        {"i_zy_published_counting_bits", figureToJson(point.publishedJointBits())},
        {"kl_nats", figureToJson(point.kl_nats)}, {"cross_entropy_nats", figuresToJson(point.crossEntropy_nats)},
        {"accuracy", figuresToJson(point.accuracy)}};
}

/// The bits are what follows from the rest.
InformationPoint pointFromJson(const Json& json, const std::string& path)
{
    ObjectReader reader(json, path);
    InformationPoint point;
    point.kl_nats = reader.figure("kl_nats");
    point.crossEntropy_nats = reader.figures("cross_entropy_nats");
    point.accuracy = reader.figures("accuracy");
    for (const char* derived : {"i_zx_bits", "i_zy_bits", "i_zy_joint_bits", "i_zy_published_counting_bits"})
        reader.find(derived);
    reader.finish();
    return point;
}

Json epochToJson(const RunId& id, const InformationEpoch& epoch)
{
    return {{"event", "epoch"}, {"network", id.network}, {"seed", id.seed}, {"epoch", epoch.epoch},
        {"loss_nats", figureToJson(epoch.loss_nats)}, {"train", pointToJson(epoch.train)},
        {"test", pointToJson(epoch.test)}, {"learning_rate", epoch.learningRate},
        {"samples_per_s", figureToJson(epoch.samples_per_s)}, {"elapsed_s", epoch.elapsed_s}};
}

InformationEpoch epochFromJson(const Json& json)
{
    ObjectReader reader(json, "");
    if (reader.text("event", "") != "epoch")
        throw DocumentError("event", "", "must be \"epoch\"");
    InformationEpoch epoch;
    reader.text("network", "");
    reader.find("seed");
    epoch.epoch = reader.count("epoch", -1);
    epoch.loss_nats = reader.figure("loss_nats");
    epoch.train = pointFromJson(reader.need("train"), "train");
    epoch.test = pointFromJson(reader.need("test"), "test");
    epoch.learningRate = reader.figure("learning_rate");
    epoch.samples_per_s = reader.figure("samples_per_s");
    epoch.elapsed_s = reader.figure("elapsed_s");
    reader.finish();
    return epoch;
}

} // namespace

std::string toJsonLine(const RunId& id, const InformationEpoch& epoch) { return lineOf(epochToJson(id, epoch)); }

std::vector<InformationEpoch> informationFromJsonLines(std::string_view text)
{
    std::vector<InformationEpoch> epochs;
    for (std::size_t end; (end = text.find('\n')) != text.npos; text.remove_prefix(end + 1)) {
        epochs.push_back(epochFromJson(parseDocument(text.substr(0, end))));
        if (epochs.back().epoch != static_cast<int>(epochs.size()) - 2)
            throw DocumentError("epoch", std::to_string(epochs.back().epoch), "must count up from -1");
    }
    return epochs;
}

std::string informationResult(const Experiment& experiment, const std::vector<InformationRun>& runs)
{
    Json list = Json::array();
    bool stopped = runs.size() < runsOf(experiment.training).size();
    for (const InformationRun& run : runs) {
        Json epochs = Json::array();
        for (const InformationEpoch& epoch : run.epochs)
            epochs.push_back(epochToJson(run.id, epoch));
        list.push_back({{"network", run.id.network}, {"kind", run.kind->key}, {"seed", run.id.seed},
            {"outcome", run.stopped ? "stopped" : "done"}, {"epochs", std::move(epochs)}});
        stopped = stopped || run.stopped;
    }
    const Json json = {{"format", "endospike-result"}, {"version", 1}, {"laboratory", "information"},
        {"versions", {{"endospike", ENDOSPIKE_VERSION}, {"document", documentVersion}, {"compiler", __VERSION__}}},
        {"outcome", stopped ? "stopped" : "done"}, {"estimator", informationEstimator},
        {"countings",
            {{"i_zy_joint_bits", "The sum of the bounds of both answers: log2(10) is counted for each."},
                {"i_zy_published_counting_bits", "As published: log2(10) is counted once for both answers."}}},
        {"runs", std::move(list)}, {"experiment", Json::parse(toJson(experiment))}};
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

InformationRecord readInformationFolder(const std::string& folder)
{
    InformationRecord record;
    record.experiment = experimentFromJson(readWholeFile(experimentPath(folder), maximumDocumentBytes));
    const std::vector<RunId> runs = runsOf(record.experiment.training);
    if (record.experiment.laboratory->key != information::key || runs.size() != 1)
        throw DocumentError(experimentPath(folder), "", "is not the experiment of one run of the information plane");
    record.run.id = runs.front();
    record.run.kind = record.experiment.training.networks.front().kind;
    if (const std::string path = metricsPath(folder); fileExists(path))
        record.run.epochs = informationFromJsonLines(readWholeFile(path, maximumMetricsBytes));
    record.run.stopped = static_cast<int>(record.run.epochs.size()) < record.experiment.training.epochs() + 1;
    return record;
}

std::vector<InformationRecord> readInformationFolders(const std::string& parent)
{
    std::error_code error;
    std::vector<std::string> folders = {parent};
    for (fs::directory_iterator at(parent, error), end; !error && at != end; at.increment(error))
        folders.push_back(at->path().string());
    if (error)
        throw FileError(parent, error.message());
    std::ranges::sort(folders);
    std::vector<InformationRecord> records;
    for (const std::string& folder : folders) {
        if (!fileExists(experimentPath(folder)))
            continue;
        try {
            records.push_back(readInformationFolder(folder));
        } catch (const DocumentError&) { // another laboratory's
        }
    }
    return records;
}

} // namespace endospike

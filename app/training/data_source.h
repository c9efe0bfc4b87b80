// The pairs that a training document asks for: read in the background, kept while the document asks for the same,
// shared with everything that looks at them.
#pragma once

#include "app/jobs/newest_job.h"
#include "sim/network/multi_fashion.h"

#include <QObject>
#include <QString>

#include <memory>
#include <optional>

namespace endospike {

/// What of a plan decides over its pairs.
struct TrainingDataKey {
    std::string dataFolder, digitsFolder;
    std::vector<double> settings;

    explicit TrainingDataKey(const TrainingPlan& plan);
    /// The same files; their pairs may differ.
    bool sameImages(const TrainingDataKey& other) const;
    friend bool operator==(const TrainingDataKey&, const TrainingDataKey&) = default;
};

class TrainingDataSource : public QObject {
    Q_OBJECT

public:
    using Data = std::shared_ptr<const TrainingData>;

    explicit TrainingDataSource(QObject* parent = nullptr);

    /// Reads what is not there yet; changed() follows.
    void want(const TrainingPlan& plan);
    /// Reads the files again, also if that failed before.
    void retry();
    void stop(); ///< waits for the thread

    /// Of the plan that was wanted last; nullptr while its files are read, or if they are missing.
    const Data& data() const { return m_data; }
    /// The same if it belongs to this plan.
    Data dataFor(const TrainingPlan& plan) const;
    bool isReading() const { return m_job.isBusy(); }
    const QString& problem() const { return m_problem; } ///< why there is none; empty if there is, or may be soon

signals:
    void changed();

private:
    void read();

    struct Found {
        std::shared_ptr<const TrainingImages> images;
        Data data;
    };
    std::optional<TrainingPlan> m_plan;
    std::optional<TrainingDataKey> m_imagesKey; ///< of m_images
    std::optional<TrainingDataKey> m_dataKey; ///< of m_data
    std::shared_ptr<const TrainingImages> m_images;
    Data m_data;
    QString m_problem;
    NewestJob m_job; // last: its thread ends before what it uses goes
};

} // namespace endospike

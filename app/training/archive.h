// Runs on the disk, below one folder: listed in the background, looked into, moved aside and put back.
#pragma once

#include "app/jobs/newest_job.h"
#include "sim/network/run_folder.h"

#include <QObject>
#include <QString>

#include <memory>
#include <string>
#include <vector>

namespace endospike {

class Network;

class TrainingArchive : public QObject {
    Q_OBJECT

public:
    explicit TrainingArchive(const QString& folder, QObject* parent = nullptr);

    /// Every run of every work, newest work first; listed() follows. What was moved aside in an earlier session goes.
    void list();
    /// Reads the network of a run's checkpoint; opened() or failed() follows, unless another one is asked for.
    void open(const std::string& runFolder);
    /// Makes a run of a checkpoint from elsewhere (adoptCheckpoint), in a new work; one of our own is left where it is.
    /// adopted() or failed() follows.
    void adopt(const QString& file);
    void forgetOpening() { m_opening.cancel(); }
    void stop(); ///< waits for the threads

    /// Out of the list's sight; returns where it is now. Both throw FileError.
    std::string moveAside(const std::string& runFolder);
    void putBack(const std::string& aside, const std::string& runFolder);

signals:
    void listed(std::vector<endospike::RunRecord> records, const QStringList& problems);
    void opened(const std::string& runFolder, const endospike::RunId& id, const endospike::EpochMetrics& metrics,
        std::shared_ptr<const endospike::Network> network);
    void adopted(const endospike::RunRecord& record);
    void failed(const QString& sentence);

private:
    QString m_folder;
    NewestJob m_listing, m_opening, m_adopting; // last: their threads end before what they use goes
};

} // namespace endospike

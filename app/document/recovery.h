// Keeps unsaved work on the disk while it is edited, and finds what a crash left behind.
#pragma once

#include "sim/document/experiment.h"

#include <QDateTime>
#include <QLockFile>
#include <QObject>
#include <QString>
#include <QTimer>

#include <memory>
#include <optional>

namespace endospike {

class Document;

/// Each running program has a file of its own in the folder, and a lock beside it that dies with it.
class Recovery : public QObject {
    Q_OBJECT

public:
    /// At most this much work is lost.
    static constexpr int interval_ms = 2000;

    Recovery(Document& document, const QString& folder, QObject* parent = nullptr);
    ~Recovery() override;
    /// An orderly end, with everything saved or given up: nothing is left to recover.
    void end();

    struct Found {
        Experiment experiment;
        QString documentPath; ///< where it was stored before; may be empty
        QDateTime written;
        QString file;
        std::shared_ptr<QLockFile> lock; ///< ours as long as this lives, so that only one program offers it
    };
    /// The newest unsaved work of a program that is no longer running. What cannot be read is removed.
    std::optional<Found> findLost();
    void discard(const Found& found);

    /// Writes now if there is something unsaved that is not yet written; removes the file if all is saved.
    void update();
    const QString& file() const { return m_file; }

signals:
    /// The folder cannot be written; said once.
    void failed(const QString& sentence);

private:
    std::optional<Found> read(const QString& file) const;

    Document& m_document;
    QString m_folder;
    QString m_file;
    std::unique_ptr<QLockFile> m_lock;
    QTimer m_timer;
    quint64 m_writtenRevision = 0;
    bool m_written = false;
    bool m_failed = false;
};

} // namespace endospike

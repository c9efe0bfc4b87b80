// Getting results out: samples as CSV or NPY, plots as PNG, SVG or PDF, a copy on the clipboard.
#pragma once

#include "app/jobs/job_runner.h"
#include "app/laboratory/export_request.h"
#include "app/laboratory/file_chooser.h"
#include "app/laboratory/page_parts.h"
#include "sim/trace/trace_writer.h"

#include <QObject>
#include <QString>

#include <functional>

namespace endospike {

class MessageBar;
class Settings;
class Workbench;
struct Experiment;
struct NeuronPlan;
struct FileQuestion;
struct Surroundings;

class ExportCommands : public QObject {
    Q_OBJECT

public:
    /// All of them outlive this. `window` is the parent of dialogs.
    ExportCommands(Workbench& workbench, const Surroundings& surroundings, Settings& settings, MessageBar& messages,
        QWidget& window);

    /// Of what is in front: what is seen of its plots over time, or else its table.
    void exportVisible();
    /// Of the plots over time: all that is kept.
    void exportRecording();
    /// Computes the experiment from its start to its end and keeps every sample.
    void exportWholeRun();
    /// The visible plots, or the one with this key, in the format that the chosen name ends in.
    void exportFigure(const QString& plotKey = {});
    void copyFigure();
    /// The same of something else; drawn when the file is chosen.
    void exportPicture(const QString& what, const std::function<FigureRequest()>& draw);
    void exportCsv(const QString& what, const QString& table);
    void write(const ExportRequest& request);

    bool isBusy() const { return m_runner.isRunning(); }

private:
    void exportSamples(const QString& title, const QString& what, double from_ms, double to_ms);
    void ask(const FileQuestion& question, const FileChosen& chosen);
    void begin(const QString& path, JobRunner::Work work);
    void writeFigure(const FigureRequest& request, const QString& path);
    void say(const QString& sentence);
    QString suggestedPath(const QString& what, const QString& suffix) const;
    FigureRequest figure(const QString& plotKey) const;

    Workbench& m_workbench;
    const Surroundings& m_surroundings;
    Settings& m_settings;
    MessageBar& m_messages;
    QWidget& m_window;
    QString m_target;
    JobRunner m_runner;
};

/// What the laboratory of an experiment says below its figures: title, what differs from the defaults, seeds.
QString figureCaption(const Experiment& experiment);

/// The whole run as one table; the work behind exportWholeRun(). Throws FileError, SimulationError.
void writeWholeRun(const NeuronPlan& plan, const std::string& path, TraceFormat format, const JobContext& context);

} // namespace endospike

// Getting results out: samples as CSV or NPY, plots as PNG, SVG or PDF, a copy on the clipboard.
#pragma once

#include "app/jobs/job_runner.h"
#include "app/laboratory/file_chooser.h"
#include "app/training/listed_run.h"
#include "sim/trace/trace_writer.h"
#include "widgets/plot/figure.h"

#include <QObject>
#include <QString>

#include <functional>
#include <vector>

namespace endospike {

class Document;
class MessageBar;
class Page;
class Settings;

class ExportCommands : public QObject {
    Q_OBJECT

public:
    ExportCommands(Document& document, Settings& settings, MessageBar& messages, QWidget& window);

    void setFileChooser(FileChooser chooser) { m_choose = std::move(chooser); }
    void setPage(Page* page) { m_page = page; }

    /// What is seen, or all that is kept, of the live run; the first gives the table of a page that has no live run.
    void exportVisible();
    void exportRecording();
    /// Computes the experiment from its start to its end and keeps every sample.
    void exportWholeRun();
    /// The visible plots, or the one with this key, in the format that the chosen name ends in.
    void exportFigure(const QString& plotKey = {});
    void copyFigure();
    /// The same of something that is no page; drawn when the file is chosen.
    void exportPicture(const QString& what, const std::function<FigureRequest()>& draw);
    void copyPicture(const FigureRequest& request);
    void exportCsv(const QString& what, const QString& table);
    /// Every epoch of these trainings: one CSV table, or a folder for TensorBoard.
    void exportRuns(const std::vector<RunRecord>& runs, RunExport format);

    bool isBusy() const { return m_runner.isRunning(); }

private:
    void askForTable(const QString& title, const QString& what, const std::function<void(const QString&)>& write);
    void exportTable();
    void writeSamples(double from_ms, double to_ms, const QString& path);
    void writeFigure(const FigureRequest& request, const QString& path);
    void begin(const QString& path, JobRunner::Work work);
    void say(const QString& sentence);
    QString suggestedPath(const QString& what, const QString& suffix) const;

    Document& m_document;
    Settings& m_settings;
    MessageBar& m_messages;
    QWidget& m_window;
    Page* m_page = nullptr;
    FileChooser m_choose = chooseFileInDialog;
    QString m_target;
    JobRunner m_runner;
};

/// Model, cells, what differs from the defaults, seeds: the line below a figure.
QString figureCaption(const struct Experiment& experiment);

/// The whole run as one table; the work behind exportWholeRun(). Throws FileError, SimulationError.
void writeWholeRun(
    const struct NeuronPlan& plan, const std::string& path, TraceFormat format, const JobContext& context);

} // namespace endospike

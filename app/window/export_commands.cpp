#include "app/window/export_commands.h"

#include "app/document/document.h"
#include "app/laboratory/page.h"
#include "app/laboratory/settings.h"
#include "app/training/export.h"
#include "app/window/message_bar.h"
#include "sim/base/errors.h"
#include "sim/base/whole_file.h"
#include "sim/document/caption.h"
#include "sim/document/laboratory.h"
#include "sim/neuron/run.h"
#include "widgets/form/parameter_form.h"
#include "widgets/trace/plot_stack.h"

#include <QApplication>
#include <QClipboard>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <optional>

namespace endospike {

namespace {

constexpr const char* messageKey = "export";

TraceFormat formatOf(const QString& path)
{
    return path.endsWith(QLatin1String(".npy"), Qt::CaseInsensitive) ? TraceFormat::npy : TraceFormat::csv;
}

bool isEmpty(const FigureRequest& request) { return request.plots.empty() && request.pictures.empty(); }

QString noPlot() { return ExportCommands::tr("There is no plot here."); }

} // namespace

QString figureCaption(const Experiment& experiment)
{
    const std::string title = experiment.title.empty() ? "" : experiment.title + ". ";
    return QString::fromStdString(title + joined(experiment.laboratory->caption(experiment), "; ") + ".");
}

void writeWholeRun(const NeuronPlan& plan, const std::string& path, TraceFormat format, const JobContext& context)
{
    std::optional<TraceTable> table;
    std::vector<double> row;
    run(plan, context, [&](const TraceBlock& block) {
        const std::size_t columns = block.layout->columns.size();
        if (!table) {
            std::vector<std::string> titles;
            for (const TraceColumn& column : block.layout->columns)
                titles.push_back(columnTitle(column));
            table.emplace(path, format, std::move(titles));
        }
        row.resize(columns);
        const auto count = static_cast<std::size_t>(block.count);
        for (std::size_t k = 0; k < count; ++k) {
            for (std::size_t c = 0; c < columns; ++c)
                row[c] = block.values[c * count + k];
            table->addRow(block.first_ms + static_cast<double>(k) * block.interval_ms, row);
        }
    });
    if (!table || context.stop.stop_requested())
        return;
    table->finish();
    table->publish();
}

ExportCommands::ExportCommands(Document& document, Settings& settings, MessageBar& messages, QWidget& window)
    : m_document(document)
    , m_settings(settings)
    , m_messages(messages)
    , m_window(window)
{
    connect(&m_runner, &JobRunner::progressed, this, [this](double fraction, const QString& sentence) {
        m_messages.setProgress(QLatin1String(messageKey), fraction, sentence);
    });
    connect(&m_runner, &JobRunner::finished, this, [this] { say(tr("Written: %1").arg(m_target)); });
    connect(&m_runner, &JobRunner::cancelled, this, [this] { say(tr("Export cancelled; nothing was written.")); });
    connect(&m_runner, &JobRunner::failed, this, [this](const QString& sentence) {
        m_messages.show(QLatin1String(messageKey), MessageBar::Kind::problem, tr("Export failed: %1").arg(sentence));
    });
}

void ExportCommands::say(const QString& sentence)
{
    m_messages.show(QLatin1String(messageKey), MessageBar::Kind::note, sentence);
}

QString ExportCommands::suggestedPath(const QString& what, const QString& suffix) const
{
    QString base =
        m_document.path().isEmpty() ? m_document.displayName() : QFileInfo(m_document.path()).completeBaseName();
    base.replace(QLatin1Char('/'), QLatin1Char('-'));
    return QDir(m_settings.lastFolder()).filePath(base + QLatin1Char(' ') + what + QLatin1Char('.') + suffix);
}

void ExportCommands::askForTable(
    const QString& title, const QString& what, const std::function<void(const QString&)>& write)
{
    m_choose(&m_window,
        {title, suggestedPath(what, "csv"), {tr("CSV table (*.csv)"), tr("NumPy array (*.npy)")}, true, "csv"},
        [this, write](const QString& path) {
            m_settings.setLastFolder(QFileInfo(path).absolutePath());
            write(path);
        });
}

void ExportCommands::exportVisible()
{
    if (!m_page)
        return;
    if (!m_page->plots())
        return exportTable();
    // What is seen when the person asks, not when the dialog is answered.
    const TimeRange range = m_page->plots()->visibleRange();
    askForTable(tr("Export the visible range"), tr("visible"),
        [this, range](const QString& path) { writeSamples(range.from_ms, range.to_ms, path); });
}

void ExportCommands::exportTable()
{
    const QString table = m_page->table(); // as it is when the person asks
    if (table.isEmpty())
        return say(tr("There is no table on this page."));
    exportCsv(tr("table"), table);
}

void ExportCommands::exportCsv(const QString& what, const QString& table)
{
    m_choose(&m_window, {tr("Export the table"), suggestedPath(what, "csv"), {tr("CSV table (*.csv)")}, true, "csv"},
        [this, table](const QString& path) {
            m_settings.setLastFolder(QFileInfo(path).absolutePath());
            begin(path, [bytes = table.toStdString(), file = QFile::encodeName(path).toStdString()](const JobContext&) {
                writeWholeFile(file, bytes);
            });
        });
}

void ExportCommands::exportRecording()
{
    askForTable(tr("Export the recording"), tr("recording"),
        [this](const QString& path) { writeSamples(-1e300, 1e300, path); });
}

void ExportCommands::writeSamples(double from_ms, double to_ms, const QString& path)
{
    if (!m_page)
        return;
    if (m_page->history().empty()) {
        say(tr("There is nothing recorded yet."));
        return;
    }
    // A copy, because the recording goes on.
    const auto history = std::make_shared<const TraceHistory>(m_page->history());
    const std::string file = QFile::encodeName(path).toStdString();
    begin(path, [=, format = formatOf(path)](const JobContext& context) {
        writeHistory(*history, from_ms, to_ms, file, format, context);
    });
}

void ExportCommands::exportWholeRun()
{
    const NeuronPlan plan = m_document.experiment().neuron;
    askForTable(tr("Run to the end and export"), tr("run"), [this, plan](const QString& path) {
        const std::string file = QFile::encodeName(path).toStdString();
        begin(path, [plan, file, format = formatOf(path)](const JobContext& context) {
            writeWholeRun(plan, file, format, context);
        });
    });
}

void ExportCommands::exportRuns(const std::vector<RunRecord>& runs, RunExport format)
{
    if (runs.empty())
        return say(tr("There is nothing to export: tick runs that have been trained."));
    const auto kept = std::make_shared<const std::vector<RunRecord>>(runs);
    if (format == RunExport::csv)
        return m_choose(&m_window,
            {tr("Export the runs"), suggestedPath(tr("runs"), "csv"), {tr("CSV table (*.csv)")}, true, "csv"},
            [this, kept](const QString& path) {
                m_settings.setLastFolder(QFileInfo(path).absolutePath());
                begin(path, [kept, file = QFile::encodeName(path).toStdString()](const JobContext&) {
                    writeWholeFile(file, runsAsCsv(*kept));
                });
            });
    FileQuestion question;
    question.title = tr("Export the runs for TensorBoard: choose a folder");
    question.start = m_settings.lastFolder();
    question.folder = true;
    m_choose(&m_window, question, [this, kept](const QString& path) {
        m_settings.setLastFolder(path);
        const double now_s = static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000;
        begin(path, [kept, now_s, folder = QFile::encodeName(path).toStdString()](const JobContext& context) {
            writeRunsForTensorBoard(folder, *kept, now_s, context);
        });
    });
}

void ExportCommands::begin(const QString& path, JobRunner::Work work)
{
    if (m_runner.isRunning()) {
        m_messages.show("export-busy", MessageBar::Kind::problem,
            tr("An export is still being written; wait for it or cancel it first."));
        return;
    }
    m_target = path;
    m_runner.start(std::move(work));
    m_messages.show(QLatin1String(messageKey), MessageBar::Kind::progress,
        tr("Writing %1").arg(QFileInfo(path).fileName()), {{tr("Cancel"), [this] { m_runner.cancel(); }}});
}

void ExportCommands::exportFigure(const QString& plotKey)
{
    if (!m_page)
        return;
    exportPicture(plotKey.isEmpty() ? tr("figure") : plotKey, [this, plotKey] {
        const QString caption = figureCaption(m_document.experiment());
        TimePlot* plot = m_page->plots() ? m_page->plots()->plot(plotKey) : nullptr;
        return plot ? figureOf(*plot, caption) : m_page->figure(caption);
    });
}

void ExportCommands::exportPicture(const QString& what, const std::function<FigureRequest()>& draw)
{
    if (isEmpty(draw()))
        return say(noPlot());
    m_choose(&m_window,
        {tr("Export a figure"), suggestedPath(what, "png"),
            {tr("PNG picture (*.png)"), tr("SVG drawing (*.svg)"), tr("PDF (*.pdf)")}, true, "png"},
        [this, draw](const QString& path) {
            m_settings.setLastFolder(QFileInfo(path).absolutePath());
            writeFigure(draw(), path);
        });
}

void ExportCommands::writeFigure(const FigureRequest& request, const QString& path)
{
    const QString suffix = QFileInfo(path).suffix().toLower();
    const QByteArray bytes = suffix == "svg" ? figureSvg(request)
        : suffix == "pdf"                    ? figurePdf(request)
                                             : figurePng(request);
    try {
        writeWholeFile(
            QFile::encodeName(path).toStdString(), {bytes.constData(), static_cast<std::size_t>(bytes.size())});
        say(tr("Written: %1").arg(path));
    } catch (const FileError& error) {
        m_messages.show(QLatin1String(messageKey), MessageBar::Kind::problem,
            tr("Export failed: %1").arg(QString::fromUtf8(error.what())));
    }
}

void ExportCommands::copyFigure()
{
    if (m_page)
        copyPicture(m_page->figure(figureCaption(m_document.experiment())));
}

void ExportCommands::copyPicture(const FigureRequest& request)
{
    if (isEmpty(request))
        return say(noPlot());
    QApplication::clipboard()->setImage(figureImage(request));
    say(tr("The plots are on the clipboard as a picture."));
}

} // namespace endospike

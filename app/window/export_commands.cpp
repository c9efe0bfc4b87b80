#include "app/window/export_commands.h"

#include "app/laboratory/settings.h"
#include "app/window/message_bar.h"
#include "app/window/workbench.h"
#include "sim/base/errors.h"
#include "sim/base/whole_file.h"
#include "sim/document/caption.h"
#include "sim/neuron/run.h"
#include "widgets/trace/plot_stack.h"
#include "widgets/trace/time_plot.h"

#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <optional>

namespace endospike {

namespace {

constexpr const char* messageKey = "export";

std::string encoded(const QString& path) { return QFile::encodeName(path).toStdString(); }

TraceFormat formatOf(const QString& path)
{
    return path.endsWith(QLatin1String(".npy"), Qt::CaseInsensitive) ? TraceFormat::npy : TraceFormat::csv;
}

QStringList sampleFilters()
{
    return {ExportCommands::tr("CSV table (*.csv)"), ExportCommands::tr("NumPy array (*.npy)")};
}

QString noPlot() { return ExportCommands::tr("There is no plot here."); }

} // namespace

QString figureCaption(const Experiment& experiment)
{
    std::vector<std::string> sentences;
    if (!experiment.title.empty())
        sentences.push_back(experiment.title);
    if (const std::string said = joined(experiment.laboratory->caption(experiment), "; "); !said.empty())
        sentences.push_back(said + ".");
    return QString::fromStdString(joined(sentences, ". "));
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

ExportCommands::ExportCommands(
    Workbench& workbench, const Surroundings& surroundings, Settings& settings, MessageBar& messages, QWidget& window)
    : m_workbench(workbench)
    , m_surroundings(surroundings)
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

/// After the document that is shown, or what else is in front.
QString ExportCommands::suggestedPath(const QString& what, const QString& suffix) const
{
    const Document& document = m_workbench.bench().document();
    QString base = !m_workbench.isLaboratoryInFront() ? m_workbench.currentWidget()->windowTitle()
        : document.path().isEmpty()                   ? document.displayName()
                                                      : QFileInfo(document.path()).completeBaseName();
    base.replace(QLatin1Char('/'), QLatin1Char('-'));
    return QDir(m_settings.lastFolder()).filePath(base + QLatin1Char(' ') + what + QLatin1Char('.') + suffix);
}

void ExportCommands::write(const ExportRequest& request)
{
    FileQuestion question{request.title, m_settings.lastFolder(), request.filters, true, request.suffix};
    question.folder = request.filters.isEmpty();
    if (question.folder)
        question.saving = false;
    else
        question.start = suggestedPath(request.what, request.suffix);
    m_surroundings.chooseFile(&m_window, question, [this, request](const QString& path) {
        m_settings.setLastFolder(request.filters.isEmpty() ? path : QFileInfo(path).absolutePath());
        begin(path, [write = request.write, path](const JobContext& context) { write(path, context); });
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

void ExportCommands::exportVisible()
{
    const PageParts parts = m_workbench.parts();
    if (parts.traces) {
        const TimeRange range = parts.traces->plots().visibleRange();
        return exportSamples(tr("Export the visible range"), tr("visible"), range.from_ms, range.to_ms);
    }
    const QString table = parts.table ? parts.table->csv() : QString();
    if (table.isEmpty())
        return say(tr("There is no table on this page."));
    exportCsv(tr("table"), table);
}

void ExportCommands::exportCsv(const QString& what, const QString& table)
{
    write({tr("Export the table"), what, {tr("CSV table (*.csv)")}, "csv",
        [bytes = table.toStdString()](
            const QString& path, const JobContext&) { writeWholeFile(encoded(path), bytes); }});
}

void ExportCommands::exportRecording() { exportSamples(tr("Export the recording"), tr("recording"), -1e300, 1e300); }

void ExportCommands::exportSamples(const QString& title, const QString& what, double from_ms, double to_ms)
{
    const TracePlots* traces = m_workbench.parts().traces;
    if (!traces || traces->history().empty())
        return say(tr("There is nothing recorded yet."));
    // A copy, because the recording goes on.
    const auto history = std::make_shared<const TraceHistory>(traces->history());
    write({title, what, sampleFilters(), "csv", [=](const QString& path, const JobContext& context) {
               writeHistory(*history, from_ms, to_ms, encoded(path), formatOf(path), context);
           }});
}

void ExportCommands::exportWholeRun()
{
    write({tr("Run to the end and export"), tr("run"), sampleFilters(), "csv",
        [plan = m_workbench.bench().document().experiment().neuron](const QString& path, const JobContext& context) {
            writeWholeRun(plan, encoded(path), formatOf(path), context);
        }});
}

FigureRequest ExportCommands::figure(const QString& plotKey) const
{
    const PageParts parts = m_workbench.parts();
    const QString caption =
        m_workbench.isLaboratoryInFront() ? figureCaption(m_workbench.bench().document().experiment()) : QString();
    if (TimePlot* plot = parts.traces ? parts.traces->plots().plot(plotKey) : nullptr)
        return {{plot}, caption};
    return parts.figure ? parts.figure->figure(caption) : FigureRequest{};
}

void ExportCommands::exportFigure(const QString& plotKey)
{
    exportPicture(plotKey.isEmpty() ? tr("figure") : plotKey, [this, plotKey] { return figure(plotKey); });
}

void ExportCommands::exportPicture(const QString& what, const std::function<FigureRequest()>& draw)
{
    if (draw().pictures.empty())
        return say(noPlot());
    m_surroundings.chooseFile(&m_window,
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
        writeWholeFile(encoded(path), {bytes.constData(), static_cast<std::size_t>(bytes.size())});
        say(tr("Written: %1").arg(path));
    } catch (const FileError& error) {
        m_messages.show(QLatin1String(messageKey), MessageBar::Kind::problem,
            tr("Export failed: %1").arg(QString::fromUtf8(error.what())));
    }
}

void ExportCommands::copyFigure()
{
    const FigureRequest request = figure({});
    if (request.pictures.empty())
        return say(noPlot());
    QApplication::clipboard()->setImage(figureImage(request));
    say(tr("The plots are on the clipboard as a picture."));
}

} // namespace endospike

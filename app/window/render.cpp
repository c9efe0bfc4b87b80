#include "app/window/render.h"

#include "app/window/export_commands.h"
#include "app/window/main_window.h"
#include "sim/base/errors.h"
#include "sim/base/whole_file.h"
#include "widgets/experiment/transport_bar.h"

#include <QApplication>
#include <QBuffer>
#include <QDir>
#include <QPixmap>
#include <QTemporaryDir>

namespace endospike {

std::pair<QString, QString> renderExperiment(
    const QString& folder, const QString& documentPath, std::optional<ThemeKind> theme)
{
    if (!QDir().mkpath(folder))
        throw FileError(folder.toStdString(), "cannot be made a folder");
    const QString base = QDir(folder).absoluteFilePath(
        documentPath.isEmpty() ? QStringLiteral("first-run") : QFileInfo(documentPath).completeBaseName());
    const std::pair<QString, QString> files{base + QStringLiteral(".png"), base + QStringLiteral(".csv")};

    // Nothing of the person's own settings shows in the picture, and nothing is left in them.
    const QTemporaryDir own;
    MainWindow window({own.filePath("settings.ini"), own.filePath("recovery")});
    window.setTheme(theme.value_or(ThemeKind::light), false);
    if (!documentPath.isEmpty())
        window.showDocument(documentPath);
    const NeuronPlan& plan = window.document().experiment().neuron;
    writeWholeRun(plan, QFile::encodeName(files.second).toStdString(), TraceFormat::csv, {});

    window.resize(1280, 800);
    window.show();
    QApplication::processEvents(); // the panel's texts take their heights
    const PageParts parts = window.page().parts();
    if (parts.traces)
        parts.traces->showWholeRun();
    if (parts.live)
        window.transport().setReading(parts.live->reading());
    QApplication::processEvents();
    QBuffer bytes;
    bytes.open(QIODevice::WriteOnly);
    window.grab().save(&bytes, "PNG");
    writeWholeFile(QFile::encodeName(files.first).toStdString(),
        {bytes.data().constData(), static_cast<std::size_t>(bytes.data().size())});
    return files;
}

} // namespace endospike

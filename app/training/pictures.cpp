#include "app/training/pictures.h"

#include "widgets/look/text.h"

#include <QCoreApplication>

#include <array>
#include <cstring>

namespace endospike {

namespace {
QString tr(const char* text) { return QCoreApplication::translate("endospike::TrainingPictures", text); }
} // namespace

QString cornerName(int task) { return task == 0 ? tr("top left") : tr("bottom right"); }

QStringList classNames(const TrainingData& data, int task)
{
    QStringList names;
    for (const std::string& name : data.classNames[static_cast<std::size_t>(task)])
        names << qstring(name);
    return names;
}

QImage canvasImage(const PairedImages& set, int pair)
{
    std::array<std::uint8_t, canvasPixels> pixels{};
    set.canvas(pair, pixels);
    QImage image(canvasSide, canvasSide, QImage::Format_Grayscale8);
    for (int row = 0; row < canvasSide; ++row)
        std::memcpy(image.scanLine(row), pixels.data() + row * canvasSide, canvasSide);
    return image;
}

std::vector<float> canvasPixelsOf(const PairedImages& set, int pair)
{
    std::array<std::uint8_t, canvasPixels> pixels{};
    set.canvas(pair, pixels);
    return {pixels.begin(), pixels.end()};
}

QString snapshotName(const RunId& run, int epoch)
{
    const QString name = qstring(run.label());
    return epoch < 0 ? tr("%1, before training").arg(name) : tr("%1, after epoch %2").arg(name).arg(epoch + 1);
}

} // namespace endospike

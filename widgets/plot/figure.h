// Plots as figures: in the light theme, as on screen, with a caption below; vector where the format allows. Bytes are
// returned: whoever calls decides where they go.
#pragma once

#include <QByteArray>
#include <QImage>
#include <QSizeF>
#include <QString>

#include <functional>
#include <vector>

class QCPPainter;
class QPaintDevice;

namespace endospike {

class TimePlot;

/// Anything else that can draw itself in the light theme, at the painter's origin.
struct FigurePicture {
    QSize size; ///< on screen
    std::function<void(QCPPainter&, QSize)> draw;
};

struct FigureRequest {
    std::vector<TimePlot*> plots; ///< from top to bottom, sharing one time axis
    QString caption;
    QSizeF size_px{0, 0}; ///< at 96 dots per inch; 0 takes the plots' size on screen
    std::vector<FigurePicture> pictures = {}; ///< below the plots
};

/// The visible plots of a stack, or one of them.
class PlotStack;
FigureRequest figureOf(const PlotStack& stack, const QString& caption);
FigureRequest figureOf(TimePlot& plot, const QString& caption);

QImage figureImage(const FigureRequest& request, double scale = 2); ///< `scale` device pixels for each px
QByteArray figurePng(const FigureRequest& request, double scale = 2);
QByteArray figureSvg(const FigureRequest& request);
QByteArray figurePdf(const FigureRequest& request);

/// Draws onto any device (a printer) whose logical size in px is the request's.
void renderFigure(QPaintDevice& device, const FigureRequest& request, double scale = 1);

} // namespace endospike

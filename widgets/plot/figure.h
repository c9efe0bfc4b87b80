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

/// What draws itself in the light theme, at the painter's origin: a plot or any view with drawFigure(), or a function.
struct FigurePicture {
    using Draw = std::function<void(QCPPainter&, QSize)>;

    FigurePicture(QSize sizeOnScreen, Draw function)
        : size(sizeOnScreen)
        , draw(std::move(function))
    {
    }
    template <typename View>
    FigurePicture(View* view)
        : FigurePicture(view->size(), [view](QCPPainter& painter, QSize at) { view->drawFigure(painter, at); })
    {
    }

    QSize size; ///< on screen
    Draw draw;
};

struct FigureRequest {
    std::vector<FigurePicture> pictures; ///< from top to bottom
    QString caption;
    QSizeF size_px{0, 0}; ///< at 96 dots per inch; 0 takes the pictures' size on screen
};

QImage figureImage(const FigureRequest& request, double scale = 2); ///< `scale` device pixels for each px
QByteArray figurePng(const FigureRequest& request, double scale = 2);
QByteArray figureSvg(const FigureRequest& request);
QByteArray figurePdf(const FigureRequest& request);

/// Draws onto any device (a printer) whose logical size in px is the request's.
void renderFigure(QPaintDevice& device, const FigureRequest& request, double scale = 1);

} // namespace endospike

// Draws traces into an image, antialiased, at a cost that depends on the number of pixel columns and hardly on what the
// trace does. A trace is a function of time, so within a pixel column it covers a vertical span; four such spans a
// pixel, widened by the round pen, give exact vertical and quarter-pixel horizontal coverage.
#pragma once

#include "sim/trace/trace_history.h"

#include <QColor>
#include <QImage>

#include <cstdint>
#include <span>
#include <vector>

namespace endospike {

/// x = (t - origin_ms) * pixelsPerMs, y = (top - value) * pixelsPerUnit, in pixels of the device.
struct PixelMap {
    double origin_ms;
    double pixelsPerMs;
    double top;
    double pixelsPerUnit;

    double x(double t_ms) const { return (t_ms - origin_ms) * pixelsPerMs; }
    double y(double value) const { return (top - value) * pixelsPerUnit; }
};

class CurveRaster {
public:
    /// A transparent image of this size, in pixels of the device.
    void begin(int width, int height);

    /// One trace, opaque, on top of what is there. `dashes_px` are lengths on and off along the time axis, empty for a
    /// solid line; steep stretches are always drawn, so that no upstroke falls into a gap. The pattern moves with the
    /// data. Breaks at points with NaN.
    void stroke(std::span<const EnvelopePoint> points, const PixelMap& map, const QColor& color, double width_px,
        std::span<const double> dashes_px = {});

    /// Shares the pixels: valid until the next begin().
    QImage image() const;

private:
    static constexpr int subcolumns = 4;

    void addSegment(double x0, double low0, double high0, double x1, double low1, double high1);
    void widen(double radius);
    void cutDashes(const PixelMap& map, std::span<const double> dashes_px, double width_px);
    void fillColumns(const QColor& color);
    void fillColumn(int column, std::uint32_t color);

    int m_width = 0;
    int m_height = 0;
    int m_stride = 0;
    int m_first = 0; ///< subcolumns that hold anything: [m_first, m_last]
    int m_last = -1;
    std::vector<float> m_low; ///< of each subcolumn, with a margin on both sides
    std::vector<float> m_high;
    std::vector<float> m_wideLow;
    std::vector<float> m_wideHigh;
    std::vector<float> m_delta; ///< of coverage, for each row
    std::vector<std::uint32_t> m_pixels;
};

} // namespace endospike

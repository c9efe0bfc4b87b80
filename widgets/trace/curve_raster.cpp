#include "widgets/trace/curve_raster.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace endospike {

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr int margin = 64; // subcolumns beside the image, more than any pen reaches

// Scales the four 8-bit channels of a colour by a / 255.
std::uint32_t scaled(std::uint32_t color, std::uint32_t a)
{
    std::uint32_t even = (color & 0xff00ff) * a;
    even = ((even + ((even >> 8) & 0xff00ff) + 0x800080) >> 8) & 0xff00ff;
    std::uint32_t odd = ((color >> 8) & 0xff00ff) * a;
    odd = (odd + ((odd >> 8) & 0xff00ff) + 0x800080) & 0xff00ff00;
    return even | odd;
}

void blend(std::uint32_t& pixel, std::uint32_t color, float coverage)
{
    const auto a = static_cast<std::uint32_t>(coverage * 255.0f + 0.5f);
    pixel = scaled(color, a) + scaled(pixel, 255 - a);
}

} // namespace

void CurveRaster::begin(int width, int height)
{
    m_width = std::max(width, 0);
    m_height = std::max(height, 0);
    // An odd number of cache lines for each row: columns are written downwards and would else fall into the same cache
    // set.
    m_stride = ((m_width + 15) / 16 | 1) * 16;
    m_pixels.assign(static_cast<std::size_t>(m_stride) * m_height, 0);
    const std::size_t n = static_cast<std::size_t>(m_width) * subcolumns + 2 * margin;
    m_low.assign(n, infinity);
    m_high.assign(n, -infinity);
    m_wideLow.resize(n);
    m_wideHigh.resize(n);
    m_delta.assign(static_cast<std::size_t>(m_height) + 2, 0);
}

QImage CurveRaster::image() const
{
    return QImage(reinterpret_cast<const uchar*>(m_pixels.data()), m_width, m_height,
        static_cast<qsizetype>(m_stride) * 4, QImage::Format_ARGB32_Premultiplied);
}

void CurveRaster::stroke(std::span<const EnvelopePoint> points, const PixelMap& map, const QColor& color,
    double width_px, std::span<const double> dashes_px)
{
    const int n = static_cast<int>(m_low.size());
    m_first = n;
    m_last = -1;
    const double far = 4.0 * m_height + 1e4; // keeps what is far outside within float
    const auto row = [&](double value) { return std::clamp(map.y(value), -far, far); };
    for (std::size_t i = 0; i < points.size(); ++i) {
        const EnvelopePoint& a = points[i];
        if (std::isnan(a.minimum) || std::isnan(a.maximum))
            continue;
        const bool joined = i + 1 < points.size() && !std::isnan(points[i + 1].minimum);
        const EnvelopePoint& b = joined ? points[i + 1] : a;
        if (!joined && i > 0 && !std::isnan(points[i - 1].minimum))
            continue; // the end of a stretch is part of the segment before
        addSegment(map.x(a.time_ms), row(a.maximum), row(a.minimum), map.x(b.time_ms), row(b.maximum), row(b.minimum));
    }
    if (m_last < m_first)
        return;
    widen(width_px / 2);
    if (!dashes_px.empty())
        cutDashes(map, dashes_px, width_px);
    fillColumns(color);
    std::fill(m_low.begin() + m_first, m_low.begin() + m_last + 1, infinity);
    std::fill(m_high.begin() + m_first, m_high.begin() + m_last + 1, -infinity);
}

void CurveRaster::addSegment(double x0, double low0, double high0, double x1, double low1, double high1)
{
    const double s0 = x0 * subcolumns + margin;
    const double s1 = x1 * subcolumns + margin;
    const int last = static_cast<int>(m_low.size()) - 1;
    if (s1 < 0 || s0 > last + 0.999)
        return;
    const int begin = static_cast<int>(std::max(std::floor(s0), 0.0));
    const int end = static_cast<int>(std::min(std::floor(s1), static_cast<double>(last)));
    const double lowSlope = s1 > s0 ? (low1 - low0) / (s1 - s0) : 0;
    const double highSlope = s1 > s0 ? (high1 - high0) / (s1 - s0) : 0;
    double lowHere = low0 + lowSlope * (std::max(s0, static_cast<double>(begin)) - s0);
    double highHere = high0 + highSlope * (std::max(s0, static_cast<double>(begin)) - s0);
    for (int s = begin; s <= end; ++s) {
        const bool final = s + 1 >= s1;
        const double lowNext = final ? low1 : low0 + lowSlope * (s + 1 - s0);
        const double highNext = final ? high1 : high0 + highSlope * (s + 1 - s0);
        m_low[s] = std::min(m_low[s], static_cast<float>(std::min(lowHere, lowNext)));
        m_high[s] = std::max(m_high[s], static_cast<float>(std::max(highHere, highNext)));
        lowHere = lowNext;
        highHere = highNext;
    }
    m_first = std::min(m_first, begin);
    m_last = std::max(m_last, end);
}

void CurveRaster::widen(double radius)
{
    const int n = static_cast<int>(m_low.size());
    const int reach = std::min(static_cast<int>(radius * subcolumns), margin - 1);
    const int begin = std::max(m_first - reach, reach);
    const int end = std::min(m_last + reach, n - 1 - reach);
    std::fill(m_wideLow.begin(), m_wideLow.end(), infinity);
    std::fill(m_wideHigh.begin(), m_wideHigh.end(), -infinity);
    for (int k = -reach; k <= reach; ++k) {
        const double offset = static_cast<double>(k) / subcolumns;
        const auto extent = static_cast<float>(std::sqrt(std::max(0.0, radius * radius - offset * offset)));
        for (int s = begin; s <= end; ++s) {
            m_wideLow[s] = std::min(m_wideLow[s], m_low[s + k] - extent);
            m_wideHigh[s] = std::max(m_wideHigh[s], m_high[s + k] + extent);
        }
    }
}

void CurveRaster::cutDashes(const PixelMap& map, std::span<const double> dashes_px, double width_px)
{
    double period = 0;
    for (const double length : dashes_px)
        period += length;
    const double start = std::fmod(map.origin_ms * map.pixelsPerMs, period);
    const auto steep = static_cast<float>(3 * width_px);
    for (int s = margin; s < static_cast<int>(m_low.size()) - margin; ++s) {
        if (m_wideHigh[s] - m_wideLow[s] > steep)
            continue;
        double phase = std::fmod(start + static_cast<double>(s - margin) / subcolumns, period);
        if (phase < 0)
            phase += period;
        std::size_t i = 0;
        while (i + 1 < dashes_px.size() && phase >= dashes_px[i])
            phase -= dashes_px[i++];
        if (i % 2 == 1) {
            m_wideLow[s] = infinity;
            m_wideHigh[s] = -infinity;
        }
    }
}

void CurveRaster::fillColumns(const QColor& color)
{
    const std::uint32_t argb = color.rgb() | 0xff000000u;
    const int reach = margin;
    const int begin = std::max(0, (m_first - margin - reach) / subcolumns);
    const int end = std::min(m_width - 1, (m_last - margin + reach) / subcolumns);
    for (int column = begin; column <= end; ++column)
        fillColumn(column, argb);
}

void CurveRaster::fillColumn(int column, std::uint32_t color)
{
    // Coverage is kept as its differences from row to row: four spans cost eight numbers, however long they are.
    int begin = m_height;
    int end = 0;
    const auto edge = [&](float y, float weight) {
        const int row = static_cast<int>(y);
        const float below = y - static_cast<float>(row);
        m_delta[row] += weight * (1 - below);
        m_delta[row + 1] += weight * below;
        begin = std::min(begin, row);
        end = std::max(end, row + 1);
    };
    const auto bottom = static_cast<float>(m_height);
    for (int k = 0; k < subcolumns; ++k) {
        const int s = margin + column * subcolumns + k;
        const float low = std::clamp(m_wideLow[s], 0.0f, bottom);
        const float high = std::clamp(m_wideHigh[s], 0.0f, bottom);
        if (high > low) {
            edge(low, 1.0f / subcolumns);
            edge(high, -1.0f / subcolumns);
        }
    }
    float covered = 0;
    std::uint32_t* pixel = m_pixels.data() + static_cast<std::ptrdiff_t>(begin) * m_stride + column;
    for (int y = begin; y < std::min(end, m_height); ++y, pixel += m_stride) {
        covered += m_delta[y];
        if (covered > 0.997f)
            *pixel = color;
        else if (covered > 0.002f)
            blend(*pixel, color, covered);
    }
    if (end > 0)
        std::fill(m_delta.begin() + begin, m_delta.begin() + end + 1, 0.0f);
}

} // namespace endospike

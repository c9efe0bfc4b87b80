#include "widgets/picture/microstructure_painter.h"

#include "sim/neuron/tv_lif_hh.h"
#include "widgets/look/numbers.h"
#include "widgets/look/rich_label.h"

#include <QPainterPath>
#include <QtMath>

#include <algorithm>
#include <cmath>

namespace endospike {

namespace {

constexpr double unitLeft = 116;
constexpr double unitWidth = 234;
constexpr double unitHeight = 92;
constexpr double unitGap = 16;
constexpr double top = 8;
constexpr double nodeX = 458;
constexpr double somaX = 596;
constexpr double upperY = top + unitHeight / 2 + 12;
constexpr double lowerY = 324 - upperY;

const char* const ionColors[] = {"#D55E00", "#009E73", "#808080"};
const char* const unitNames[] = {"Sodium unit", "Potassium unit", "Leak unit"};
const char* const ionNames[] = {"Na", "K", "L"};

QColor ionColor(int index) { return QColor(QLatin1String(ionColors[index])); }
QColor somaColor() { return QColor(QLatin1String("#0072B2")); }

/// Three or four digits, whatever the size.
QString conductance(double g) { return fixedNumber(g, g >= 10 ? 1 : g >= 1 ? 2 : 3); }

QRectF around(QPointF centre, double width, double height)
{
    return {centre.x() - width / 2, centre.y() - height / 2, width, height};
}

} // namespace

namespace microstructure {
QRectF unit(int index) { return {unitLeft, top + index * (unitHeight + unitGap), unitWidth, unitHeight}; }
QRectF input() { return {6, height / 2 - 46, 78, 92}; }
QRectF drive() { return around({nodeX, upperY}, 92, 84); }
QRectF synapse() { return around({nodeX + 5, lowerY}, 106, 92); }
QRectF soma() { return around({somaX, upperY}, 108, 108); }
QRectF output() { return {somaX - 20, lowerY - 46, width - somaX + 12, 92}; }
} // namespace microstructure

using namespace microstructure;

MicrostructurePainter::MicrostructurePainter(QPainter& painter, const MicrostructureScene& scene, const Theme& theme)
    : m_painter(painter)
    , m_scene(scene)
    , m_theme(theme)
{
}

QFont MicrostructurePainter::font(double factor, bool bold) const
{
    QFont font = m_theme.baseFont();
    font.setPixelSize(qRound(13 * factor));
    font.setBold(bold);
    return font;
}

// The part of the soma's drive that comes from this channel.
double MicrostructurePainter::share(int index) const
{
    const auto& g = m_scene.reading.conductance_ms_per_cm2;
    const double sum = g[0] + g[1] + g[2];
    return sum > 0 ? g[static_cast<std::size_t>(index)] / sum : 0;
}

double MicrostructurePainter::mean_mv() const
{
    const auto& reading = m_scene.reading;
    double sum = 0;
    double weights = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        sum += reading.conductance_ms_per_cm2[i] * reading.unit_mv[i];
        weights += reading.conductance_ms_per_cm2[i];
    }
    return sum / weights;
}

// A tint of the surface: from a breath of the colour to half of it.
QColor MicrostructurePainter::light(const QColor& color, double amount) const
{
    const QColor ink = readableOn(color, m_theme.plot);
    const float f = static_cast<float>(0.05 + 0.50 * std::clamp(std::isnan(amount) ? 0.0 : amount, 0.0, 1.0));
    const QColor& base = m_theme.plot;
    return QColor::fromRgbF(base.redF() + (ink.redF() - base.redF()) * f,
        base.greenF() + (ink.greenF() - base.greenF()) * f, base.blueF() + (ink.blueF() - base.blueF()) * f);
}

void MicrostructurePainter::draw()
{
    m_painter.setRenderHint(QPainter::Antialiasing);
    drawInput();
    drawAxons();
    for (int i = 0; i < 3; ++i)
        drawUnit(i);
    drawDrive();
    drawSynapse();
    drawSoma();
    drawOutput();
}

void MicrostructurePainter::text(
    const QRectF& area, int alignment, const QString& richText, const QFont& font, const QColor& color)
{
    const QFontMetricsF metrics(font);
    const double width = richWidth(font, richText);
    double x = area.left();
    if (alignment & Qt::AlignRight)
        x = area.right() - width;
    else if (alignment & Qt::AlignHCenter)
        x = area.center().x() - width / 2;
    const double y = area.center().y() + (metrics.ascent() - metrics.descent()) / 2;
    m_painter.setPen(color);
    drawRich(m_painter, font, {x, y}, richText);
}

void MicrostructurePainter::arrow(const QPolygonF& path, const QColor& color, double width)
{
    QPen pen(color, width, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin);
    m_painter.setPen(pen);
    m_painter.setBrush(Qt::NoBrush);
    const QPointF tip = path.back();
    const QPointF before = path[path.size() - 2];
    const QLineF last(before, tip);
    const QPointF along = (tip - before) / std::max(last.length(), 1e-9);
    const QPointF across(-along.y(), along.x());
    const double head = 7 + width;
    QPolygonF shaft = path;
    shaft.back() = tip - along * head * 0.8;
    m_painter.drawPolyline(shaft);
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(color);
    m_painter.drawPolygon(
        QPolygonF({tip, tip - along * head + across * head * 0.5, tip - along * head - across * head * 0.5}));
}

void MicrostructurePainter::sign(QPointF centre, const QString& content)
{
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(m_theme.plot);
    m_painter.drawEllipse(centre, 9, 9);
    text(around(centre, 18, 18), Qt::AlignHCenter, content, font(1.15, true), m_theme.text);
}

void MicrostructurePainter::drawInput()
{
    const QRectF area = input();
    const double y = area.center().y();
    const double bus = unitLeft - 22;
    const double current = m_scene.reading.input_ua_per_cm2;
    const bool flows = std::abs(current) > 1e-9;
    const QColor ink = flows ? m_theme.stimulus : m_theme.mutedText;
    const double width = 1.6 + (flows ? std::min(std::abs(current) / 40, 1.0) * 1.8 : 0);
    m_painter.setPen(QPen(ink, width, Qt::SolidLine, Qt::RoundCap));
    m_painter.drawLine(QPointF(area.left() + 6, y), QPointF(bus, y));
    m_painter.drawLine(QPointF(bus, unit(0).center().y()), QPointF(bus, unit(2).center().y()));
    for (int i = 0; i < 3; ++i) {
        const double at = unit(i).center().y();
        arrow(QPolygonF({QPointF(bus, at), QPointF(unitLeft - 1, at)}), ink, width);
    }
    text({area.left(), y - 42, area.width(), 18}, Qt::AlignHCenter, QStringLiteral("Input"), font(0.92),
        m_theme.mutedText);
    text({area.left(), y - 26, area.width(), 22}, Qt::AlignHCenter, fixedNumber(current, 1), font(1.25, true),
        m_theme.text);
    text({area.left(), y + 6, area.width(), 18}, Qt::AlignHCenter, QStringLiteral("I  µA/cm²"), font(0.92),
        m_theme.mutedText);
}

// Every channel unit reaches both nodes; the line is as strong as its share of the conductance.
void MicrostructurePainter::drawAxons()
{
    for (int i = 0; i < 3; ++i) {
        const QPointF from(unit(i).right(), unit(i).center().y());
        const QColor ink = readableOn(ionColor(i), m_theme.plot);
        const double width = 1.2 + 4.0 * share(i);
        int side = 0;
        for (const QRectF& node : {drive(), synapse()}) {
            const QPointF to(node.left() + 3, node.center().y() + (i - 1) * 18);
            QPainterPath path(from);
            path.cubicTo(from + QPointF(34, 0), to - QPointF(36, 0), to);
            QColor tone = ink;
            tone.setAlphaF(side++ == 0 ? 1.0f : 0.55f);
            m_painter.setBrush(Qt::NoBrush);
            m_painter.setPen(QPen(tone, width, Qt::SolidLine, Qt::FlatCap));
            m_painter.drawPath(path);
            m_painter.setPen(Qt::NoPen);
            m_painter.setBrush(ink);
            m_painter.drawEllipse(to, 3 + width / 3, 3 + width / 3); // bouton
        }
    }
}

void MicrostructurePainter::drawUnit(int index)
{
    const auto row = static_cast<std::size_t>(index);
    const QRectF area = unit(index);
    const QColor ink = readableOn(ionColor(index), m_theme.plot);
    m_painter.setPen(QPen(ink, 1.6));
    m_painter.setBrush(light(ionColor(index), share(index)));
    m_painter.drawRoundedRect(area, 10, 10);

    const double g = m_scene.reading.conductance_ms_per_cm2[row];
    const double openness = g >= 0 ? std::clamp(g / m_scene.maximum_ms_per_cm2[row], 0.0, 1.0) : 0;
    drawMembrane({area.left() + 10, area.top() + 22, 76, area.height() - 44}, ionColor(index), openness, share(index));

    const QRectF inner(area.left() + 98, area.top() + 8, area.width() - 110, area.height() - 16);
    const double line = inner.height() / 3;
    text({inner.left(), inner.top(), inner.width(), line}, Qt::AlignLeft, QLatin1String(unitNames[index]),
        font(1, true), m_theme.text);
    const auto pair = [&](double y, const QString& symbol, const QString& value, const QString& unit) {
        const double unitWidth = 46;
        text({inner.left(), y, 30, line}, Qt::AlignLeft, symbol, font(1), m_theme.text);
        text({inner.left(), y, inner.width() - unitWidth, line}, Qt::AlignRight, value, font(1), m_theme.text);
        text({inner.right() - unitWidth + 5, y, unitWidth, line}, Qt::AlignLeft, unit, font(0.85), m_theme.text);
    };
    pair(inner.top() + line, QStringLiteral("u<sub>%1</sub>").arg(index + 1),
        fixedNumber(m_scene.reading.unit_mv[row], 1), QStringLiteral("mV"));
    pair(inner.top() + 2 * line, QStringLiteral("g<sub>%1</sub>").arg(QLatin1String(ionNames[index])), conductance(g),
        QStringLiteral("mS/cm²"));
}

// Two rows of lipids; between them the channel, whose pore is as wide as its gates are open.
void MicrostructurePainter::drawMembrane(const QRectF& area, const QColor& color, double openness, double share)
{
    const QColor ink = readableOn(color, m_theme.plot);
    QColor lipid = m_theme.mutedText;
    lipid.setAlphaF(0.75f);
    const double radius = 3.2;
    const double centre = area.center().x();
    const double pore = 2 + 14 * std::sqrt(openness);
    const double wall = 10;
    m_painter.setPen(QPen(lipid, 1.1));
    const double pitch = 2 * radius + 1;
    const int places = static_cast<int>((area.width() / 2 - pore / 2 - wall - 1) / pitch);
    for (int k = -places; k <= places; ++k) {
        if (k == 0)
            continue;
        const double x = centre + (k > 0 ? 1 : -1) * (pore / 2 + wall + 2 + (std::abs(k) - 0.5) * pitch);
        for (const double towards : {1.0, -1.0}) {
            const double head = towards > 0 ? area.top() + radius : area.bottom() - radius;
            m_painter.setBrush(lipid);
            m_painter.drawLine(QPointF(x - 1.4, head), QPointF(x - 1.4, head + towards * (area.height() / 2 - 6)));
            m_painter.drawLine(QPointF(x + 1.4, head), QPointF(x + 1.4, head + towards * (area.height() / 2 - 6)));
            m_painter.drawEllipse(QPointF(x, head), radius, radius);
        }
    }
    m_painter.setPen(QPen(m_theme.plot, 1));
    m_painter.setBrush(ink);
    for (const double side : {-1.0, 1.0}) {
        QPainterPath lobe;
        const double in = centre + side * pore / 2;
        const double out = in + side * wall;
        const double high = area.top() - 4;
        const double low = area.bottom() + 4;
        lobe.moveTo(in + side * 4, high);
        lobe.cubicTo(out + side * 3, high, out + side * 4, high + 12, out, area.center().y());
        lobe.cubicTo(out + side * 4, low - 12, out + side * 3, low, in + side * 4, low);
        lobe.cubicTo(in - side, low - 4, in, area.center().y() + 8, in, area.center().y());
        lobe.cubicTo(in, area.center().y() - 8, in - side, high + 4, in + side * 4, high);
        m_painter.drawPath(lobe);
    }
    if (openness * share > 0.002) {
        QColor flow = m_theme.text;
        flow.setAlphaF(static_cast<float>(std::min(1.0, 0.25 + share)));
        const bool inward = color == ionColor(0);
        const double from = inward ? area.top() - 12 : area.bottom() + 12;
        const double to = inward ? area.bottom() + 10 : area.top() - 10;
        arrow(QPolygonF({QPointF(centre, from), QPointF(centre, to)}), flow, 1.2);
    }
}

void MicrostructurePainter::drawDrive()
{
    const QRectF area = drive();
    m_painter.setPen(QPen(m_theme.mutedText, 1.4));
    m_painter.setBrush(m_theme.plot);
    m_painter.drawRoundedRect(area.adjusted(6, 8, -6, -8), 8, 8);
    text({area.left(), area.top() + 12, area.width(), 22}, Qt::AlignHCenter,
        QStringLiteral("Σ g<sub>i</sub> u<sub>i</sub> / g<sub>s</sub>"), font(1), m_theme.text);
    text({area.left(), area.top() + 32, area.width(), 20}, Qt::AlignHCenter, fixedNumber(mean_mv(), 1), font(1.1, true),
        m_theme.text);
    text({area.left(), area.top() + 51, area.width(), 16}, Qt::AlignHCenter, QStringLiteral("mV"), font(0.85),
        m_theme.mutedText);
    const QRectF target = soma();
    arrow(QPolygonF({QPointF(area.right() - 6, upperY), QPointF(target.left() + 1, upperY)}), m_theme.mutedText, 1.8);
    sign({(area.right() - 6 + target.left()) / 2 - 4, upperY - 12}, QStringLiteral("+"));
}

// A centre-zero gauge: F and u4 run away in opposite directions and cancel in V.
void MicrostructurePainter::drawGauge(const QRectF& area, double value_mv, const QColor& color)
{
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(m_theme.grid);
    m_painter.drawRoundedRect(area, 2, 2);
    if (!std::isnan(value_mv)) {
        const double part = std::clamp(value_mv / m_scene.span_mv, -1.0, 1.0) * area.width() / 2;
        m_painter.setBrush(readableOn(color, m_theme.plot));
        m_painter.drawRoundedRect(QRectF(area.center().x(), area.top(), part, area.height()).normalized(), 2, 2);
    }
    m_painter.setPen(QPen(m_theme.text, 1));
    m_painter.drawLine(QPointF(area.center().x(), area.top() - 2), QPointF(area.center().x(), area.bottom() + 2));
}

void MicrostructurePainter::drawSynapse()
{
    const QRectF area = synapse();
    const double value = m_scene.reading.synapse_mv;
    m_painter.setPen(QPen(m_theme.text, 1.6));
    m_painter.setBrush(light(m_theme.stimulus, 0.5 * std::abs(value) / m_scene.span_mv));
    QPainterPath terminal; // a bouton facing the soma
    const QRectF body = area.adjusted(6, 4, -6, -4);
    terminal.moveTo(body.left() + 8, body.top());
    terminal.lineTo(body.center().x(), body.top());
    terminal.cubicTo(body.right() + 8, body.top(), body.right() + 8, body.bottom(), body.center().x(), body.bottom());
    terminal.lineTo(body.left() + 8, body.bottom());
    terminal.quadTo(body.left(), body.bottom(), body.left(), body.bottom() - 8);
    terminal.lineTo(body.left(), body.top() + 8);
    terminal.quadTo(body.left(), body.top(), body.left() + 8, body.top());
    m_painter.drawPath(terminal);
    const QRectF inner = body.adjusted(2, 0, -12, 0);
    text({inner.left(), area.top() + 10, inner.width(), 20}, Qt::AlignHCenter,
        QStringLiteral("F = Σ∫ g<sub>i</sub> du<sub>i</sub>"), font(0.85), m_theme.text);
    text({inner.left(), area.top() + 31, inner.width(), 20}, Qt::AlignHCenter, fixedNumber(value, 1), font(1.1, true),
        m_theme.text);
    text({inner.left(), area.top() + 50, inner.width(), 14}, Qt::AlignHCenter, QStringLiteral("mV"), font(0.85),
        m_theme.mutedText);
    drawGauge({inner.left() + 10, area.top() + 70, inner.width() - 20, 5}, value, m_theme.stimulus);
    const double edge = body.center().x() + 0.75 * (body.width() / 2 + 8);
    const QPointF exit(edge, lowerY);
    arrow(QPolygonF({exit, QPointF(output().left() + 2, lowerY)}), m_theme.text, 1.8);
    const QRectF target = soma();
    const QPointF towards(target.left() + 17, target.bottom() - 15);
    const QPointF leave(edge - 5, body.top() + 18);
    arrow(QPolygonF({leave, towards}), m_theme.text, 1.8);
    sign((leave + towards) / 2 + QPointF(-13, -6), QStringLiteral("−"));
}

void MicrostructurePainter::drawSoma()
{
    const QRectF area = soma();
    const QColor ink = readableOn(somaColor(), m_theme.plot);
    const double value = m_scene.reading.soma_mv;
    m_painter.setPen(QPen(ink, 2));
    m_painter.setBrush(light(somaColor(), std::abs(value) / m_scene.span_mv));
    m_painter.drawEllipse(area.adjusted(1, 1, -1, -1));
    text({area.left(), area.top() + 18, area.width(), 18}, Qt::AlignHCenter, QStringLiteral("Soma unit"), font(1, true),
        m_theme.text);
    text({area.left(), area.top() + 37, area.width(), 18}, Qt::AlignHCenter, QStringLiteral("u<sub>4</sub>"), font(1),
        m_theme.text);
    text({area.left(), area.top() + 56, area.width(), 20}, Qt::AlignHCenter, fixedNumber(value, 1), font(1.1, true),
        m_theme.text);
    text({area.left(), area.top() + 74, area.width(), 14}, Qt::AlignHCenter, QStringLiteral("mV"), font(0.85),
        m_theme.text);
    drawGauge({area.left() + 26, area.top() + 91, area.width() - 52, 5}, value, somaColor());
    arrow(QPolygonF({QPointF(somaX, area.bottom()), QPointF(somaX, lowerY - 20)}), ink, 1.8);
}

void MicrostructurePainter::drawOutput()
{
    const double value = m_scene.reading.output_mv;
    const QColor model = hueColor(tvLifHhModel().hue);
    const QColor ink = readableOn(model, m_theme.plot);
    const QPointF node(somaX, lowerY);
    m_painter.setPen(QPen(ink, 2));
    m_painter.setBrush(light(model, (value + 90) / 140));
    m_painter.drawEllipse(node, 18, 18);
    text(around(node, 36, 36), Qt::AlignHCenter, QStringLiteral("+"), font(1.5, true), m_theme.text);
    arrow(QPolygonF({node + QPointF(18, 0), QPointF(node.x() + 46, lowerY)}), ink, 2.4);
    const QRectF label(node.x() + 50, lowerY - 34, width - node.x() - 54, 68);
    m_painter.setPen(QPen(ink, 2));
    m_painter.setBrush(light(model, (value + 90) / 140));
    m_painter.drawRoundedRect(label, 10, 10);
    text({label.left(), label.top() + 5, label.width(), 18}, Qt::AlignHCenter, QStringLiteral("V = F + u<sub>4</sub>"),
        font(0.92), m_theme.text);
    text({label.left(), label.top() + 24, label.width(), 24}, Qt::AlignHCenter, fixedNumber(value, 2), font(1.4, true),
        m_theme.text);
    text({label.left(), label.top() + 48, label.width(), 14}, Qt::AlignHCenter, QStringLiteral("mV"), font(0.85),
        m_theme.text);
}

} // namespace endospike

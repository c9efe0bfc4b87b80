#include "widgets/picture/microstructure_view.h"

#include "widgets/picture/microstructure_painter.h"

#include <QAbstractButton>
#include <QKeyEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace endospike {

namespace {

double naturalScale() { return currentTheme().basePoints / 10.0; }

/// Where the canvas comes to lie: as large as fits, centred.
QRectF fitted(const QRectF& area)
{
    const double scale = std::min(area.width() / microstructure::width, area.height() / microstructure::height);
    const QSizeF size(microstructure::width * scale, microstructure::height * scale);
    return {area.center() - QPointF(size.width() / 2, size.height() / 2), size};
}

QString spoken(double value, const char* unit)
{
    return std::isnan(value) ? QStringLiteral("–") : QString::number(value, 'g', 4) + u' ' + QString::fromUtf8(unit);
}

/// One, two or five times a power of ten, not below `value`.
double roundUp(double value)
{
    const double decade = std::pow(10, std::floor(std::log10(value)));
    for (const double digit : {1.0, 2.0, 5.0})
        if (value <= digit * decade)
            return digit * decade;
    return 10 * decade;
}

} // namespace

class MicrostructureView::PartButton : public QAbstractButton {
public:
    PartButton(Part part, const QString& name, const QString& tip, const QRectF& place, MicrostructureView* view)
        : QAbstractButton(view)
        , m_view(view)
        , m_part(part)
        , m_place(place)
    {
        setAccessibleName(name);
        setToolTip(tip);
        setFocusPolicy(Qt::StrongFocus);
        setCursor(Qt::PointingHandCursor);
        setAttribute(Qt::WA_Hover);
    }

    const QRectF& place() const { return m_place; }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const bool active = m_view->activePart() == m_part;
        if (!hasFocus() && !underMouse() && !active)
            return;
        const Theme& look = currentTheme();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        QColor wash = look.accent;
        wash.setAlphaF(isDown() ? 0.16f : underMouse() ? 0.08f : 0.0f);
        painter.setBrush(wash);
        QPen frame(hasFocus() || active ? look.accent : look.border, hasFocus() ? 2 : 1.2);
        if (active && !hasFocus())
            frame.setStyle(Qt::DashLine);
        painter.setPen(frame);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 8, 8);
    }

    void keyPressEvent(QKeyEvent* event) override
    {
        if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
            click();
        else
            QAbstractButton::keyPressEvent(event);
    }

private:
    MicrostructureView* m_view;
    Part m_part;
    QRectF m_place;
};

MicrostructureView::MicrostructureView(QWidget* parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Microstructure of four leaky integrate-and-fire units"));
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    setSizePolicy(policy);
    buildParts();
    updateNames();
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, [this] {
        updateGeometry();
        update();
    });
}

MicrostructureView::~MicrostructureView() = default;

void MicrostructureView::buildParts()
{
    using enum Part;
    const auto add = [&](Part part, const QString& name, const QString& tip, const QRectF& place) {
        auto* button = new PartButton(part, name, tip, place, this);
        connect(button, &QAbstractButton::clicked, this, [this, part] { emit partActivated(part); });
        m_parts[static_cast<std::size_t>(part)] = button;
    };
    const QString unitTip =
        tr("<b>%1</b><br>C du<sub>%2</sub>/dt = −(u<sub>%2</sub> − E<sub>%3</sub>) + I/g<sub>s</sub>"
           "<br>%4<br>The brighter, the larger its share of the membrane's conductance.");
    add(input, tr("Input current"), tr("<b>Input current</b><br>enters each channel unit as I/g<sub>s</sub>"),
        microstructure::input());
    add(na, tr("Sodium unit"),
        unitTip.arg(
            tr("Sodium unit"), QStringLiteral("1"), QStringLiteral("Na"), tr("g<sub>Na</sub> = ḡ<sub>Na</sub> m³h")),
        microstructure::unit(0));
    add(k, tr("Potassium unit"),
        unitTip.arg(
            tr("Potassium unit"), QStringLiteral("2"), QStringLiteral("K"), tr("g<sub>K</sub> = ḡ<sub>K</sub> n⁴")),
        microstructure::unit(1));
    add(leak, tr("Leak unit"),
        unitTip.arg(tr("Leak unit"), QStringLiteral("3"), QStringLiteral("L"), tr("g<sub>L</sub> is constant")),
        microstructure::unit(2));
    add(drive, tr("Mean of the units"),
        tr("<b>Mean of the units</b><br>weighted with their conductances; g<sub>s</sub> = Σ g<sub>i</sub>"),
        microstructure::drive());
    add(synapse, tr("Synapse"),
        tr("<b>Synapse</b><br>F = Σ ∫ g<sub>i</sub> du<sub>i</sub><br>F and u<sub>4</sub> drift apart without bound "
           "and cancel in V."),
        microstructure::synapse());
    add(soma, tr("Soma unit"),
        tr("<b>Soma unit</b><br>(C/g<sub>s</sub>) du<sub>4</sub>/dt = −u<sub>4</sub> − F + Σ g<sub>i</sub>u<sub>i</sub>"
           "/g<sub>s</sub>"),
        microstructure::soma());
    add(output, tr("Output"), tr("<b>Output</b><br>V = F + u<sub>4</sub>, the membrane potential of the HH neuron"),
        microstructure::output());
}

void MicrostructureView::setReading(const MicrostructureReading& reading)
{
    m_reading = reading;
    for (const double value : {reading.synapse_mv, reading.soma_mv})
        if (std::abs(value) > m_span_mv && std::isfinite(value))
            m_span_mv = roundUp(std::abs(value));
    updateNames();
    update();
}

void MicrostructureView::setChannels(
    const std::array<double, 3>& maximum_ms_per_cm2, const std::array<double, 3>& reversal_mv)
{
    m_maximum = maximum_ms_per_cm2;
    m_reversal = reversal_mv;
    update();
}

void MicrostructureView::clear()
{
    m_span_mv = 100;
    setReading({});
}

void MicrostructureView::setActivePart(std::optional<Part> part)
{
    m_active = part;
    update();
}

QAbstractButton* MicrostructureView::partButton(Part part) const { return m_parts[static_cast<std::size_t>(part)]; }

void MicrostructureView::updateNames()
{
    const auto& r = m_reading;
    const QString values[] = {spoken(r.input_ua_per_cm2, "µA/cm²"),
        spoken(r.unit_mv[0], "mV") + QStringLiteral(", ") + spoken(r.conductance_ms_per_cm2[0], "mS/cm²"),
        spoken(r.unit_mv[1], "mV") + QStringLiteral(", ") + spoken(r.conductance_ms_per_cm2[1], "mS/cm²"),
        spoken(r.unit_mv[2], "mV") + QStringLiteral(", ") + spoken(r.conductance_ms_per_cm2[2], "mS/cm²"), QString(),
        spoken(r.synapse_mv, "mV"), spoken(r.soma_mv, "mV"), spoken(r.output_mv, "mV")};
    for (std::size_t i = 0; i < m_parts.size(); ++i)
        m_parts[i]->setAccessibleDescription(values[i]);
}

void MicrostructureView::draw(QPainter& painter, const QRectF& area, const Theme& look) const
{
    painter.save();
    const QRectF canvas = fitted(area);
    painter.translate(canvas.topLeft());
    painter.scale(canvas.width() / microstructure::width, canvas.height() / microstructure::height);
    const MicrostructureScene scene{m_reading, m_maximum, m_reversal, m_span_mv};
    MicrostructurePainter(painter, scene, look).draw();
    painter.restore();
}

void MicrostructureView::drawFigure(QPainter& painter, QSize size) const
{
    draw(painter, QRectF(QPointF(), size), theme(ThemeKind::light));
}

QSize MicrostructureView::sizeHint() const
{
    return (QSizeF(microstructure::width, microstructure::height) * naturalScale()).toSize();
}

QSize MicrostructureView::minimumSizeHint() const { return sizeHint() * 0.7; }

void MicrostructureView::placeParts()
{
    const QRectF canvas = fitted(QRectF(rect()));
    const double scale = canvas.width() / microstructure::width;
    for (PartButton* part : m_parts) {
        const QRectF& place = part->place();
        part->setGeometry(QRectF(canvas.topLeft() + place.topLeft() * scale, place.size() * scale)
                              .toAlignedRect()
                              .adjusted(-3, -3, 3, 3)
                              .intersected(rect()));
    }
}

void MicrostructureView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), currentTheme().plot);
    draw(painter, QRectF(rect()), currentTheme());
}

void MicrostructureView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    placeParts();
}

} // namespace endospike

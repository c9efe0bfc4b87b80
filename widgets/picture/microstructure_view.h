// A picture of the tv-LIF2HH microstructure: the input current enters three channel units, their synapse adds up to F
// and their weighted mean drives the soma unit, and V = F + u4 leaves. Parts light with their present values; a click
// on a part asks the page to plot it.
#pragma once

#include "widgets/look/theme.h"

#include <QWidget>

#include <array>
#include <limits>
#include <optional>

class QAbstractButton;

namespace endospike {

/// What the picture shows, at one moment. NaN is shown as a dash.
struct MicrostructureReading {
    static constexpr double none = std::numeric_limits<double>::quiet_NaN();
    double input_ua_per_cm2 = none;
    std::array<double, 3> unit_mv{none, none, none}; ///< u1..u3: sodium, potassium, leak
    std::array<double, 3> conductance_ms_per_cm2{none, none, none};
    double synapse_mv = none; ///< F
    double soma_mv = none; ///< u4
    double output_mv = none; ///< V
};

class MicrostructureView : public QWidget {
    Q_OBJECT
public:
    enum class Part { input, na, k, leak, drive, synapse, soma, output };
    Q_ENUM(Part)
    static constexpr int partCount = 8;

    explicit MicrostructureView(QWidget* parent = nullptr);
    ~MicrostructureView() override;

    void setReading(const MicrostructureReading& reading);
    const MicrostructureReading& reading() const { return m_reading; }
    /// Conductances with every gate open, for the width of the pores, and reversal potentials, for the labels.
    void setChannels(const std::array<double, 3>& maximum_ms_per_cm2, const std::array<double, 3>& reversal_mv);
    /// Forgets the largest values seen, which scale the gauges of F and u4. For a reset.
    void clear();

    /// The part that the page plots at present gets a frame.
    void setActivePart(std::optional<Part> part);
    std::optional<Part> activePart() const { return m_active; }
    /// The clickable place of a part: takes focus, has an accessible name and a tooltip with its equation.
    QAbstractButton* partButton(Part part) const;

    /// Draws the picture into `area` on any device, in the given theme.
    void draw(QPainter& painter, const QRectF& area, const Theme& theme) const;
    void drawFigure(QPainter& painter, QSize size) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void partActivated(endospike::MicrostructureView::Part part);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    class PartButton;
    void buildParts();
    void placeParts();
    void updateNames();

    MicrostructureReading m_reading;
    std::array<double, 3> m_maximum{120, 36, 0.3};
    std::array<double, 3> m_reversal{50, -77, -54.387};
    double m_span_mv = 100; ///< half the width of the gauges of F and u4
    std::optional<Part> m_active;
    std::array<PartButton*, partCount> m_parts{};
};

} // namespace endospike

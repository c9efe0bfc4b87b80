// How the microscope's widgets stand on the page.
#include "app/training/microscope.h"

#include "widgets/form/quiet_combo.h"
#include "widgets/form/segmented_control.h"
#include "widgets/picture/image_grid.h"
#include "widgets/picture/image_view.h"
#include "widgets/picture/picture_strip.h"
#include "widgets/picture/weight_picture.h"
#include "widgets/plot/annotated_plot.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QSlider>
#include <QSpinBox>
#include <QToolButton>

namespace endospike {

void TrainingMicroscope::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 8, 8, 8);
    column->setSpacing(8);
    auto* row = new QHBoxLayout;
    row->setSpacing(16);
    row->addWidget(buildChoice());
    row->addLayout(buildMiddle(), 5);
    row->addLayout(buildResponse(), 4);
    column->addLayout(row, 1);
    column->addLayout(buildEpochs());
}

QWidget* TrainingMicroscope::buildChoice()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_layerChoice = new SegmentedControl({tr("Layer 1"), tr("Layer 2")});
    m_layerChoice->setAccessibleName(tr("Hidden layer"));
    column->addWidget(m_layerChoice);
    auto* spins = new QHBoxLayout;
    spins->setSpacing(4);
    spins->addWidget(new QLabel(tr("Neuron")));
    const auto spin = [&](const QString& name) {
        auto* one = new QSpinBox;
        one->setAccessibleName(name);
        one->setToolTip(name);
        one->setKeyboardTracking(false);
        one->setAlignment(Qt::AlignRight);
        return one;
    };
    m_channel = spin(tr("Number of the neuron, or of its channel"));
    m_row = spin(tr("Row in the channel's map"));
    m_column = spin(tr("Column in the channel's map"));
    m_place = new QLabel(tr("at"));
    for (QWidget* widget : std::initializer_list<QWidget*>{m_channel, m_place, m_row, m_column})
        spins->addWidget(widget);
    spins->addStretch(1);
    column->addLayout(spins);
    m_order = new QuietCombo;
    m_order->addItems({tr("In order of number"), tr("Largest weights first"), tr("Busiest on this canvas first")});
    m_order->setAccessibleName(tr("Order of the neurons"));
    column->addWidget(m_order);
    m_grid = new ImageGrid;
    m_grid->setAccessibleName(tr("Hidden neurons by their weights"));
    m_grid->setCorners(false);
    m_grid->setLineCount(1);
    m_grid->setPictureSide(54);
    column->addWidget(m_grid, 1);
    box->setFixedWidth(232);
    return box;
}

QLayout* TrainingMicroscope::buildMiddle()
{
    auto* middle = new QVBoxLayout;
    middle->setSpacing(8);
    m_sentence = new QLabel;
    m_sentence->setWordWrap(true);
    m_sentence->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    middle->addWidget(m_sentence);
    auto* top = new QHBoxLayout;
    top->setSpacing(24);
    m_image = new ImageView;
    m_image->setMaximumWidth(112);
    top->addWidget(m_image, 2);
    m_weights = new WeightPicture;
    m_weights->setTitle(tr("Its input weights"));
    m_weights->setMinimumHeight(120);
    m_weights->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored); // the plots below need the height
    top->addWidget(m_weights, 3);
    middle->addLayout(top, 3);
    const std::array<QString, 3> titles{tr("Current"), tr("Potential"), tr("Gates")};
    for (std::size_t i = 0; i < 3; ++i) {
        auto* plot = new AnnotatedPlot;
        plot->setTitle(titles[i], {});
        plot->setMinimumHeight(52);
        m_traces[i] = plot;
        middle->addWidget(plot, i == 1 ? 5 : 3);
    }
    return middle;
}

QLayout* TrainingMicroscope::buildResponse()
{
    auto* right = new QVBoxLayout;
    right->setSpacing(8);
    m_range->setAccessibleName(tr("Range of the response curve"));
    right->addWidget(m_range);
    m_response = new AnnotatedPlot;
    m_response->setTitle(tr("Output"), tr("0 to 1"));
    m_response->setXAxis(tr("current"), {});
    m_response->setLeastY(0, 1);
    m_response->setEmptyText(tr("The response curve is being computed."));
    right->addWidget(m_response, 3);
    m_slope = new CurvePlot;
    m_slope->setTitle(tr("Slope taken for learning"), tr("output per current"));
    m_slope->setXAxis(tr("current"), {});
    right->addWidget(m_slope, 2);
    m_responseText = new QLabel;
    m_responseText->setWordWrap(true);
    m_responseText->setMinimumHeight(3 * QFontMetrics(font()).height());
    m_responseText->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    right->addWidget(m_responseText);
    connect(
        m_response->xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), m_slope, [this](const QCPRange& range) {
            m_slope->xAxis->setRange(range);
            m_slope->replot(QCustomPlot::rpQueuedReplot);
        });
    return right;
}

QLayout* TrainingMicroscope::buildEpochs()
{
    auto* column = new QVBoxLayout;
    column->setSpacing(4);
    auto* row = new QHBoxLayout;
    row->setSpacing(16);
    m_epochLabel = new QLabel;
    m_epochSlider = new QSlider(Qt::Horizontal);
    m_epochSlider->setAccessibleName(tr("Epoch"));
    m_epochSlider->setPageStep(5);
    m_follow = new QToolButton;
    m_follow->setText(tr("Follow"));
    m_follow->setToolTip(tr("Always the newest epoch"));
    m_follow->setCheckable(true);
    m_follow->setChecked(true);
    row->addWidget(m_epochLabel);
    row->addWidget(m_epochSlider, 1);
    row->addWidget(m_follow);
    column->addLayout(row);
    m_strip = new PictureStrip;
    m_strip->setAccessibleName(tr("Weights after each epoch"));
    column->addWidget(m_strip);
    return column;
}

} // namespace endospike

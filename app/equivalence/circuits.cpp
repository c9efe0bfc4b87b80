#include "app/equivalence/circuits.h"

#include "app/equivalence/exact.h"
#include "app/equivalence/simplified.h"
#include "sim/base/errors.h"
#include "sim/equivalence/settings.h"
#include "widgets/form/parameter_form.h"
#include "widgets/form/section.h"
#include "widgets/picture/image_view.h"
#include "widgets/plot/curve_plot.h"
#include "widgets/plot/spike_comparison.h"

#include <QApplication>
#include <QClipboard>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include <algorithm>

namespace endospike {

namespace {

constexpr const char* installCommand = "sudo apt install dataset-fashion-mnist";
constexpr int testImages = 10000;

const char* const garments[] = {QT_TRANSLATE_NOOP("endospike::EquivalenceCircuits", "T-shirt"),
    QT_TRANSLATE_NOOP("endospike::EquivalenceCircuits", "Trouser"),
    QT_TRANSLATE_NOOP("endospike::EquivalenceCircuits", "Pullover"),
    QT_TRANSLATE_NOOP("endospike::EquivalenceCircuits", "Dress"),
    QT_TRANSLATE_NOOP("endospike::EquivalenceCircuits", "Coat"),
    QT_TRANSLATE_NOOP("endospike::EquivalenceCircuits", "Sandal"),
    QT_TRANSLATE_NOOP("endospike::EquivalenceCircuits", "Shirt"),
    QT_TRANSLATE_NOOP("endospike::EquivalenceCircuits", "Sneaker"),
    QT_TRANSLATE_NOOP("endospike::EquivalenceCircuits", "Bag"),
    QT_TRANSLATE_NOOP("endospike::EquivalenceCircuits", "Ankle boot")};

QString kindName(CellKind kind)
{
    return kind == CellKind::hodgkinHuxley ? QStringLiteral("HH") : QStringLiteral("tv-LIF2HH");
}

QColor kindColor(CellKind kind) { return hueColor(modelOf(kind).hue); }

bool differs(const ParameterValues& a, const ParameterValues& b, int from, int to)
{
    for (int row = from; row <= to; ++row)
        if (a[static_cast<std::size_t>(row)] != b[static_cast<std::size_t>(row)])
            return true;
    return false;
}

} // namespace

EquivalenceCircuits::EquivalenceCircuits(QWidget* parent)
    : EquivalenceView(parent)
{
    addToColumn(buildRun(tr("Run both circuits")));
    addSection(tr("XOR"), settingsForm(equivalence::xor_kind, equivalence::xor_synapse_ua_per_cm2));
    addSection(tr("Both circuits"), settingsForm(equivalence::circuit_start, equivalence::circuit_duration_ms));
    addSection(tr("Layer 128 → 10"), settingsForm(equivalence::weight_seed, equivalence::layer_synapse_ua_per_cm2));
    buildXor();
    buildLayer();
}

void EquivalenceCircuits::buildXor()
{
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(8, 8, 0, 0);
    row->setSpacing(16);
    auto* table = new QWidget;
    table->setAccessibleName(tr("Truth table"));
    auto* grid = new QGridLayout(table);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(10);
    grid->setVerticalSpacing(4);
    const QStringList heads{tr("In 1"), tr("In 3"), tr("XOR"), tr("wiring"), QStringLiteral("HH"),
        QStringLiteral("tv-LIF<br>2HH"), tr("max |ΔV|<br>(mV)")};
    for (int column = 0; column < heads.size(); ++column)
        grid->addWidget(
            new QLabel(QStringLiteral("<b>%1</b>").arg(heads[column])), 0, column, Qt::AlignHCenter | Qt::AlignBottom);
    for (int i = 0; i < 4; ++i)
        for (int column = 0; column < 7; ++column) {
            auto* label = new QLabel(QStringLiteral("–"));
            m_truth[static_cast<std::size_t>(i)][static_cast<std::size_t>(column)] = label;
            grid->addWidget(label, i + 1, column, Qt::AlignHCenter);
        }
    m_xorText = new QLabel;
    m_xorText->setWordWrap(true);
    m_xorText->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // the table decides how wide
    m_xorText->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    grid->addWidget(m_xorText, 5, 0, 1, 7);
    grid->setRowStretch(5, 1);
    row->addWidget(table);
    auto* plots = new QGridLayout;
    plots->setSpacing(8);
    for (int i = 0; i < 4; ++i) {
        auto* plot = new CurvePlot;
        plot->setXAxis(QStringLiteral("t"), QStringLiteral("ms"));
        plot->setTitle(tr("Output, (%1, %2)").arg(i / 2).arg(i % 2), QStringLiteral("mV"));
        plot->setLeastY(-80, 40);
        plot->setEmptyText(tr("Run both circuits."));
        plot->setMinimumWidth(130);
        m_outputs[static_cast<std::size_t>(i)] = plot;
        plots->addWidget(plot, i / 2, i % 2);
    }
    row->addLayout(plots, 1);
    content()->addWidget(box, 5);
}

void EquivalenceCircuits::buildLayer()
{
    m_layerBox = new QWidget;
    auto* row = new QHBoxLayout(m_layerBox);
    row->setContentsMargins(8, 0, 0, 0);
    row->setSpacing(16);
    m_image = new ImageView;
    m_image->setCount(testImages);
    m_image->setMaximumWidth(220);
    row->addWidget(m_image);
    auto* right = new QVBoxLayout;
    right->setSpacing(4);
    m_layerText = new QLabel;
    m_layerText->setWordWrap(true);
    m_raster = new SpikeComparison;
    m_raster->setKinds({kindName(CellKind::hodgkinHuxley), kindColor(CellKind::hodgkinHuxley)},
        {kindName(CellKind::tvLif), kindColor(CellKind::tvLif)});
    m_raster->setTitle(tr("Ten outputs"), {});
    m_raster->setEmptyText(tr("Run both circuits."));
    m_hamming = new CurvePlot;
    m_hamming->setTitle(tr("Hamming distance of the outputs, summed over steps"), QStringLiteral("bit"));
    m_hamming->setXAxis(QStringLiteral("t"), QStringLiteral("ms"));
    m_hamming->setLeastY(0, 4);
    right->addWidget(m_layerText);
    right->addWidget(m_raster, 3);
    right->addWidget(m_hamming, 1);
    row->addLayout(right, 1);
    content()->addWidget(m_layerBox, 6);
    content()->addWidget(buildMissing(), 6);
    connect(m_image, &ImageView::indexEdited, this, [this](int index) {
        emit changeWanted(tr("Image"), QStringLiteral("equivalence.image"), false,
            [index](Experiment& experiment) { experiment.own.set(equivalence::image, index); });
    });
}

QWidget* EquivalenceCircuits::buildMissing()
{
    m_missing = new QWidget;
    auto* column = new QVBoxLayout(m_missing);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(8);
    m_missingText = new QLabel;
    m_missingText->setWordWrap(true);
    auto* command = new QLabel(QStringLiteral("<code>%1</code>").arg(QLatin1String(installCommand)));
    command->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto* copy = new QPushButton(tr("Copy the command"));
    connect(
        copy, &QPushButton::clicked, this, [] { QApplication::clipboard()->setText(QLatin1String(installCommand)); });
    m_retry = new QPushButton(tr("Try again"));
    connect(m_retry, &QPushButton::clicked, this, [this] {
        if (!isRunning())
            runLayerPart();
    });
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(copy);
    buttons->addWidget(m_retry);
    buttons->addStretch(1);
    column->addWidget(m_missingText);
    column->addWidget(command);
    column->addLayout(buttons);
    column->addStretch(1);
    m_missing->hide();
    return m_missing;
}

QString EquivalenceCircuits::truth(int row, int column) const
{
    return m_truth[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)]->text();
}

void EquivalenceCircuits::setExperiment(const Experiment& experiment)
{
    const ParameterValues& before = this->experiment().own;
    const ParameterValues& now = experiment.own;
    using namespace equivalence;
    const bool both = differs(before, now, circuit_start, circuit_duration_ms);
    const bool wiring = both || differs(before, now, xor_kind, xor_synapse_ua_per_cm2);
    const bool layer = both || differs(before, now, image, layer_synapse_ua_per_cm2);
    EquivalenceView::setExperiment(experiment);
    m_image->setIndex(static_cast<int>(now[equivalence::image]));
    m_xorStale = m_xorStale || wiring;
    m_layerStale = m_layerStale || layer;
    if ((wiring || layer) && hasResult() && isVisible())
        run();
}

void EquivalenceCircuits::enter()
{
    if (!isRunning() && failure().isEmpty() && (m_xorStale || m_layerStale))
        run();
}

void EquivalenceCircuits::run()
{
    stop();
    if (!m_xorStale && !m_layerStale) // asked for although nothing has changed: again from the start
        m_xorStale = m_layerStale = true;
    if (m_xorStale)
        runXorPart();
    else
        runLayerPart();
}

void EquivalenceCircuits::runXorPart()
{
    m_phase = Phase::xorCircuit;
    m_xor = std::make_shared<XorResult>();
    begin([result = m_xor, experiment = experiment()](
              const JobContext& context) { *result = runXor(experiment, context); });
}

void EquivalenceCircuits::runLayerPart()
{
    m_phase = Phase::layer;
    auto job = std::make_shared<LayerJob>();
    if (m_layer)
        job->cache = std::move(m_layer->cache);
    m_layer = job;
    begin([job, experiment = experiment()](const JobContext& context) {
        try {
            job->result = runImageLayer(experiment, job->image, context, &job->cache);
        } catch (const FileError& error) {
            job->missing = error.what(); // the page offers a way out of it
        }
    });
}

void EquivalenceCircuits::finished()
{
    if (m_phase == Phase::xorCircuit) {
        m_xorStale = false;
        showXor();
        if (m_layerStale)
            runLayerPart();
    } else {
        m_layerStale = false;
        showLayer();
    }
}

void EquivalenceCircuits::cancelled() { setHasResult(true); }

void EquivalenceCircuits::failed(const QString&) { m_layerStale = m_xorStale = true; }

void EquivalenceCircuits::showXor()
{
    m_xorText->setText(xorSentence());
    for (std::size_t i = 0; i < 4; ++i) {
        const XorCase& one = m_xor->cases[i];
        auto& row = m_truth[i];
        const auto bit = [](bool value) { return value ? QStringLiteral("1") : QStringLiteral("0"); };
        row[0]->setText(bit(one.first));
        row[1]->setText(bit(one.third));
        row[2]->setText(bit(one.exclusiveOr));
        row[3]->setText(bit(one.byWiring));
        std::vector<Curve> curves;
        for (const CellKind kind : cellKinds) {
            const XorRun& run = one.runs[static_cast<std::size_t>(kind)];
            const XorTrace& output = run.outputTrace();
            const auto spikes = static_cast<int>(output.spikes_ms.size());
            row[4 + static_cast<std::size_t>(kind)]->setToolTip(tr("The answer, and the output spikes in brackets"));
            row[4 + static_cast<std::size_t>(kind)]->setText(
                QStringLiteral("<b>%1</b> (%2)").arg(bit(run.output)).arg(spikes));
            curves.push_back(
                curveOf(i == 0 ? kindName(kind) : QString(), m_xor->time_ms, output.v_mv, kindColor(kind)));
        }
        curves.back().variant = 1; // dashed: the HH trace is seen below it
        row[6]->setText(differenceText(one.maximumDifference_mv).remove(QStringLiteral(" mV")));
        m_outputs[i]->setCurves(std::move(curves));
    }
}

QString EquivalenceCircuits::xorSentence() const
{
    QStringList rebounds;
    bool same = true;
    bool exclusive = true;
    for (const XorCase& one : m_xor->cases) {
        same = same && one.runs[0].output == one.runs[1].output;
        exclusive = exclusive && one.runs[0].output == one.exclusiveOr;
        if (one.runs[0].output != one.byWiring)
            rebounds << QStringLiteral("(%1, %2)").arg(one.first ? 1 : 0).arg(one.third ? 1 : 0);
    }
    QString text = same ? tr("Output spikes in brackets. Both kinds give the same answers.")
                        : tr("The two kinds give different answers.");
    text += exclusive ? tr(" Read from the spikes, they are those of XOR.") : tr(" They are not those of XOR.");
    if (!rebounds.isEmpty())
        text +=
            tr(" The cells differ from their wiring for %1: released from inhibition the output rebounds and fires.")
                .arg(rebounds.join(QStringLiteral(", ")));
    if (static_cast<int>(experiment().own[equivalence::circuit_start]) == equivalence::publishedStart)
        text += tr(" From the published start every cell fires once near 5 ms without any input; spikes before 10 ms "
                   "are not read.");
    return text;
}

void EquivalenceCircuits::showLayer()
{
    const bool missing = !m_layer->missing.empty();
    m_missing->setVisible(missing);
    m_layerBox->setVisible(!missing);
    if (missing) {
        m_missingText->setText(tr("<b>The layer needs the Fashion-MNIST images, which are not there.</b><br>%1")
                                   .arg(QString::fromStdString(m_layer->missing).toHtmlEscaped()));
        return;
    }
    const FullyConnectedResult& result = m_layer->result;
    if (result.stopped)
        return;
    const ImageOfLayer& image = m_layer->image;
    m_image->setImage(image.pixels, 28, 28);
    m_image->setCaption(tr("Test image %1: %2").arg(image.index).arg(tr(garments[image.label])));
    m_layerText->setText(layerSentence());
    std::vector<SpikeRow> rows;
    for (std::size_t k = 0; k < std::size(garments); ++k)
        rows.push_back({tr(garments[k]), {result.runs[0].outputSpikes_ms[k], result.runs[1].outputSpikes_ms[k]}});
    m_raster->setRows(std::move(rows), experiment().own[equivalence::circuit_duration_ms]);
    const std::vector<double> hamming(result.hamming.begin(), result.hamming.end());
    Curve curve = curveOf(tr("sum"), result.time_ms, hamming, currentTheme().stimulus);
    curve.steps = true;
    m_hamming->setCurves({std::move(curve)});
}

QString EquivalenceCircuits::layerSentence() const
{
    const FullyConnectedResult& result = m_layer->result;
    const ImageOfLayer& image = m_layer->image;
    QStringList most;
    for (const int output : image.spikingAnswers)
        most.append(tr(garments[output]));
    const qlonglong total = result.hamming.empty() ? 0 : static_cast<qlonglong>(result.hamming.back());
    return tr(
        "The network without spikes answers <b>%1</b> (right for %2 % of the test images); most spikes: "
        "<b>%3</b>. Between the two kinds: Hamming distance %4 over %5 steps, largest |ΔV| %6; computed in %7 s and "
        "%8 s.")
        .arg(tr(garments[image.networkAnswer]))
        .arg(100 * image.testAccuracy, 0, 'f', 1)
        .arg(most.join(tr(" and ")))
        .arg(total)
        .arg(static_cast<qlonglong>(result.steps))
        .arg(differenceText(result.maximumDifference_mv))
        .arg(result.runs[0].seconds, 0, 'f', 2)
        .arg(result.runs[1].seconds, 0, 'f', 2);
}

FigureRequest EquivalenceCircuits::figure(const QString& caption) const
{
    FigureRequest request{{}, caption};
    std::vector<XyPlot*> plots(m_outputs.begin(), m_outputs.end());
    if (m_layerBox->isVisibleTo(this)) {
        plots.push_back(m_raster);
        plots.push_back(m_hamming);
    }
    for (XyPlot* plot : plots)
        request.pictures.emplace_back(plot);
    return request;
}

} // namespace endospike

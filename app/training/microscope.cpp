#include "app/training/microscope.h"

#include "app/training/pictures.h"
#include "widgets/form/quiet_combo.h"
#include "widgets/form/segmented_control.h"
#include "widgets/look/numbers.h"
#include "widgets/look/plot_parts.h"
#include "widgets/look/text.h"
#include "widgets/picture/image_grid.h"
#include "widgets/picture/image_view.h"
#include "widgets/picture/picture_strip.h"
#include "widgets/picture/weight_picture.h"
#include "widgets/plot/annotated_plot.h"

#include <QLabel>
#include <QSlider>
#include <QSpinBox>
#include <QToolButton>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <ranges>
#include <utility>

namespace endospike {

namespace {

constexpr int histogramBins = 60;

/// A convolution's map is computed whole for every canvas: fewer of them.
int canvasesFor(const Network& network) { return network.plan().kind->convolutional ? 250 : 10000; }

enum Panel { currents, potentials, gates };

Panel panelOf(const NeuronChannel& channel)
{
    return channel.group == ChannelGroup::current ? currents : channel.group == ChannelGroup::gate ? gates : potentials;
}

/// The panel's title says quantity and unit already: of "Current <i>I</i> [µA/cm²]" the symbol is left.
QString symbolOf(const NeuronChannel& channel)
{
    const QString label = qstring(channel.label);
    const qsizetype symbol = label.indexOf(QLatin1String("<i>"));
    return symbol < 0 ? label : label.mid(symbol).section(QLatin1String(" ["), 0, 0);
}

QVector<double> vectorOf(const std::vector<double>& values) { return {values.begin(), values.end()}; }

double magnitude(const WeightPictures& weights)
{
    double sum = 0;
    for (const std::vector<float>& picture : weights.pictures)
        for (const float value : picture)
            sum += static_cast<double>(value) * static_cast<double>(value);
    return std::sqrt(sum);
}

} // namespace

TrainingMicroscope::TrainingMicroscope(QWidget* parent)
    : TrainingView(parent)
    , m_range(new SegmentedControl({tr("Currents it gets"), tr("Where it answers")}))
{
    build();
    connect(m_layerChoice, &SegmentedControl::chosen, this, [this](int layer) {
        m_layer = layer;
        networkChanged();
    });
    for (QSpinBox* spin : {m_channel, m_row, m_column})
        connect(spin, &QSpinBox::valueChanged, this, &TrainingMicroscope::selectionChanged);
    connect(m_order, &QComboBox::activated, this, [this] {
        m_takesFirst = m_order->currentIndex() != byNumber;
        computeRanking();
    });
    connect(m_grid, &ImageGrid::chosen, this,
        [this](int item) { m_channel->setValue(m_ranking ? m_ranking->order[static_cast<std::size_t>(item)] : item); });
    connect(m_image, &ImageView::indexEdited, this, [this](int pair) {
        choosePair(pair);
        emit pairChosen(m_pair);
    });
    connect(m_range, &SegmentedControl::chosen, this, &TrainingMicroscope::showResponse);
    connect(m_epochSlider, &QSlider::valueChanged, this, [this](int value) {
        m_follow->setChecked(value == m_epochSlider->maximum());
        epochChanged();
    });
    connect(m_strip, &PictureStrip::chosen, m_epochSlider, &QSlider::setValue);
    connect(m_follow, &QToolButton::clicked, this, [this](bool follow) {
        if (follow)
            m_epochSlider->setValue(m_epochSlider->maximum());
    });
    connect(&m_looksJob, &NewestJob::progressed, this, &TrainingMicroscope::takeLooks);
    connect(&m_looksJob, &NewestJob::failed, this, &TrainingView::refused);
    connect(&m_rankingJob, &NewestJob::failed, this, &TrainingView::refused);
    connect(&m_responseJob, &NewestJob::failed, this, &TrainingView::refused);
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, [this] {
        m_grid->refresh();
        showStrip();
    });
    networkChanged();
}

const Snapshot* TrainingMicroscope::snapshot() const
{
    const std::vector<Snapshot>& all = m_history.of(m_run);
    const auto at = static_cast<std::size_t>(m_epochSlider->value());
    return at < all.size() ? &all[at] : nullptr;
}

int TrainingMicroscope::epoch() const { return snapshot() ? snapshot()->epoch : -2; }

HiddenLayer TrainingMicroscope::hidden() const
{
    const std::vector<Snapshot>& all = m_history.of(m_run);
    if (all.empty())
        return {};
    const std::vector<HiddenLayer> layers = all.back().network->layers();
    return layers[std::min(static_cast<std::size_t>(m_layer), layers.size() - 1)];
}

int TrainingMicroscope::neuron() const
{
    const HiddenLayer layer = hidden();
    return (m_channel->value() * layer.rows + m_row->value()) * layer.columns + m_column->value();
}

void TrainingMicroscope::setNeuron(int neuron)
{
    const HiddenLayer layer = hidden();
    const int perChannel = layer.rows * layer.columns;
    {
        const QSignalBlocker quietRow(m_row);
        const QSignalBlocker quietColumn(m_column);
        m_row->setValue(neuron % perChannel / layer.columns);
        m_column->setValue(neuron % layer.columns);
    }
    const QSignalBlocker quiet(m_channel);
    m_channel->setValue(neuron / perChannel);
    selectionChanged();
}

void TrainingMicroscope::setData(std::shared_ptr<const TrainingData> pairs)
{
    if (pairs == m_data)
        return;
    m_data = std::move(pairs);
    m_image->setCount(m_data ? m_data->test.size() : 0);
    m_pair = m_data ? std::clamp(m_pair, 0, m_data->test.size() - 1) : 0;
    m_image->setIndex(m_pair);
    showImage();
    networkChanged();
}

void TrainingMicroscope::choosePair(int pair)
{
    if (!m_data)
        return;
    m_pair = std::clamp(pair, 0, m_data->test.size() - 1);
    m_image->setIndex(m_pair);
    showImage();
    selectionChanged();
    if (m_order->currentIndex() == byOutput)
        computeRanking();
}

void TrainingMicroscope::setSnapshot(
    const RunId& run, const EpochMetrics& metrics, std::shared_ptr<const Network> network)
{
    const bool another = !(run == m_run);
    const std::vector<Snapshot>& known = m_history.of(run);
    if (!another && (!network || (!known.empty() && known.back().network == network)))
        return; // the page tells it again
    m_run = run;
    if (network)
        m_history.add(run, metrics.epoch, std::move(network));
    const auto count = static_cast<int>(m_history.of(m_run).size());
    {
        const QSignalBlocker quiet(m_epochSlider);
        m_epochSlider->setRange(0, std::max(0, count - 1));
        if (another || m_follow->isChecked())
            m_epochSlider->setValue(count - 1);
    }
    m_follow->setChecked(m_epochSlider->value() == m_epochSlider->maximum());
    networkChanged();
}

void TrainingMicroscope::enter()
{
    m_inFront = true;
    networkChanged();
}

void TrainingMicroscope::leave()
{
    m_inFront = false;
    for (NewestJob* job : {&m_looksJob, &m_rankingJob, &m_responseJob})
        job->cancel();
}

void TrainingMicroscope::stop()
{
    leave(); // all of them are asked before one is waited for
    for (NewestJob* job : {&m_looksJob, &m_rankingJob, &m_responseJob})
        job->stop();
}

// Another run, one more epoch, another layer: the controls fit the network, then everything is computed anew.
void TrainingMicroscope::networkChanged()
{
    const std::vector<Snapshot>& all = m_history.of(m_run);
    if (all.empty())
        return showEpoch();
    const std::vector<HiddenLayer> layers = all.back().network->layers();
    m_layer = std::min(m_layer, static_cast<int>(layers.size()) - 1);
    m_layerChoice->setVisible(layers.size() > 1);
    m_layerChoice->setCurrent(m_layer);
    const HiddenLayer layer = hidden();
    const std::vector<int> shape{m_layer, layer.channels, layer.rows, layer.columns};
    if (shape != m_shape) {
        m_shape = shape;
        m_ranking.reset();
        const QSignalBlocker quiet[] = {QSignalBlocker(m_channel), QSignalBlocker(m_row), QSignalBlocker(m_column)};
        m_channel->setRange(0, layer.channels - 1);
        m_row->setRange(0, layer.rows - 1);
        m_column->setRange(0, layer.columns - 1);
        m_row->setValue(layer.rows / 2);
        m_column->setValue(layer.columns / 2);
        const bool map = layer.rows * layer.columns > 1;
        for (QWidget* widget : std::initializer_list<QWidget*>{m_row, m_column, m_place})
            widget->setVisible(map);
    }
    showRanking();
    computeRanking();
    selectionChanged();
}

void TrainingMicroscope::selectionChanged()
{
    m_mail = std::make_shared<Mailbox<Looks>>();
    m_looks.clear();
    if (m_ranking) {
        const auto at = std::ranges::find(m_ranking->order, m_channel->value());
        m_grid->setCurrent(static_cast<int>(at - m_ranking->order.begin()));
    } else {
        m_grid->setCurrent(m_channel->value());
    }
    computeLooks();
    epochChanged();
}

void TrainingMicroscope::epochChanged()
{
    showEpoch();
    showLook();
    m_grid->refresh();
    m_strip->setCurrent(m_epochSlider->value());
    computeResponse();
}

void TrainingMicroscope::computeLooks()
{
    const std::vector<Snapshot>& all = m_history.of(m_run);
    if (!m_inFront || !m_data || all.empty())
        return m_looksJob.cancel();
    // The one that is looked at first, then from the newest back.
    std::vector<Snapshot> order(all.rbegin(), all.rend());
    std::ranges::stable_partition(order, [this](const Snapshot& one) { return one.epoch == epoch(); });
    m_looksJob.want(
        [box = m_mail, order, canvas = canvasPixelsOf(m_data->test, m_pair), layer = m_layer, neuron = neuron()](
            const JobContext& context) {
            for (const Snapshot& one : order) {
                if (context.stop.stop_requested())
                    return;
                Look look{one.network->record(canvas, layer, neuron), one.network->weights(layer, neuron)};
                box->put([&](Looks& looks) { looks.emplace(one.epoch, std::move(look)); });
                context.report(0, {});
            }
        },
        [this] { takeLooks(); });
}

void TrainingMicroscope::takeLooks()
{
    if (!m_mail)
        return;
    m_looks.merge(m_mail->take());
    showLook();
    showStrip();
}

void TrainingMicroscope::computeRanking()
{
    const std::vector<Snapshot>& all = m_history.of(m_run);
    const int order = m_order->currentIndex();
    if (order == byNumber) {
        m_rankingJob.cancel();
        m_ranking.reset();
        return showRanking();
    }
    if (!m_inFront || !m_data || all.empty())
        return;
    const auto ranking = std::make_shared<Ranking>();
    const HiddenLayer layer = hidden();
    m_rankingJob.want(
        [ranking, network = all.back().network, order, layer, index = m_layer,
            place = m_row->value() * layer.columns + m_column->value(),
            canvas = canvasPixelsOf(m_data->test, m_pair)](const JobContext& context) {
            for (int channel = 0; channel < layer.channels && !context.stop.stop_requested(); ++channel) {
                const int neuron = channel * layer.rows * layer.columns + place;
                ranking->values.push_back(order == byWeight ? magnitude(network->weights(index, neuron))
                                                            : network->record(canvas, index, neuron).output);
            }
            ranking->order.resize(ranking->values.size());
            std::iota(ranking->order.begin(), ranking->order.end(), 0);
            std::ranges::stable_sort(ranking->order, std::greater(),
                [&](int channel) { return ranking->values[static_cast<std::size_t>(channel)]; });
        },
        [this, ranking] {
            m_ranking = ranking;
            showRanking();
            if (std::exchange(m_takesFirst, false) && !ranking->order.empty())
                m_channel->setValue(ranking->order.front());
        });
}

void TrainingMicroscope::showRanking()
{
    m_grid->setItems(hidden().channels, [this](int item) {
        const Snapshot* now = snapshot();
        const int channel = m_ranking ? m_ranking->order[static_cast<std::size_t>(item)] : item;
        if (!now)
            return GridPicture{};
        const HiddenLayer layer = hidden();
        const WeightPictures weights = now->network->weights(m_layer, channel * layer.rows * layer.columns);
        GridPicture picture{
            weightImage(weights, largestWeight(weights), currentTheme()), {QString::number(channel), {}}};
        picture.tip = tr("Neuron %1").arg(channel);
        if (m_ranking)
            picture.tip +=
                tr("\n%1: %2")
                    .arg(m_order->currentIndex() == byWeight ? tr("size of its weights") : tr("output on this canvas"),
                        plotNumber(m_ranking->values[static_cast<std::size_t>(channel)], 3));
        return picture;
    });
    const auto at = m_ranking ? std::ranges::find(m_ranking->order, m_channel->value()) - m_ranking->order.begin()
                              : static_cast<std::ptrdiff_t>(m_channel->value());
    m_grid->setCurrent(static_cast<int>(at));
}

void TrainingMicroscope::computeResponse()
{
    const Snapshot* now = snapshot();
    if (!m_inFront || !m_data || !now)
        return m_responseJob.cancel();
    const auto response = std::make_shared<NeuronResponse>();
    m_responseJob.want(
        [response, data = m_data, network = now->network, layer = m_layer, neuron = neuron()](
            const JobContext& context) {
            *response = neuronResponse(*network, layer, neuron, data->test, canvasesFor(*network), context);
        },
        [this, response] {
            m_responseNow = response;
            showResponse();
        });
}

void TrainingMicroscope::showImage()
{
    if (!m_data)
        return m_image->clearImage();
    std::array<std::uint8_t, canvasPixels> pixels{};
    m_data->test.canvas(m_pair, pixels);
    m_image->setImage(pixels, canvasSide, canvasSide);
    const auto labels = m_data->test.labels(m_pair);
    m_image->setCaption(QStringLiteral("%1<br>%2")
                            .arg(classNames(*m_data, 0).value(labels[0]), classNames(*m_data, 1).value(labels[1])));
}

QString TrainingMicroscope::neuronName() const
{
    const HiddenLayer layer = hidden();
    const QString name = qstring(layer.name);
    return layer.rows * layer.columns > 1
        ? tr("%1, channel %2 at row %3, column %4")
              .arg(name)
              .arg(m_channel->value())
              .arg(m_row->value())
              .arg(m_column->value())
        : tr("%1, neuron %2 of %3").arg(name).arg(m_channel->value()).arg(layer.channels);
}

QColor TrainingMicroscope::colorHere() const
{
    const Snapshot* now = snapshot();
    return now ? hueColor(now->network->plan().kind->hue) : QColor();
}

void TrainingMicroscope::showEpoch()
{
    const Snapshot* now = snapshot();
    const bool any = now != nullptr;
    m_epochSlider->setEnabled(m_history.of(m_run).size() > 1);
    m_epochLabel->setText(!any ? QString()
            : now->epoch < 0   ? tr("before training")
            : now->epoch > 0 && m_history.of(m_run).size() == 1
            ? tr("after epoch %1; earlier epochs were not kept").arg(now->epoch + 1)
            : tr("after epoch %1").arg(now->epoch + 1));
    m_epochLabel->setMinimumWidth(QFontMetrics(font()).horizontalAdvance(tr("before training")));
}

void TrainingMicroscope::showLook()
{
    const auto at = m_looks.find(epoch());
    if (at == m_looks.end())
        return; // the last look stays until it is there
    const NeuronRecord& record = at->second.record;
    showWeights(at->second.weights);
    showTraces(record);
    const auto spikes = std::accumulate(record.spikes.begin(), record.spikes.end(), std::size_t{0},
        [](std::size_t sum, const std::vector<double>& train) { return sum + train.size(); });
    m_sentence->setText(
        tr("<b>%1</b><br>%2: %3 on this canvas, output %4")
            .arg(snapshotName(m_run, epoch()).toHtmlEscaped(), neuronName(),
                spikes == 1 ? tr("1 spike") : tr("%1 spikes").arg(spikes), plotNumber(record.output, 3)));
}

void TrainingMicroscope::showWeights(const WeightPictures& weights)
{
    double most = 0; // one scale for all epochs
    for (const auto& [epoch, look] : m_looks)
        most = std::max(most, largestWeight(look.weights));
    m_weights->setScale(most);
    m_weights->setWeights(weights);
}

void TrainingMicroscope::showTraces(const NeuronRecord& record)
{
    std::array<std::vector<Curve>, 3> curves;
    std::array<QString, 3> units;
    const QVector<double> times = vectorOf(record.times);
    for (const NeuronChannel& channel : record.channels) {
        const Panel panel = panelOf(channel);
        const QColor color = panel == gates ? hueColor(channel.hue)
            : panel == currents             ? currentTheme().stimulus
                                            : colorHere();
        Curve curve{symbolOf(channel), times, vectorOf(channel.values), color};
        curve.variant = panel == gates ? 0 : static_cast<int>(curves[panel].size());
        curve.points = times.size() < 60;
        units[panel] = qstring(channel.unit);
        curves[panel].push_back(std::move(curve));
    }
    const std::array<QString, 3> titles{tr("Current"), tr("Potential"), tr("Gates")};
    for (std::size_t i = 0; i < 3; ++i) {
        m_traces[i]->setTitle(titles[i], units[i]);
        const bool steps = record.timeUnit == "step";
        m_traces[i]->setXAxis(steps ? tr("step") : QStringLiteral("t"), steps ? QString() : qstring(record.timeUnit));
        m_traces[i]->setMarginX(steps ? 0.5 : 0); // a spike of the first step would lie under the axis
        m_traces[i]->xAxis->setTicker(
            QSharedPointer<QCPAxisTicker>(steps ? static_cast<QCPAxisTicker*>(new CountTicker) : new NumberTicker));
        m_traces[i]->setVisible(!curves[i].empty());
        double low = 0; // the same range for all epochs, so that the eye compares
        double high = 0;
        for (const auto& [epoch, look] : m_looks)
            for (const NeuronChannel& channel : look.record.channels)
                if (panelOf(channel) == static_cast<Panel>(i))
                    for (const double value : channel.values)
                        if (std::isfinite(value)) {
                            low = std::min(low, value);
                            high = std::max(high, value);
                        }
        m_traces[i]->setLeastY(low, high > low ? high : low + 1);
        m_traces[i]->setCurves(std::move(curves[i]));
    }
    m_traces[potentials]->setLevels(std::isfinite(record.threshold)
            ? std::vector<AnnotatedPlot::Level>{{tr("threshold"), record.threshold}}
            : std::vector<AnnotatedPlot::Level>{});
    m_traces[potentials]->setTicks(record.spikes, currentTheme().text);
}

void TrainingMicroscope::showStrip()
{
    double most = 0;
    for (const auto& [epoch, look] : m_looks)
        most = std::max(most, largestWeight(look.weights));
    std::vector<PictureStrip::Item> items;
    for (const Snapshot& one : m_history.of(m_run)) {
        const auto look = m_looks.find(one.epoch);
        items.push_back({look == m_looks.end() ? QImage() : weightImage(look->second.weights, most, currentTheme()),
            one.epoch < 0 ? tr("before") : QString::number(one.epoch + 1)});
    }
    m_strip->setItems(std::move(items));
    m_strip->setCurrent(m_epochSlider->value());
}

void TrainingMicroscope::showResponse()
{
    if (!m_responseNow || m_responseNow->seen.current.empty())
        return;
    const NeuronResponse& response = *m_responseNow;
    const ResponseCurve& curve = m_range->current() == 0 ? response.seen : response.near;
    const QVector<double> x = vectorOf(curve.current);
    std::vector<Curve> output{{tr("response curve"), x, vectorOf(curve.output), colorHere()}};
    if (!curve.simulated.empty()) {
        Curve steps{tr("step by step"), {}, {}, currentTheme().text};
        for (std::size_t i = 0; i < curve.simulated.size(); i += 16) {
            steps.x.append(curve.current[i]);
            steps.y.append(curve.simulated[i]);
        }
        steps.pointsOnly = true;
        output.push_back(std::move(steps));
    }
    const QCPRange range(curve.current.front(), curve.current.back());
    m_response->setHistogram(
        histogramOf(response.currents, histogramBins, range.lower, range.upper), tr("currents now"));
    for (CurvePlot* plot : {static_cast<CurvePlot*>(m_response), m_slope})
        plot->setXAxis(qstring(curve.currentLabel), {});
    m_response->setCurves(std::move(output));
    m_slope->setCurves({{{}, x, vectorOf(curve.slope), colorHere()}});
    m_response->fit();
    m_slope->fit();
    m_responseText->setText(
        tr("%1 against its output, on the first %2 test canvases. At %3 % of these currents the slope taken for "
           "learning is not zero: only there the neuron learns.")
            .arg(qstring(curve.currentLabel), groupedNumber(response.canvases))
            .arg(100 * response.taught, 0, 'f', response.taught < 0.1 ? 1 : 0));
}

FigureRequest TrainingMicroscope::figure(const QString& caption) const
{
    FigureRequest request{{m_weights}, caption};
    std::vector<XyPlot*> plots(m_traces.begin(), m_traces.end());
    plots.push_back(m_response);
    plots.push_back(m_slope);
    for (XyPlot* plot : plots)
        if (plot->isVisibleTo(this))
            request.pictures.emplace_back(plot);
    return request;
}

} // namespace endospike

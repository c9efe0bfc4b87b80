#include "app/training/test_view.h"

#include "app/training/pictures.h"
#include "sim/network/evaluation.h"
#include "widgets/form/quiet_combo.h"
#include "widgets/look/custom_plot.h"
#include "widgets/look/numbers.h"
#include "widgets/picture/image_grid.h"
#include "widgets/picture/image_view.h"
#include "widgets/picture/probability_bars.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>

#include <algorithm>

namespace endospike {

namespace {

constexpr int batchPairs = 250;
constexpr std::size_t perPair = taskCount * classCount;

std::span<const float> probabilitiesOf(const std::vector<float>& all, int pair, int task)
{
    return std::span(all).subspan(
        static_cast<std::size_t>(pair) * perPair + static_cast<std::size_t>(task * classCount), classCount);
}

} // namespace

TrainingTestView::TrainingTestView(QWidget* parent)
    : TrainingView(parent)
    , m_status(new QLabel)
    , m_progress(new QProgressBar)
    , m_filter(new QuietCombo)
    , m_chip(new QToolButton)
    , m_countLabel(new QLabel)
    , m_grid(new ImageGrid)
    , m_large(new ImageView)
{
    build();
    connect(&m_job, &NewestJob::progressed, this, [this](double fraction, const QString&) {
        m_progress->setVisible(true);
        m_progress->setValue(static_cast<int>(1000 * fraction));
        // Something to look at as soon as there is something; later networks replace it whole.
        if (!m_shownPredictions || m_shownPredictions == m_coming)
            showPredictions(m_coming);
    });
    connect(&m_job, &NewestJob::failed, this, [this](const QString& sentence) {
        m_progress->hide();
        m_status->setText(tr("The test set could not be shown to the network: %1").arg(sentence));
    });
    connect(m_filter, &QComboBox::activated, this, &TrainingTestView::filter);
    connect(m_chip, &QToolButton::clicked, this, [this] { chooseCell(0, std::nullopt); });
    connect(m_grid, &ImageGrid::chosen, this, [this](int item) {
        showPair(m_shown[static_cast<std::size_t>(item)]);
        emit pairChosen(m_pair);
    });
    connect(m_large, &ImageView::indexEdited, this, [this](int pair) {
        showPair(pair);
        emit pairChosen(m_pair);
    });
    for (int task = 0; task < taskCount; ++task)
        connect(matrix(task), &ConfusionMatrix::cellChosen, this,
            [this, task](std::optional<ConfusionMatrix::Cell> cell) { chooseCell(task, cell); });
}

void TrainingTestView::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 8, 8, 8);
    column->setSpacing(4);
    column->addWidget(m_status);
    m_progress->setRange(0, 1000);
    m_progress->setTextVisible(false);
    QSizePolicy keeps = m_progress->sizePolicy();
    keeps.setRetainSizeWhenHidden(true); // nothing moves when it comes and goes
    m_progress->setSizePolicy(keeps);
    m_progress->hide();
    column->addWidget(m_progress);
    auto* row = new QHBoxLayout;
    row->setSpacing(16);
    row->addLayout(buildLeft(), 4);
    row->addLayout(buildRight(), 9);
    column->addLayout(row, 1);
}

QLayout* TrainingTestView::buildLeft()
{
    auto* left = new QVBoxLayout;
    left->setSpacing(8);
    m_filter->addItems({tr("All canvases"), tr("Wrong at the top left"), tr("Wrong at the bottom right"),
        tr("Wrong in both"), tr("Right in both")});
    m_filter->setAccessibleName(tr("Which canvases are shown"));
    auto* strip = new QHBoxLayout;
    strip->setSpacing(8);
    strip->addWidget(m_filter, 1);
    strip->addWidget(m_countLabel);
    left->addLayout(strip);
    m_chip->setToolTip(tr("Show all cells again"));
    m_chip->setToolButtonStyle(Qt::ToolButtonTextOnly);
    m_chip->setCheckable(true);
    m_chip->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_chip->hide();
    left->addWidget(m_chip);
    m_grid->setAccessibleName(tr("Test canvases"));
    left->addWidget(m_grid, 1);
    return left;
}

QLayout* TrainingTestView::buildRight()
{
    auto* right = new QVBoxLayout;
    right->setSpacing(8);
    auto* detail = new QHBoxLayout;
    detail->setSpacing(16);
    m_large->setMaximumWidth(150);
    detail->addWidget(m_large, 2);
    auto* matrices = new QHBoxLayout;
    matrices->setSpacing(16);
    for (int task = 0; task < taskCount; ++task) {
        auto* bars = new ProbabilityBars;
        bars->setTitle(task == 0 ? tr("Top left") : tr("Bottom right"));
        m_bars[static_cast<std::size_t>(task)] = bars;
        detail->addWidget(bars, 3);
        auto* matrix = new ConfusionMatrix;
        matrix->setTitle(task == 0 ? tr("Top left") : tr("Bottom right"));
        m_matrix[static_cast<std::size_t>(task)] = matrix;
        matrices->addWidget(matrix, 1);
    }
    right->addLayout(detail);
    right->addLayout(matrices, 1);
    return right;
}

void TrainingTestView::setData(std::shared_ptr<const TrainingData> pairs)
{
    if (pairs == m_data)
        return;
    clear();
    m_data = std::move(pairs);
    for (int task = 0; task < taskCount; ++task) {
        const auto at = static_cast<std::size_t>(task);
        m_names[at] = m_data ? classNames(*m_data, task) : QStringList();
        matrix(task)->setNames(m_names[at]);
        bars(task)->setNames(m_names[at]);
    }
    m_large->setCount(m_data ? m_data->test.size() : 0);
    predictNow();
}

void TrainingTestView::clear()
{
    m_job.cancel();
    m_coming.reset();
    m_shownPredictions.reset();
    m_answers.clear();
    m_cell.reset();
    filter();
}

void TrainingTestView::setSnapshot(
    const RunId& run, const EpochMetrics& metrics, std::shared_ptr<const Network> network)
{
    if (run == m_run && network == m_network)
        return; // the page tells it again
    const bool sameRun = run == m_run && m_network && network;
    m_run = run;
    m_epoch = metrics.epoch;
    m_network = std::move(network);
    if (!sameRun)
        clear(); // another run's answers are nothing to look at meanwhile
    // A pass over the test set that has begun is finished first: epochs may follow each other faster than it takes.
    if (!m_job.isBusy())
        predictNow();
}

void TrainingTestView::enter()
{
    m_inFront = true;
    if (!m_job.isBusy())
        predictNow();
}

void TrainingTestView::leave()
{
    m_inFront = false;
    m_job.cancel();
    m_coming.reset();
}

void TrainingTestView::predictNow()
{
    if (!m_inFront || !m_data || !m_network)
        return;
    if (m_shownPredictions && m_shownPredictions->network == m_network
        && m_shownPredictions->done == m_data->test.size())
        return;
    m_coming = std::make_shared<Predictions>();
    m_coming->data = m_data;
    m_coming->network = m_network;
    m_coming->name = snapshotName(m_run, m_epoch);
    m_coming->probabilities.resize(static_cast<std::size_t>(m_data->test.size()) * perPair);
    if (!m_shownPredictions) // else the older answers stay, with their own name above them
        m_status->setText(tr("%1: showing it the test set").arg(m_coming->name));
    m_job.want(
        [coming = m_coming](const JobContext& context) {
            Workers workers(1);
            const PairedImages& set = coming->data->test;
            for (int begin = 0; begin < set.size() && !context.stop.stop_requested();) {
                const int end = std::min(begin + batchPairs, set.size());
                const std::vector<float> part = predict(*coming->network, set, begin, end, workers);
                std::ranges::copy(part, coming->probabilities.begin() + static_cast<std::ptrdiff_t>(begin * perPair));
                coming->done = begin = end;
                context.report(static_cast<double>(end) / set.size(), {});
            }
        },
        [this] {
            m_progress->hide();
            showPredictions(m_coming);
            predictNow(); // a newer network may have come meanwhile
        });
}

void TrainingTestView::showPredictions(const std::shared_ptr<Predictions>& predictions)
{
    if (!predictions)
        return;
    const int done = predictions->done;
    if (predictions != m_shownPredictions)
        m_answers.clear();
    m_shownPredictions = predictions;
    for (int pair = predicted(); pair < done; ++pair) {
        Answers answers{};
        for (int task = 0; task < taskCount; ++task) {
            const auto p = probabilitiesOf(predictions->probabilities, pair, task);
            answers[static_cast<std::size_t>(task)] =
                static_cast<std::uint8_t>(std::ranges::max_element(p) - p.begin());
        }
        m_answers.push_back(answers);
    }
    countMatrices();
    m_status->setText(tr("<b>%1</b>: %2 % right at the top left, %3 % at the bottom right, of %4 test canvases")
                          .arg(predictions->name.toHtmlEscaped())
                          .arg(100 * matrix(0)->accuracy(), 0, 'f', 1)
                          .arg(100 * matrix(1)->accuracy(), 0, 'f', 1)
                          .arg(groupedNumber(predicted())));
    filter();
}

void TrainingTestView::countMatrices()
{
    for (int task = 0; task < taskCount; ++task) {
        std::vector<int> counts(classCount * classCount);
        for (int pair = 0; pair < predicted(); ++pair) {
            const auto at = static_cast<std::size_t>(task);
            const int truth = m_data->test.labels(pair)[at];
            ++counts[static_cast<std::size_t>(truth * classCount + m_answers[static_cast<std::size_t>(pair)][at])];
        }
        matrix(task)->setCounts(std::move(counts));
    }
}

bool TrainingTestView::isRight(int pair, int task) const
{
    const auto at = static_cast<std::size_t>(task);
    return m_answers[static_cast<std::size_t>(pair)][at] == m_data->test.labels(pair)[at];
}

void TrainingTestView::chooseCell(int task, std::optional<ConfusionMatrix::Cell> cell)
{
    m_cell = cell ? std::optional(ChosenCell{task, *cell}) : std::nullopt;
    for (int other = 0; other < taskCount; ++other)
        matrix(other)->setCurrent(cell && other == task ? cell : std::nullopt);
    if (cell)
        m_filter->setCurrentIndex(all); // exactly the canvases of the cell
    filter();
}

bool TrainingTestView::passes(int pair) const
{
    if (m_cell) {
        const auto at = static_cast<std::size_t>(m_cell->task);
        if (m_data->test.labels(pair)[at] != m_cell->cell.truth
            || m_answers[static_cast<std::size_t>(pair)][at] != m_cell->cell.answer)
            return false;
    }
    switch (m_filter->currentIndex()) {
    case wrongFirst:
        return !isRight(pair, 0);
    case wrongSecond:
        return !isRight(pair, 1);
    case wrongBoth:
        return !isRight(pair, 0) && !isRight(pair, 1);
    case rightBoth:
        return isRight(pair, 0) && isRight(pair, 1);
    default:
        return true;
    }
}

void TrainingTestView::filter()
{
    m_shown.clear();
    for (int pair = 0; pair < predicted(); ++pair)
        if (passes(pair))
            m_shown.push_back(pair);
    m_countLabel->setText(m_answers.empty() ? QString() : groupedNumber(static_cast<int>(m_shown.size())));
    m_chip->setVisible(m_cell.has_value());
    m_chip->setChecked(m_cell.has_value());
    if (m_cell)
        m_chip->setText(tr("%1, %2  ×").arg(cornerName(m_cell->task), matrix(m_cell->task)->describe(m_cell->cell)));
    m_grid->setEmptyText(m_answers.empty() ? QString() : tr("No canvas of the test set is like that."));
    m_grid->setItems(static_cast<int>(m_shown.size()), [this](int item) { return pictureOf(item); });
    if (!m_shown.empty()) {
        const auto at = std::ranges::lower_bound(m_shown, m_pair);
        showPair(at == m_shown.end() ? m_shown.back() : *at);
    } else if (m_answers.empty()) {
        m_large->clearImage();
        m_large->setCaption({});
        for (int task = 0; task < taskCount; ++task) {
            bars(task)->setProbabilities({});
            bars(task)->setTruth(-1);
            matrix(task)->setCounts({});
            matrix(task)->setCurrent(std::nullopt);
        }
        m_status->clear();
        m_progress->hide();
    }
}

GridPicture TrainingTestView::pictureOf(int item) const
{
    const int pair = m_shown[static_cast<std::size_t>(item)];
    const auto labels = m_data->test.labels(pair);
    GridPicture picture{canvasImage(m_data->test, pair), {}};
    QStringList tip{tr("Test canvas %1").arg(pair)};
    for (int task = 0; task < taskCount; ++task) {
        const auto at = static_cast<std::size_t>(task);
        const bool right = isRight(pair, task);
        const QString truth = m_names[at].value(labels[at]);
        picture.lines[at] = truth;
        picture.marks[at] = right ? GridPicture::Mark::right : GridPicture::Mark::wrong;
        tip << (right
                ? tr("%1: %2, right").arg(cornerName(task), truth)
                : tr("%1: %2, taken for %3")
                      .arg(cornerName(task), truth, m_names[at].value(m_answers[static_cast<std::size_t>(pair)][at])));
    }
    picture.tip = tip.join(u'\n');
    return picture;
}

void TrainingTestView::showPair(int pair)
{
    if (!m_data || pair < 0 || pair >= m_data->test.size())
        return;
    m_pair = pair;
    const auto at = std::ranges::lower_bound(m_shown, pair);
    m_grid->setCurrent(at != m_shown.end() && *at == pair ? static_cast<int>(at - m_shown.begin()) : -1);
    std::array<std::uint8_t, canvasPixels> pixels{};
    m_data->test.canvas(pair, pixels);
    m_large->setIndex(pair);
    m_large->setImage(pixels, canvasSide, canvasSide);
    const auto labels = m_data->test.labels(pair);
    for (int task = 0; task < taskCount; ++task) {
        bars(task)->setTruth(labels[static_cast<std::size_t>(task)]);
        bars(task)->setProbabilities(pair < predicted() ? probabilitiesOf(m_shownPredictions->probabilities, pair, task)
                                                        : std::span<const float>());
    }
}

FigureRequest TrainingTestView::figure(const QString& caption) const
{
    FigureRequest request{{}, caption};
    for (const ConfusionMatrix* matrix : m_matrix)
        request.pictures.emplace_back(matrix);
    return request;
}

} // namespace endospike

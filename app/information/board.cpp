#include "app/information/board.h"

#include "widgets/form/segmented_control.h"
#include "widgets/look/numbers.h"
#include "widgets/look/reading_table.h"
#include "widgets/look/text.h"
#include "widgets/plot/curve_plot.h"
#include "widgets/plot/path_plot.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSlider>
#include <QSplitter>
#include <QTableView>
#include <QTableWidget>
#include <QWidget>

#include <algorithm>
#include <cmath>

namespace endospike {

namespace {

const double classBits = std::log2(static_cast<double>(classCount));

QColor colorOf(const InformationRun& run) { return hueColor(run.kind->hue); }

/// How many runs before this one have its hue.
int variantOf(const std::vector<InformationRun>& runs, std::size_t index)
{
    return static_cast<int>(std::count_if(runs.begin(), runs.begin() + static_cast<std::ptrdiff_t>(index),
        [&](const InformationRun& run) { return run.kind->hue == runs[index].kind->hue; }));
}

/// Whole epochs only.
class EpochTicker : public QCPAxisTicker {
protected:
    double getTickStep(const QCPRange& range) override
    {
        return std::max(1.0, std::ceil(QCPAxisTicker::getTickStep(range)));
    }
    QString getTickLabel(double tick, const QLocale&, QChar, int) override { return plotNumber(tick, 6); }
};

/// A network that keeps its kind's name is called by its neuron.
QString shortName(const InformationRun& run)
{
    QString name = QString::fromStdString(run.id.network);
    return run.id.network == run.kind->name ? name.remove(QStringLiteral(" fc")) : name;
}

/// The seed is said only where it tells runs apart.
QString nameOf(const std::vector<InformationRun>& runs, const InformationRun& run)
{
    const auto same =
        std::ranges::count_if(runs, [&](const InformationRun& other) { return other.id.network == run.id.network; });
    return same > 1 ? InformationBoard::tr("%1, seed %2").arg(shortName(run)).arg(run.id.seed) : shortName(run);
}

} // namespace

InformationBoard::InformationBoard(QWidget* parent)
    : QWidget(parent)
    , m_answer(new SegmentedControl({tr("Task 1"), tr("Task 2"), tr("Both"), tr("Both, published counting")}))
    , m_set(new SegmentedControl({tr("Test set"), tr("Training set")}))
    , m_plane(new PathPlot)
    , m_input(new CurvePlot)
    , m_answers(new CurvePlot)
    , m_epoch(new QSlider(Qt::Horizontal))
    , m_epochLabel(new QLabel)
    , m_table(new QTableWidget(0, 10))
    , m_estimator(new QLabel(tr("Estimator: %1").arg(QString::fromUtf8(informationEstimator))))
{
    m_answer->setAccessibleName(tr("Which answers I(Z;Y) is about"));
    m_answer->button(both)->setToolTip(tr("The sum of both bounds: log₂ 10 bits are counted for each answer"));
    m_answer->button(publishedCounting)
        ->setToolTip(tr("As in the paper's script: log₂ 10 bits are counted once for both answers"));
    m_set->setAccessibleName(tr("Set that is measured"));
    m_answer->setCurrent(both);
    m_set->setCurrent(0);
    auto* strip = new QHBoxLayout;
    strip->setContentsMargins(8, 8, 8, 4);
    strip->setSpacing(16);
    strip->addWidget(m_answer);
    strip->addWidget(m_set);
    strip->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 8, 8);
    column->setSpacing(4);
    column->addLayout(strip);
    column->addWidget(buildPlots(), 1);
    column->addWidget(buildSlider());
    buildTable();
    column->addWidget(m_table);
    m_estimator->setWordWrap(true);
    m_estimator->setContentsMargins(8, 0, 8, 0);
    column->addWidget(m_estimator);
    const auto paint = [this] {
        m_estimator->setStyleSheet(QStringLiteral("color: %1").arg(currentTheme().mutedText.name()));
        fillTable();
    };
    connect(m_answer, &SegmentedControl::chosen, this, &InformationBoard::refresh);
    connect(m_set, &SegmentedControl::chosen, this, &InformationBoard::refresh);
    connect(m_epoch, &QSlider::valueChanged, this, &InformationBoard::showEpoch);
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, paint);
    paint();
    refresh();
}

QWidget* InformationBoard::buildPlots()
{
    m_plane->setXAxis(QStringLiteral("I(Z;X)"), tr("bits"));
    for (CurvePlot* plot : {m_input, m_answers}) {
        plot->setXAxis(tr("Epoch"), {});
        plot->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new EpochTicker));
    }
    m_input->setTitle(QStringLiteral("I(Z;X) ≤"), tr("bits"));
    auto* beside = new QSplitter(Qt::Vertical);
    beside->addWidget(m_input);
    beside->addWidget(m_answers);
    beside->setChildrenCollapsible(false);
    auto* plots = new QSplitter(Qt::Horizontal);
    plots->addWidget(m_plane);
    plots->addWidget(beside);
    plots->setSizes({600, 400});
    plots->setStretchFactor(0, 3);
    plots->setStretchFactor(1, 2);
    plots->setChildrenCollapsible(false);
    return plots;
}

QWidget* InformationBoard::buildSlider()
{
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(16);
    m_epoch->setAccessibleName(tr("Epoch"));
    m_epoch->setPageStep(1);
    m_epoch->setRange(0, 0);
    row->addWidget(m_epochLabel);
    row->addWidget(m_epoch, 1);
    return box;
}

void InformationBoard::buildTable()
{
    m_table->setHorizontalHeaderLabels(
        {tr("Network"), tr("Seed"), tr("Epoch"), QStringLiteral("I(Z;X) ≤"), QStringLiteral("I(Z;Y₁) ≥"),
            QStringLiteral("I(Z;Y₂) ≥"), tr("Both ≥"), tr("Counted once"), tr("Task 1"), tr("Task 2")});
    const QString meanings[] = {{}, {}, tr("Whole epochs of training"), tr("bits that the code tells about the canvas"),
        tr("bits that it tells about the garment at the top left"),
        tr("bits that it tells about the image at the bottom right"), tr("The sum of the two, in bits"),
        tr("The same with log₂ 10 counted once for both answers, as published, in bits"), tr("Right answers, top left"),
        tr("Right answers, bottom right")};
    for (int column = 0; column < m_table->columnCount(); ++column)
        m_table->horizontalHeaderItem(column)->setToolTip(meanings[column]);
    m_table->setAccessibleName(tr("Figures at this epoch"));
    makeReadingTable(*m_table);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
}

void InformationBoard::setEmptyText(const QString& text)
{
    for (XyPlot* plot : {static_cast<XyPlot*>(m_plane), static_cast<XyPlot*>(m_input), static_cast<XyPlot*>(m_answers)})
        plot->setEmptyText(plot == m_plane ? text : QString());
}

InformationBoard::Answer InformationBoard::answer() const { return m_answer->currentAs<Answer>(); }

const InformationPoint& InformationBoard::pointOf(const InformationEpoch& epoch) const
{
    return m_set->current() == 0 ? epoch.test : epoch.train;
}

double InformationBoard::answerBits(const InformationPoint& point, Answer answer)
{
    switch (answer) {
    case both:
        return point.jointBits();
    case publishedCounting:
        return point.publishedJointBits();
    case firstTask:
    case secondTask:
        break;
    }
    return point.taskBits(answer);
}

void InformationBoard::setRuns(const std::vector<InformationRun>& runs)
{
    const bool follows = m_epoch->value() == m_epoch->maximum();
    m_runs = runs;
    std::size_t most = 1;
    for (const InformationRun& run : m_runs)
        most = std::max(most, run.epochs.size());
    {
        const QSignalBlocker quiet(m_epoch);
        m_epoch->setMaximum(static_cast<int>(most) - 1);
        if (follows)
            m_epoch->setValue(m_epoch->maximum());
    }
    refresh();
}

void InformationBoard::choose(int answer, int set)
{
    if (answer >= 0 && answer < m_answer->count())
        m_answer->setCurrent(answer);
    if (set >= 0 && set < m_set->count())
        m_set->setCurrent(set);
    refresh();
}

void InformationBoard::refresh()
{
    std::vector<PlanePath> paths;
    std::vector<Curve> inputs, answers;
    for (std::size_t i = 0; i < m_runs.size(); ++i) {
        const InformationRun& run = m_runs[i];
        PlanePath path{nameOf(m_runs, run), colorOf(run), variantOf(m_runs, i), {}};
        Curve input{{}, {}, {}, path.color, path.variant};
        input.points = true;
        Curve answered = input;
        for (const InformationEpoch& epoch : run.epochs) {
            const InformationPoint& point = pointOf(epoch);
            path.points.append({point.inputBits(), answerBits(point, answer())});
            input.x.append(epoch.epoch + 1);
            answered.x.append(epoch.epoch + 1);
            input.y.append(path.points.back().x());
            answered.y.append(path.points.back().y());
        }
        paths.push_back(std::move(path));
        inputs.push_back(std::move(input));
        answers.push_back(std::move(answered));
    }
    const QString titles[] = {QStringLiteral("I(Z;Y₁) ≥"), QStringLiteral("I(Z;Y₂) ≥"), QStringLiteral("I(Z;Y₁,Y₂) ≥"),
        tr("I(Z;Y₁,Y₂), published counting")};
    m_plane->setTitle(titles[answer()], tr("bits"));
    m_answers->setTitle(titles[answer()], tr("bits"));
    m_plane->setCeiling(answer() == both ? 2 * classBits : classBits,
        answer() == both ? tr("all there is to know: 2 log₂ 10 bits") : tr("all there is to know: log₂ 10 bits"));
    m_plane->setPaths(std::move(paths));
    m_input->setCurves(std::move(inputs));
    m_answers->setCurves(std::move(answers));
    showEpoch();
}

void InformationBoard::showEpoch()
{
    const int epoch = m_epoch->value();
    m_epochLabel->setText(epoch == 0 ? tr("Untrained") : tr("After epoch %1").arg(epoch));
    m_epochLabel->setMinimumWidth(m_epochLabel->fontMetrics().horizontalAdvance(tr("After epoch %1").arg(10000)));
    m_epoch->setEnabled(m_epoch->maximum() > 0);
    m_plane->setStep(epoch);
    fillTable();
}

void InformationBoard::fillTable()
{
    m_table->setRowCount(static_cast<int>(m_runs.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const InformationRun& run = m_runs[static_cast<std::size_t>(row)];
        QStringList texts{shortName(run), QString::number(run.id.seed)};
        if (run.epochs.empty()) {
            texts << tr("waiting");
        } else {
            const auto last = static_cast<int>(run.epochs.size()) - 1;
            const InformationEpoch& epoch = run.epochs[static_cast<std::size_t>(std::min(m_epoch->value(), last))];
            const InformationPoint& point = pointOf(epoch);
            texts << QString::number(epoch.epoch + 1) << fixedNumber(point.inputBits(), 1);
            for (const Answer answer : {firstTask, secondTask, both, publishedCounting})
                texts << fixedNumber(answerBits(point, answer), 3);
            for (const double accuracy : point.accuracy)
                texts << tr("%1 %").arg(fixedNumber(100 * accuracy, 1));
        }
        texts.resize(m_table->columnCount());
        setRow(*m_table, row, texts, colorOf(run));
    }
    fitRows(*m_table, 1, 8);
}

FigureRequest InformationBoard::figure(const QString& caption) const
{
    return {{m_plane, m_input, m_answers}, caption};
}

} // namespace endospike

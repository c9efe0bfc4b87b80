#include "app/robustness/board.h"

#include "app/training/pictures.h"
#include "sim/base/csv.h"
#include "widgets/look/reading_table.h"
#include "widgets/look/text.h"
#include "widgets/plot/curve_plot.h"

#include <QHeaderView>
#include <QLabel>
#include <QSplitter>
#include <QTableView>
#include <QTableWidget>
#include <QVBoxLayout>
#include <QWidget>

#include <algorithm>
#include <cmath>

namespace endospike {

namespace {

QString percent(double share) { return QString::number(100 * share, 'f', 1); }

QString plusMinus(double mean, double spread)
{
    return std::isfinite(spread) ? RobustnessBoard::tr("%1 ± %2 %").arg(percent(mean), percent(spread))
                                 : RobustnessBoard::tr("%1 %").arg(percent(mean));
}

QString shortName(const NetworkPlan& plan) { return QString::fromStdString(plan.name); }

/// How many networks before this one have its hue.
int variantOf(const std::vector<NetworkPlan>& networks, std::size_t index)
{
    return static_cast<int>(std::count_if(networks.begin(), networks.begin() + static_cast<std::ptrdiff_t>(index),
        [&](const NetworkPlan& plan) { return plan.kind->hue == networks[index].kind->hue; }));
}

} // namespace

RobustnessBoard::RobustnessBoard(QWidget* parent)
    : QWidget(parent)
    , m_plots{new CurvePlot, new CurvePlot}
    , m_title(new QLabel)
    , m_noise(new QLabel)
    , m_table(new QTableWidget(0, 0))
{
    auto* plots = new QSplitter(Qt::Horizontal);
    for (int task = 0; task < taskCount; ++task) {
        plot(task)->setTitle(task == 0 ? tr("Accuracy, top left") : tr("Accuracy, bottom right"), QStringLiteral("%"));
        plot(task)->setXAxis(QStringLiteral("A"), tr("0–255"));
        plots->addWidget(plot(task));
    }
    plots->setChildrenCollapsible(false);
    m_title->setContentsMargins(8, 0, 8, 0);
    m_noise->setContentsMargins(8, 0, 8, 0);
    m_noise->setWordWrap(true);
    m_table->setAccessibleName(tr("Accuracy of each network at each amplitude"));
    makeReadingTable(*m_table);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 8, 8);
    column->setSpacing(4);
    column->addWidget(m_title);
    column->addWidget(plots, 1);
    column->addWidget(m_table);
    column->addWidget(m_noise);
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &RobustnessBoard::paint);
    paint();
}

QString RobustnessBoard::meaningOf(robustness::Noise form)
{
    switch (form) {
    case robustness::freshOnTest:
        return tr("<b>Fresh noise on networks trained without it.</b> Every test canvas gets Gaussian noise A·N(0, 1) "
                  "of its own; no network has seen noise before.");
    case robustness::freshOnBoth:
        return tr("<b>Fresh noise on networks trained with it.</b> Every training canvas gets other noise in every "
                  "epoch, every test canvas again other noise of the same amplitude.");
    case robustness::oneImage:
        break;
    }
    return tr("<b>One noise image, as published.</b> A·N(0, 1) is drawn once and the same image is added to every "
              "training and test canvas. Caveat: a network can learn an image that never changes, so this tells less "
              "about noise than fresh noise does.");
}

void RobustnessBoard::setEmptyText(const QString& text) { plot(0)->setEmptyText(text); }

void RobustnessBoard::setSweep(
    const Experiment& experiment, const std::vector<FieldResult>& fields, const QString& title)
{
    m_experiment = experiment;
    m_fields = fields;
    m_points = summarise(experiment, fields);
    m_title->setText(title);
    m_noise->setText(meaningOf(static_cast<robustness::Noise>(static_cast<int>(experiment.own[robustness::noise])))
        + QLatin1Char(' ')
        + tr("A: standard deviation of the noise, in grey levels from 0 to 255. Means over seeds; bands and ± are "
             "one standard deviation over seeds."));
    fillPlots();
    fillTable();
}

void RobustnessBoard::fillPlots()
{
    const std::vector<NetworkPlan>& networks = m_experiment.training.networks;
    for (int task = 0; task < taskCount; ++task) {
        const auto at = static_cast<std::size_t>(task);
        std::vector<Curve> curves;
        for (std::size_t i = 0; i < networks.size(); ++i) {
            Curve curve{shortName(networks[i]), {}, {}, hueColor(networks[i].kind->hue), variantOf(networks, i)};
            curve.points = true;
            for (const SweepPoint& point : m_points)
                if (point.network == networks[i].name) {
                    curve.x.append(point.amplitude);
                    curve.y.append(100 * point.mean[at]);
                    curve.spread.append(100 * point.spread[at]);
                }
            curves.push_back(std::move(curve));
        }
        plot(task)->setCurves(std::move(curves));
    }
}

const SweepPoint* RobustnessBoard::find(const std::string& network, double amplitude) const
{
    const auto at = std::ranges::find_if(
        m_points, [&](const SweepPoint& point) { return point.network == network && point.amplitude == amplitude; });
    return at == m_points.end() ? nullptr : &*at;
}

QString RobustnessBoard::textOf(const SweepPoint* point, int task) const
{
    if (!point)
        return QStringLiteral("–");
    const auto at = static_cast<std::size_t>(task);
    const QString text = plusMinus(point->mean[at], point->spread[at]);
    const int seeds = m_experiment.training.seeds();
    return point->seeds < seeds ? tr("%1 (%2 of %3)").arg(text).arg(point->seeds).arg(seeds) : text;
}

/// Every seed by itself.
QString RobustnessBoard::tipOf(const std::string& network, double amplitude) const
{
    QStringList lines;
    for (const FieldResult& result : m_fields) {
        if (result.field.run.network != network || result.field.amplitude != amplitude)
            continue;
        const SweepRepeat mean = result.mean();
        lines << (result.error.empty()
                ? tr("Seed %1: %2 % and %3 %, loss %4, draws: %5")
                      .arg(result.field.run.seed)
                      .arg(percent(mean.accuracy[0]), percent(mean.accuracy[1]), QString::number(mean.loss, 'f', 3))
                      .arg(result.repeats.size())
                : tr("Seed %1: %2").arg(result.field.run.seed).arg(QString::fromStdString(result.error)));
    }
    return lines.isEmpty() ? tr("No seed is done yet") : lines.join(u'\n');
}

void RobustnessBoard::fillTable()
{
    const std::vector<NetworkPlan>& networks = m_experiment.training.networks;
    const std::vector<double> amplitudes = networks.empty() ? std::vector<double>() : amplitudesOf(m_experiment.own);
    QStringList header{tr("Network"), tr("Task")};
    for (const double amplitude : amplitudes)
        header << QStringLiteral("A = %1").arg(QString::fromStdString(shortNumber(amplitude)));
    m_table->setColumnCount(static_cast<int>(header.size()));
    m_table->setHorizontalHeaderLabels(header);
    m_table->setRowCount(static_cast<int>(2 * networks.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const NetworkPlan& plan = networks[static_cast<std::size_t>(row / 2)];
        const int task = row % 2;
        const auto put = [&](int column, const QString& text, const QString& tip = {}) {
            auto* item = new QTableWidgetItem(text);
            item->setToolTip(tip);
            if (column >= 2)
                item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            if (column == 0)
                item->setForeground(readableOn(hueColor(plan.kind->hue), currentTheme().plot, 4.5));
            m_table->setItem(row, column, item);
        };
        put(0, task == 0 ? shortName(plan) : QString());
        put(1, cornerName(task));
        for (std::size_t i = 0; i < amplitudes.size(); ++i)
            put(static_cast<int>(i) + 2, textOf(find(plan.name, amplitudes[i]), task), tipOf(plan.name, amplitudes[i]));
    }
    for (int column = 0; column < m_table->columnCount(); ++column)
        m_table->horizontalHeaderItem(column)->setTextAlignment(
            column < 2 ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
    // As wide as the page where there are few amplitudes; else it scrolls.
    m_table->horizontalHeader()->setSectionResizeMode(
        amplitudes.size() <= 6 ? QHeaderView::Stretch : QHeaderView::ResizeToContents);
    for (int column = 0; column < std::min(2, m_table->columnCount()); ++column)
        m_table->horizontalHeader()->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    m_table->setVisible(!networks.empty());
    fitRows(*m_table, 2, 10);
}

QString RobustnessBoard::csv() const
{
    if (m_points.empty())
        return {};
    CsvTable table;
    table.addRow("network", "amplitude", "seeds", "top_left_mean", "top_left_sd", "bottom_right_mean",
        "bottom_right_sd", "loss");
    for (const SweepPoint& point : m_points)
        table.addRow(point.network, point.amplitude, point.seeds, point.mean[0], point.spread[0], point.mean[1],
            point.spread[1], point.loss);
    return QString::fromStdString(table.text());
}

void RobustnessBoard::paint()
{
    m_noise->setStyleSheet(QStringLiteral("color: %1").arg(currentTheme().mutedText.name()));
    fillTable();
}

FigureRequest RobustnessBoard::figure(const QString& caption) const
{
    FigureRequest request{{}, caption};
    for (CurvePlot* each : m_plots)
        request.pictures.emplace_back(each);
    return request;
}

} // namespace endospike

#include "app/results/trainings_view.h"

#include "app/results/verdict_text.h"
#include "sim/base/errors.h"
#include "widgets/form/parameter_form.h"
#include "widgets/look/reading_table.h"
#include "widgets/look/text.h"
#include "widgets/plot/dot_plot.h"

#include <QFile>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>

#include <algorithm>
#include <cmath>

namespace endospike {

namespace {

constexpr std::array bothSettings{ResultSetting::asPublished, ResultSetting::ownBest};

QString settingName(ResultSetting setting)
{
    return setting == ResultSetting::asPublished ? PublishedView::tr("As published")
                                                 : PublishedView::tr("Each network at its own best");
}

QString signedPoints(double points)
{
    const double shown = std::round(10 * points) / 10; // no −0.0
    return (shown < 0 ? QString(QChar(0x2212)) : QStringLiteral("+")) + QString::number(std::abs(shown), 'f', 1);
}

QString spreadText(const Spread& spread)
{
    return spread.seeds < 2
        ? QString::number(spread.mean, 'f', 1)
        : QStringLiteral("%1 ± %2").arg(spread.mean, 0, 'f', 1).arg(spread.standardError, 0, 'f', 2);
}

/// "✓ holds: +1.2 / +0.9 points"
QString orderingText(const std::optional<MeasuredOrdering>& ordering)
{
    if (!ordering)
        return PublishedView::tr("not measured");
    const Verdict verdict = ordering->verdict();
    const QString words = verdict.outcome() != Outcome::inPart ? verdictText(verdict)
        : ordering->holds[0]                                   ? PublishedView::tr("holds at the top left only")
                                                               : PublishedView::tr("holds at the bottom right only");
    return PublishedView::tr("%1 %2: %3 / %4 points")
        .arg(mark(verdict.outcome()), words, signedPoints(ordering->difference[0]),
            signedPoints(ordering->difference[1]));
}

/// "60000 training pairs, 40 epochs, 3 seeds"
QString lengthText(const TrainingPlan& plan)
{
    return PublishedView::tr("%1 training pairs, %2 epochs, %3")
        .arg(plan.settings[training::train_pairs], 0, 'f', 0)
        .arg(plan.epochs())
        .arg(plan.seeds() == 1 ? PublishedView::tr("1 seed") : PublishedView::tr("%1 seeds").arg(plan.seeds()));
}

/// Figures stand to the right, between two columns of words and one.
Qt::Alignment alignmentOf(int column)
{
    return (column > 1 && column < 9 ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
}

} // namespace

QString claimsText(const PublishedResults& results, NetworkForm form)
{
    std::vector<const MeasuredSetting*> measured; // with networks of this form
    QStringList sums;
    QString heads, rows;
    for (const ResultSetting setting : bothSettings) {
        const MeasuredSetting* found = results.find(setting);
        const auto orderings = found ? measuredOrderings(*found, form) : std::vector<MeasuredOrdering>();
        if (orderings.empty())
            continue;
        measured.push_back(found);
        heads += QStringLiteral("<td><b>%1</b>&nbsp;&nbsp;&nbsp;</td>").arg(settingName(setting));
        sums << PublishedView::tr("%1: %2 of %3 orderings hold in both tasks.")
                    .arg(settingName(setting))
                    .arg(verdictOf(orderings).held)
                    .arg(orderings.size());
    }
    for (const Ordering& ordering : paperOrderings()) {
        if (!isOf(*findNetworkKind(ordering.first), form))
            continue;
        QString name, cells;
        for (const MeasuredSetting* setting : measured) {
            const std::optional<MeasuredOrdering> one = measuredOrdering(*setting, ordering);
            cells += QStringLiteral("<td>%1&nbsp;&nbsp;&nbsp;</td>").arg(orderingText(one));
            if (one)
                name = QStringLiteral("%1 %2 %3")
                           .arg(qstring(one->firstName), relationText(ordering.relation), qstring(one->secondName));
        }
        if (!name.isEmpty())
            rows += QStringLiteral("<tr><td>%1&nbsp;&nbsp;&nbsp;</td>%2</tr>").arg(name.toHtmlEscaped(), cells);
    }
    return PublishedView::tr(
        "<p><b>Does the paper's ordering hold?</b> %1</p>"
        "<table cellspacing=\"3\"><tr><td></td>%2</tr>%3</table>"
        "<p>Differences of the mean test accuracy, top left / bottom right. Below, ± is the standard error "
        "of the mean over the seeds.</p>")
        .arg(sums.join(u' '), heads, rows);
}

PublishedView::PublishedView(const QString& file, NetworkForm form, QWidget* parent)
    : QWidget(parent)
    , m_form(form)
    , m_intro(new QLabel)
    , m_body(new QWidget)
    , m_claims(new QLabel)
    , m_table(new QTableWidget)
{
    build();
    read(file);
}

void PublishedView::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    for (QLabel* label : {m_intro, m_claims}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        label->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    }
    column->addWidget(m_intro);
    auto* body = new QVBoxLayout(m_body);
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(16);
    auto* plots = new QHBoxLayout;
    plots->setSpacing(24);
    for (const ResultSetting setting : bothSettings)
        plots->addWidget(buildSetting(setting), 1);
    body->addLayout(plots);
    body->addWidget(m_claims);
    m_table->setAccessibleName(tr("Measured results"));
    makeReadingTable(*m_table);
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    body->addWidget(m_table);
    column->addWidget(m_body);
    column->addStretch(1);
}

QWidget* PublishedView::buildSetting(ResultSetting setting)
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* plot = new DotPlot;
    plot->setTitle(settingName(setting), {});
    plot->setXAxis(QStringLiteral("%"), {});
    plot->setQuantities(tr("top left"), tr("bottom right"));
    plot->setMinimumHeight(240);
    auto* open = new QPushButton(tr("Open this experiment"));
    open->setToolTip(tr("The document that made these figures, in place of the present one (can be undone)"));
    connect(open, &QPushButton::clicked, this, [this, setting] {
        if (const MeasuredSetting* measured = m_results.find(setting))
            emit experimentWanted(measured->document);
    });
    column->addWidget(plot, 1);
    column->addWidget(open, 0, Qt::AlignLeft);
    const auto at = static_cast<std::size_t>(setting);
    m_settingBox[at] = box;
    m_dots[at] = plot;
    m_open[at] = open;
    return box;
}

void PublishedView::read(const QString& file)
{
    QFile source(file);
    if (!source.exists()) {
        m_intro->setText(tr("<b>No measured results are included in this program.</b><br>Train the networks at full "
                            "length with <code>endospike-cli train</code>; <code>bench/assemble_training_results.py"
                            "</code> makes of the runs what is shown here."));
        m_body->hide();
        return;
    }
    try {
        if (!source.open(QIODevice::ReadOnly))
            throw FileError(file.toStdString(), source.errorString().toStdString());
        m_results = publishedResultsFromJson(source.readAll().toStdString());
        showResults();
    } catch (const std::exception& error) {
        m_results = {};
        m_intro->setText(tr("The measured results cannot be read: %1").arg(QString::fromUtf8(error.what())));
        m_body->hide();
    }
}

void PublishedView::showResults()
{
    QStringList lengths;
    for (const MeasuredSetting& setting : m_results.settings)
        lengths << lengthText(setting.document.training);
    lengths.removeDuplicates();
    m_intro->setText(tr("<b>Test accuracy after the last epoch</b>, every dot one seed, the bar across their mean. "
                        "%1. Measured with %2 until %3 on %4.<br>To repeat it: <code>%5</code>")
                         .arg(lengths.join(tr("; ")), qstring(m_results.program).toHtmlEscaped(),
                             qstring(m_results.date).toHtmlEscaped(), qstring(m_results.machine).toHtmlEscaped(),
                             qstring(m_results.command).toHtmlEscaped()));
    double low = 1; // one scale for both settings, so that they compare
    double high = 0;
    for (const MeasuredSetting& setting : m_results.settings)
        for (const MeasuredRun& run : setting.runs)
            for (const double accuracy : run.accuracy) {
                low = std::min(low, accuracy);
                high = std::max(high, accuracy);
            }
    for (const ResultSetting setting : bothSettings) {
        const MeasuredSetting* measured = m_results.find(setting);
        m_settingBox[static_cast<std::size_t>(setting)]->setVisible(measured != nullptr);
        if (measured)
            showDots(*measured, std::floor(100 * low - 1), std::ceil(100 * high + 1));
    }
    m_claims->setText(claimsText(m_results, m_form));
    fillTable();
}

std::vector<NetworkPlan> PublishedView::networksOf(const MeasuredSetting& setting) const
{
    std::vector<NetworkPlan> plans;
    for (const NetworkPlan& plan : setting.document.training.networks)
        if (isOf(*plan.kind, m_form))
            plans.push_back(plan);
    return plans;
}

void PublishedView::showDots(const MeasuredSetting& setting, double low, double high)
{
    std::vector<DotRow> rows;
    for (const NetworkPlan& plan : networksOf(setting)) {
        DotRow row{qstring(plan.name), hueColor(plan.kind->hue), {}};
        for (const MeasuredRun& run : setting.runs)
            if (run.network == plan.name)
                for (std::size_t task = 0; task < taskCount; ++task)
                    row.values[task].push_back(100 * run.accuracy[task]);
        rows.push_back(std::move(row));
    }
    DotPlot* plot = dots(setting.setting);
    plot->setLeastX(low, high);
    plot->setRows(std::move(rows));
}

void PublishedView::fillTable()
{
    const QStringList heads{tr("Network"), tr("Setting"), tr("Seeds"), tr("Epochs"), tr("Top left (%)"),
        tr("Bottom right (%)"), tr("Best epoch (%)"), tr("Loss (nat)"), tr("Time (s)"), tr("Differs from the default")};
    m_table->setColumnCount(static_cast<int>(heads.size()));
    m_table->setHorizontalHeaderLabels(heads);
    m_table->horizontalHeader()->setStretchLastSection(true);
    for (int column = 0; column < m_table->columnCount(); ++column)
        m_table->horizontalHeaderItem(column)->setTextAlignment(alignmentOf(column));
    for (const MeasuredSetting& setting : m_results.settings)
        for (const NetworkPlan& plan : networksOf(setting)) {
            const int row = m_table->rowCount();
            m_table->insertRow(row);
            fillRow(row, setting, plan);
        }
    m_table->resizeColumnsToContents();
    fitRows(*m_table, 1);
}

void PublishedView::fillRow(int row, const MeasuredSetting& setting, const NetworkPlan& plan)
{
    double loss = 0;
    double seconds = 0;
    int epochs = 0;
    std::array<double, taskCount> best{};
    const Spread first = spreadOf(setting, plan.name, 0);
    const Spread second = spreadOf(setting, plan.name, 1);
    for (const MeasuredRun& run : setting.runs)
        if (run.network == plan.name) {
            loss += run.loss / first.seeds;
            seconds += run.seconds / first.seeds;
            epochs = run.epochs;
            for (std::size_t task = 0; task < taskCount; ++task)
                best[task] += 100 * run.bestAccuracy[task] / first.seeds;
        }
    const bool any = first.seeds > 0;
    const auto number = [any](double value, int digits) {
        return any ? QString::number(value, 'f', digits) : QStringLiteral("–");
    };
    const QStringList cells{qstring(plan.name), settingName(setting.setting), QString::number(first.seeds),
        number(epochs, 0), any ? spreadText(first) : number(0, 0), any ? spreadText(second) : number(0, 0),
        any ? QStringLiteral("%1 / %2").arg(number(best[0], 1), number(best[1], 1)) : number(0, 0), number(loss, 3),
        number(seconds, 0), differencesText(plan.parameters)};
    for (int column = 0; column < cells.size(); ++column) {
        auto* item = new QTableWidgetItem(cells[column]);
        item->setToolTip(cells[column]);
        item->setTextAlignment(alignmentOf(column));
        m_table->setItem(row, column, item);
    }
}

FigureRequest PublishedView::figure(const QString& caption) const
{
    FigureRequest request{{}, caption};
    for (DotPlot* plot : m_dots)
        if (plot->isVisibleTo(this))
            request.pictures.emplace_back(plot);
    return request;
}

} // namespace endospike

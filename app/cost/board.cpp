#include "app/cost/board.h"

#include "sim/base/csv.h"
#include "widgets/form/segmented_control.h"
#include "widgets/look/reading_table.h"
#include "widgets/look/text.h"
#include "widgets/plot/bar_plot.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSplitter>
#include <QTableView>
#include <QTableWidget>
#include <QWidget>

#include <algorithm>
#include <cmath>
#include <limits>

namespace endospike {

namespace {

constexpr double mib = 1 << 20;

QString dash() { return QStringLiteral("–"); }

QString fixed(double value, int decimals) { return std::isnan(value) ? dash() : QString::number(value, 'f', decimals); }

/// Three digits, never in powers of ten.
QString short3(double value)
{
    if (std::isnan(value))
        return dash();
    const int before = value >= 1 ? static_cast<int>(std::floor(std::log10(value))) + 1 : 1;
    return QString::number(value, 'f', std::clamp(3 - before, 0, 3));
}

QString millions(double operations) { return fixed(operations / 1e6, 5); }

/// "206 (190 to 287)": median and quartiles.
QString timeText(const Timing& timing, double scale)
{
    return std::isnan(timing.median_s)
        ? dash()
        : CostBoard::tr("%1 (%2 to %3)")
              .arg(short3(scale * timing.median_s), short3(scale * timing.low_s), short3(scale * timing.high_s));
}

Bar barOf(double value)
{
    Bar bar;
    bar.value = value;
    bar.text = short3(value);
    return bar;
}

Bar barOf(const Timing& timing, double scale)
{
    Bar bar = barOf(scale * timing.median_s);
    bar.low = scale * timing.low_s;
    bar.high = scale * timing.high_s;
    if (std::isnan(timing.median_s))
        bar.text.clear();
    return bar;
}

/// The count does not depend on parameters that are as published.
bool countsAsPublished(const NetworkPlan& plan)
{
    return publishedCount(plan).total() == publishedCount(NetworkPlan(*plan.kind)).total();
}

BarRow operationBars(const CostRow& row)
{
    BarRow bars{QString::fromStdString(row.plan.name), hueColor(row.plan.kind->hue), {}};
    bars.bars[0] = barOf(row.cost.published.total() / 1e6);
    if (const auto& printed = row.plan.kind->printed; printed && countsAsPublished(row.plan))
        bars.bars[0].mark = printed->total() / 1e6;
    if (row.cost.executed) {
        bars.bars[1] = barOf(row.cost.executed->operations.total() / 1e6);
        if (row.cost.executed->atMost)
            bars.bars[1].text = QStringLiteral("≤ ") + bars.bars[1].text;
    }
    return bars;
}

/// "2.63 + 2.05": parameters, and what a batch takes once that is measured.
QString memoryText(const NetworkCost& cost)
{
    const QString weights = fixed(cost.parameterBytes / mib, 2);
    return std::isnan(cost.workingBytes) ? weights
                                         : QStringLiteral("%1 + %2").arg(weights, fixed(cost.workingBytes / mib, 2));
}

QStringList networkTexts(const NetworkCost& cost)
{
    const QString most = cost.executed && cost.executed->atMost ? QStringLiteral("≤ ") : QString();
    const auto executed = [&](double operations) { return most + fixed(operations / 1e6, 3); };
    return {QString::fromStdString(cost.name), millions(cost.published.additions),
        millions(cost.published.multiplications),
        cost.executed ? executed(cost.executed->operations.additions) : dash(),
        cost.executed ? executed(cost.executed->operations.multiplications) : dash(), fixed(cost.parameters / 1e3, 1),
        memoryText(cost), timeText(cost.perCanvas, 1e6)};
}

QStringList cellTexts(const CellCost& cost)
{
    return {QString::fromStdString(cost.name), cost.published ? fixed(cost.published->additions, 0) : dash(),
        cost.published ? fixed(cost.published->multiplications, 0) : dash(), QString::number(cost.stateBytes),
        timeText(cost.perStep, 1e9), timeText(cost.perStepOfMany, 1e9)};
}

struct Head {
    QString text, meaning;
};

std::vector<Head> networkHeads()
{
    const auto tr = [](const char* text) { return CostBoard::tr(text); };
    const QString published = tr("As the paper counts, for one sample");
    const QString executed = tr("What this program executes for one sample; ≤ where it depends on the sample");
    return {{tr("Network"), {}}, {tr("Published\nadd (10⁶)"), published}, {tr("Published\nmul (10⁶)"), published},
        {tr("Executed\nadd (10⁶)"), executed}, {tr("Executed\nmul (10⁶)"), executed},
        {tr("Parameters\n(10³)"), tr("Trained weights and biases")},
        {tr("Memory\n(MiB)"),
            tr("All parameters, with those that are frozen, in single precision; and once it is measured, what a "
               "forward pass over %1 samples takes, %2 with a convolutional network")
                .arg(costBatch)
                .arg(convolutionalBatch)},
        {tr("Time\n(µs/sample)"), tr("Median (first to third quartile) over the passes, on one thread")}};
}

std::vector<Head> cellHeads()
{
    const auto tr = [](const char* text) { return CostBoard::tr(text); };
    const QString published = tr("As the paper counts, for one cell and step");
    const QString many = tr("One of %1 cells that are stepped together").arg(manyCells);
    return {{tr("Cell"), {}}, {tr("Published\nadd"), published}, {tr("Published\nmul"), published},
        {tr("State\n(bytes)"), tr("State variables in double precision")},
        {tr("Alone\n(ns/step)"), tr("Median (first to third quartile), forward Euler, one thread")},
        {tr("Among %1\n(ns/step)").arg(manyCells), many}};
}

} // namespace

QStringList printedSentences(const std::vector<CostRow>& rows)
{
    QStringList sentences;
    for (const CostRow& row : rows) {
        const auto& printed = row.plan.kind->printed;
        if (!printed)
            continue;
        const QString name = QString::fromStdString(row.plan.name);
        const QString paper =
            QStringLiteral("%1 / %2").arg(millions(printed->additions), millions(printed->multiplications));
        if (!countsAsPublished(row.plan)) {
            sentences
                << CostBoard::tr("%1: other parameters than published; the paper's count is %2.").arg(name, paper);
            continue;
        }
        const QString here = QStringLiteral("%1 / %2").arg(
            millions(row.cost.published.additions), millions(row.cost.published.multiplications));
        sentences << (here == paper
                ? CostBoard::tr("%1: the paper prints %2, counted here is the same to the digit.").arg(name, paper)
                : CostBoard::tr("%1: the paper prints %2, counted here is %3.").arg(name, paper, here));
    }
    return sentences;
}

CostBoard::CostBoard(QWidget* parent)
    : QWidget(parent)
    , m_subject(new SegmentedControl({tr("Networks"), tr("Single cells")}))
    , m_quantity(new SegmentedControl({tr("Operations"), tr("Parameters"), tr("Memory"), tr("Time")}))
    , m_bars(new BarPlot)
    , m_table(new QTableWidget)
    , m_note(new QLabel)
{
    m_subject->setAccessibleName(tr("What is counted"));
    m_quantity->setAccessibleName(tr("Quantity of the bars"));
    m_subject->setCurrent(networks);
    m_quantity->setCurrent(operations);
    auto* strip = new QHBoxLayout;
    strip->setContentsMargins(8, 8, 8, 4);
    strip->setSpacing(16);
    strip->addWidget(m_subject);
    strip->addWidget(m_quantity);
    strip->addStretch(1);
    m_table->setAccessibleName(tr("Costs"));
    makeReadingTable(*m_table);
    auto* parts = new QSplitter(Qt::Vertical);
    parts->addWidget(m_bars);
    parts->addWidget(m_table);
    parts->setStretchFactor(0, 1);
    parts->setStretchFactor(1, 1);
    parts->setChildrenCollapsible(false);
    parts->setSizes({440, 240});
    m_note->setWordWrap(true);
    m_note->setContentsMargins(8, 0, 8, 0);
    m_note->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 8, 8);
    column->setSpacing(4);
    column->addLayout(strip);
    column->addWidget(parts, 1);
    column->addWidget(m_note);
    connect(m_subject, &SegmentedControl::chosen, this, &CostBoard::refresh);
    connect(m_quantity, &SegmentedControl::chosen, this, &CostBoard::refresh);
    connect(m_table, &QTableWidget::cellClicked, this, [this](int row) {
        if (subject() == networks)
            emit networkChosen(row);
    });
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &CostBoard::refresh);
    refresh();
}

CostBoard::Subject CostBoard::subject() const { return m_subject->currentAs<Subject>(); }
CostBoard::Quantity CostBoard::quantity() const { return m_quantity->currentAs<Quantity>(); }

void CostBoard::setNetworks(std::vector<CostRow> rows)
{
    m_rows = std::move(rows);
    refresh();
}

void CostBoard::setCells(std::vector<CellCost> rows)
{
    m_cells = std::move(rows);
    refresh();
}

void CostBoard::choose(int subject, int quantity)
{
    if (subject >= 0 && subject < m_subject->count())
        m_subject->setCurrent(subject);
    if (quantity >= 0 && quantity < m_quantity->count())
        m_quantity->setCurrent(quantity);
    refresh();
}

void CostBoard::refresh()
{
    m_quantity->button(parameters)->setEnabled(subject() == networks);
    m_quantity->button(parameters)
        ->setToolTip(subject() == networks ? QString() : tr("A cell has no trained parameters"));
    if (subject() == cells && quantity() == parameters)
        m_quantity->setCurrent(operations);
    m_bars->setEmptyText(
        quantity() == time || quantity() == memory ? tr("Press Run to measure.") : tr("Tick a network on the left."));
    if (subject() == networks)
        showNetworkBars();
    else
        showCellBars();
    fillTable();
    const QString how = tr("Times: one thread, forward pass, quartiles as whiskers; they depend on this machine and on "
                           "what else it does.");
    QStringList sentences = subject() == networks ? printedSentences(m_rows) : QStringList();
    if (!sentences.isEmpty())
        sentences.prepend(tr("Additions / multiplications in millions."));
    if (quantity() == time)
        sentences = QStringList(how);
    m_note->setText(sentences.join(u' '));
    m_note->setVisible(!sentences.isEmpty());
    m_note->setStyleSheet(QStringLiteral("color: %1").arg(currentTheme().mutedText.name()));
}

void CostBoard::showNetworkBars()
{
    std::vector<BarRow> bars;
    for (const CostRow& row : m_rows) {
        BarRow next{QString::fromStdString(row.plan.name), hueColor(row.plan.kind->hue), {}};
        switch (quantity()) {
        case operations:
            next = operationBars(row);
            break;
        case parameters:
            next.bars[0] = barOf(row.cost.parameters);
            break;
        case memory:
            next.bars[0] = barOf(row.cost.parameterBytes / mib);
            if (!std::isnan(row.cost.workingBytes))
                next.bars[1] = barOf(row.cost.workingBytes / mib);
            break;
        case time:
            next.bars[0] = barOf(row.cost.perCanvas, 1e6);
            break;
        }
        bars.push_back(std::move(next));
    }
    const bool marks = std::ranges::any_of(bars, [](const BarRow& row) { return row.bars[0].mark > 0; });
    const QString titles[] = {tr("Operations of one forward pass"), tr("Trained parameters"), tr("Memory"),
        tr("Measured time of one sample")};
    const QString units[] = {tr("millions"), {}, QStringLiteral("MiB"), QStringLiteral("µs")};
    m_bars->setTitle(titles[quantity()], units[quantity()]);
    if (quantity() == operations)
        m_bars->setSeries(
            tr("published counting"), tr("executed here"), marks ? tr("printed in the paper") : QString());
    else if (quantity() == memory)
        m_bars->setSeries(tr("parameters"), tr("working memory of a batch"));
    else
        m_bars->setSeries({}, {});
    m_bars->setRows(std::move(bars));
}

void CostBoard::showCellBars()
{
    std::vector<BarRow> bars;
    for (const CellCost& cell : m_cells) {
        BarRow next{QString::fromStdString(cell.name), hueColor(cell.model->hue), {}};
        if (quantity() == memory) {
            next.bars[0] = barOf(cell.stateBytes);
        } else if (quantity() == time) {
            next.bars = {barOf(cell.perStep, 1e9), barOf(cell.perStepOfMany, 1e9)};
        } else if (cell.published) {
            next.bars[0] = barOf(cell.published->total());
        } else {
            next.name = tr("%1 (not counted)").arg(next.name);
        }
        bars.push_back(std::move(next));
    }
    if (quantity() == memory)
        m_bars->setTitle(tr("State of one cell"), tr("bytes"));
    else if (quantity() == time)
        m_bars->setTitle(tr("Measured time of one step"), QStringLiteral("ns"));
    else
        m_bars->setTitle(tr("Operations of one cell and step, published counting"), {});
    if (quantity() == time)
        m_bars->setSeries(tr("alone"), tr("among %1").arg(manyCells));
    else
        m_bars->setSeries({}, {});
    m_bars->setRows(std::move(bars));
}

void CostBoard::fillTable()
{
    const std::vector<Head> heads = subject() == networks ? networkHeads() : cellHeads();
    m_table->setColumnCount(static_cast<int>(heads.size()));
    for (int column = 0; column < m_table->columnCount(); ++column) {
        const Head& head = heads[static_cast<std::size_t>(column)];
        auto* item = new QTableWidgetItem(head.text);
        item->setToolTip(head.meaning);
        item->setTextAlignment((column == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignBottom);
        m_table->setHorizontalHeaderItem(column, item);
    }
    m_table->setRowCount(static_cast<int>(subject() == networks ? m_rows.size() : m_cells.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto index = static_cast<std::size_t>(row);
        if (subject() == networks)
            setRow(*m_table, row, networkTexts(m_rows[index].cost), hueColor(m_rows[index].plan.kind->hue));
        else
            setRow(*m_table, row, cellTexts(m_cells[index]), hueColor(m_cells[index].model->hue));
        m_table->setRowHeight(row, readingRowHeight());
    }
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setStretchLastSection(true);
}

QString CostBoard::csv() const
{
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    CsvTable table;
    if (subject() == cells) {
        table.addRow("cell", "published_additions", "published_multiplications", "state_bytes", "s_per_step",
            "s_per_step_q1", "s_per_step_q3", "s_per_step_of_many", "s_per_step_of_many_q1", "s_per_step_of_many_q3");
        for (const CellCost& cost : m_cells)
            table.addRow(cost.name, cost.published ? cost.published->additions : none,
                cost.published ? cost.published->multiplications : none, cost.stateBytes, cost.perStep.median_s,
                cost.perStep.low_s, cost.perStep.high_s, cost.perStepOfMany.median_s, cost.perStepOfMany.low_s,
                cost.perStepOfMany.high_s);
        return QString::fromStdString(table.text());
    }
    table.addRow("network", "published_additions", "published_multiplications", "executed_additions",
        "executed_multiplications", "executed_at_most", "parameters", "parameter_bytes", "working_bytes", "batch",
        "s_per_sample", "s_per_sample_q1", "s_per_sample_q3");
    for (const CostRow& row : m_rows) {
        const NetworkCost& cost = row.cost;
        const auto& executed = cost.executed;
        table.addRow(cost.name, cost.published.additions, cost.published.multiplications,
            executed ? executed->operations.additions : none, executed ? executed->operations.multiplications : none,
            executed ? executed->atMost : none, cost.parameters, cost.parameterBytes, cost.workingBytes, cost.batch,
            cost.perCanvas.median_s, cost.perCanvas.low_s, cost.perCanvas.high_s);
    }
    return QString::fromStdString(table.text());
}

FigureRequest CostBoard::figure(const QString& caption) const { return {{m_bars}, caption}; }

} // namespace endospike

#include "app/results/page.h"

#include "app/results/control_curves_view.h"
#include "app/results/trainings_view.h"
#include "app/results/verdict_text.h"
#include "sim/base/errors.h"
#include "widgets/look/numbers.h"
#include "widgets/look/reading_table.h"
#include "widgets/look/text.h"
#include "widgets/look/theme.h"

#include <QDir>
#include <QFile>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QTableWidget>
#include <QTextDocumentFragment>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace endospike {

namespace {

/// Four digits, powers of ten as such, a true minus sign.
QString number(double value)
{
    QString text = QString::number(value, 'g', std::abs(value) >= 1000 && std::abs(value) < 1e9 ? 9 : 4);
    const qsizetype exponent = text.indexOf(u'e');
    if (exponent >= 0) {
        const QString ten = QStringLiteral("10") + superscript(text.mid(exponent + 1).toInt());
        text =
            text.left(exponent) == QLatin1String("1") ? ten : QStringLiteral("%1 × %2").arg(text.left(exponent), ten);
    }
    return text.replace(u'-', QChar(0x2212));
}

QString valueText(const MeasuredValue& value)
{
    const QString spread = std::isnan(value.spread) ? QString() : QStringLiteral(" ± %1").arg(number(value.spread));
    return number(value.value) + spread;
}

QString findingRow(const Finding& finding)
{
    const MeasuredValue& first = *finding.first;
    const QString unit = first.unit.empty() ? QString() : u' ' + QString::fromStdString(first.unit).toHtmlEscaped();
    const QString other = finding.second ? QString::fromStdString(finding.second->name).toHtmlEscaped()
                                         : number(finding.rule.constant) + unit;
    const QString values = finding.second
        ? ResultsPage::tr("%1 against %2%3").arg(valueText(first), valueText(*finding.second), unit)
        : valueText(first) + unit;
    return QStringLiteral("<tr><td>%1&nbsp;</td><td>%2 %3 %4&nbsp;&nbsp;&nbsp;</td><td>%5</td></tr>")
        .arg(mark(finding.holds ? Outcome::holds : Outcome::doesNotHold),
            QString::fromStdString(first.name).toHtmlEscaped(), relationText(finding.rule.relation), other, values);
}

QString readIfThere(const QString& path, QByteArray& bytes)
{
    QFile file(path);
    if (!file.exists())
        return {};
    if (!file.open(QIODevice::ReadOnly))
        return file.errorString();
    bytes = file.read(static_cast<qint64>(maximumResultBytes) + 1);
    return {};
}

} // namespace

ResultsPage::ResultsPage(const QString& folder, QWidget* parent)
    : Front(parent)
    , m_summary(new QLabel)
    , m_list(new QListWidget)
    , m_title(new QLabel)
    , m_statement(new QLabel)
    , m_findings(new QLabel)
    , m_table(new QTableWidget)
    , m_making(new QLabel)
    , m_open(new QPushButton(tr("Open this experiment")))
    , m_control(new ControlCurvesView(QDir(folder).filePath(QStringLiteral("control_curves.json"))))
{
    m_trainings = {
        new PublishedView(QDir(folder).filePath(QStringLiteral("training_fashion.json")), NetworkForm::fullyConnected),
        new PublishedView(
            QDir(folder).filePath(QStringLiteral("training_fashion_convolutional.json")), NetworkForm::convolutional)};
    read(folder);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(buildList());
    row->addWidget(buildDetail(), 1);
    for (PublishedView* view : m_trainings)
        connect(view, &PublishedView::experimentWanted, this, &ResultsPage::experimentWanted);
    connect(m_control, &ControlCurvesView::experimentWanted, this, &ResultsPage::experimentWanted);
    connect(m_control, &ControlCurvesView::figureWanted, this, &ResultsPage::figureWanted);
    connect(m_control, &ControlCurvesView::tableWanted, this, &ResultsPage::tableWanted);
    connect(m_list, &QListWidget::currentRowChanged, this, &ResultsPage::showClaim);
    connect(m_open, &QPushButton::clicked, this, [this] {
        if (const Measurement* measurement = m_measurements.find(current().key); measurement && measurement->document)
            emit experimentWanted(*measurement->document);
    });
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &ResultsPage::style);
    fillList();
    style();
}

void ResultsPage::read(const QString& folder)
{
    QByteArray bytes;
    m_problem = readIfThere(QDir(folder).filePath(QStringLiteral("claims.json")), bytes);
    if (bytes.isEmpty())
        return;
    try {
        m_measurements = measurementsFromJson({bytes.constData(), static_cast<std::size_t>(bytes.size())});
    } catch (const DocumentError& error) {
        m_problem = QString::fromUtf8(error.what());
    }
}

QWidget* ResultsPage::buildList()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(16, 16, 8, 8);
    column->setSpacing(8);
    m_summary->setWordWrap(true);
    m_list->setAccessibleName(tr("Claims of the paper"));
    m_list->setWordWrap(true);
    m_list->setTextElideMode(Qt::ElideNone);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    column->addWidget(m_summary);
    column->addWidget(m_list, 1);
    return box;
}

QWidget* ResultsPage::buildDetail()
{
    auto* inner = new QWidget;
    auto* column = new QVBoxLayout(inner);
    column->setContentsMargins(24, 16, 24, 16);
    column->setSpacing(16);
    for (QLabel* label : {m_title, m_statement, m_findings, m_making}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        label->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    }
    m_table->setAccessibleName(tr("Measured values"));
    m_table->setColumnCount(5);
    makeReadingTable(*m_table);
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_open->setToolTip(tr("The document that made these values; run it to measure them again"));
    for (QWidget* widget :
        std::initializer_list<QWidget*>{m_title, m_statement, m_control, m_findings, m_table, m_making})
        column->addWidget(widget);
    column->addWidget(m_open, 0, Qt::AlignLeft);
    for (PublishedView* view : m_trainings)
        column->addWidget(view);
    column->addStretch(1);
    m_scroll = new QScrollArea;
    m_scroll->setWidget(inner);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    return m_scroll;
}

Verdict ResultsPage::verdictOf(const PaperClaim& claim) const
{
    if (claim.trainings) {
        std::vector<MeasuredOrdering> orderings;
        for (const MeasuredSetting& setting : trainings(*claim.trainings)->results().settings)
            std::ranges::move(measuredOrderings(setting, *claim.trainings), std::back_inserter(orderings));
        return endospike::verdictOf(orderings);
    }
    const Measurement* measurement = m_measurements.find(claim.key);
    return measurement ? endospike::verdictOf(claim, *measurement) : Verdict();
}

void ResultsPage::fillList()
{
    std::array<int, 4> counts{};
    for (const PaperClaim& claim : claimTable()) {
        const Verdict verdict = verdictOf(claim);
        ++counts[static_cast<std::size_t>(verdict.outcome())];
        auto* item = new QListWidgetItem(
            QStringLiteral("%1\n%2 %3").arg(qstring(claim.title), mark(verdict.outcome()), verdictText(verdict)));
        item->setToolTip(qstring(claim.statement));
        m_list->addItem(item);
    }
    const auto count = [&](Outcome outcome) { return counts[static_cast<std::size_t>(outcome)]; };
    QString text =
        tr("<b>Published against measured</b><br>The paper makes %1 claims that this program can test. Hold: "
           "%2, in part: %3, do not hold: %4, not measured yet: %5.")
            .arg(m_list->count())
            .arg(count(Outcome::holds))
            .arg(count(Outcome::inPart))
            .arg(count(Outcome::doesNotHold))
            .arg(count(Outcome::notMeasured));
    if (!m_problem.isEmpty())
        text += tr("<br>The measured values cannot be read: %1").arg(m_problem.toHtmlEscaped());
    m_summary->setText(text);
    m_list->setCurrentRow(0);
    showClaim();
}

const PaperClaim& ResultsPage::current() const
{
    return claimTable()[static_cast<std::size_t>(std::max(0, m_list->currentRow()))];
}

void ResultsPage::choose(std::string_view claim)
{
    if (const PaperClaim* found = findClaim(claim))
        m_list->setCurrentRow(static_cast<int>(found - claimTable().data()));
}

FigureRequest ResultsPage::figure(const QString&) const
{
    if (!current().environment.empty())
        return m_control->figure();
    if (!current().trainings)
        return {};
    const PublishedView* view = trainings(*current().trainings);
    return view->figure(QTextDocumentFragment::fromHtml(view->introLabel()->text()).toPlainText());
}

QString ResultsPage::csv() const
{
    if (current().trainings)
        return QString::fromStdString(runsAsCsv(trainings(*current().trainings)->results()));
    if (!current().environment.empty() && m_control->shown())
        return QString::fromStdString(curvesAsCsv(*m_control->shown()));
    const Measurement* measurement = m_measurements.find(current().key);
    return measurement ? QString::fromStdString(valuesAsCsv(*measurement)) : QString();
}

void ResultsPage::showClaim()
{
    const PaperClaim& claim = current();
    const Verdict verdict = verdictOf(claim);
    const Measurement* measurement = m_measurements.find(claim.key);
    m_title->setText(
        QStringLiteral("%1  %2: %3").arg(mark(verdict.outcome()), qstring(claim.title), verdictText(verdict)));
    m_statement->setText(
        tr("<p><b>The paper says</b> (%1)<br>%2</p><p><b>It holds here if</b><br>%3</p>")
            .arg(qstring(claim.place), qstring(claim.statement).toHtmlEscaped(), qstring(claim.rule).toHtmlEscaped()));
    m_findings->setVisible(!claim.trainings);
    m_table->setVisible(measurement != nullptr);
    m_making->setVisible(measurement != nullptr);
    m_control->setVisible(!claim.environment.empty());
    if (!claim.environment.empty())
        m_control->setEnvironment(claim.environment);
    // The curves have a button of their own, which opens the chosen noise too.
    const bool curves = !claim.environment.empty() && m_control->shown();
    m_open->setVisible(measurement && measurement->document && !curves);
    for (PublishedView* view : m_trainings)
        view->setVisible(claim.trainings && view == trainings(*claim.trainings));
    if (measurement)
        showMeasurement(claim, *measurement);
    else
        m_findings->setText(tr("<p><b>Not measured yet.</b><br>To measure it: <code>%1</code></p>")
                                .arg(qstring(claim.howTo).toHtmlEscaped()));
    if (m_scroll)
        m_scroll->ensureVisible(0, 0);
}

void ResultsPage::showMeasurement(const PaperClaim& claim, const Measurement& measurement)
{
    QString rows;
    for (const Finding& finding : findingsOf(claim, measurement))
        rows += findingRow(finding);
    m_findings->setText(tr("<p><b>Does it?</b></p><table cellspacing=\"3\">%1</table>").arg(rows));
    const auto text = [](const std::string& words) { return QString::fromStdString(words).toHtmlEscaped(); };
    m_making->setText(tr("<p><b>How it was measured</b><br>%1<br>%2, %3, %4<br>To repeat it: <code>%5</code></p>")
                          .arg(text(measurement.setting), text(measurement.date), text(measurement.program),
                              text(measurement.machine), text(measurement.command)));
    fillTable(measurement);
}

void ResultsPage::fillTable(const Measurement& measurement)
{
    m_table->setHorizontalHeaderLabels({tr("Measured"), tr("Value"), tr("Unit"), tr("SD over seeds"), tr("Seeds")});
    for (int column = 0; column < m_table->columnCount(); ++column)
        m_table->horizontalHeaderItem(column)->setTextAlignment(
            (column == 0 || column == 2 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    m_table->setRowCount(static_cast<int>(measurement.rows.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const MeasuredValue& value = measurement.rows[static_cast<std::size_t>(row)];
        const QStringList texts{QString::fromStdString(value.name), number(value.value),
            QString::fromStdString(value.unit), std::isnan(value.spread) ? QStringLiteral("–") : number(value.spread),
            value.seeds == 0 ? QStringLiteral("–") : QString::number(value.seeds)};
        setRow(*m_table, row, texts);
        m_table->item(row, 2)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    }
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setStretchLastSection(true);
    fitRows(*m_table, 1);
}

void ResultsPage::style()
{
    const double scale = (1 + currentTheme().basePoints / 10.0) / 2;
    m_list->parentWidget()->setFixedWidth(static_cast<int>(320 * scale));
    // A font that was set would be lost when the page is first shown.
    m_title->setStyleSheet(QStringLiteral("font-size: %1pt").arg(currentTheme().titlePoints));
    m_summary->setFont(currentTheme().baseFont());
    m_list->setStyleSheet(QStringLiteral("QListWidget { background: transparent; } QListWidget::item { padding: 6px; "
                                         "border: 1px solid transparent; "
                                         "color: %1; } QListWidget::item:selected { background: %2; color: %1; }")
                              .arg(currentTheme().text.name(), currentTheme().selected.name()));
    showClaim();
}

} // namespace endospike

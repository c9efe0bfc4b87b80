#include "app/window/welcome_page.h"

#include "sim/document/plan_laboratories.h"
#include "sim/neuron/run.h"
#include "widgets/look/theme.h"
#include "widgets/picture/picture_card.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QScrollArea>
#include <QToolButton>

#include <algorithm>
#include <cmath>
#include <memory>

namespace endospike {

namespace {

constexpr int longestList = 8;

/// The potential of an HH neuron under a step of current, from -90 to 50 mV scaled to 0..1.
std::vector<double> spikeTrace()
{
    Experiment experiment = firstExperiment();
    experiment.neuron.cells.erase(experiment.neuron.cells.begin() + 1, experiment.neuron.cells.end());
    experiment.neuron.simulation.set(simulation::duration_ms, 60);
    experiment.neuron.simulation.set(simulation::record_interval_ms, 0.1);
    std::vector<double> trace;
    run(experiment, {}, [&](const TraceBlock& block) {
        const auto first = block.layout->find(block.layout->columns.front().cellId, "v_mv") * block.count;
        for (int i = 0; i < block.count; ++i)
            trace.push_back((block.values[static_cast<std::size_t>(first + i)] + 90) / 140);
    });
    return trace;
}

QPointF placeIn(QRectF area, double x, double y)
{
    return {area.left() + x * area.width(), area.bottom() - std::clamp(y, 0.0, 1.0) * area.height()};
}

void drawTrace(QPainter& painter, QRectF area, double phase, const Theme& look, const std::vector<double>& trace)
{
    const QColor color = readableOn(modelColor("hh"), look.plot);
    const double reach = std::min(1.0, phase * 1.25); // it rests when it has come to the end
    QPolygonF line;
    for (std::size_t i = 0; i < trace.size(); ++i)
        if (const double x = static_cast<double>(i) / static_cast<double>(trace.size()); x <= reach)
            line << placeIn(area, x, trace[i]);
    painter.setPen(QPen(look.grid, 1));
    for (const double y : {0.18, 0.64}) // rest and 0 mV
        painter.drawLine(placeIn(area, 0, y), placeIn(area, 1, y));
    painter.setPen(QPen(color, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(line);
    if (line.isEmpty())
        return;
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawEllipse(line.back(), 4, 4);
}

void drawCircle(
    QPainter& painter, QPointF at, double radius, const QColor& color, const QString& name, const Theme& look)
{
    painter.setPen(QPen(color, 2));
    painter.setBrush(look.window);
    painter.drawEllipse(at, radius, radius);
    painter.setPen(look.text);
    painter.setFont(look.baseFont());
    painter.drawText(QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius), Qt::AlignCenter, name);
}

void drawFour(QPainter& painter, QRectF area, double phase, const Theme& look)
{
    const double radius = std::min(area.height() * 0.16, area.width() * 0.09);
    const QColor hh = readableOn(modelColor("hh"), look.plot);
    const QColor lif = readableOn(modelColor("tv_lif2hh"), look.plot);
    const QPointF left = placeIn(area, 0.15, 0.5);
    drawCircle(painter, left, 1.6 * radius, hh, QStringLiteral("HH"), look);
    QFont large = look.titleFont();
    large.setPointSize(2 * large.pointSize());
    painter.setFont(large);
    painter.setPen(look.text);
    painter.drawText(
        QRectF(placeIn(area, 0.37, 0.5) - QPointF(20, 30), QSizeF(40, 60)), Qt::AlignCenter, QStringLiteral("="));
    const QPointF soma = placeIn(area, 0.88, 0.5);
    for (int i = 0; i < 3; ++i) {
        const QPointF channel = placeIn(area, 0.58, 0.84 - 0.34 * i);
        painter.setPen(QPen(look.border, 2));
        painter.drawLine(channel, soma);
        const double along = std::fmod(3 * phase + i / 3.0, 1.0);
        painter.setPen(Qt::NoPen);
        painter.setBrush(lif);
        painter.drawEllipse(channel + along * (soma - channel), 3.5, 3.5);
        drawCircle(painter, channel, radius, lif,
            QStringList{QStringLiteral("Na"), QStringLiteral("K"), QStringLiteral("L")}[i], look);
    }
    drawCircle(painter, soma, radius, lif, QStringLiteral("V"), look);
}

/// A sketch of learning, without numbers: three curves that rise and level off.
void drawRace(QPainter& painter, QRectF area, double phase, const Theme& look)
{
    struct Line {
        const char* model;
        double end, rate;
    };
    painter.setPen(QPen(look.border, 1));
    painter.drawLine(area.bottomLeft(), area.topLeft());
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    for (const Line& line : {Line{"lif", 0.66, 5}, Line{"hh", 0.8, 4}, Line{"hh_voltage_dependent", 0.92, 3}}) {
        const QColor color = readableOn(modelColor(line.model), look.plot);
        QPolygonF path;
        for (double x = 0; x <= std::min(1.0, 1.25 * phase); x += 0.01)
            path << placeIn(area, x, 0.08 + (line.end - 0.08) * (1 - std::exp(-line.rate * x)));
        painter.setPen(QPen(color, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawPolyline(path);
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        if (!path.isEmpty())
            painter.drawEllipse(path.back(), 4, 4);
    }
}

} // namespace

WelcomePage::WelcomePage(QWidget* parent)
    : QWidget(parent)
{
    auto* inner = new QWidget;
    auto* column = new QVBoxLayout(inner);
    column->setContentsMargins(32, 32, 32, 32);
    column->setSpacing(32);
    auto* heading = new QLabel(tr("Where would you like to begin?"));
    const auto size = [heading] { heading->setFont(currentTheme().titleFont()); };
    size();
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, heading, size);
    column->addWidget(heading);
    auto* cards = new QHBoxLayout;
    cards->setSpacing(24);
    m_cards = {new PictureCard(tr("See a neuron fire"), tr("A Hodgkin-Huxley neuron under a step of current, live."),
                   [trace = std::make_shared<std::vector<double>>()](
                       QPainter& painter, QRectF area, double phase, const Theme& look) {
                       if (trace->empty())
                           *trace = spikeTrace(); // a millisecond, when it is first seen
                       drawTrace(painter, area, phase, look, *trace);
                   }),
        new PictureCard(tr("One HH neuron is four LIF neurons"),
            tr("Three channels and a soma, each a leaky integrator: the same voltage to the last digit."), drawFour),
        new PictureCard(tr("Train three networks in half a minute"),
            tr("LIF, HH and voltage-dependent HH learn two tasks at once. Starts with this click."), drawRace)};
    for (QAbstractButton* card : m_cards)
        cards->addWidget(card, 1);
    connect(card(neuron), &QAbstractButton::clicked, this, &WelcomePage::neuronWanted);
    connect(card(equivalence), &QAbstractButton::clicked, this, &WelcomePage::equivalenceWanted);
    connect(card(training), &QAbstractButton::clicked, this, &WelcomePage::trainingWanted);
    column->addLayout(cards, 3);
    auto* lists = new QHBoxLayout;
    lists->setSpacing(24);
    m_recent = addList(lists, tr("Recent files"));
    m_examples = addList(lists, tr("Examples"));
    lists->addStretch(1); // as wide as a card
    column->addLayout(lists, 2);
    auto* scroll = new QScrollArea;
    scroll->setWidget(inner);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
    setRecentFiles({});
}

QVBoxLayout* WelcomePage::addList(QHBoxLayout* row, const QString& title)
{
    auto* outer = new QVBoxLayout;
    outer->setSpacing(8);
    outer->addWidget(new QLabel(QStringLiteral("<b>%1</b>").arg(title)));
    auto* column = new QVBoxLayout;
    column->setSpacing(0);
    outer->addLayout(column);
    outer->addStretch(1);
    row->addLayout(outer, 1);
    return column;
}

void WelcomePage::fill(QVBoxLayout* column, const std::vector<Link>& links, void (WelcomePage::*wanted)(const QString&))
{
    while (QLayoutItem* item = column->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const Link& link : links) {
        auto* button = new QToolButton;
        button->setText(QString(link.text).replace(u'&', QStringLiteral("&&")));
        button->setToolTip(link.tip);
        button->setCursor(Qt::PointingHandCursor);
        connect(
            button, &QToolButton::clicked, this, [this, wanted, target = link.target] { emit(this->*wanted)(target); });
        column->addWidget(button, 0, Qt::AlignLeft);
    }
}

void WelcomePage::setRecentFiles(const QStringList& paths)
{
    std::vector<Link> links;
    for (const QString& path : paths.mid(0, longestList))
        links.push_back({QFileInfo(path).fileName(), path, path});
    fill(m_recent, links, &WelcomePage::fileWanted);
    if (links.empty()) {
        auto* none = new QLabel(tr("Files that you open or save will be listed here."));
        none->setForegroundRole(QPalette::PlaceholderText);
        none->setWordWrap(true);
        m_recent->addWidget(none);
    }
}

void WelcomePage::setExamples(const std::vector<Link>& examples)
{
    fill(m_examples, {examples.begin(), examples.begin() + std::min<std::ptrdiff_t>(longestList, std::ssize(examples))},
        &WelcomePage::exampleWanted);
}

std::vector<QAbstractButton*> WelcomePage::linksIn(QVBoxLayout* column)
{
    std::vector<QAbstractButton*> buttons;
    for (int i = 0; i < column->count(); ++i)
        if (auto* button = qobject_cast<QAbstractButton*>(column->itemAt(i)->widget()))
            buttons.push_back(button);
    return buttons;
}

} // namespace endospike

#include "app/laboratory/network_checks.h"

#include "widgets/look/text.h"
#include "widgets/look/theme.h"

#include <QCheckBox>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace endospike {

namespace {

QIcon colorIcon(const QColor& color)
{
    QPixmap pixmap(24, 24);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setPen(QPen(readableOn(color, currentTheme().window), 4));
    painter.drawLine(2, 12, 22, 12);
    return pixmap;
}

/// In the order of networkKinds(), so that ticking a box twice changes nothing.
void insertInOrder(std::vector<NetworkPlan>& networks, const NetworkKind& kind, const ParameterValues& parameters)
{
    const auto after = std::ranges::find_if(networks, [&](const NetworkPlan& plan) { return plan.kind > &kind; });
    networks.insert(after, NetworkPlan(kind))->parameters = parameters;
}

} // namespace

ParameterValues publishedParameters(const NetworkKind& kind) { return ParameterValues(kind.parameters); }

NetworkChecks::NetworkChecks(bool withConvolutional, ParameterValues (*usual)(const NetworkKind&), QWidget* parent)
    : QWidget(parent)
    , m_usual(usual)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 8);
    column->setSpacing(4);
    for (const NetworkKind& kind : networkKinds()) {
        if (kind.convolutional && !withConvolutional)
            continue;
        auto* check = new QCheckBox;
        check->setToolTip(qstring(kind.summary));
        check->setAccessibleName(qstring(kind.name));
        m_choices.push_back({&kind, check});
        column->addWidget(check);
        connect(check, &QCheckBox::clicked, this, [this, &kind](bool wanted) { setNetwork(kind, wanted); });
    }
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, [this] { refresh(); });
}

QCheckBox* NetworkChecks::box(std::string_view kind) const
{
    const auto at = std::ranges::find(m_choices, kind, [](const Choice& choice) { return choice.kind->key; });
    return at == m_choices.end() ? nullptr : at->box;
}

void NetworkChecks::setNetwork(const NetworkKind& kind, bool wanted)
{
    emit changeWanted(qstring(kind.name), [&kind, wanted, usual = m_usual](Experiment& experiment) {
        std::vector<NetworkPlan>& networks = experiment.training.networks;
        if (wanted)
            insertInOrder(networks, kind, usual(kind));
        else
            std::erase_if(networks, [&](const NetworkPlan& plan) { return plan.kind == &kind; });
    });
}

void NetworkChecks::setNetworks(const std::vector<NetworkPlan>& networks)
{
    m_networks = networks;
    refresh();
}

void NetworkChecks::refresh()
{
    for (const Choice& choice : m_choices) {
        const auto of = [&](const NetworkPlan& plan) { return plan.kind == choice.kind; };
        const auto count = std::ranges::count_if(m_networks, of);
        QString text = qstring(choice.kind->name);
        if (count > 1) {
            text = tr("%1, %2 times").arg(text).arg(count);
        } else if (count == 1) {
            const ParameterValues& parameters = std::ranges::find_if(m_networks, of)->parameters;
            if (parameters != m_usual(*choice.kind))
                text = (parameters == publishedParameters(*choice.kind) ? tr("%1, as published")
                                                                        : tr("%1, own parameters"))
                           .arg(text);
        }
        choice.box->setText(text);
        choice.box->setIcon(colorIcon(hueColor(choice.kind->hue)));
        choice.box->setChecked(count > 0);
    }
}

} // namespace endospike

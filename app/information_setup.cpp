#include "app/information_setup.h"

#include "widgets/parameter_form.h"
#include "widgets/section.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QLabel>
#include <QPainter>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace endospike {

namespace {

class Content : public QWidget {
public:
    QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }
};

QIcon colorIcon(const QColor& color)
{
    QPixmap pixmap(24, 24);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setPen(QPen(readableOn(color, currentTheme().window), 4));
    painter.drawLine(2, 12, 22, 12);
    return pixmap;
}

bool isOfKind(const NetworkPlan& plan, const NetworkKind& kind) { return plan.kind == &kind; }

/// In the order of networkKinds(), so that ticking a box twice changes nothing.
void insertInOrder(std::vector<NetworkPlan>& networks, const NetworkKind& kind)
{
    const auto after = std::ranges::find_if(networks, [&](const NetworkPlan& plan) { return plan.kind > &kind; });
    networks.insert(after, NetworkPlan(kind));
}

} // namespace

InformationSetup::InformationSetup(QWidget* parent)
    : QWidget(parent)
    , m_notes(new QLabel)
    , m_bottleneck(new ParameterForm)
    , m_training(new ParameterForm)
{
    auto* content = new Content;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(16, 0, 16, 16);
    column->setSpacing(0);
    m_notes->setWordWrap(true);
    m_notesSection = new Section(tr("What to look for"), m_notes, content);
    auto* networks = new Section(tr("Networks"), buildNetworks(), content);
    networks->setFoldable(false);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_notesSection, networks,
             new Section(tr("Bottleneck"), m_bottleneck, content), new Section(tr("Training"), m_training, content)})
        column->addWidget(widget);
    column->addStretch(1);
    m_training->setHiddenRows({training::source}); // digits need a folder, which a document names

    auto* scroll = new QScrollArea;
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scroll);
    connect(m_bottleneck, &ParameterForm::valueEdited, this, [this](int row, double value, bool continuing) {
        const auto index = static_cast<std::size_t>(row);
        emit changeWanted(qstring(informationTable()[index].label), QStringLiteral("information.%1").arg(row),
            continuing, [index, value](Experiment& experiment) { experiment.information.set(index, value); });
    });
    connect(m_training, &ParameterForm::valueEdited, this, [this](int row, double value, bool continuing) {
        const auto index = static_cast<std::size_t>(row);
        emit changeWanted(qstring(trainingTable()[index].label), QStringLiteral("training.%1").arg(row), continuing,
            [index, value](Experiment& experiment) { experiment.training.settings.set(index, value); });
    });
    fitWidth();
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, [this] {
        fitWidth();
        showNetworks();
    });
}

QWidget* InformationSetup::buildNetworks()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 8);
    column->setSpacing(4);
    for (const NetworkKind& kind : networkKinds()) {
        if (kind.convolutional)
            continue;
        auto* check = new QCheckBox;
        check->setToolTip(qstring(kind.summary));
        check->setAccessibleName(qstring(kind.name));
        m_networks.push_back({&kind, check});
        column->addWidget(check);
        connect(check, &QCheckBox::clicked, this, [this, &kind](bool wanted) { setNetwork(kind, wanted); });
    }
    return box;
}

QCheckBox* InformationSetup::networkBox(std::string_view kind) const
{
    const auto at = std::ranges::find(m_networks, kind, [](const Choice& choice) { return choice.kind->key; });
    return at == m_networks.end() ? nullptr : at->box;
}

/// All networks of the kind, or one with its published parameters.
void InformationSetup::setNetwork(const NetworkKind& kind, bool wanted)
{
    emit changeWanted(qstring(kind.name), {}, false, [&kind, wanted](Experiment& experiment) {
        std::vector<NetworkPlan>& networks = experiment.training.networks;
        if (wanted)
            insertInOrder(networks, kind);
        else
            std::erase_if(networks, [&](const NetworkPlan& plan) { return isOfKind(plan, kind); });
    });
}

void InformationSetup::showNetworks()
{
    const std::vector<NetworkPlan>& networks = m_experiment.training.networks;
    for (const Choice& choice : m_networks) {
        const auto of = [&](const NetworkPlan& plan) { return isOfKind(plan, *choice.kind); };
        const auto count = std::ranges::count_if(networks, of);
        const auto own = std::ranges::find_if(networks, [&](const NetworkPlan& plan) {
            return of(plan) && plan.parameters != ParameterValues(plan.kind->parameters);
        });
        QString text = qstring(choice.kind->name);
        if (count > 1)
            text = tr("%1, %2 times").arg(text).arg(count);
        else if (own != networks.end())
            text = tr("%1, own parameters").arg(text);
        choice.box->setText(text);
        choice.box->setIcon(colorIcon(modelColor(choice.kind->colorKey)));
        choice.box->setChecked(count > 0);
    }
}

void InformationSetup::setExperiment(const Experiment& experiment)
{
    m_experiment = experiment;
    m_notes->setText(QString::fromStdString(experiment.notes));
    m_notesSection->setVisible(!experiment.notes.empty());
    m_bottleneck->setValues(experiment.information);
    m_training->setValues(experiment.training.settings);
    showNetworks();
}

void InformationSetup::fitWidth()
{
    const double scale = (1 + currentTheme().basePoints / 10.0) / 2;
    setFixedWidth(static_cast<int>(320 * scale));
}

} // namespace endospike

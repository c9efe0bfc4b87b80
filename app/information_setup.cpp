#include "app/information_setup.h"

#include "app/network_checks.h"
#include "widgets/parameter_form.h"
#include "widgets/section.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

namespace endospike {

namespace {

class Content : public QWidget {
public:
    QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }
};

} // namespace

InformationSetup::InformationSetup(QWidget* parent)
    : QWidget(parent)
    , m_networks(new NetworkChecks(false))
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
    auto* networks = new Section(tr("Networks"), m_networks, content);
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
    connect(m_networks, &NetworkChecks::changeWanted, this,
        [this](const QString& what, const Change& change) { emit changeWanted(what, {}, false, change); });
    fitWidth();
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &InformationSetup::fitWidth);
}

QCheckBox* InformationSetup::networkBox(std::string_view kind) const { return m_networks->box(kind); }

void InformationSetup::setExperiment(const Experiment& experiment)
{
    m_notes->setText(QString::fromStdString(experiment.notes));
    m_notesSection->setVisible(!experiment.notes.empty());
    m_bottleneck->setValues(experiment.information);
    m_training->setValues(experiment.training.settings);
    m_networks->setNetworks(experiment.training.networks);
}

void InformationSetup::fitWidth()
{
    const double scale = (1 + currentTheme().basePoints / 10.0) / 2;
    setFixedWidth(static_cast<int>(320 * scale));
}

} // namespace endospike

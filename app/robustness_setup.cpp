#include "app/robustness_setup.h"

#include "sim/analysis/robustness.h"
#include "widgets/parameter_form.h"
#include "widgets/quiet_combo.h"
#include "widgets/section.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QPainter>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <set>

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

/// In the order of networkKinds(), so that ticking a box twice changes nothing.
void insertInOrder(std::vector<NetworkPlan>& networks, const NetworkKind& kind)
{
    const auto after = std::ranges::find_if(networks, [&](const NetworkPlan& plan) { return plan.kind > &kind; });
    networks.insert(after, NetworkPlan(kind))->parameters = ownBestParameters(kind);
}

QString decoded(const std::string& path) { return QFile::decodeName(QByteArray::fromStdString(path)); }

/// The folder of one work of the window, or the folder itself: where a person would say that the networks lie.
QString workOf(const QString& runFolder, const QStringList& roots)
{
    for (const QString& root : roots) {
        const QString relative = QDir(root).relativeFilePath(runFolder);
        if (!relative.startsWith(QLatin1String("..")) && relative.contains(u'/'))
            return QDir(root).filePath(relative.section(u'/', 0, 0));
    }
    return QFileInfo(runFolder).path();
}

/// "Training, 25 Nov 2026 22:13:05" for a folder that the window made.
QString nameOfWork(const QString& work)
{
    const QString name = QFileInfo(work).fileName();
    const QDateTime made = QDateTime::fromString(name.left(15), QStringLiteral("yyyyMMdd-HHmmss"));
    const QString parent = QFileInfo(QFileInfo(work).path()).fileName();
    if (!made.isValid())
        return work;
    const QString when = made.toString(QStringLiteral("d MMM yyyy, HH:mm:ss"));
    return parent == QLatin1String("robustness") ? RobustnessSetup::tr("Sweep of %1").arg(when)
                                                 : RobustnessSetup::tr("Training of %1").arg(when);
}

} // namespace

RobustnessSetup::RobustnessSetup(QWidget* parent)
    : QWidget(parent)
    , m_notes(new QLabel)
    , m_noise(new ParameterForm)
    , m_reuse(new QuietCombo)
    , m_reuseText(new QLabel)
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
             new Section(tr("Noise"), m_noise, content), new Section(tr("Trained networks"), buildReuse(), content),
             new Section(tr("Training"), m_training, content)})
        column->addWidget(widget);
    column->addStretch(1);
    // Digits need a folder, which a document names; the noise of trainings is the sweep's own.
    m_training->setHiddenRows({training::source, training::noise_amplitude, training::noise, training::noise_seed});

    auto* scroll = new QScrollArea;
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scroll);
    connectForms();
    fillReuse();
    fitWidth();
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, [this] {
        fitWidth();
        showNetworks();
        showReuse();
    });
}

void RobustnessSetup::connectForms()
{
    connect(m_noise, &ParameterForm::valueEdited, this, [this](int row, double value, bool continuing) {
        const auto index = static_cast<std::size_t>(row);
        emit changeWanted(qstring(robustnessTable()[index].label), QStringLiteral("robustness.%1").arg(row), continuing,
            [index, value](Experiment& experiment) { experiment.robustness.set(index, value); });
    });
    connect(m_training, &ParameterForm::valueEdited, this, [this](int row, double value, bool continuing) {
        const auto index = static_cast<std::size_t>(row);
        emit changeWanted(qstring(trainingTable()[index].label), QStringLiteral("training.%1").arg(row), continuing,
            [index, value](Experiment& experiment) { experiment.training.settings.set(index, value); });
    });
}

QWidget* RobustnessSetup::buildNetworks()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 8);
    column->setSpacing(4);
    for (const NetworkKind& kind : networkKinds()) {
        auto* check = new QCheckBox;
        check->setToolTip(qstring(kind.summary));
        check->setAccessibleName(qstring(kind.name));
        m_networks.push_back({&kind, check});
        column->addWidget(check);
        connect(check, &QCheckBox::clicked, this, [this, &kind](bool wanted) { setNetwork(kind, wanted); });
    }
    return box;
}

QWidget* RobustnessSetup::buildReuse()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 8);
    column->setSpacing(8);
    m_reuse->setAccessibleName(tr("Trained networks that are used again"));
    m_reuse->setToolTip(tr("A network that was trained earlier is used again where everything that trains it is the "
                           "same: data, parameters, epochs and seed."));
    m_reuseText->setWordWrap(true);
    column->addWidget(m_reuse);
    column->addWidget(m_reuseText);
    connect(m_reuse, &QComboBox::activated, this, [this](int index) {
        m_wanted = m_reuse->itemData(index).toString();
        if (index == m_reuse->count() - 1)
            return askForFolder();
        showReuse();
    });
    return box;
}

QCheckBox* RobustnessSetup::networkBox(std::string_view kind) const
{
    const auto at = std::ranges::find(m_networks, kind, [](const Choice& choice) { return choice.kind->key; });
    return at == m_networks.end() ? nullptr : at->box;
}

/// All networks of the kind, or one with the parameters at which it does best.
void RobustnessSetup::setNetwork(const NetworkKind& kind, bool wanted)
{
    emit changeWanted(qstring(kind.name), {}, false, [&kind, wanted](Experiment& experiment) {
        std::vector<NetworkPlan>& networks = experiment.training.networks;
        if (wanted)
            insertInOrder(networks, kind);
        else
            std::erase_if(networks, [&](const NetworkPlan& plan) { return plan.kind == &kind; });
    });
}

void RobustnessSetup::showNetworks()
{
    const std::vector<NetworkPlan>& networks = m_experiment.training.networks;
    for (const Choice& choice : m_networks) {
        const auto of = [&](const NetworkPlan& plan) { return plan.kind == choice.kind; };
        const auto count = std::ranges::count_if(networks, of);
        QString text = qstring(choice.kind->name);
        if (count > 1) {
            text = tr("%1, %2 times").arg(text).arg(count);
        } else if (count == 1) {
            const ParameterValues& parameters = std::ranges::find_if(networks, of)->parameters;
            const ParameterValues best = ownBestParameters(*choice.kind);
            const ParameterValues published(choice.kind->parameters);
            if (parameters != best)
                text = (parameters == published ? tr("%1, as published") : tr("%1, own parameters")).arg(text);
        }
        choice.box->setText(text);
        choice.box->setIcon(colorIcon(modelColor(choice.kind->colorKey)));
        choice.box->setChecked(count > 0);
    }
}

void RobustnessSetup::setExperiment(const Experiment& experiment)
{
    m_experiment = experiment;
    m_notes->setText(QString::fromStdString(experiment.notes));
    m_notesSection->setVisible(!experiment.notes.empty());
    m_noise->setValues(experiment.robustness);
    m_training->setValues(experiment.training.settings);
    showNetworks();
    showReuse();
}

void RobustnessSetup::setTrained(std::shared_ptr<const RunList> trained, const QStringList& roots)
{
    m_trained = std::move(trained);
    m_roots = roots;
    fillReuse();
    showReuse();
}

void RobustnessSetup::fillReuse()
{
    const int before = m_reuse->currentIndex();
    m_reuse->clear();
    m_reuse->addItem(tr("Use all earlier networks that fit"));
    m_reuse->addItem(tr("Train every network anew"));
    QStringList works;
    if (m_trained)
        for (const RunRecord& run : m_trained->runs)
            if (const QString work = workOf(decoded(run.folder), m_roots); !works.contains(work))
                works << work;
    std::ranges::sort(works, [](const QString& a, const QString& b) {
        return QFileInfo(a).fileName() > QFileInfo(b).fileName(); // the newest first
    });
    for (const QString& work : works)
        m_reuse->addItem(nameOfWork(work), work);
    m_reuse->addItem(tr("Another folder…"));
    const int wanted = m_wanted.isEmpty() ? -1 : m_reuse->findData(m_wanted);
    m_reuse->setCurrentIndex(wanted >= 0 ? wanted : before == none ? none : allEarlier);
}

QStringList RobustnessSetup::reuse() const
{
    if (!m_wanted.isEmpty())
        return {m_wanted};
    return m_reuse->currentIndex() == none ? QStringList() : m_roots;
}

int RobustnessSetup::fitting() const
{
    if (!m_trained || m_experiment.training.networks.empty() || reuse().isEmpty())
        return 0;
    const std::vector<SweepUnit> units = sweepUnits(m_experiment);
    return static_cast<int>(std::ranges::count_if(units, [&](const SweepUnit& unit) {
        return std::ranges::any_of(m_trained->runs, [&](const RunRecord& run) {
            return run.finished() && (m_wanted.isEmpty() || decoded(run.folder).startsWith(m_wanted))
                && trainsTheSame(run.plan, unit.plan);
        });
    }));
}

void RobustnessSetup::showReuse()
{
    m_reuseText->setStyleSheet(QStringLiteral("color: %1").arg(currentTheme().mutedText.name()));
    if (m_experiment.training.networks.empty())
        return m_reuseText->setText({});
    const auto trainings = static_cast<int>(sweepUnits(m_experiment).size());
    if (m_reuse->currentIndex() == none)
        m_reuseText->setText(tr("Trainings in all: %1.").arg(trainings));
    else if (!m_trained)
        m_reuseText->setText(tr("Looking for trained networks…"));
    else
        m_reuseText->setText(tr("%1 of %2 trainings are there already.").arg(fitting()).arg(trainings));
}

void RobustnessSetup::askForFolder()
{
    m_reuse->setCurrentIndex(allEarlier);
    FileQuestion question;
    question.title = tr("A folder of trained networks");
    question.folder = true;
    m_choose(this, question, [this](const QString& folder) { emit folderChosen(folder); });
}

void RobustnessSetup::fitWidth()
{
    const double scale = (1 + currentTheme().basePoints / 10.0) / 2;
    setFixedWidth(static_cast<int>(320 * scale));
}

} // namespace endospike

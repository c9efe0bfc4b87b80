// How the noise mirror is laid out, and the quick training where there is nothing to look at yet.
#include "app/robustness/noise_mirror_view.h"

#include "app/jobs/work_folder.h"
#include "sim/network/trainer.h"
#include "sim/network/workers.h"
#include "sim/runs/queue.h"
#include "widgets/form/value_slider.h"
#include "widgets/picture/image_view.h"
#include "widgets/picture/probability_bars.h"

#include <QFile>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>
#include <QToolButton>

#include <algorithm>

namespace endospike {

QWidget* NoiseMirrorView::buildPanel()
{
    auto* panel = new QWidget;
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    auto* title = new QLabel(tr("<b>Trained networks</b>"));
    m_list->setAccessibleName(tr("Trained networks"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setSpacing(2);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_listText->setWordWrap(true);
    column->addWidget(title);
    column->addWidget(m_list, 1);
    column->addWidget(m_listText);
    return panel;
}

QWidget* NoiseMirrorView::buildEmpty()
{
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    m_emptyText->setText(tr("There is no trained network yet. Train some in the Training laboratory or by a sweep, or "
                            "train a LIF and an HH network here on a small part of the data."));
    m_emptyText->setWordWrap(true);
    m_emptyText->setAlignment(Qt::AlignCenter);
    m_emptyText->setMaximumWidth(520);
    m_progress->setRange(0, 1000);
    m_progress->setTextVisible(false);
    m_progress->setMaximumWidth(320);
    m_progress->hide();
    column->addStretch(1);
    column->addWidget(m_emptyText, 0, Qt::AlignHCenter);
    column->addSpacing(16);
    column->addWidget(m_train, 0, Qt::AlignHCenter);
    column->addSpacing(8);
    column->addWidget(m_progress);
    column->setAlignment(m_progress, Qt::AlignHCenter);
    column->addStretch(2);
    return page;
}

QLayout* NoiseMirrorView::buildControls()
{
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(4);
    m_pixelSlider->setScale(0, 150, false, true);
    m_pixelSlider->setAccessibleName(tr("Noise on the pixels"));
    m_currentSlider->setScale(0, 3, false);
    m_currentSlider->setAccessibleName(tr("Noise on the neurons' currents"));
    int row = 0;
    const auto add = [&](const QString& name, ValueSlider* slider, QLabel* text) {
        text->setAlignment(Qt::AlignRight);
        grid->addWidget(new QLabel(name), row, 0);
        grid->addWidget(text, row, 1);
        grid->addWidget(slider, row + 1, 0, 1, 2);
        row += 2;
    };
    add(tr("Noise on the pixels"), m_pixelSlider, m_pixelText);
    add(tr("Noise on the neurons' currents"), m_currentSlider, m_currentText);
    m_currentNote->setWordWrap(true);
    m_currentNote->setText(tr("Gaussian noise on every current of every hidden neuron, constant over a presentation, "
                              "as a multiple of how much a current differs from canvas to canvas (standard deviation). "
                              "Fully connected networks only."));
    grid->addWidget(m_currentNote, row++, 0, 1, 2);
    m_another->setText(tr("Another draw"));
    m_another->setToolTip(tr("The same amplitudes, other noise"));
    grid->addWidget(m_another, row++, 0);
    grid->setRowStretch(row, 1);
    grid->setColumnStretch(0, 1);
    return grid;
}

NoiseMirrorView::Column NoiseMirrorView::buildColumn()
{
    Column column{new QWidget, new QLabel, new QLabel, {}};
    auto* layout = new QVBoxLayout(column.widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    column.rate->setWordWrap(true);
    column.rate->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    layout->addWidget(column.name);
    layout->addWidget(column.rate);
    for (int task = 0; task < taskCount; ++task) {
        auto* bars = new ProbabilityBars;
        bars->setTitle(task == 0 ? tr("Top left") : tr("Bottom right"));
        column.bars[static_cast<std::size_t>(task)] = bars;
        layout->addWidget(bars, 1);
    }
    return column;
}

QWidget* NoiseMirrorView::buildContent()
{
    auto* page = new QWidget;
    auto* whole = new QVBoxLayout(page);
    whole->setContentsMargins(8, 8, 16, 8);
    whole->setSpacing(16);
    auto* top = new QHBoxLayout;
    top->setSpacing(24);
    for (ImageView* view : {m_clean, m_noisy}) {
        view->setFixedWidth(150);
        top->addWidget(view);
    }
    m_noisy->setCount(0);
    for (QWidget* unused :
        std::initializer_list<QWidget*>{m_noisy->previousButton(), m_noisy->numberSpin(), m_noisy->nextButton()})
        unused->hide(); // it follows the other one
    top->addLayout(buildControls(), 1);
    whole->addLayout(top);
    auto* columns = new QHBoxLayout;
    columns->setSpacing(24);
    for (Column& column : m_columns) {
        column = buildColumn();
        columns->addWidget(column.widget, 1);
    }
    m_hint->setAlignment(Qt::AlignCenter);
    columns->addWidget(m_hint, 1);
    whole->addLayout(columns, 1);
    return page;
}

void NoiseMirrorView::trainQuickly()
{
    if (m_trainer.isRunning())
        return;
    TrainingPlan plan = m_plan;
    plan.settings.set(training::train_pairs, 6000);
    plan.settings.set(training::test_pairs, 1000);
    plan.settings.set(training::epochs, 3);
    plan.settings.set(training::seeds, 1);
    for (const char* kind : {"lif_fc", "hh_fc"}) {
        NetworkPlan& network = plan.networks.emplace_back(*findNetworkKind(kind));
        network.parameters = ownBestParameters(*network.kind);
    }
    m_train->setEnabled(false);
    m_progress->setValue(0);
    m_progress->show();
    m_trainer.start([plan, work = QFile::encodeName(newWork(m_folder)).toStdString()](const JobContext& context) {
        JobRunner::yieldToOthers();
        const TrainingData images = pairImages(readTrainingImages(plan), plan);
        const std::vector<RunId> runs = runsOf(plan);
        const auto train = [&](std::size_t number, const JobContext& part) {
            const RunId& id = runs[number];
            const TrainingOptions options{processorCount(), work + "/" + id.folderName(), true};
            trainNetwork(planOf(plan, id), id, images, options, {}, part);
        };
        runQueue(runs.size(), train, context);
    });
}

} // namespace endospike

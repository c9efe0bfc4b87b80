#include "app/robustness/noise_mirror_view.h"

#include "app/training/pictures.h"
#include "sim/base/csv.h"
#include "sim/base/errors.h"
#include "sim/network/checkpoint.h"
#include "widgets/form/value_slider.h"
#include "widgets/look/custom_plot.h"
#include "widgets/look/text.h"
#include "widgets/look/theme.h"
#include "widgets/picture/image_view.h"
#include "widgets/picture/probability_bars.h"

#include <QDir>
#include <QFile>
#include <QKeyEvent>
#include <QLabel>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace endospike {

namespace {

constexpr int spreadCanvases = 64;
constexpr std::size_t perTask = classCount;

QString folderOf(const RunRecord& record) { return QFile::decodeName(QByteArray::fromStdString(record.folder)); }

/// Enter ticks the current item, as it presses a button: Space runs and pauses everywhere.
class TickList : public QListWidget {
protected:
    void keyPressEvent(QKeyEvent* event) override
    {
        QListWidgetItem* item = currentItem();
        if (item && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter))
            return item->setCheckState(item->checkState() == Qt::Checked ? Qt::Unchecked : Qt::Checked);
        QListWidget::keyPressEvent(event);
    }
};

std::array<std::uint8_t, canvasPixels> clipped(const std::vector<float>& canvas)
{
    std::array<std::uint8_t, canvasPixels> pixels{};
    for (std::size_t i = 0; i < pixels.size(); ++i)
        pixels[i] = static_cast<std::uint8_t>(std::clamp(std::lround(canvas[i]), 0L, 255L));
    return pixels;
}

/// The test canvases that the plan names, without more of the rest than must be.
TrainingPlan testPlanOf(const TrainingPlan& plan)
{
    TrainingPlan test = plan;
    test.networks.clear();
    test.settings.set(training::train_pairs, 1);
    test.settings.set(training::validation_pairs, 0);
    test.settings.set(training::noise_amplitude, 0);
    return test;
}

} // namespace

/// What stays from one computation to the next.
struct NoiseMirrorView::Stage {
    struct Loaded {
        std::shared_ptr<const Network> network;
        double spread = 0;
        std::string problem;
    };
    TrainingPlan plan; ///< of the data
    std::shared_ptr<const TrainingData> data;
    std::map<std::string, Loaded> networks; ///< by folder
};

struct NoiseMirrorView::Shown {
    QString folder;
    MirrorAnswer answer;
    double spread = 0; ///< of the currents, in the network's own unit
    bool takesCurrents = false;
    std::string problem;
};

struct NoiseMirrorView::Mail {
    std::shared_ptr<const TrainingData> data;
    std::vector<Shown> shown;
};

NoiseMirrorView::NoiseMirrorView(QWidget* parent)
    : QWidget(parent)
    , m_stage(std::make_shared<Stage>())
    , m_list(new TickList)
    , m_listText(new QLabel)
    , m_pages(new QStackedWidget)
    , m_emptyText(new QLabel)
    , m_train(new QPushButton(tr("Train two quick networks")))
    , m_progress(new QProgressBar)
    , m_clean(new ImageView)
    , m_noisy(new ImageView)
    , m_pixelSlider(new ValueSlider)
    , m_currentSlider(new ValueSlider)
    , m_pixelText(new QLabel)
    , m_currentText(new QLabel)
    , m_currentNote(new QLabel)
    , m_another(new QToolButton)
    , m_hint(new QLabel(tr("Tick a network on the left.")))
{
    m_noise.pixels = 25;
    m_panel = buildPanel();
    m_pages->addWidget(buildEmpty());
    m_pages->addWidget(buildContent());
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(m_pages);
    connectAll();
    showNoise();
    showColumns();
    paint();
}

NoiseMirrorView::~NoiseMirrorView()
{
    blockSignals(true);
    stop();
}

void NoiseMirrorView::connectAll()
{
    connect(m_list, &QListWidget::itemChanged, this, &NoiseMirrorView::toggled);
    connect(m_pixelSlider, &ValueSlider::edited, this, [this](double value, bool) {
        m_noise.pixels = value;
        showNoise();
        compute();
    });
    connect(m_currentSlider, &ValueSlider::edited, this, [this](double value, bool) {
        m_noise.currents = value;
        showNoise();
        compute();
    });
    connect(m_another, &QToolButton::clicked, this, [this] {
        m_noise.firstDraw += drawCount;
        compute();
    });
    connect(m_clean, &ImageView::indexEdited, this, [this](int pair) {
        m_pair = pair;
        compute();
    });
    connect(m_train, &QPushButton::clicked, this, &NoiseMirrorView::trainQuickly);
    connect(&m_job, &NewestJob::progressed, this, &NoiseMirrorView::takeNewest);
    connect(&m_job, &NewestJob::failed, this, [this](const QString& sentence) {
        takeNewest();
        emit refused(sentence);
    });
    const auto trainingEnded = [this](const QString& text) {
        m_progress->hide();
        m_train->setEnabled(true);
        if (!text.isEmpty())
            m_emptyText->setText(text);
    };
    connect(&m_trainer, &JobRunner::progressed, this,
        [this](double fraction, const QString&) { m_progress->setValue(static_cast<int>(1000 * fraction)); });
    connect(&m_trainer, &JobRunner::finished, this, [this, trainingEnded] {
        trainingEnded({});
        emit trained();
    });
    connect(&m_trainer, &JobRunner::cancelled, this, [trainingEnded] { trainingEnded({}); });
    connect(&m_trainer, &JobRunner::failed, this, [trainingEnded](const QString& sentence) {
        trainingEnded(tr("The networks could not be trained: %1").arg(sentence));
    });
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &NoiseMirrorView::paint);
}

ProbabilityBars* NoiseMirrorView::bars(int column, int task) const
{
    return m_columns[static_cast<std::size_t>(column)].bars[static_cast<std::size_t>(task)];
}

std::vector<MirrorAnswer> NoiseMirrorView::answers() const
{
    std::vector<MirrorAnswer> all;
    for (const Shown& shown : m_shown)
        all.push_back(shown.answer);
    return all;
}

bool NoiseMirrorView::isEmptyState() const { return m_pages->currentIndex() == 0; }

void NoiseMirrorView::setPlan(const TrainingPlan& plan)
{
    const TrainingPlan test = testPlanOf(plan);
    if (test == m_plan)
        return;
    const bool otherImages = test.settings[training::source] != m_plan.settings[training::source];
    m_plan = test;
    if (otherImages)
        fillList();
    compute();
}

void NoiseMirrorView::setTrained(std::shared_ptr<const RunList> trained)
{
    m_trained = std::move(trained);
    m_chosen.removeIf([this](const QString& folder) { return !recordOf(folder); });
    fillList();
    chooseFirst();
    compute();
}

const RunRecord* NoiseMirrorView::recordOf(const QString& folder) const
{
    if (!m_trained)
        return nullptr;
    const auto at =
        std::ranges::find_if(m_trained->runs, [&](const RunRecord& record) { return folderOf(record) == folder; });
    return at == m_trained->runs.end() ? nullptr : &*at;
}

/// One of each kind, the newest, so that there is something to compare.
void NoiseMirrorView::chooseFirst()
{
    if (m_choseFirst || m_list->count() == 0)
        return;
    m_choseFirst = true;
    std::vector<const NetworkKind*> kinds;
    for (int row = 0; row < m_list->count() && std::ssize(kinds) < mostNetworks; ++row) {
        const QString folder = m_list->item(row)->data(Qt::UserRole).toString();
        const NetworkKind* kind = recordOf(folder)->plan.networks.front().kind;
        if (std::ranges::find(kinds, kind) != kinds.end())
            continue;
        kinds.push_back(kind);
        m_chosen << folder;
    }
    fillList();
}

void NoiseMirrorView::fillList()
{
    const QSignalBlocker quiet(m_list);
    m_list->clear();
    int others = 0;
    std::vector<const RunRecord*> records;
    if (m_trained)
        for (const RunRecord& record : m_trained->runs)
            if (record.plan.networks.front().kind && !record.epochs.empty() && record.epochs.back().epoch >= 0) {
                if (record.plan.settings[training::source] == m_plan.settings[training::source])
                    records.push_back(&record);
                else
                    ++others;
            }
    std::ranges::stable_sort(records, std::greater{}, [](const RunRecord* record) { return record->folder; });
    for (const RunRecord* record : records) {
        const EpochMetrics& last = record->epochs.back();
        QString text = tr("%1\n%2 % and %3 % right after epoch %4")
                           .arg(qstring(record->id.label()))
                           .arg(100 * last.testAccuracy[0], 0, 'f', 1)
                           .arg(100 * last.testAccuracy[1], 0, 'f', 1)
                           .arg(last.epoch + 1);
        if (const double noise = record->plan.settings[training::noise_amplitude]; noise > 0)
            text += tr(", trained at A = %1").arg(noise);
        auto* item = new QListWidgetItem(text);
        const QString folder = folderOf(*record);
        item->setData(Qt::UserRole, folder);
        item->setToolTip(folder);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(m_chosen.contains(folder) ? Qt::Checked : Qt::Unchecked);
        item->setForeground(readableOn(hueColor(record->plan.networks.front().kind->hue), currentTheme().window, 4.5));
        m_list->addItem(item);
    }
    m_listText->setText(
        others > 0 ? tr("At most four. Left out, for other images: %1.").arg(others) : tr("At most four."));
    m_pages->setCurrentIndex(m_list->count() == 0 ? 0 : 1);
}

void NoiseMirrorView::toggled(QListWidgetItem* item)
{
    const QString folder = item->data(Qt::UserRole).toString();
    if (item->checkState() == Qt::Unchecked) {
        m_chosen.removeAll(folder);
    } else if (m_chosen.size() < mostNetworks) {
        m_chosen << folder;
    } else {
        const QSignalBlocker quiet(m_list);
        item->setCheckState(Qt::Unchecked);
        return emit refused(tr("Four networks are shown already: untick one first."));
    }
    compute();
}

void NoiseMirrorView::enter()
{
    m_inFront = true;
    compute();
}

void NoiseMirrorView::leave()
{
    m_inFront = false;
    m_job.cancel();
}

void NoiseMirrorView::stop()
{
    m_job.stop();
    m_trainer.cancelAndWait();
}

void NoiseMirrorView::compute()
{
    showCanvas();
    if (!m_inFront || m_pages->currentIndex() == 0)
        return;
    Mail nothingYet;
    for (const QString& folder : m_chosen)
        nothingYet.shown.push_back({folder, {}, 0, false, {}});
    m_newest = std::make_shared<Latest<Mail>>();
    m_newest->put(nothingYet);
    m_job.want(
        [stage = m_stage, newest = m_newest, mail = nothingYet, plan = m_plan, pair = m_pair, noise = m_noise](
            const JobContext& context) mutable {
            JobRunner::yieldToOthers();
            if (!stage->data || stage->plan != plan) {
                stage->data = std::make_shared<const TrainingData>(pairImages(readTrainingImages(plan), plan));
                stage->plan = plan;
                stage->networks.clear(); // the spread of their currents is that on the data
            }
            const PairedImages& set = stage->data->test;
            const int at = std::min(pair, set.size() - 1);
            mail.data = stage->data;
            Workers workers(1);
            // First an answer of every network, then how often it is right.
            for (const int draws : {1, drawCount})
                for (Shown& shown : mail.shown) {
                    if (context.stop.stop_requested())
                        return;
                    auto [place, isNew] = stage->networks.try_emplace(QFile::encodeName(shown.folder).toStdString());
                    Stage::Loaded& loaded = place->second;
                    if (isNew) {
                        try {
                            loaded.network = readCheckpoint(checkpointPath(place->first)).network;
                            if (loaded.network->takesCurrentNoise())
                                loaded.spread = currentSpread(*loaded.network, set, spreadCanvases, context);
                        } catch (const FileError& error) {
                            loaded.problem = error.what();
                        }
                        if (context.stop.stop_requested()) {
                            stage->networks.erase(place); // its spread was not measured
                            return;
                        }
                    }
                    const auto tell = [&](const MirrorAnswer& answer) {
                        shown = {shown.folder, answer, loaded.spread,
                            loaded.network && loaded.network->takesCurrentNoise(), loaded.problem};
                        newest->put(mail);
                        context.report(-1, {});
                    };
                    if (loaded.network)
                        mirror(*loaded.network, set, at, noise, loaded.spread, draws, workers, context, tell);
                    else
                        tell({});
                }
        },
        [this] { takeNewest(); });
}

void NoiseMirrorView::takeNewest()
{
    std::optional<Mail> mail = m_newest ? m_newest->take() : std::nullopt;
    if (!mail)
        return;
    m_shown = std::move(mail->shown);
    if (mail->data && m_data != mail->data) {
        m_data = std::move(mail->data);
        m_pair = std::min(m_pair, m_data->test.size() - 1);
        m_clean->setCount(m_data->test.size());
        m_clean->setIndex(m_pair);
        for (const Column& column : m_columns)
            for (int task = 0; task < taskCount; ++task)
                column.bars[static_cast<std::size_t>(task)]->setNames(classNames(*m_data, task));
        showCanvas();
    }
    showColumns();
}

void NoiseMirrorView::showCanvas()
{
    if (!m_data || m_pair >= m_data->test.size())
        return;
    const PairedImages& set = m_data->test;
    m_clean->setImage(clipped(mirrorCanvas(set, m_pair, {}, 0)), canvasSide, canvasSide);
    m_noisy->setImage(clipped(mirrorCanvas(set, m_pair, m_noise, 0)), canvasSide, canvasSide);
    m_clean->setCaption(tr("Test canvas"));
    m_noisy->setCaption(tr("With the noise, drawn from 0 to 255"));
}

void NoiseMirrorView::showNoise()
{
    m_pixelSlider->show(m_noise.pixels);
    m_currentSlider->show(m_noise.currents);
    m_pixelText->setText(tr("A = %1 grey levels").arg(m_noise.pixels));
    m_currentText->setText(tr("%1 × spread").arg(m_noise.currents, 0, 'f', 2));
}

void NoiseMirrorView::showColumns()
{
    m_hint->setVisible(m_chosen.isEmpty());
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        const Column& column = m_columns[i];
        const RunRecord* record =
            i < static_cast<std::size_t>(m_chosen.size()) ? recordOf(m_chosen[static_cast<qsizetype>(i)]) : nullptr;
        column.widget->setVisible(record != nullptr);
        if (!record)
            continue;
        const QColor color = readableOn(hueColor(record->plan.networks.front().kind->hue), currentTheme().window, 4.5);
        column.name->setText(QStringLiteral("<b style='color:%1'>%2</b>")
                                 .arg(color.name(), qstring(record->id.label()).toHtmlEscaped()));
        const Shown* shown =
            i < m_shown.size() && m_shown[i].folder == m_chosen[static_cast<qsizetype>(i)] ? &m_shown[i] : nullptr;
        const bool answered = shown && !shown->answer.noisy.empty();
        for (std::size_t task = 0; task < taskCount; ++task) {
            column.bars[task]->setProbabilities(answered
                    ? std::span<const float>(shown->answer.noisy).subspan(task * perTask, perTask)
                    : std::span<const float>());
            column.bars[task]->setTruth(m_data ? m_data->test.labels(m_pair)[task] : -1);
        }
        QString text = tr("…");
        if (shown && !shown->problem.empty())
            text = QString::fromStdString(shown->problem);
        else if (answered)
            text = tr("Right in %1 and %2 of %3 draws, in both %4")
                       .arg(shown->answer.right[0])
                       .arg(shown->answer.right[1])
                       .arg(shown->answer.draws)
                       .arg(shown->answer.bothRight);
        if (answered && m_noise.currents > 0)
            text += shown->takesCurrents
                ? tr("; currents ± %1%2")
                      .arg(m_noise.currents * shown->spread, 0, 'g', 3)
                      .arg(record->plan.networks.front().kind->unit == HiddenUnit::hhVoltageDependent ? tr(" µA/cm²")
                                                                                                      : QString())
                : tr("; convolutional: no noise on its currents");
        column.rate->setText(text);
    }
}

QString NoiseMirrorView::csv() const
{
    if (m_shown.empty() || m_shown.front().answer.draws == 0)
        return {};
    CsvTable table;
    table.addRow("network", "seed", "test_canvas", "pixel_noise", "current_noise", "draws", "right_top_left",
        "right_bottom_right", "right_both");
    for (const Shown& shown : m_shown)
        if (const RunRecord* record = recordOf(shown.folder)) {
            const MirrorAnswer& answer = shown.answer;
            table.addRow(record->id.network, record->id.seed, m_pair, m_noise.pixels,
                shown.takesCurrents ? m_noise.currents * shown.spread : 0, answer.draws, answer.right[0],
                answer.right[1], answer.bothRight);
        }
    return QString::fromStdString(table.text());
}

FigureRequest NoiseMirrorView::figure(const QString& caption) const
{
    FigureRequest request{{}, caption};
    for (std::size_t i = 0; i < m_shown.size() && i < m_columns.size(); ++i)
        for (const ProbabilityBars* each : m_columns[i].bars)
            request.pictures.emplace_back(each);
    return request;
}

void NoiseMirrorView::paint()
{
    for (QLabel* label : {m_currentNote, m_listText, m_hint})
        label->setStyleSheet(QStringLiteral("color: %1").arg(currentTheme().mutedText.name()));
    const double scale = (1 + currentTheme().basePoints / 10.0) / 2;
    m_panel->setFixedWidth(static_cast<int>(320 * scale));
    fillList();
    showColumns();
}

} // namespace endospike

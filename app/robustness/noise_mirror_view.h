// The noise mirror: what up to four trained networks answer to one test canvas while noise on its pixels and on their
// neurons' currents is turned up and down, and how often each is right over fresh draws of that noise.
#pragma once

#include "app/jobs/job_runner.h"
#include "app/jobs/newest_job.h"
#include "sim/base/latest.h"
#include "sim/network/run_folder.h"
#include "sim/robustness/noise_mirror.h"
#include "widgets/plot/figure.h"

#include <QStringList>
#include <QWidget>

#include <array>
#include <memory>
#include <vector>

class QLabel;
class QListWidget;
class QListWidgetItem;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace endospike {

class ImageView;
class ProbabilityBars;
class ValueSlider;

class NoiseMirrorView : public QWidget {
    Q_OBJECT

public:
    static constexpr int mostNetworks = 4;
    static constexpr int drawCount = 64;

    explicit NoiseMirrorView(QWidget* parent = nullptr);
    ~NoiseMirrorView() override;

    /// Where networks that are trained here are kept.
    void setFolder(const QString& folder) { m_folder = folder; }
    /// Whose data the canvases are taken from.
    void setPlan(const TrainingPlan& plan);
    void setTrained(std::shared_ptr<const RunList> trained);
    /// It comes to the front, or another view does: nothing is computed behind it.
    void enter();
    void leave();
    void stop();

    /// The list of networks; stands where the page has its setup.
    QWidget* setupPanel() const { return m_panel; }
    FigureRequest figure(const QString& caption) const;
    QString csv() const;

    QListWidget* networkList() const { return m_list; }
    ValueSlider* pixelSlider() const { return m_pixelSlider; }
    ValueSlider* currentSlider() const { return m_currentSlider; }
    QToolButton* drawButton() const { return m_another; }
    QPushButton* trainButton() const { return m_train; }
    ImageView* cleanView() const { return m_clean; }
    ImageView* noisyView() const { return m_noisy; }
    ProbabilityBars* bars(int column, int task) const;
    QLabel* rateLabel(int column) const { return m_columns[static_cast<std::size_t>(column)].rate; }
    const MirrorNoise& noise() const { return m_noise; }
    /// Of the columns that are shown.
    std::vector<MirrorAnswer> answers() const;
    bool isEmptyState() const;
    bool isBusy() const { return m_job.isBusy(); }

signals:
    void trained(); ///< networks were trained here: look for them
    void refused(const QString& sentence);

private:
    struct Stage;
    struct Mail;
    struct Shown;
    struct Column {
        QWidget* widget;
        QLabel* name;
        QLabel* rate;
        std::array<ProbabilityBars*, taskCount> bars;
    };

    QWidget* buildPanel();
    QWidget* buildEmpty();
    QWidget* buildContent();
    QLayout* buildControls();
    Column buildColumn();
    void connectAll();
    void fillList();
    void chooseFirst();
    void toggled(QListWidgetItem* item);
    const RunRecord* recordOf(const QString& folder) const;
    void compute();
    void takeNewest();
    void showCanvas();
    void showNoise();
    void showColumns();
    void trainQuickly();
    void paint();

    QString m_folder;
    TrainingPlan m_plan;
    std::shared_ptr<const RunList> m_trained;
    QStringList m_chosen; ///< folders
    bool m_choseFirst = false;
    bool m_inFront = false;
    int m_pair = 0;
    MirrorNoise m_noise;
    std::shared_ptr<Stage> m_stage; ///< touched by the job alone
    std::shared_ptr<Latest<Mail>> m_newest;
    std::shared_ptr<const TrainingData> m_data;
    std::vector<Shown> m_shown;
    QWidget* m_panel;
    QListWidget* m_list;
    QLabel* m_listText;
    QStackedWidget* m_pages;
    QLabel* m_emptyText;
    QPushButton* m_train;
    QProgressBar* m_progress;
    ImageView* m_clean;
    ImageView* m_noisy;
    ValueSlider* m_pixelSlider;
    ValueSlider* m_currentSlider;
    QLabel* m_pixelText;
    QLabel* m_currentText;
    QLabel* m_currentNote;
    QToolButton* m_another;
    QLabel* m_hint;
    std::array<Column, mostNetworks> m_columns{};
    JobRunner m_trainer;
    NewestJob m_job; // last: its thread ends before what it uses goes
};

} // namespace endospike

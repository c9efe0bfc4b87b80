// How long a person waits for the window: its start, what it draws, and the end of what runs in the background.
#include "app/jobs/live_session.h"
#include "app/laboratory/page.h"
#include "app/training/session.h"
#include "app/window/export_commands.h"
#include "app/window/main_window.h"
#include "app/window/message_bar.h"
#include "bench/bench.h"
#include "sim/base/errors.h"
#include "sim/document/laboratory.h"
#include "sim/document/plan_laboratories.h"
#include "widgets/trace/plot_stack.h"
#include "widgets/trace/time_plot.h"

#include <QAbstractButton>
#include <QApplication>
#include <QFile>
#include <QProcess>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>

namespace endospike::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int repetitions = 7;
constexpr int starts = 5; ///< each is a process of its own
constexpr int frames = 60;
constexpr double long_ms = 1e6; ///< of a run that is not to end by itself

struct Spent {
    double processor_ms = 0; ///< of all threads
    double wall_ms = 0;
};

Spent spent(const std::function<void()>& work)
{
    const std::clock_t processor = std::clock();
    const Clock::time_point wall = Clock::now();
    work();
    return {1e3 * static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC,
        std::chrono::duration<double, std::milli>(Clock::now() - wall).count()};
}

void report(const char* what, const std::function<Spent()>& once, int times = repetitions)
{
    once(); // warms up
    std::vector<double> processor, wall;
    for (int i = 0; i < times; ++i) {
        const Spent each = once();
        processor.push_back(each.processor_ms);
        wall.push_back(each.wall_ms);
    }
    const Speed first = summary(processor), second = summary(wall);
    std::printf("%-48s %9.2f %4.0f%% %9.2f %4.0f%%\n", what, first.median, 100 * first.spread, second.median,
        100 * second.spread);
    std::fflush(stdout);
}

void until(const std::function<bool()>& condition)
{
    QTimer wakes;
    wakes.start(5);
    for (const auto end = Clock::now() + std::chrono::minutes(1); !condition();) {
        if (Clock::now() > end) {
            std::fprintf(stderr, "endospike-bench: nothing happens in the window any more\n");
            std::exit(3);
        }
        QApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
}

Experiment longExperiment()
{
    Experiment experiment = firstExperiment();
    experiment.neuron.simulation.set(simulation::duration_ms, long_ms);
    return experiment;
}

Experiment eightCells()
{
    Experiment experiment = firstExperiment();
    while (experiment.neuron.cells.size() < maximumCells) {
        Cell cell = experiment.neuron.cells.front();
        cell.id = experiment.neuron.freeCellId();
        cell.name = experiment.neuron.freeCellName("HH");
        experiment.neuron.cells.push_back(cell);
    }
    return experiment;
}

/// A window with folders of its own in which the first experiment runs.
struct Running {
    Running()
        : window(std::make_unique<MainWindow>(Surroundings{path("settings.ini"), path("recovery"), path("runs"),
            [this](QWidget*, const FileQuestion&, const auto& chosen) { chosen(path(exported)); }}))
    {
        window->show();
        window->start();
        until([this] { return spiked() && voltage().framesDrawn() > 0; });
    }

    QString path(const char* name) const { return own.filePath(QString::fromUtf8(name)); }
    TimePlot& voltage() const { return *window->page().parts().traces->plots().plot("voltage"); }
    bool spiked() const
    {
        return std::ranges::all_of(window->document().experiment().neuron.cells, [&](const Cell& cell) {
            return !window->page().parts().traces->history().spikes(cell.id, 0, 1e9).empty();
        });
    }
    /// The whole run is being exported.
    void beginExport()
    {
        exported = "long.csv";
        window->document().replace(longExperiment(), {});
        window->exports().exportWholeRun();
        const QString first = window->messages().text("export");
        until([&] { return window->messages().text("export") != first; });
    }
    void close()
    {
        window->close();
        window.reset();
    }

    QTemporaryDir own;
    const char* exported = "";
    std::unique_ptr<MainWindow> window;
};

void benchStart()
{
    report(
        "first start, until both cells' spikes are drawn",
        [] {
            QProcess start;
            start.start(QCoreApplication::applicationFilePath(), {"--first-start"});
            start.waitForFinished(60'000);
            const QList<QByteArray> numbers = start.readAllStandardOutput().split(' ');
            return Spent{numbers.value(0).toDouble(), numbers.value(1).toDouble()};
        },
        starts);
    report("first look at every other laboratory", [] {
        const Running running;
        return spent([&] {
            for (const LaboratoryKind& laboratory : laboratories().subspan(1)) {
                running.window->showLaboratory(laboratory.key);
                QApplication::processEvents();
            }
        });
    });
}

void benchSight()
{
    Running running;
    MainWindow& window = *running.window;
    ThemeKind kind = ThemeKind::light;
    report("another theme", [&] {
        kind = kind == ThemeKind::light ? ThemeKind::dark : ThemeKind::light;
        return spent([&] {
            window.setTheme(kind);
            QApplication::processEvents();
        });
    });
    report("a frame of the running experiment", [&] {
        const std::uint64_t end = running.voltage().framesDrawn() + frames;
        const Spent all = spent([&] { until([&] { return running.voltage().framesDrawn() >= end; }); });
        return Spent{all.processor_ms / frames, all.wall_ms / frames};
    });
    report("undoing an edit", [&] {
        Experiment other = window.document().experiment();
        other.neuron.cells.front().parameters.set("g_na_ms_per_cm2", 100);
        window.document().edit(other, "Sodium");
        QApplication::processEvents();
        return spent([&] {
            window.document().undoStack().undo();
            QApplication::processEvents();
        });
    });
    report("opening a document", [&] {
        return spent([&] {
            window.showDocument(QStringLiteral(ENDOSPIKE_BENCH_DIR "/../resources/examples/hh_lif_noise.json"));
            until([&] { return running.spiked(); });
        });
    });
    QFile large(running.path("large.json"));
    if (large.open(QIODevice::WriteOnly) && large.resize(100 << 20))
        report("refusing a document of 100 MiB", [&] {
            return spent([&] {
                try {
                    Document::read(large.fileName());
                } catch (const FileError&) {
                }
            });
        });
    for (const char* name : {"figure.png", "figure.svg", "figure.pdf"}) {
        running.exported = name;
        report((std::string("exporting a ") + name).c_str(),
            [&] { return spent([&] { window.exports().exportFigure(); }); });
    }
}

void benchEnds()
{
    report("closing while eight cells run", [] {
        Running running;
        running.window->document().replace(eightCells(), {});
        running.window->page().parts().live->setSpeed(0);
        until([&] { return running.spiked(); });
        return spent([&] { running.close(); });
    });
    report("closing during an export", [] {
        Running running;
        running.beginExport();
        return spent([&] { running.close(); });
    });
    report("cancelling an export", [] {
        Running running;
        running.beginExport();
        return spent([&] {
            running.window->messages().button("export", "Cancel")->click();
            until([&] { return !running.window->exports().isBusy(); });
        });
    });
    report("stopping a live run, paced", [] {
        LiveSession session;
        session.start(firstExperiment().neuron, true);
        until([&] { return session.time_ms() > 10; });
        return spent([&] { session.stop(); });
    });
    report("stopping a live run, as fast as possible, unread", [] {
        LiveSession session;
        session.setSpeed(0);
        session.start(firstExperiment().neuron, true);
        until([&] { return session.lostSamples() > 0; });
        return spent([&] { session.stop(); });
    });
    report("stopping a run between distant samples", [] {
        Experiment experiment = eightCells();
        experiment.neuron.simulation.set(simulation::dt_ms, 1e-4);
        experiment.neuron.simulation.set(simulation::record_interval_ms, 100);
        experiment.neuron.simulation.set(simulation::duration_ms, long_ms);
        JobRunner runner;
        bool underWay = false;
        QObject::connect(&runner, &JobRunner::progressed, &runner, [&] { underWay = true; });
        runner.start([experiment](const JobContext& context) { run(experiment.neuron, context, {}); });
        until([&] { return underWay; });
        return spent([&] { runner.cancelAndWait(); });
    });
}

void benchTrainingStop()
{
    constexpr const char* what = "stopping a training";
    const QTemporaryDir folder;
    TrainingDataSource source;
    TrainingPlan plan = firstTraining().training;
    source.want(plan);
    until([&] { return !source.isReading(); });
    if (!source.data()) {
        std::printf("%-48s cannot be measured: %s\n", what, qPrintable(source.problem()));
        return;
    }
    report(what, [&] {
        TrainingSession session(source, folder.path());
        session.begin(plan);
        until([&] {
            session.tick();
            return session.phase() == TrainingSession::Phase::working && session.fraction() > 0;
        });
        return spent([&] { session.stop(); });
    });
}

void prepareEnvironment()
{
    const auto isSet = [](const char* name) { return !qEnvironmentVariableIsEmpty(name); };
    if (!isSet("DISPLAY") && !isSet("WAYLAND_DISPLAY") && !isSet("QT_QPA_PLATFORM")) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        qputenv("QT_LOGGING_RULES", "*=false"); // Qt's remarks on a platform without windows
    }
}

} // namespace

void benchFirstStart(int argc, char** argv)
{
    const Clock::time_point begin = Clock::now();
    prepareEnvironment();
    const QApplication app(argc, argv);
    const Running running;
    std::printf("%f %f\n", 1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC,
        std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
}

void benchWindow(int argc, char** argv)
{
    prepareEnvironment();
    const QApplication app(argc, argv);
    std::printf(
        "\nWindow%s: what a person waits for, ms of processor time (all threads) and of wall time;\nmedian over %d "
        "times and half the range.\n",
        app.platformName() == QLatin1String("offscreen") ? " off screen" : "", repetitions);
    std::printf("%-48s %9s %5s %9s %5s\n", "", "processor", "+-", "wall", "+-");
    benchStart();
    benchSight();
    benchEnds();
    benchTrainingStop();
}

} // namespace endospike::bench

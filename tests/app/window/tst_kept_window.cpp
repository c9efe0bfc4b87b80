// What an earlier version's window left: settings, unsaved work, trainings of every laboratory.
#include "app/control/page.h"
#include "app/control/play.h"
#include "app/information/page.h"
#include "app/robustness/page.h"
#include "app/training/page.h"
#include "app/training/session.h"
#include "sim/base/whole_file.h"
#include "sim/document/experiment.h"
#include "sim/document/plan_laboratories.h"
#include "sim/information/settings.h"
#include "sim/robustness/settings.h"
#include "tests/app/window/window_fixture.h"

#include <QPushButton>
#include <QSettings>

#include <filesystem>

using namespace endospike;
namespace fs = std::filesystem;

class TestKeptWindow : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    QString path(const QString& name) const { return m_folder->filePath(name); }

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        const fs::path kept = ENDOSPIKE_SOURCE_DIR "/tests/data/version_1", here = m_folder->path().toStdString();
        fs::copy(kept / "window", here, fs::copy_options::recursive);
        fs::copy(kept / "runs", here / "runs", fs::copy_options::recursive);
    }
    void cleanup() { applyTheme(*qApp, ThemeKind::light); }

    /// What was not understood would be written as its default at the end. Sizes in pixels are the screen's.
    void settingsAreKept()
    {
        QVERIFY(QFile::copy(path("settings.ini"), path("before.ini")));
        {
            WindowFixture window(m_folder->path());
            QCOMPARE(currentTheme().kind, ThemeKind::projector);
            const PlotStack& plots = window.plots();
            QVERIFY(plots.isPanelVisible("gates") && plots.isPanelVisible("currents"));
            QVERIFY(!plots.isPanelVisible("stimulus"));
            QCOMPARE(plots.visibleRange().to_ms - plots.visibleRange().from_ms, 77.0);
            window->close();
        }
        const QSettings before(path("before.ini"), QSettings::IniFormat);
        const QSettings after(path("settings.ini"), QSettings::IniFormat);
        int compared = 0;
        for (const QString& key : before.allKeys()) {
            QVERIFY2(after.contains(key), qPrintable(key));
            if (key == "geometry" || key.endsWith("/plots") || key.endsWith("/splitter"))
                continue;
            QVERIFY2(after.value(key) == before.value(key), qPrintable(key));
            ++compared;
        }
        QCOMPARE(compared, 16);
    }

    void unsavedWorkIsOffered()
    {
        WindowFixture window(m_folder->path());
        QVERIFY(window->messages().text("recovery").contains(QStringLiteral("Ärger 神経 🧠.json")));
        QTest::mouseClick(window->messages().button("recovery", "Recover"), Qt::LeftButton);
        Experiment saved = experimentFromJson(
            readWholeFile(ENDOSPIKE_SOURCE_DIR "/tests/data/version_1/documents/neuron.json", maximumDocumentBytes));
        saved.title = "unsaved " + saved.title;
        QCOMPARE(window.experiment(), saved);
        QCOMPARE(window.document().path(), QStringLiteral("/home/ada/Versuche/Ärger 神経 🧠.json"));
        window.document().undoStack().setClean();
    }

    void trainingsAreListed()
    {
        WindowFixture window(m_folder->path());
        window->showLaboratory(training::key);
        const std::vector<ListedRun>& runs = window.page<TrainingPage>(training::key).session().runs();
        QTRY_COMPARE(runs.size(), networkKinds().size());
        for (const ListedRun& run : runs) {
            QCOMPARE(run.state, RunState::stopped);
            QVERIFY(run.record.hasCheckpoint);
            QCOMPARE(run.record.epochs.size(), std::size_t(2)); // untrained, and one whole epoch of two
        }
    }

    void policiesCanBePlayed()
    {
        WindowFixture window(m_folder->path());
        window->showLaboratory(control::key);
        auto& page = window.page<ControlPage>(control::key);
        QTRY_VERIFY(page.isVisible());
        const auto kept = std::ranges::count_if(page.playground().choices(),
            [&](const PolicyChoice& choice) { return choice.key.startsWith(path("runs/control/")); });
        QVERIFY(kept > 0);
    }

    void informationAndSweepsAreShownAgain()
    {
        WindowFixture window(m_folder->path());
        window->showLaboratory(information::key);
        const auto& information = window.page<InformationPage>(information::key);
        QTRY_COMPARE(information.runs().size(), std::size_t(1)); // the work begun last
        QVERIFY(information.runs().front().epochs.size() > 1);
        window->showLaboratory(robustness::key);
        const auto& robustness = window.page<RobustnessPage>(robustness::key);
        QTRY_VERIFY(!robustness.fields().empty());
    }
};

QTEST_MAIN(TestKeptWindow)
#include "tst_kept_window.moc"

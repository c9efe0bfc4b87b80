#include "app/cost/page.h"
#include "app/results/control_curves_view.h"
#include "app/results/page.h"
#include "app/results/trainings_view.h"
#include "sim/base/document_json.h"
#include "sim/control/plan.h"
#include "sim/cost/laboratory.h"
#include "sim/document/plan_laboratories.h"
#include "tests/app/window/window_fixture.h"
#include "tests/widgets/plot/figure_ink.h"

#include <QClipboard>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QTableWidget>
#include <QTest>
#include <QToolButton>

using namespace endospike;

class TestResultsPage : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    static Json row(const char* key, const char* name, double value)
    {
        return {{"key", key}, {"name", name}, {"unit", "mV"}, {"value", value}, {"spread", nullptr}, {"seeds", 0}};
    }
    static Experiment document()
    {
        Experiment experiment = firstCost();
        experiment.title = "measured";
        return experiment;
    }
    static Json measurement(const char* claim, Json rows)
    {
        return {{"claim", claim}, {"setting", "time step <1 ms>"}, {"date", "2026-11-25"}, {"machine", "two cores"},
            {"program", "Endospike 0.1.0"}, {"command", "endospike-cli run"},
            {"document", Json::parse(toJson(document()))}, {"rows", std::move(rows)}};
    }
    /// Equivalence holds, the simplified unit on one stimulus of two.
    QString folder()
    {
        const Json json{{"format", "endospike-claims"}, {"version", 1},
            {"measurements",
                {measurement("equivalence",
                     {row("maximum_mv", "Largest difference", 4.25e-11), row("hh_spikes", "Spikes of HH", 5),
                         row("tv_lif2hh_spikes", "Spikes of tv-LIF2HH", 5), row("spike_shift_ms", "Shift", 0)}),
                    measurement("simplified",
                        {row("constant/hh", "HH, constant", 5), row("constant/s_lif2hh", "s-LIF2HH, constant", 5),
                            row("square/hh", "HH, square", 7), row("square/s_lif2hh", "s-LIF2HH, square", 6)})}}};
        writeBytes(m_folder.filePath("claims.json"), QByteArray::fromStdString(json.dump()));
        return m_folder.path();
    }

private slots:
    void everyClaimIsListedAndTheMissingOnesSaySo()
    {
        ResultsPage page(folder());
        QCOMPARE(page.list()->count(), static_cast<int>(claimTable().size()));
        QVERIFY(page.list()->item(0)->text().endsWith("✓ holds"));
        QVERIFY(page.list()->item(1)->text().endsWith("◐ holds in part, 1 of 2; 2 of 5 tested"));
        for (int i = 2; i < page.list()->count(); ++i)
            QVERIFY(page.list()->item(i)->text().endsWith("– not measured yet"));
        QVERIFY(page.summary()->text().contains("Hold: 1, in part: 1, do not hold: 0, not measured yet: 8"));
    }

    void aClaimShowsItsNumbers()
    {
        ResultsPage page(folder());
        page.resize(1200, 700);
        page.show();
        QVERIFY(page.statement()->text().contains("four time-varying LIF neurons"));
        QVERIFY(page.statement()->text().contains("10⁻⁹ mV"));
        QVERIFY(page.findings()->text().contains("4.25 × 10⁻¹¹ mV"));
        QVERIFY(page.making()->text().contains("time step &lt;1 ms&gt;"));
        QVERIFY(page.making()->text().contains("2026-11-25"));
        QCOMPARE(page.table()->rowCount(), 4);
        QTest::mouseClick(
            page.list()->viewport(), Qt::LeftButton, {}, page.list()->visualItemRect(page.list()->item(1)).center());
        QVERIFY2(page.findings()->text().contains("6 against 7"), qPrintable(page.findings()->text()));
        QVERIFY(page.findings()->text().contains("✗") && page.findings()->text().contains("✓"));
        page.choose("information");
        QVERIFY(page.findings()->text().contains("Not measured yet"));
        QVERIFY(page.findings()->text().contains("endospike-cli information"));
        QVERIFY(!page.table()->isVisible() && !page.openButton()->isVisible());
        page.choose("training_conv");
        QVERIFY(page.trainings(NetworkForm::convolutional)->isVisible()
            && !page.trainings(NetworkForm::fullyConnected)->isVisible());
    }

    void convolutionalTrainingsHaveTheirOwnFile()
    {
        Experiment training = firstTraining();
        training.training.networks.assign(
            {NetworkPlan(*findNetworkKind("lif_conv")), NetworkPlan(*findNetworkKind("hh_conv"))});
        training.training.settings.set("epochs", 2);
        Json runs = Json::array();
        for (const NetworkPlan& plan : training.training.networks) {
            const double accuracy = plan.kind->key == "hh_conv" ? 0.8 : 0.7;
            runs.push_back({{"network", plan.name}, {"seed", 1}, {"epochs", 2}, {"test_accuracy", {accuracy, accuracy}},
                {"best_test_accuracy", {accuracy, accuracy}}, {"test_loss", 1}, {"seconds", 9}});
        }
        const Json json{{"format", "endospike-training-results"}, {"version", 1}, {"program", "Endospike 0.1.0"},
            {"date", "2026-11-26"}, {"machine", "two cores"}, {"command", "endospike-cli train"},
            {"settings", {{{"setting", "as_published"}, {"document", Json::parse(toJson(training))}, {"runs", runs}}}}};
        QTemporaryDir folder;
        writeBytes(folder.filePath("training_fashion_convolutional.json"), QByteArray::fromStdString(json.dump()));
        ResultsPage page(folder.path());
        QVERIFY(page.list()->item(3)->text().endsWith("– not measured yet"));
        QVERIFY(page.list()->item(4)->text().endsWith("✓ holds"));
    }

    void curvesStandBesideTheClaimsOfTheirEnvironment()
    {
        WindowFixture window;
        window->showResults();
        ResultsPage* page = &window->resultsPage();
        QTRY_VERIFY(page->isVisible());
        page->choose("cost");
        QVERIFY(!page->controlCurves()->isVisible());
        page->choose("pendulum_double");
        QVERIFY(page->controlCurves()->isVisible());
        QCOMPARE(page->controlCurves()->environment(), QStringLiteral("inverted_double_pendulum"));
        page->choose("pendulum_single");
        ControlCurvesView& view = *page->controlCurves();
        QVERIFY(view.shown() && !view.rewardPlot()->curves().empty());
        QVERIFY(!page->openButton()->isVisible());
        window.answer = window.file("figure.png");
        view.figureButton()->click();
        QVERIFY(window.lastQuestion.start.endsWith("Inverted pendulum, no noise.png"));
        const QImage figure(window.answer);
        QVERIFY(
            inkOf(figure, hueColor(Hue::blue)) > inkOfACurve && inkOf(figure, hueColor(Hue::vermilion)) > inkOfACurve);
        QFile::remove(window.answer);
        window.press(Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier); // from the menu too
        QCOMPARE(QImage(window.answer), figure);
        window.answer = window.file("curves.csv");
        view.tableButton()->click();
        QTRY_VERIFY(readBytes(window.answer).startsWith("policy,seeds,step"));
        const Experiment measured = view.shown()->document;
        view.openButton()->click();
        QTRY_COMPARE(window->bench().laboratory().key, control::key);
        QCOMPARE(window.experiment(), measured);
    }

    void aDamagedFileIsNamed()
    {
        QTemporaryDir broken;
        writeBytes(broken.filePath("claims.json"), "{\"format\": \"endospike-claims\"");
        ResultsPage page(broken.path());
        QVERIFY(page.summary()->text().contains("cannot be read"));
        QVERIFY(page.list()->item(0)->text().endsWith("not measured yet"));
        QTemporaryDir none;
        QVERIFY(!ResultsPage(none.path()).summary()->text().contains("cannot be read"));
    }

    void theExperimentIsAskedFor()
    {
        ResultsPage page(folder());
        page.show();
        std::optional<Experiment> wanted;
        connect(&page, &ResultsPage::experimentWanted, this, [&](const Experiment& e) { wanted = e; });
        QTest::mouseClick(page.openButton(), Qt::LeftButton);
        QVERIFY(wanted && *wanted == document());
    }

    void thePlotsOfTheTrainingsAreExported()
    {
        WindowFixture window;
        window->showResults();
        window->resultsPage().choose("training_fc");
        window.answer = window.file("dots.svg");
        window.press(Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
        const QByteArray svg = readBytes(window.answer);
        QVERIFY(svg.contains("Each network at its own best"));
        QVERIFY(svg.contains("every dot one seed"));
        QApplication::clipboard()->clear();
        window.press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(QApplication::clipboard()->image().width() > 300);
        window->resultsPage().choose("equivalence");
        window.answer = window.file("none.svg");
        window.press(Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(!QFile::exists(window.answer));
        QVERIFY(window->messages().text("export").contains("no plot"));
    }

    void theValuesOfTheClaimInFrontAreExported()
    {
        WindowFixture window;
        window->showResults();
        const auto exported = [&](const char* claim) {
            window->resultsPage().choose(claim);
            window.answer = window.file(QString::fromUtf8(claim) + ".csv");
            window.press(Qt::Key_E, Qt::ControlModifier);
            const auto done = [&] { return !window->messages().text("export").startsWith("Writing"); };
            return QTest::qWaitFor(done, 60'000) ? readBytes(window.answer) : QByteArray();
        };
        const QByteArray values = exported("equivalence");
        QVERIFY(values.startsWith("measured,value,unit,sd_over_seeds,seeds\n"));
        QCOMPARE(values.count('\n'), 1 + window->resultsPage().table()->rowCount());
        QVERIFY(exported("training_fc").contains("\nown_best,LIF fc,1,40,0."));
        QVERIFY(exported("pendulum_double").startsWith("policy,seeds,step,"));
    }

    /// With what travels with the program: from the rail to the result to its experiment, and back to a laboratory.
    void fromTheRailToTheExperiment()
    {
        WindowFixture window;
        QToolButton* button = nullptr;
        for (QToolButton* candidate : window->findChildren<QToolButton*>())
            if (candidate->text() == "Results")
                button = candidate;
        QVERIFY(button);
        QTest::mouseClick(button, Qt::LeftButton);
        ResultsPage* page = &window->resultsPage();
        QTRY_VERIFY(page->isVisible());
        QVERIFY(!window->transport().isVisible() && button->isChecked());
        page->choose("cost");
        QVERIFY(page->list()->currentItem()->text().contains("holds"));
        QTest::mouseClick(page->openButton(), Qt::LeftButton);
        QTRY_COMPARE(window->bench().laboratory().key, cost::key);
        QVERIFY(window->page().isVisible() && window->transport().isVisible() && !button->isChecked());
        QVERIFY(window.document().isModified());
        QCOMPARE(window.experiment().training.networks.size(), networkKinds().size());
        window->showResults();
        window->showWelcome();
        window->showLaboratory(neuron::key);
        QTRY_COMPARE(window.state(), TransportState::running);
    }
};

QTEST_MAIN(TestResultsPage)
#include "tst_results_page.moc"

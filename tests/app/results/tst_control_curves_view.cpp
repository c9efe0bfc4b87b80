#include "app/results/control_curves_view.h"
#include "sim/base/document_json.h"
#include "sim/control/plan.h"
#include "sim/document/laboratory.h"
#include "tests/widgets/plot/figure_ink.h"
#include "widgets/look/theme.h"

#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>

using namespace endospike;

class TestControlCurvesView : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    static Experiment document(const char* environment, double noise)
    {
        Experiment experiment(*findLaboratory(control::key));
        experiment.control.setEnvironment(*findEnvironmentKind(environment));
        experiment.control.settings.set(control::steps, 2000);
        experiment.control.settings.set(control::seeds, 2);
        experiment.control.settings.set(control::state_noise, noise);
        experiment.control.settings.set(control::reward_noise, 50 * noise);
        for (const char* kind : {"lif", "hh"})
            experiment.control.policies.emplace_back(*findPolicyKind(kind));
        return experiment;
    }
    static Json policy(const char* name, double reward)
    {
        const auto seed = [&](int number, Json held, int length) -> Json {
            return {{"seed", number}, {"held_step", std::move(held)}, {"lengths", {1000, length}},
                {"rewards", {1000 * reward + 20 * (number - 1), 1000 * reward + 20 * (number - 1)}}};
        };
        return {{"policy", name}, {"reward", {5, reward}}, {"reward_spread", {0.5, 0.25}}, {"length", {nullptr, 21.5}},
            {"length_spread", {nullptr, 2}}, {"runs", {seed(1, 12345, 1000), seed(2, nullptr, 400)}}};
    }
    static Json setting(const char* environment, double noise, double reward)
    {
        Json runs = policy("LIF", reward);
        runs["runs"][0]["held_step"] = 1500;
        Json other = policy("HH (published)", reward + 1);
        other["runs"][0]["held_step"] = 2000;
        return {{"document", Json::parse(toJson(document(environment, noise)))}, {"steps", {1000, 2000}},
            {"policies", {runs, other}}};
    }
    QString file()
    {
        const Json json{{"format", "endospike-control-curves"}, {"version", 1}, {"program", "Endospike 0.1.0"},
            {"date", "2026-11-26"}, {"machine", "two <cores>"}, {"command", "train"},
            {"settings",
                {setting("inverted_pendulum", 0, 8), setting("inverted_pendulum", 0.002, 7),
                    setting("inverted_double_pendulum", 0, 6)}}};
        return write("curves.json", QByteArray::fromStdString(json.dump()));
    }
    QString write(const char* name, const QByteArray& bytes)
    {
        const QString path = m_folder.filePath(name);
        QFile written(path);
        if (!written.open(QIODevice::WriteOnly) || written.write(bytes) < 0)
            qFatal("cannot write");
        return path;
    }

private slots:
    void withoutCurvesItSaysSo()
    {
        ControlCurvesView none(m_folder.filePath("none.json"));
        none.setEnvironment("inverted_pendulum");
        QVERIFY(!none.shown());
        QVERIFY(none.introLabel()->text().contains("No learning curves"));
        QVERIFY(!none.table()->isVisibleTo(&none));
        none.grab();
        QVERIFY(none.figure().pictures.empty());
        ControlCurvesView broken(write("broken.json", "{\"format\": \"endospike-control-curves\", \"version\": <1>}"));
        broken.setEnvironment("inverted_pendulum");
        QVERIFY(broken.introLabel()->text().contains("cannot be read"));
    }

    void theNoiseIsChosenAndTheEnvironmentGiven()
    {
        ControlCurvesView view(file());
        view.resize(900, 700);
        view.setEnvironment("inverted_pendulum");
        view.show();
        QCOMPARE(view.noiseCombo()->count(), 2);
        QCOMPARE(view.noiseCombo()->itemText(0), QStringLiteral("Inverted pendulum, no noise"));
        QVERIFY(view.noiseCombo()->itemText(1).contains("state (SD 0.002) and on the reward (SD 0.1)"));
        QVERIFY(view.introLabel()->text().contains("two &lt;cores&gt;"));
        QCOMPARE(view.rewardPlot()->curves().front().y, (QVector<double>{5, 8}));
        QTest::keyClick(view.noiseCombo(), Qt::Key_Down);
        QCOMPARE(view.rewardPlot()->curves().front().y, (QVector<double>{5, 7}));
        view.setEnvironment("inverted_double_pendulum");
        QCOMPARE(view.noiseCombo()->count(), 1);
        QCOMPARE(view.rewardPlot()->curves().front().y, (QVector<double>{5, 6}));
        view.setEnvironment("cart_pole");
        QVERIFY(!view.shown() && !view.table()->isVisible());
    }

    void everyPolicyIsACurveAndARowInItsColour()
    {
        ControlCurvesView view(file());
        view.setEnvironment("inverted_pendulum");
        const std::vector<Curve>& rewards = view.rewardPlot()->curves();
        QCOMPARE(rewards.size(), std::size_t{2});
        QCOMPARE(rewards[0].color, hueColor(Hue::blue));
        QCOMPARE(rewards[1].color, hueColor(Hue::vermilion));
        QCOMPARE(rewards[1].spread, (QVector<double>{0.5, 0.25}));
        QVERIFY(std::isnan(view.lengthPlot()->curves()[0].y[0]));
        const auto text = [&](int column) { return view.table()->item(0, column)->text(); };
        QCOMPARE(view.table()->rowCount(), 2);
        QCOMPARE(text(0), QStringLiteral("LIF"));
        QCOMPARE(text(1), QStringLiteral("1\u202f500, –"));
        QCOMPARE(text(2), QStringLiteral("1 of 2"));
        QCOMPARE(text(3), QStringLiteral("850 ± 212")); // of 1000 and 700
        QCOMPARE(text(4), QStringLiteral("8010 ± 14")); // of 8000 and 8020
    }

    /// In a page that scrolls, the wheel does not catch on a plot.
    void theWheelScrollsThePage()
    {
        QScrollArea page;
        auto* view = new ControlCurvesView(file());
        view->setEnvironment("inverted_pendulum");
        page.setWidget(view);
        page.setWidgetResizable(true);
        page.resize(700, 300);
        page.show();
        QTRY_VERIFY(page.verticalScrollBar()->maximum() > 0);
        const QCPRange before = view->rewardPlot()->xAxis->range();
        const auto turn = [&](Qt::KeyboardModifiers modifiers) {
            QWheelEvent wheel({300, 100}, view->rewardPlot()->mapToGlobal(QPointF(300, 100)), {}, {0, -120}, {},
                modifiers, Qt::NoScrollPhase, false);
            QSpontaneKeyEvent::setSpontaneous(&wheel); // only what comes from the mouse goes on to the page
            qApp->notify(view->rewardPlot(), &wheel);
        };
        turn({});
        QVERIFY(page.verticalScrollBar()->value() > 0);
        QCOMPARE(view->rewardPlot()->xAxis->range(), before);
        const QCPRange values = view->rewardPlot()->yAxis->range();
        turn(Qt::ControlModifier);
        QVERIFY(view->rewardPlot()->yAxis->range() != values);
    }

    void whatIsShownCanBeTakenOut()
    {
        ControlCurvesView view(file());
        view.resize(900, 700);
        view.setEnvironment("inverted_pendulum");
        view.show();
        std::optional<Experiment> experiment;
        QString csv, name;
        FigureRequest figure;
        connect(&view, &ControlCurvesView::experimentWanted, this, [&](const Experiment& e) { experiment = e; });
        connect(&view, &ControlCurvesView::tableWanted, this, [&](const QString& c, const QString& n) {
            csv = c;
            name = n;
        });
        connect(&view, &ControlCurvesView::figureWanted, this, [&](const FigureRequest& f) { figure = f; });
        QTest::keyClick(view.noiseCombo(), Qt::Key_Down);
        QTest::mouseClick(view.openButton(), Qt::LeftButton);
        QVERIFY(experiment && *experiment == document("inverted_pendulum", 0.002));
        QTest::mouseClick(view.tableButton(), Qt::LeftButton);
        QCOMPARE(csv.count(u'\n'), 5);
        QVERIFY(csv.contains("\nLIF,2,2000,7,0.25,21.5,2"));
        QVERIFY(name.startsWith("Inverted pendulum, noise"));
        QTest::mouseClick(view.figureButton(), Qt::LeftButton);
        QCOMPARE(figure.pictures.size(), std::size_t{2});
        QVERIFY(figure.caption.contains("HH (published) (seeds: 2)"));
        compareFigure(figure, "HH (published) (seeds: 2)", {hueColor(Hue::blue), hueColor(Hue::vermilion)});
    }
};

QTEST_MAIN(TestControlCurvesView)
#include "tst_control_curves_view.moc"

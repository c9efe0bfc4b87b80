#include "app/control/board.h"
#include "app/control/setup.h"
#include "sim/document/plan_laboratories.h"
#include "tests/app/control/control_fixture.h"
#include "tests/widgets/plot/figure_ink.h"
#include "widgets/form/number_spin.h"
#include "widgets/form/parameter_form.h"
#include "widgets/form/segmented_control.h"
#include "widgets/picture/pendulum_view.h"
#include "widgets/picture/spike_columns.h"
#include "widgets/plot/curve_plot.h"

#include <QCheckBox>
#include <QComboBox>
#include <QTableWidget>
#include <QTest>
#include <QToolButton>

#include <cmath>

using namespace endospike;

class TestControlPage : public QObject {
    Q_OBJECT

    std::unique_ptr<ControlWindow> m_control;

    ControlPage& page() const { return m_control->page(); }
    ControlPlay& playground() const { return page().playground(); }
    WindowFixture& window() const { return m_control->fixture(); }
    const Experiment& experiment() const { return m_control->experiment(); }
    void click(QAbstractButton* button) const { ControlWindow::click(button); }
    void run() const { m_control->run(); }
    void edit(const Experiment& experiment) const { m_control->edit(experiment); }
    void trainSmall(int steps, int seeds = 1) const { m_control->trainSmall(steps, seeds); }

private slots:
    void init() { m_control = std::make_unique<ControlWindow>(); }
    void cleanup() { m_control.reset(); }

    void policiesAreTicked()
    {
        const std::size_t before = experiment().control.policies.size();
        QCheckBox* box = page().setup().policyBox("4lif");
        QVERIFY(box && !box->isChecked());
        click(box);
        QCOMPARE(experiment().control.policies.size(), before + 1);
        QVERIFY(page().setup().policyBox("4lif")->isChecked());
        click(page().setup().policyBox("lif"));
        QCOMPARE(experiment().control.policies.size(), before);
        window().document().undoStack().undo();
        window().document().undoStack().undo();
        QCOMPARE(experiment(), firstControl());
        QVERIFY(page().setup().policyBox("lif")->isChecked());
    }

    void anotherEnvironmentBringsItsPublishedValues()
    {
        QComboBox* combo = page().setup().environmentCombo();
        QCOMPARE(combo->count(), int(environmentKinds().size()));
        combo->setFocus();
        QTest::keyClick(combo, Qt::Key_Down);
        const EnvironmentKind& kind = *experiment().control.environment;
        QCOMPARE(kind.key, std::string_view("inverted_double_pendulum"));
        for (const PolicyPlan& policy : experiment().control.policies)
            QVERIFY(policy.parameters == publishedParameters(*policy.kind, kind));
        QCOMPARE(page().setup().environmentForm()->values().size(), 5u);
        NumberSpin* damping = page().setup().environmentForm()->spin(environment::joint_damping);
        QVERIFY(damping);
        QCOMPARE(damping->value(), 0.05);
    }

    void trainsAndShowsTheCurves()
    {
        trainSmall(1200, 2);
        QCOMPARE(page().runs().size(), 4u);
        const std::vector<Curve>& rewards = page().board().rewardPlot()->curves();
        QCOMPARE(rewards.size(), 2u); // one for each policy, over both seeds
        for (std::size_t i = 0; i < 2; ++i) {
            const ControlRun& first = page().runs()[2 * i];
            const ControlRun& second = page().runs()[2 * i + 1];
            QCOMPARE(rewards[i].color, hueColor(first.kind->hue));
            QCOMPARE(rewards[i].x.back(), 1200.0);
            const double a = first.progress.back().reward, b = second.progress.back().reward;
            QVERIFY(std::abs(rewards[i].y.back() - (a + b) / 2) < 1e-9);
            QVERIFY(std::abs(rewards[i].spread.back() - std::abs(a - b) / std::sqrt(2)) < 1e-9);
        }
        QCOMPARE(page().board().table()->rowCount(), 4);
        QCOMPARE(page().board().table()->item(0, 2)->text().remove(QChar(0x202f)), QString("1200"));
    }

    void whatIsTrainedCanBeWatched()
    {
        QVERIFY(playground().view(0)->isVisible());
        trainSmall(400);
        QCOMPARE(playground().choices().front().label, QString("LIF, seed 1, this training"));
        playground().choose(0, playground().choices()[0].key);
        playground().choose(1, playground().choices()[1].key);
        QTRY_VERIFY(playground().player(0).hasPolicy() && playground().player(1).hasPolicy());
        QCOMPARE(playground().player(0).policy().stepsTrained(), 400); // its last state, not its first
        const int before = playground().player(0).steps() + 1000 * playground().player(0).episode();
        QTRY_VERIFY(playground().player(0).steps() + 1000 * playground().player(0).episode() > before + 5);
        QTRY_VERIFY(playground().spikes(0)->columns() > 3);
        QCOMPARE(playground().spikes(0)->neurons(), 16);
        QVERIFY(playground().view(1)->pose());
        QCOMPARE(playground().chosen(1), playground().choices()[1].key);
        playground().combo(1)->setFocus();
        QTest::keyClick(playground().combo(1), Qt::Key_Home);
        QCOMPARE(playground().chosen(1), playground().choices()[0].key);
        QCOMPARE(playground().player(1).policy().policyPlan().kind->key, std::string_view("lif"));
        // An artificial network has outputs in place of spikes.
        playground().choose(1, playground().choices()[1].key);
        QTRY_VERIFY(playground().spikes(1)->columns() > 3);
        QVERIFY(playground().player(1).record().spikes.empty());
        QVERIFY(playground().spikes(1)->lastMeanSpikes() > 0);
    }

    void policiesAreOpenedFromAnyFolder()
    {
        trainSmall(400);
        const QDir work(m_control->newestWork());
        QTemporaryDir mail;
        const auto copy = [&](const char* from, const char* to) {
            QVERIFY(QFile::copy(work.filePath(from), mail.filePath(to)));
            m_control->window().openPath(mail.filePath(to));
            QTRY_VERIFY(std::ranges::any_of(
                playground().choices(), [&](const PolicyChoice& choice) { return choice.key == mail.filePath(to); }));
        };
        m_control->window().showLaboratory(neuron::key);
        copy("LIF-seed1/policy.safetensors", "one.safetensors");
        QVERIFY(page().isVisible() && page().view() == ControlPage::View::play);
        QCOMPARE(playground().chosen(0), mail.filePath("one.safetensors"));
        QVERIFY(playground().combo(0)->currentText().contains("one.safetensors"));
        copy("ANN-seed1/checkpoint.safetensors", "two.safetensors"); // a whole training
        QCOMPARE(playground().chosen(0), mail.filePath("one.safetensors"));
        QCOMPARE(playground().chosen(1), mail.filePath("two.safetensors"));
        QCOMPARE(playground().player(1).policy().stepsTrained(), 400);
        const QByteArray bytes = readBytes(mail.filePath("one.safetensors"));
        writeBytes(mail.filePath("half.safetensors"), bytes.left(bytes.size() / 2));
        m_control->window().openPath(mail.filePath("half.safetensors"));
        QTRY_VERIFY(m_control->fixture().documentProblem().contains("half.safetensors"));
        QCOMPARE(playground().chosen(0), mail.filePath("one.safetensors"));
    }

    void bothFeelTheSameBlow()
    {
        trainSmall(400);
        const QString key = playground().choices().front().key;
        playground().choose(0, key);
        playground().choose(1, key);
        click(playground().playButton()); // hold
        QVERIFY(!playground().isPlaying());
        click(playground().restartButton());
        const auto velocity = [&](int slot) { return playground().player(slot).environment().observation()[2]; };
        const double before = velocity(0);
        playground().view(0)->setFocus();
        QTest::keyClick(playground().view(0), Qt::Key_Right);
        QVERIFY(velocity(0) > before + 0.05);
        QCOMPARE(velocity(1), velocity(0));
        const QPoint left = playground().view(1)->toPixels(-0.5, 0).toPoint();
        QTest::mouseClick(playground().view(1), Qt::LeftButton, {}, left);
        QVERIFY(velocity(0) > before + 0.1);
        playground().advance(0.1); // too short to fall
        QCOMPARE(playground().player(0).steps(), 2); // 0.04 s each
        QCOMPARE(playground().player(0).environment().state(), playground().player(1).environment().state());
    }

    void noiseChangesWhatIsSeen()
    {
        trainSmall(400);
        const QString key = playground().choices().front().key;
        playground().choose(0, key);
        click(playground().playButton());
        const auto playedState = [&] {
            click(playground().restartButton());
            playground().advance(0.2);
            return playground().player(0).environment().state();
        };
        const std::vector<double> quiet = playedState();
        QCOMPARE(playedState(), quiet);
        NumberSpin* noise = page().setup().disturbanceForm()->spin(control_play::state_noise);
        noise->setFocus();
        noise->selectAll();
        QTest::keyClicks(noise, "0.05");
        QTest::keyClick(noise, Qt::Key_Return);
        QCOMPARE(playground().settings()[control_play::state_noise], 0.05);
        QVERIFY(playedState() != quiet);
        QCOMPARE(experiment().control.settings[control::state_noise], 0.0); // of the trainings, not meant
    }

    void stopsAndGoesOn()
    {
        edit(m_control->small(200000));
        run();
        QTRY_VERIFY(!page().runs().front().progress.empty());
        QCOMPARE(page().state(), TransportState::running);
        run();
        QTRY_COMPARE(page().state(), TransportState::paused);
        const std::vector<EpisodeMetrics> before = page().runs().front().episodes;
        QVERIFY(!before.empty());
        // Also after the program was closed.
        window().document().undoStack().setClean();
        m_control->close();
        m_control->show();
        QVERIFY(!page().runs().empty()); // of the second, if there is one processor, nothing was begun
        edit(m_control->small(200000));
        run();
        QTRY_VERIFY(page().runs().front().episodes.size() > before.size() + 1);
        for (std::size_t i = 0; i < before.size(); ++i)
            QCOMPARE(page().runs().front().episodes[i], before[i]);
        page().stop();
        QVERIFY(page().state() != TransportState::running);
    }

    void nothingTickedIsSaid()
    {
        Experiment none = experiment();
        none.control.policies.clear();
        edit(none);
        run();
        QVERIFY(page().state() != TransportState::running);
        QTRY_VERIFY(window().documentProblem().contains("tick"));
    }

    void layoutIsKept()
    {
        click(page().viewControl()->button(ControlPage::View::learning));
        QVERIFY(page().view() == ControlPage::View::learning);
        QVERIFY(page().board().isVisible());
        window()->close();
        m_control->close();
        m_control->show();
        QVERIFY(page().view() == ControlPage::View::learning);
    }

    void figuresOfBothViews()
    {
        trainSmall(400);
        playground().choose(0, playground().choices().front().key);
        QVERIFY(page().figure("caption").pictures.size() >= 2);
        compareFigure(page().figure("A cart"), "A cart", {hueColor(Hue::blue)});
        page().showView(ControlPage::View::learning);
        QVERIFY(page().figure("caption").pictures.size() >= 2);
        compareFigure(page().figure("Two policies"), "Two policies", {hueColor(Hue::blue), hueColor(Hue::grey)});
    }
};

QTEST_MAIN(TestControlPage)
#include "tst_control_page.moc"

// A window that shows the control laboratory, with small policies that train within a second.
#pragma once

#include "app/control/page.h"
#include "sim/control/plan.h"
#include "tests/app/window/window_fixture.h"

#include <QDir>

namespace endospike {

class ControlWindow {
public:
    ControlWindow() { show(); }

    void show()
    {
        m_window = std::make_unique<WindowFixture>(m_folder.path());
        window().showLaboratory(control::key);
        QTRY_VERIFY(page().isVisible());
    }
    void close() { m_window.reset(); }

    WindowFixture& fixture() const { return *m_window; }
    MainWindow& window() const { return *m_window->window; }
    ControlPage& page() const { return dynamic_cast<ControlPage&>(window().page()); }
    ControlPlay& playground() const { return page().playground(); }
    const Experiment& experiment() const { return m_window->experiment(); }
    QString works() const { return m_folder.filePath(QStringLiteral("runs/control")); } ///< a folder for each
    QString newestWork() const
    {
        const QStringList names = QDir(works()).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        return names.isEmpty() ? QString() : QDir(works()).filePath(names.last());
    }

    void edit(const Experiment& experiment) const { m_window->document().edit(experiment, "set", "set"); }
    void run() const { click(window().transport().runButton()); }
    void trainSmall(int steps, int seeds = 1) const
    {
        edit(small(steps, seeds));
        run();
        QTRY_VERIFY(page().state() == TransportState::finished);
    }
    static void click(QAbstractButton* button)
    {
        QVERIFY(button);
        QTest::mouseClick(button, Qt::LeftButton, {}, {8, button->height() / 2});
    }

    /// Two small policies on the closed form.
    Experiment small(int steps, int seeds = 1) const
    {
        Experiment experiment = this->experiment();
        ControlPlan& plan = experiment.control;
        plan = {};
        plan.setEnvironment(*findEnvironmentKind("cart_pole"));
        for (const char* key : {"lif", "ann"}) {
            PolicyPlan& policy = plan.policies.emplace_back(*findPolicyKind(key));
            policy.parameters.set("hidden", 16);
            policy.parameters.set("tower_width", 16);
        }
        plan.settings.set(control::steps, steps);
        plan.settings.set(control::seeds, seeds);
        plan.settings.set(control::random_steps, 100);
        plan.settings.set(control::critic_width, 16);
        plan.settings.set(control::batch, 16);
        plan.settings.set(control::evaluation_interval, 0);
        plan.settings.set(control::checkpoint_interval, 200);
        return experiment;
    }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<WindowFixture> m_window;
};

} // namespace endospike

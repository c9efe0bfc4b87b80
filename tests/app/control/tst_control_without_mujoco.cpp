// The window as it is where MuJoCo was not found: this program is linked with the environments as they are built then.
#include "app/control/setup.h"
#include "tests/app/control/control_fixture.h"

#include <QComboBox>
#include <QLabel>
#include <QTest>

using namespace endospike;

class TestControlWithoutMujoco : public QObject {
    Q_OBJECT

    std::unique_ptr<ControlWindow> m_control;

    ControlPage& page() const { return m_control->page(); }

private slots:
    void init() { m_control = std::make_unique<ControlWindow>(); }
    void cleanup() { m_control.reset(); }

    void whatIsMissingIsSaid()
    {
        QVERIFY(!environmentAvailable(*findEnvironmentKind("inverted_pendulum")));
        QComboBox* combo = page().setup().environmentCombo();
        QCOMPARE(m_control->experiment().control.environment, findEnvironmentKind("inverted_pendulum"));
        QVERIFY2(combo->currentText().endsWith("(needs MuJoCo)"), qPrintable(combo->currentText()));
        QVERIFY(std::ranges::any_of(page().setup().findChildren<QLabel*>(),
            [](const QLabel* label) { return label->isVisible() && label->text().contains("libmujoco-dev"); }));
        m_control->run();
        QTRY_VERIFY(m_control->fixture().documentProblem().contains("libmujoco-dev"));
        QVERIFY(page().state() != TransportState::running);
        QVERIFY(page().runs().empty());
    }

    /// The cart and pole in closed form stands for the single pendulum.
    void aShippedPolicyStillBalances()
    {
        ControlPlay& play = page().playground();
        QTRY_VERIFY(play.player(0).hasPolicy());
        QCOMPARE(play.player(0).policy().plan().environment, findEnvironmentKind("inverted_pendulum"));
        play.restart();
        for (int i = 0; i < 100; ++i)
            play.advance(0.1);
        QVERIFY(!play.player(0).isFallen());
        QVERIFY(play.player(0).steps() > 200);
    }

    void theCartAndPoleNeedsNothing() { m_control->trainSmall(300); }
};

QTEST_MAIN(TestControlWithoutMujoco)
#include "tst_control_without_mujoco.moc"

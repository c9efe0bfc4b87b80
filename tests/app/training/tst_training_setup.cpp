#include "app/training/network_list.h"
#include "app/training/setup.h"
#include "sim/document/plan_laboratories.h"
#include "widgets/form/number_spin.h"
#include "widgets/form/parameter_form.h"
#include "widgets/look/theme.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

using namespace endospike;

/// A panel whose wishes come true at once.
class TestTrainingSetup : public QObject {
    Q_OBJECT

    std::unique_ptr<TrainingSetup> m_setup;
    Experiment m_experiment;
    QStringList m_refused;
    int m_changes = 0;

    TrainingNetworkList& list() const { return *m_setup->networkList(); }
    std::vector<NetworkPlan>& networks() { return m_experiment.training.networks; }
    QStringList names() const
    {
        QStringList names;
        for (const NetworkPlan& network : m_experiment.training.networks)
            names << QString::fromStdString(network.name);
        return names;
    }
    static void click(QWidget* widget) { QTest::mouseClick(widget, Qt::LeftButton, {}, {8, widget->height() / 2}); }
    void type(NumberSpin* spin, const char* text)
    {
        spin->setFocus();
        spin->selectAll();
        QTest::keyClicks(spin, text);
        QTest::keyClick(spin, Qt::Key_Return);
    }

private slots:
    void init()
    {
        applyTheme(*qApp, ThemeKind::light);
        m_setup = std::make_unique<TrainingSetup>();
        m_experiment = firstTraining();
        m_refused.clear();
        m_changes = 0;
        connect(m_setup.get(), &TrainingSetup::changeWanted, this,
            [this](const QString&, const QString&, bool, const TrainingSetup::Change& change) {
                change(m_experiment);
                ++m_changes;
                m_setup->setExperiment(m_experiment);
            });
        connect(m_setup.get(), &TrainingSetup::refused, this, [this](const QString& why) { m_refused << why; });
        m_setup->resize(m_setup->width(), 900);
        m_setup->setExperiment(m_experiment);
        m_setup->show();
        m_setup->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_setup.get()));
    }

    void showsThePlan()
    {
        QCOMPARE(list().count(), 3);
        for (int i = 0; i < 3; ++i) {
            QVERIFY(list().isTicked(i) && list().box(i)->isChecked());
            QCOMPARE(list().nameEdit(i)->text(), names()[i]);
        }
        QCOMPARE(m_setup->networkForm()->values(), networks()[0].parameters);
        QCOMPARE(m_setup->trainingForm()->values(), m_experiment.training.settings);
        QVERIFY(m_setup->width() >= 300 && m_setup->width() <= 340);
    }

    void untickedNetworkLeavesThePlanAndComesBackAsItWas()
    {
        const std::vector<NetworkPlan> before = networks();
        click(list().box(1));
        QCOMPARE(networks().size(), 2u);
        QCOMPARE(list().count(), 3); // its row stays in its place
        QCOMPARE(list().network(1), before[1]);
        QVERIFY(!list().isTicked(1));
        QVERIFY(!m_setup->networkForm()->isEnabled());
        click(list().box(1));
        QVERIFY(networks() == before);
        QVERIFY(m_setup->networkForm()->isEnabled());
        click(list().box(0));
        m_setup->forgetUnticked();
        QCOMPARE(list().count(), 2);
    }

    void severalOfOneKindHaveNamesOfTheirOwn()
    {
        for (const NetworkKind& kind : networkKinds())
            QVERIFY(list().addButton()->menu()->findChild<QAction*>(
                QString::fromUtf8(kind.key.data(), static_cast<qsizetype>(kind.key.size()))));
        for (int i = 0; i < 2; ++i)
            list().addButton()->menu()->findChild<QAction*>("lif_conv")->trigger();
        QCOMPARE(names().mid(3), (QStringList{"LIF conv", "LIF conv 2"}));
        QCOMPARE(list().current(), 4);
        click(list().duplicateButton());
        QCOMPARE(names().back(), QString("LIF conv 3"));
        QCOMPARE(list().current(), 5);
        click(list().removeButton());
        QCOMPARE(names().size(), 5);
        click(list().rowWidget(0));
        QTest::keyClick(&list(), Qt::Key_Delete);
        QCOMPARE(names().size(), 4);
        while (list().count() < static_cast<int>(maximumNetworks))
            click(list().duplicateButton());
        QVERIFY(!list().addButton()->isEnabled() && !list().duplicateButton()->isEnabled());
    }

    void namesAreChangedInPlace()
    {
        click(list().rowWidget(1));
        QTest::keyClick(&list(), Qt::Key_F2);
        QTest::keyClicks(list().nameEdit(1), "Mine");
        QTest::keyClick(list().nameEdit(1), Qt::Key_Return);
        QCOMPARE(names()[1], QString("Mine"));
        list().startRename(0);
        QTest::keyClicks(list().nameEdit(0), "Mine");
        QTest::keyClick(list().nameEdit(0), Qt::Key_Return);
        QCOMPARE(m_refused.size(), 1);
        QVERIFY(m_refused.front().contains("Mine"));
        QVERIFY(names()[0] != "Mine");
        list().startRename(0);
        QTest::keyClicks(list().nameEdit(0), "Other");
        QTest::keyClick(list().nameEdit(0), Qt::Key_Escape);
        QVERIFY(names()[0] != "Other");
    }

    void parametersOfTheChosenNetwork()
    {
        click(list().rowWidget(2));
        QCOMPARE(m_setup->networkForm()->values(), networks()[2].parameters);
        const int row = rowOf(networks()[2].kind->parameters, "hidden");
        type(m_setup->networkForm()->spin(row), "77");
        QCOMPARE(networks()[2].parameters["hidden"], 77.0);
        QVERIFY(networks()[0].parameters["hidden"] != 77.0);
        QVERIFY(m_setup->networkForm()->restoreButton(row)->isVisible());
        click(m_setup->ownBestButton());
        QVERIFY(networks()[2].parameters == ownBestParameters(*networks()[2].kind));
        QVERIFY(!m_setup->ownBestButton()->isEnabled());
        click(m_setup->publishedButton());
        QVERIFY(networks()[2].parameters == ParameterValues(networks()[2].kind->parameters));
        QVERIFY(!m_setup->publishedButton()->isEnabled());
    }

    void noiseRowsWakeWithItsAmplitude()
    {
        QVERIFY(!m_setup->trainingForm()->spin(training::noise_seed)->isEnabled());
        type(m_setup->trainingForm()->spin(training::noise_amplitude), "30");
        QCOMPARE(m_experiment.training.settings[training::noise_amplitude], 30.0);
        QVERIFY(m_setup->trainingForm()->spin(training::noise_seed)->isEnabled());
    }

    void foldersAreAskedForAndTakenBack()
    {
        QList<TrainingSetup::Folder> asked;
        connect(
            m_setup.get(), &TrainingSetup::folderWanted, this, [&](TrainingSetup::Folder folder) { asked << folder; });
        click(m_setup->folderButton(TrainingSetup::Folder::images));
        click(m_setup->folderButton(TrainingSetup::Folder::digits));
        QCOMPARE(asked, (QList{TrainingSetup::Folder::images, TrainingSetup::Folder::digits}));
        QCOMPARE(m_changes, 0);
        TrainingSetup::folderChange(TrainingSetup::Folder::digits, "/digits")(m_experiment);
        m_setup->setExperiment(m_experiment);
        QCOMPARE(m_experiment.training.settings[training::source], double(training::fashionAndDigits));
        QCOMPARE(m_setup->folderLabel(TrainingSetup::Folder::digits)->text(), QString("/digits"));
        click(m_setup->usualFolderButton(TrainingSetup::Folder::digits));
        QVERIFY(m_experiment.training.digitsFolder.empty());
        QCOMPARE(m_experiment.training.settings[training::source], double(training::fashion));
    }

    void notesAreShownIfThereAreAny()
    {
        QLabel* notes = nullptr;
        for (QLabel* label : m_setup->findChildren<QLabel*>())
            if (label->text() == QString::fromStdString(m_experiment.notes))
                notes = label;
        QVERIFY(notes && notes->isVisible());
        m_experiment.notes.clear();
        m_setup->setExperiment(m_experiment);
        QVERIFY(!notes->isVisible());
    }
};

QTEST_MAIN(TestTrainingSetup)
#include "tst_training_setup.moc"

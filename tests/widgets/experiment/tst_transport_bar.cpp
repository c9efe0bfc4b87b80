#include "sim/document/experiment.h"
#include "widgets/experiment/transport_bar.h"
#include "widgets/form/number_spin.h"
#include "widgets/form/value_slider.h"
#include "widgets/look/theme.h"

#include <QCheckBox>
#include <QLabel>
#include <QProgressBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include <cmath>

using namespace endospike;

class TestTransportBar : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void runAndPause();
    void stepAndReset();
    void speedWords_data();
    void speedWords();
    void factorWords_data();
    void factorWords();
    void speedSliderCoversItsRange();
    void speedShownIsNotEdited();
    void durationHasTheBoundsOfItsRow();
    void readings();
    void readingsDoNotMoveTheBar();
    void lostSamplesWarn();
    void aStopSaysWhy();
    void narrowBarKeepsWhatMatters();
    void jobMode();
    void accessibleNames();

private:
    std::unique_ptr<TransportBar> m_bar;
};

void TestTransportBar::init()
{
    m_bar = std::make_unique<TransportBar>(simulationTable()[simulation::duration_ms]);
    m_bar->resize(1280, m_bar->sizeHint().height());
    m_bar->show();
    QVERIFY(QTest::qWaitForWindowActive(m_bar.get()));
}

void TestTransportBar::cleanup() { m_bar.reset(); }

void TestTransportBar::runAndPause()
{
    QSignalSpy run(m_bar.get(), &TransportBar::runRequested);
    QTest::mouseClick(m_bar->runButton(), Qt::LeftButton);
    QCOMPARE(run.last()[0].toBool(), true);
    QVERIFY(m_bar->state() == TransportState::paused); // wished, not yet so
    m_bar->setState(TransportState::running);
    QTest::mouseClick(m_bar->runButton(), Qt::LeftButton);
    QCOMPARE(run.last()[0].toBool(), false);
    m_bar->setState(TransportState::finished);
    QTest::mouseClick(m_bar->runButton(), Qt::LeftButton);
    QCOMPARE(run.last()[0].toBool(), true);
    QCOMPARE(run.count(), 3);
}

void TestTransportBar::stepAndReset()
{
    QSignalSpy step(m_bar.get(), &TransportBar::stepRequested);
    QSignalSpy reset(m_bar.get(), &TransportBar::resetRequested);
    QTest::mouseClick(m_bar->stepButton(), Qt::LeftButton);
    QTest::mouseClick(m_bar->resetButton(), Qt::LeftButton);
    QCOMPARE(step.count(), 1);
    QCOMPARE(reset.count(), 1);
    m_bar->setState(TransportState::running);
    QVERIFY(!m_bar->stepButton()->isEnabled());
    QVERIFY(m_bar->resetButton()->isEnabled());
}

void TestTransportBar::speedWords_data()
{
    QTest::addColumn<double>("speed");
    QTest::addColumn<QString>("words");
    QTest::newRow("slowest") << 1.0 << QStringLiteral("1 ms/s (1000× slow motion)");
    QTest::newRow("slow") << 100.0 << QStringLiteral("100 ms/s (10× slow motion)");
    QTest::newRow("real") << 1000.0 << QStringLiteral("1000 ms/s (real time)");
    QTest::newRow("fast") << 10000.0 << QStringLiteral("10000 ms/s (10× real time)");
    QTest::newRow("unlimited") << 0.0 << QStringLiteral("As fast as possible");
}

void TestTransportBar::speedWords()
{
    QFETCH(double, speed);
    QFETCH(QString, words);
    QCOMPARE(TransportBar::speedText(speed), words);
    m_bar->setSpeed(speed);
    QCOMPARE(m_bar->speed(), speed);
    QCOMPARE(m_bar->speedSlider()->accessibleDescription(), words);
    bool shown = false;
    for (const QLabel* label : m_bar->findChildren<QLabel*>())
        shown |= label->text() == words;
    QVERIFY(shown);
}

void TestTransportBar::factorWords_data()
{
    QTest::addColumn<double>("achieved");
    QTest::addColumn<QString>("words");
    QTest::newRow("stands") << 0.0 << QStringLiteral("0.00× real time");
    QTest::newRow("crawls") << 1.0 << QStringLiteral("0.001× real time");
    QTest::newRow("slow") << 100.0 << QStringLiteral("0.10× real time");
    QTest::newRow("tens") << 84000.0 << QStringLiteral("84.0× real time");
    QTest::newRow("hundreds") << 840000.0 << QStringLiteral("840× real time");
}

void TestTransportBar::factorWords()
{
    QFETCH(double, achieved);
    QFETCH(QString, words);
    QCOMPARE(TransportBar::factorText(achieved), words);
    m_bar->setReading({0, achieved, 0, 0, 0});
    QCOMPARE(m_bar->factorLabel()->text(), words);
}

void TestTransportBar::speedSliderCoversItsRange()
{
    QSignalSpy speed(m_bar.get(), &TransportBar::speedEdited);
    ValueSlider* slider = m_bar->speedSlider();
    slider->setFocus();
    QTest::keyClick(slider, Qt::Key_Home);
    QCOMPARE(m_bar->speed(), 1.0);
    QTest::keyClick(slider, Qt::Key_End);
    QCOMPARE(m_bar->speed(), 0.0); // as fast as possible
    QCOMPARE(speed.last()[0].toDouble(), 0.0);
    QCOMPARE(speed.last()[1].toBool(), false);
    // Everything on the way is a speed that the label can name, rising to the fastest; beyond it nothing holds back.
    QTest::mousePress(slider, Qt::LeftButton, {}, {8, slider->height() / 2});
    double last = 1;
    for (int x = 8; x < slider->width(); x += 3) {
        QTest::mouseMove(slider, {x, slider->height() / 2});
        const double speed = m_bar->speed() == 0 ? 1e9 : m_bar->speed();
        QVERIFY(speed >= last);
        QVERIFY((speed <= 10000) != (speed == 1e9));
        last = speed;
    }
    QCOMPARE(last, 1e9);
    QTest::mouseRelease(slider, Qt::LeftButton, {}, {slider->width() / 2, slider->height() / 2});
}

void TestTransportBar::speedShownIsNotEdited()
{
    QSignalSpy speed(m_bar.get(), &TransportBar::speedEdited);
    QSignalSpy duration(m_bar.get(), &TransportBar::durationEdited);
    QSignalSpy endless(m_bar.get(), &TransportBar::endlessEdited);
    m_bar->setSpeed(37);
    m_bar->setDuration(1234, false);
    m_bar->setDuration(5, true);
    QCOMPARE(speed.count() + duration.count() + endless.count(), 0);
    QCOMPARE(m_bar->durationSpin()->value(), 5.0);
    QVERIFY(m_bar->endlessBox()->isChecked());
}

void TestTransportBar::durationHasTheBoundsOfItsRow()
{
    const Parameter& row = simulationTable()[simulation::duration_ms];
    QCOMPARE(m_bar->durationSpin()->minimum(), row.minimum);
    QCOMPARE(m_bar->durationSpin()->maximum(), row.maximum);
    QSignalSpy duration(m_bar.get(), &TransportBar::durationEdited);
    QSignalSpy endless(m_bar.get(), &TransportBar::endlessEdited);
    m_bar->durationSpin()->setFocus();
    m_bar->durationSpin()->selectAll();
    QTest::keyClicks(m_bar->durationSpin(), "450");
    QTest::keyClick(m_bar->durationSpin(), Qt::Key_Return);
    QCOMPARE(duration.count(), 1);
    QCOMPARE(duration.at(0)[0].toDouble(), 450.0);
    const bool before = m_bar->endlessBox()->isChecked();
    QTest::mouseClick(m_bar->endlessBox(), Qt::LeftButton, {}, {8, m_bar->endlessBox()->height() / 2});
    QCOMPARE(endless.at(0)[0].toBool(), !before);
}

void TestTransportBar::readings()
{
    m_bar->setReading({152.34, 84000, 23.4e6, 59.6, 0});
    QCOMPARE(m_bar->timeLabel()->text(), QStringLiteral("152.3 ms"));
    QCOMPARE(m_bar->factorLabel()->text(), QStringLiteral("84.0× real time"));
    QCOMPARE(m_bar->stepsLabel()->text(), QStringLiteral("23.4 M"));
    QCOMPARE(m_bar->framesLabel()->text(), QStringLiteral("60"));
    QCOMPARE(m_bar->lostLabel()->text(), QStringLiteral("0"));
    m_bar->setReading({123456, 100, 52345, 60, 0});
    QCOMPARE(m_bar->timeLabel()->text(), QStringLiteral("123.46 s"));
    QCOMPARE(m_bar->stepsLabel()->text(), QStringLiteral("52.3 k"));
}

void TestTransportBar::readingsDoNotMoveTheBar()
{
    m_bar->setReading({});
    QTest::qWait(1);
    QList<QRect> before;
    const QList<QLabel*> labels{
        m_bar->timeLabel(), m_bar->factorLabel(), m_bar->stepsLabel(), m_bar->framesLabel(), m_bar->lostLabel()};
    for (const QLabel* label : labels)
        before << label->parentWidget()->geometry();
    for (const TransportReading& reading : {TransportReading{99999.9, 99900, 9.99e6, 60, 0},
             TransportReading{1, 999000, 123e9, 144, 999999}, TransportReading{5e6, 3, 7, 1, 0}}) {
        m_bar->setReading(reading);
        QTest::qWait(1);
        for (int i = 0; i < labels.size(); ++i) {
            QCOMPARE(labels[i]->parentWidget()->geometry(), before[i]);
            QVERIFY2(labels[i]->fontMetrics().horizontalAdvance(labels[i]->text()) <= labels[i]->width(),
                qPrintable(labels[i]->text()));
        }
    }
}

void TestTransportBar::lostSamplesWarn()
{
    const QString warning = currentTheme().warning.name();
    m_bar->setReading({0, 0, 0, 0, 0});
    QVERIFY(!m_bar->lostLabel()->styleSheet().contains(warning));
    m_bar->setReading({0, 0, 0, 0, 12});
    QCOMPARE(m_bar->lostLabel()->text(), QStringLiteral("12"));
    QVERIFY(m_bar->lostLabel()->styleSheet().contains(warning));
    QVERIFY(m_bar->lostLabel()->toolTip().contains(QStringLiteral("12")));
    m_bar->setReading({0, 0, 0, 0, 0});
    QVERIFY(!m_bar->lostLabel()->styleSheet().contains(warning));
}

void TestTransportBar::aStopSaysWhy()
{
    m_bar->setState(TransportState::running);
    QCOMPARE(m_bar->stateLabel()->text(), QStringLiteral("Running"));
    m_bar->setState(TransportState::stopped, QStringLiteral("V of HH is not finite at 12.3 ms"));
    QVERIFY(m_bar->stateLabel()->isVisible());
    QCOMPARE(m_bar->stateLabel()->text(), QStringLiteral("Stopped: V of HH is not finite at 12.3 ms"));
    QVERIFY(m_bar->stateLabel()->styleSheet().contains(currentTheme().warning.name()));
    m_bar->setState(TransportState::stopped, QStringLiteral("another reason"));
    QVERIFY(m_bar->stateLabel()->text().contains(QStringLiteral("another reason")));
    m_bar->setState(TransportState::paused);
    QVERIFY(m_bar->stateLabel()->styleSheet().isEmpty());
    // A sentence longer than the room is cut on screen and whole in the tooltip.
    const QString longReason = QStringLiteral("a very long reason ").repeated(20).trimmed();
    m_bar->setState(TransportState::stopped, longReason);
    QVERIFY(m_bar->stateLabel()->toolTip().contains(longReason));
}

void TestTransportBar::narrowBarKeepsWhatMatters()
{
    for (const int width : {1400, 1100, 900, 700}) {
        m_bar->resize(width, m_bar->height());
        QTest::qWait(1);
        QVERIFY(m_bar->timeLabel()->isVisible());
        QVERIFY(m_bar->lostLabel()->isVisible());
        QVERIFY(m_bar->stateLabel()->isVisible());
        QVERIFY(m_bar->runButton()->isVisible());
    }
    QVERIFY(!m_bar->framesLabel()->isVisible());
    m_bar->resize(1400, m_bar->height());
    QTest::qWait(1);
    QVERIFY(m_bar->framesLabel()->isVisible());
    QVERIFY(m_bar->stepsLabel()->isVisible());
    QVERIFY(m_bar->factorLabel()->isVisible());
}

void TestTransportBar::jobMode()
{
    m_bar->setMode(TransportBar::Mode::job);
    m_bar->setState(TransportState::running);
    m_bar->setProgress(0.43, QStringLiteral("Epoch 4 of 10"));
    auto* progress = m_bar->findChild<QProgressBar*>();
    QVERIFY(progress->isVisible());
    QCOMPARE(std::lround(100.0 * progress->value() / progress->maximum()), 43L);
    QVERIFY(!m_bar->speedSlider()->isVisible());
    QVERIFY(!m_bar->durationSpin()->isVisible());
    bool said = false;
    for (const QLabel* label : m_bar->findChildren<QLabel*>())
        said |= label->isVisible() && label->text() == QStringLiteral("Epoch 4 of 10");
    QVERIFY(said);
    QCOMPARE(m_bar->runButton()->accessibleName(), QStringLiteral("Cancel"));
    m_bar->setProgress(-1, QStringLiteral("Reading"));
    QCOMPARE(progress->maximum(), 0); // busy
    m_bar->setMode(TransportBar::Mode::live);
    QVERIFY(!progress->isVisible());
    QVERIFY(m_bar->speedSlider()->isVisible());
}

void TestTransportBar::accessibleNames()
{
    for (QWidget* widget : {static_cast<QWidget*>(m_bar->runButton()), static_cast<QWidget*>(m_bar->stepButton()),
             static_cast<QWidget*>(m_bar->resetButton()), static_cast<QWidget*>(m_bar->speedSlider()),
             static_cast<QWidget*>(m_bar->durationSpin()), static_cast<QWidget*>(m_bar->timeLabel())})
        QVERIFY(!widget->accessibleName().isEmpty());
}

QTEST_MAIN(TestTransportBar)
#include "tst_transport_bar.moc"

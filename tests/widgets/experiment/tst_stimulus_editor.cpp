#include "sim/neuron/stimulus.h"
#include "widgets/experiment/stimulus_editor.h"
#include "widgets/experiment/stimulus_preview.h"
#include "widgets/form/number_spin.h"
#include "widgets/form/parameter_form.h"
#include "widgets/form/value_slider.h"
#include "widgets/look/text.h"
#include "widgets/look/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include <cmath>
#include <cstdlib>

using namespace endospike;

namespace {

StimulusPart part(const char* key) { return StimulusPart(*findStimulusKind(key)); }

Stimulus sum(std::initializer_list<const char*> keys)
{
    Stimulus stimulus;
    for (const char* key : keys)
        stimulus.parts.push_back(part(key));
    return stimulus;
}

QPoint centre(const QWidget* widget) { return widget->rect().center(); }

// How many pixels of the preview are closer to the colour of the curve than to the background, over a stretch of its
// width, the tick labels below left out.
int curvePixels(StimulusPreview* preview, double from, double to)
{
    const QImage image = preview->grab().toImage();
    const int background = qGray(currentTheme().plot.rgb());
    const int half = std::abs(qGray(currentTheme().stimulus.rgb()) - background) / 2;
    int count = 0;
    for (int y = 0; y < image.height() * 3 / 4; ++y)
        for (int x = static_cast<int>(from * image.width()); x < static_cast<int>(to * image.width()); ++x)
            count += std::abs(qGray(image.pixel(x, y)) - background) > half;
    return count;
}

} // namespace

class TestStimulusEditor : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void emptyOffersAStep();
    void menuOffersEveryKindWithItsMeaning();
    void addsAPartOfEachKind_data();
    void addsAPartOfEachKind();
    void showingDoesNotEdit();
    void removesTheRightPart();
    void changesKindAndKeepsWhatFits();
    void editsCompoundBeforeTheDocumentAnswers();
    void sliderDragStaysAliveWhileTheDocumentAnswers();
    void atMostSixteenParts();
    void recordedAsksForAFile();
    void injectionByMouse();
    void injectionByKeySlots();
    void injectionEndsWhenTheButtonLosesTheUser_data();
    void injectionEndsWhenTheButtonLosesTheUser();
    void injectionFollowsItsStrength();
    void ownStimulus();
    void previewRangeIsThatOfTheSum();
    void previewDrawsNoiseAndShortPulses();
    void previewWindow();
    void foldedPartsShowAValue();
    void aPartGoesWhileItIsTypedIn();

private:
    std::unique_ptr<StimulusEditor> m_editor;
    std::unique_ptr<QSignalSpy> m_edited;
    std::unique_ptr<QSignalSpy> m_held;
};

void TestStimulusEditor::init()
{
    m_editor = std::make_unique<StimulusEditor>();
    m_editor->resize(300, 600);
    m_editor->show();
    QVERIFY(QTest::qWaitForWindowActive(m_editor.get()));
    m_edited = std::make_unique<QSignalSpy>(m_editor.get(), &StimulusEditor::stimulusEdited);
    m_held = std::make_unique<QSignalSpy>(m_editor.get(), &StimulusEditor::injectionHeld);
}

void TestStimulusEditor::cleanup()
{
    m_edited.reset();
    m_held.reset();
    m_editor.reset();
}

void TestStimulusEditor::emptyOffersAStep()
{
    QPushButton* offer = nullptr;
    for (QPushButton* button : m_editor->findChildren<QPushButton*>())
        if (button != m_editor->injectButton() && button->isVisible())
            offer = button;
    QVERIFY(offer);
    QTest::mouseClick(offer, Qt::LeftButton);
    QCOMPARE(m_editor->stimulus(), sum({"step"}));
    QVERIFY(!offer->isVisible());
}

void TestStimulusEditor::menuOffersEveryKindWithItsMeaning()
{
    const QList<QAction*> actions = m_editor->addButton()->menu()->actions();
    QCOMPARE(actions.size(), static_cast<qsizetype>(stimulusKinds().size()));
    for (qsizetype i = 0; i < actions.size(); ++i) {
        QCOMPARE(actions[i]->text(), qstring(stimulusKinds()[i].name));
        QCOMPARE(actions[i]->toolTip(), qstring(stimulusKinds()[i].meaning));
    }
}

void TestStimulusEditor::addsAPartOfEachKind_data()
{
    QTest::addColumn<int>("kind");
    for (int i = 0; i < static_cast<int>(stimulusKinds().size()); ++i)
        QTest::newRow(std::string(stimulusKinds()[i].key).c_str()) << i;
}

void TestStimulusEditor::addsAPartOfEachKind()
{
    QFETCH(int, kind);
    m_editor->setStimulus(sum({"step"}));
    m_editor->addButton()->menu()->actions().at(kind)->trigger();
    QCOMPARE(m_edited->count(), 1);
    const auto wished = m_edited->at(0)[0].value<Stimulus>();
    QCOMPARE(wished.parts.size(), std::size_t(2));
    QCOMPARE(wished.parts[1], StimulusPart(stimulusKinds()[kind]));
    QVERIFY(!m_edited->at(0)[1].toString().isEmpty());
    QCOMPARE(m_edited->at(0)[2].toBool(), false);
    // The new part lies open, its controls hold its table.
    const ParameterTable table = stimulusKinds()[kind].parameters;
    ParameterForm* form = m_editor->form(1);
    QVERIFY(form->isVisible());
    QVERIFY(!m_editor->form(0)->isVisible());
    for (int row = 0; row < static_cast<int>(table.size()); ++row)
        if (form->spin(row)) {
            QCOMPARE(form->spin(row)->minimum(), table[row].minimum);
            QCOMPARE(form->spin(row)->maximum(), table[row].maximum);
        }
    QCOMPARE(m_editor->kindCombo(1)->currentText(), qstring(stimulusKinds()[kind].name));
    QCOMPARE(m_editor->recordingButton(1) != nullptr, stimulusKinds()[kind].hasSamples);
}

void TestStimulusEditor::showingDoesNotEdit()
{
    for (const StimulusKind& kind : stimulusKinds()) {
        Stimulus stimulus;
        stimulus.parts.emplace_back(kind);
        m_editor->setStimulus(stimulus);
        QCOMPARE(m_editor->stimulus(), stimulus);
    }
    m_editor->setStimulus({});
    QCOMPARE(m_edited->count(), 0);
}

void TestStimulusEditor::removesTheRightPart()
{
    m_editor->setStimulus(sum({"step", "sine", "ramp"}));
    QTest::mouseClick(m_editor->removeButton(1), Qt::LeftButton);
    QCOMPARE(m_editor->stimulus(), sum({"step", "ramp"}));
    QCOMPARE(m_edited->count(), 1);
    QVERIFY(m_edited->at(0)[1].toString().contains(QStringLiteral("sine")));
    QCOMPARE(m_editor->kindCombo(1)->currentText(), QStringLiteral("Ramp"));
}

void TestStimulusEditor::changesKindAndKeepsWhatFits()
{
    Stimulus stimulus = sum({"step"});
    stimulus.parts[0].values.set("onset_ms", 33);
    m_editor->setStimulus(stimulus);
    QComboBox* combo = m_editor->kindCombo(0);
    combo->setFocus();
    const int ramp = combo->findData(QStringLiteral("ramp"));
    while (combo->currentIndex() != ramp)
        QTest::keyClick(m_editor->kindCombo(0), combo->currentIndex() < ramp ? Qt::Key_Down : Qt::Key_Up),
            combo = m_editor->kindCombo(0);
    const StimulusPart& now = m_editor->stimulus().parts.at(0);
    QCOMPARE(QString::fromUtf8(now.kind->key.data()), QStringLiteral("ramp"));
    QCOMPARE(now.values["onset_ms"], 33.0);
    QCOMPARE(m_edited->last()[0].value<Stimulus>(), m_editor->stimulus());
}

void TestStimulusEditor::editsCompoundBeforeTheDocumentAnswers()
{
    m_editor->setStimulus(sum({"step"}));
    emit m_editor->form(0)->valueEdited(0, 7, false);
    emit m_editor->form(0)->valueEdited(1, 25, false);
    const auto wished = m_edited->last()[0].value<Stimulus>();
    QCOMPARE(wished.parts[0].values[0], 7.0);
    QCOMPARE(wished.parts[0].values[1], 25.0);
}

void TestStimulusEditor::sliderDragStaysAliveWhileTheDocumentAnswers()
{
    m_editor->setStimulus(sum({"step"}));
    connect(m_editor.get(), &StimulusEditor::stimulusEdited, m_editor.get(),
        [this](const Stimulus& s) { m_editor->setStimulus(s); });
    ValueSlider* slider = m_editor->form(0)->slider(0);
    const auto at = [&](double f) {
        return QPoint(static_cast<int>(8 + f * (slider->width() - 16)), slider->height() / 2);
    };
    QTest::mousePress(slider, Qt::LeftButton, {}, at(0.2));
    for (const double f : {0.4, 0.6, 0.8})
        QTest::mouseMove(slider, at(f));
    QTest::mouseRelease(slider, Qt::LeftButton, {}, at(0.8));
    QCOMPARE(m_editor->form(0)->slider(0), slider); // the same control all along
    QVERIFY(m_edited->count() >= 4);
    for (qsizetype i = 0; i + 1 < m_edited->count(); ++i)
        QVERIFY(m_edited->at(i)[2].toBool());
    QVERIFY(!m_edited->last()[2].toBool());
    const Parameter& row = findStimulusKind("step")->parameters[0];
    const double expected = row.typicalMinimum + 0.8 * (row.typicalMaximum - row.typicalMinimum);
    QVERIFY(std::abs(m_editor->stimulus().parts[0].values[0] - expected)
        < 0.05 * (row.typicalMaximum - row.typicalMinimum));
    QVERIFY(m_edited->last()[1].toString().contains(QStringLiteral("step")));
}

void TestStimulusEditor::atMostSixteenParts()
{
    for (std::size_t i = 0; i < maximumStimulusParts; ++i) {
        QVERIFY(m_editor->addButton()->isEnabled());
        m_editor->addPart(QStringLiteral("constant"));
    }
    QVERIFY(!m_editor->addButton()->isEnabled());
    QVERIFY(m_editor->addButton()->toolTip().contains(QStringLiteral("16")));
    m_editor->addPart(QStringLiteral("constant"));
    QCOMPARE(m_editor->stimulus().parts.size(), maximumStimulusParts);
}

void TestStimulusEditor::recordedAsksForAFile()
{
    m_editor->setStimulus(sum({"step", "recorded"}));
    QSignalSpy wanted(m_editor.get(), &StimulusEditor::recordingWanted);
    QVERIFY(!m_editor->recordingButton(0));
    QVERIFY(!m_editor->recordingButton(1)->isVisible()); // folded away
    m_editor->setStimulus(sum({"recorded"}));
    QTest::mouseClick(m_editor->recordingButton(0), Qt::LeftButton);
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted.at(0)[0].toInt(), 0);
    QCOMPARE(m_edited->count(), 0);
}

void TestStimulusEditor::injectionByMouse()
{
    const double strength = m_editor->injectionStrength();
    QVERIFY(strength != 0);
    QTest::mousePress(m_editor->injectButton(), Qt::LeftButton, {}, centre(m_editor->injectButton()));
    QCOMPARE(m_held->count(), 1);
    QCOMPARE(m_held->at(0)[0].toDouble(), strength);
    QVERIFY(m_editor->isInjecting());
    QTest::mouseRelease(m_editor->injectButton(), Qt::LeftButton, {}, centre(m_editor->injectButton()));
    QCOMPARE(m_held->count(), 2);
    QCOMPARE(m_held->at(1)[0].toDouble(), 0.0);
    QVERIFY(!m_editor->isInjecting());
}

void TestStimulusEditor::injectionByKeySlots()
{
    m_editor->pressInjection();
    m_editor->pressInjection(); // auto-repeat
    QCOMPARE(m_held->count(), 1);
    QVERIFY(m_editor->injectButton()->isDown());
    m_editor->releaseInjection();
    m_editor->releaseInjection();
    QCOMPARE(m_held->count(), 2);
    QVERIFY(!m_editor->injectButton()->isDown());
}

void TestStimulusEditor::injectionEndsWhenTheButtonLosesTheUser_data()
{
    QTest::addColumn<int>("type");
    QTest::newRow("focus") << static_cast<int>(QEvent::FocusOut);
    QTest::newRow("window") << static_cast<int>(QEvent::WindowDeactivate);
    QTest::newRow("hidden") << static_cast<int>(QEvent::Hide);
}

void TestStimulusEditor::injectionEndsWhenTheButtonLosesTheUser()
{
    QFETCH(int, type);
    QTest::mousePress(m_editor->injectButton(), Qt::LeftButton, {}, centre(m_editor->injectButton()));
    QCOMPARE(m_held->count(), 1);
    if (type == QEvent::FocusOut) {
        m_editor->injectionSpin()->setFocus();
    } else if (type == QEvent::WindowDeactivate) {
        QWidget other;
        other.show();
        other.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&other));
    } else {
        m_editor->hide();
    }
    QCOMPARE(m_held->count(), 2);
    QCOMPARE(m_held->at(1)[0].toDouble(), 0.0);
}

void TestStimulusEditor::injectionFollowsItsStrength()
{
    m_editor->injectionSpin()->setFocus();
    m_editor->injectionSpin()->selectAll();
    QTest::keyClicks(m_editor->injectionSpin(), "-12.5");
    QTest::keyClick(m_editor->injectionSpin(), Qt::Key_Return);
    QCOMPARE(m_held->count(), 0);
    m_editor->pressInjection();
    QCOMPARE(m_held->last()[0].toDouble(), -12.5);
    m_editor->injectionSpin()->stepUp();
    QVERIFY(m_held->last()[0].toDouble() > -12.5);
    QCOMPARE(m_held->last()[0].toDouble(), m_editor->injectionStrength());
    m_editor->releaseInjection();
}

void TestStimulusEditor::ownStimulus()
{
    QSignalSpy wished(m_editor.get(), &StimulusEditor::ownStimulusRequested);
    QVERIFY(!m_editor->ownStimulusBox()->isVisible());
    m_editor->setOwnStimulusOffered(true, QStringLiteral("LIF"));
    QVERIFY(m_editor->ownStimulusBox()->isVisible());
    QVERIFY(m_editor->ownStimulusBox()->text().contains(QStringLiteral("LIF")));
    QTest::mouseClick(m_editor->ownStimulusBox(), Qt::LeftButton, {}, {8, m_editor->ownStimulusBox()->height() / 2});
    QCOMPARE(wished.count(), 1);
    QVERIFY(wished.at(0)[0].toBool());
    m_editor->setOwnStimulus(false);
    QCOMPARE(wished.count(), 1);
}

void TestStimulusEditor::previewRangeIsThatOfTheSum()
{
    Stimulus stimulus = sum({"constant", "constant"});
    stimulus.parts[0].values.set(std::size_t(0), 30);
    stimulus.parts[1].values.set(std::size_t(0), -70);
    m_editor->setStimulus(stimulus);
    // The sum is -40: the axis holds it and zero, and not 30 nor -70.
    QVERIFY(m_editor->preview()->minimum() <= -40);
    QVERIFY(m_editor->preview()->minimum() > -70);
    QVERIFY(m_editor->preview()->maximum() >= 0);
    QVERIFY(m_editor->preview()->maximum() < 30);
    m_editor->setStimulus({});
    QVERIFY(m_editor->preview()->maximum() > m_editor->preview()->minimum());
}

void TestStimulusEditor::previewDrawsNoiseAndShortPulses()
{
    Stimulus flat = sum({"constant"});
    m_editor->setStimulus(flat);
    const int plain = curvePixels(m_editor->preview(), 0.3, 0.9);
    QVERIFY(plain > 50);
    for (const StimulusKind& kind : stimulusKinds()) {
        if (!kind.name.starts_with("White") && kind.key.find("noise") == std::string_view::npos)
            continue;
        Stimulus noisy;
        noisy.parts.emplace_back(kind);
        m_editor->setStimulus(noisy);
        QVERIFY2(curvePixels(m_editor->preview(), 0.3, 0.9) > 2 * plain, kind.key.data());
    }
    // 0.2 ms within 500 ms is less than a pixel, yet seen.
    Stimulus pulse = sum({"step"});
    pulse.parts[0].values.set("onset_ms", 250.03);
    pulse.parts[0].values.set("duration_ms", 0.2);
    m_editor->setPreviewWindow(500);
    m_editor->setStimulus(pulse);
    QVERIFY(m_editor->preview()->maximum() >= pulse.parts[0].values[std::size_t(0)]);
}

void TestStimulusEditor::previewWindow()
{
    Stimulus late = sum({"step"});
    late.parts[0].values.set("onset_ms", 150);
    late.parts[0].values.set(std::size_t(0), 40);
    m_editor->setStimulus(late);
    m_editor->setPreviewWindow(100);
    QVERIFY(m_editor->preview()->maximum() < 40);
    m_editor->setPreviewWindow(300);
    QVERIFY(m_editor->preview()->maximum() >= 40);
    m_editor->setPreviewWindow(0);
    QCOMPARE(m_editor->preview()->window_ms(), 300.0);
}

void TestStimulusEditor::foldedPartsShowAValue()
{
    m_editor->setStimulus(sum({"step", "sine"}));
    m_editor->addPart(QStringLiteral("ramp"));
    QVERIFY(!m_editor->form(0)->isVisible());
    QVERIFY(!m_editor->form(1)->isVisible());
    QVERIFY(m_editor->form(2)->isVisible());
    QToolButton* fold = nullptr;
    for (QToolButton* button : m_editor->kindCombo(0)->parentWidget()->findChildren<QToolButton*>())
        if (button->isCheckable())
            fold = button;
    QVERIFY(fold);
    QTest::mouseClick(fold, Qt::LeftButton);
    QVERIFY(m_editor->form(0)->isVisible());
    QCOMPARE(m_edited->count(), 1); // only the addition
}

void TestStimulusEditor::aPartGoesWhileItIsTypedIn()
{
    m_editor->setStimulus(sum({"step"}));
    NumberSpin* spin = m_editor->form(0)->spin(0);
    spin->setFocus();
    spin->selectAll();
    QTest::keyClicks(spin, "7");
    QTest::mouseClick(m_editor->removeButton(0), Qt::LeftButton);
    QCOMPARE(m_editor->stimulus(), Stimulus());
    QCOMPARE(m_edited->last()[0].value<Stimulus>(), Stimulus());
}

QTEST_MAIN(TestStimulusEditor)
#include "tst_stimulus_editor.moc"

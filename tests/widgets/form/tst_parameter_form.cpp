#include "sim/document/experiment.h"
#include "widgets/form/number_spin.h"
#include "widgets/form/parameter_form.h"
#include "widgets/form/value_slider.h"
#include "widgets/look/text.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QToolTip>
#include <QVBoxLayout>
#include <QWheelEvent>

#include <cmath>
#include <limits>

using namespace endospike;

namespace {

constexpr Choice starts[] = {
    {"rest", "Rest", "The steady state of these parameters"},
    {"given", "Given", "The values below"},
};

constexpr Parameter rows[] = {
    {"g_na_ms_per_cm2", "Sodium conductance", "g<sub>Na</sub>", "mS/cm²", 120, 0, 1000, 0, 240, "Largest conductance."},
    {"tau_ms", "Time constant", "τ", "ms", 10, 1e-3, 1e4, 1, 100, "Time to forget.", ParameterKind::real, {}, true},
    {"start", "Initial state", "", "", 0, 0, 1, 0, 1, "Where a run starts.", ParameterKind::choice, starts},
    {"shifted", "Shifted", "", "", 0, 0, 1, 0, 1, "Rest at zero.", ParameterKind::flag},
    {"count", "Pulses", "N", "", 4, 1, 1000, 1, 20, "How many.", ParameterKind::integer},
};
enum { conductance, tau, start, shifted, count };

constexpr Parameter otherRows[] = {{"a", "Other", "", "mV", 1, 0, 2, 0, 2, "Another table."}};

// Where a value of a linear slider lies, px.
QPoint at(const ValueSlider* slider, double fraction)
{
    return {static_cast<int>(8 + fraction * (slider->width() - 16)), slider->height() / 2};
}

struct Edit {
    int row;
    double value;
    bool continuing;
};

QList<Edit> edits(const QSignalSpy& spy)
{
    QList<Edit> list;
    for (const QList<QVariant>& call : spy)
        list.append({call[0].toInt(), call[1].toDouble(), call[2].toBool()});
    return list;
}

} // namespace

class TestParameterForm : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void everyTableGivesControlsWithItsBounds_data();
    void everyTableGivesControlsWithItsBounds();
    void aSliderDragIsOneGesture();
    void aDragIsNotFoughtByTheDocument();
    void sliderKeysAreGestures();
    void sliderReachesItsEndsExactly();
    void logarithmicSliderMovesInDecades();
    void aValueBeyondTheSliderIsKept();
    void typedValueIsOneEdit();
    void aLongNumberIsShownRoundedAndKeptWhole();
    void typedValueOutOfBoundsIsClampedAndSaid();
    void typedRubbishIsRefused();
    void aDecimalCommaIsAPoint();
    void escapeGivesTheOldValueBack();
    void typingIsNotOverwritten();
    void spinStepsAreNice();
    void heldArrowKeyIsOneGesture();
    void marksShowWhatDiffers();
    void aClickRestoresTheDefault();
    void choiceRow();
    void flagRow();
    void integerRow();
    void toolTipsCarryMeaningUnitAndDefault();
    void accessibleNames();
    void wheelScrollsUnlessFocused();
    void sameTableKeepsControls();
    void hiddenAndDisabledRows();
    void everythingByKeyboard();
    void goesAwayWhileTypedIn();

private:
    std::unique_ptr<ParameterForm> m_form;
    std::unique_ptr<QSignalSpy> m_spy;
};

void TestParameterForm::init()
{
    m_form = std::make_unique<ParameterForm>();
    m_form->setValues(ParameterValues(rows));
    m_form->resize(300, 400);
    m_form->show();
    QVERIFY(QTest::qWaitForWindowActive(m_form.get()));
    m_spy = std::make_unique<QSignalSpy>(m_form.get(), &ParameterForm::valueEdited);
}

void TestParameterForm::cleanup()
{
    m_spy.reset();
    m_form.reset();
}

void TestParameterForm::everyTableGivesControlsWithItsBounds_data()
{
    QTest::addColumn<void*>("data");
    QTest::addColumn<int>("size");
    const auto add = [](std::string_view name, ParameterTable table) {
        QTest::newRow(std::string(name).c_str())
            << const_cast<void*>(static_cast<const void*>(table.data())) << static_cast<int>(table.size());
    };
    for (const NeuronModel& model : neuronModels())
        add(model.key, model.parameters);
    for (const StimulusKind& kind : stimulusKinds())
        add(kind.key, kind.parameters);
    add("simulation", simulationTable());
}

void TestParameterForm::everyTableGivesControlsWithItsBounds()
{
    QFETCH(void*, data);
    QFETCH(int, size);
    const ParameterTable table(static_cast<const Parameter*>(data), static_cast<std::size_t>(size));
    m_form->setValues(ParameterValues(table));
    for (int i = 0; i < size; ++i) {
        const Parameter& row = table[i];
        QVERIFY2(m_form->restoreButton(i)->isHidden(), row.key.data());
        if (row.kind == ParameterKind::choice) {
            QCOMPARE(m_form->combo(i)->count(), static_cast<int>(row.choices.size()));
            QCOMPARE(m_form->combo(i)->count() - 1, static_cast<int>(row.maximum));
            QCOMPARE(m_form->combo(i)->currentIndex(), static_cast<int>(row.initial));
        } else if (row.kind == ParameterKind::flag) {
            QCOMPARE(m_form->check(i)->isChecked(), row.initial != 0);
        } else {
            NumberSpin* spin = m_form->spin(i);
            QCOMPARE(spin->minimum(), row.minimum);
            QCOMPARE(spin->maximum(), row.maximum);
            QCOMPARE(spin->value(), row.initial);
            QCOMPARE(spin->suffix().trimmed(), qstring(row.unit));
            // Both bounds can be typed; what is shown reads back as the same number.
            for (const double bound : {row.minimum, row.maximum}) {
                const QString text = spin->textFromValue(bound);
                QCOMPARE(spin->valueFromText(text), bound);
            }
            QTest::mouseClick(m_form->slider(i), Qt::LeftButton, {}, at(m_form->slider(i), -0.1));
            QCOMPARE(m_form->values()[i], row.typicalMinimum);
            QTest::mouseClick(m_form->slider(i), Qt::LeftButton, {}, at(m_form->slider(i), 1.1));
            QCOMPARE(m_form->values()[i], row.typicalMaximum);
        }
    }
}

void TestParameterForm::aSliderDragIsOneGesture()
{
    ValueSlider* slider = m_form->slider(conductance);
    QTest::mousePress(slider, Qt::LeftButton, {}, at(slider, 0.5));
    for (const double f : {0.55, 0.6, 0.7, 0.75})
        QTest::mouseMove(slider, at(slider, f));
    const qsizetype moves = m_spy->count();
    QVERIFY(moves >= 3);
    for (const Edit& edit : edits(*m_spy)) {
        QCOMPARE(edit.row, conductance);
        QVERIFY(edit.continuing);
    }
    QTest::mouseRelease(slider, Qt::LeftButton, {}, at(slider, 0.75));
    QCOMPARE(m_spy->count(), moves + 1);
    const Edit last = edits(*m_spy).last();
    QVERIFY(!last.continuing);
    QCOMPARE(last.value, m_form->values()[conductance]);
    QVERIFY(std::abs(last.value - 180) < 5);
    // A drag gives round numbers.
    QCOMPARE(last.value, std::round(last.value));
    QCOMPARE(m_form->spin(conductance)->value(), last.value);
}

void TestParameterForm::aDragIsNotFoughtByTheDocument()
{
    ValueSlider* slider = m_form->slider(conductance);
    QTest::mousePress(slider, Qt::LeftButton, {}, at(slider, 0.5));
    QTest::mouseMove(slider, at(slider, 0.8));
    const double dragged = slider->shown();
    // A late answer of the document to an earlier edit.
    ParameterValues late(rows);
    late.set(std::size_t(conductance), 130);
    m_form->setValues(late);
    QCOMPARE(slider->shown(), dragged);
    QTest::mouseRelease(slider, Qt::LeftButton, {}, at(slider, 0.8));
    QCOMPARE(edits(*m_spy).last().value, dragged);
    m_form->setValues(late);
    QCOMPARE(slider->shown(), 130.0);
}

void TestParameterForm::sliderKeysAreGestures()
{
    ValueSlider* slider = m_form->slider(conductance);
    slider->setFocus();
    QTest::keyClick(slider, Qt::Key_Right);
    QCOMPARE(m_spy->count(), 2);
    QVERIFY(edits(*m_spy)[0].continuing);
    QVERIFY(!edits(*m_spy)[1].continuing);
    QVERIFY(edits(*m_spy)[1].value > 120);
    QTest::keyClick(slider, Qt::Key_Home);
    QCOMPARE(m_form->values()[conductance], 0.0);
    QTest::keyClick(slider, Qt::Key_End);
    QCOMPARE(m_form->values()[conductance], 240.0);
}

void TestParameterForm::sliderReachesItsEndsExactly()
{
    ValueSlider* slider = m_form->slider(tau);
    QTest::mousePress(slider, Qt::LeftButton, {}, at(slider, 0.5));
    QTest::mouseMove(slider, {-100, 5});
    QCOMPARE(m_form->values()[tau], 1.0);
    QTest::mouseMove(slider, {10000, 5});
    QCOMPARE(m_form->values()[tau], 100.0);
    QTest::mouseRelease(slider, Qt::LeftButton, {}, {10000, 5});
}

void TestParameterForm::logarithmicSliderMovesInDecades()
{
    ValueSlider* slider = m_form->slider(tau);
    QTest::mousePress(slider, Qt::LeftButton, {}, at(slider, 0.1));
    QTest::mouseMove(slider, at(slider, 0.25));
    const double quarter = m_form->values()[tau];
    QTest::mouseMove(slider, at(slider, 0.75));
    const double threeQuarters = m_form->values()[tau];
    QTest::mouseRelease(slider, Qt::LeftButton, {}, at(slider, 0.75));
    // Half of a slider over two decades is one decade, whatever pixel the pointer hit.
    QVERIFY2(
        std::abs(std::log10(threeQuarters / quarter) - 1) < 0.05, qPrintable(QString::number(threeQuarters / quarter)));
}

void TestParameterForm::aValueBeyondTheSliderIsKept()
{
    ParameterValues values(rows);
    values.set(std::size_t(conductance), 700);
    m_form->setValues(values);
    QCOMPARE(m_form->slider(conductance)->value(), m_form->slider(conductance)->maximum());
    QCOMPARE(m_form->slider(conductance)->shown(), 700.0);
    QCOMPARE(m_form->spin(conductance)->value(), 700.0);
    QCOMPARE(m_form->values()[conductance], 700.0);
    QCOMPARE(m_spy->count(), 0);
    // Touching the handle without moving it changes nothing either.
    ValueSlider* slider = m_form->slider(conductance);
    QTest::mouseClick(slider, Qt::LeftButton, {}, at(slider, 1));
    QCOMPARE(m_spy->count(), 0);
}

void TestParameterForm::typedValueIsOneEdit()
{
    NumberSpin* spin = m_form->spin(conductance);
    spin->setFocus();
    spin->selectAll();
    QTest::keyClicks(spin, "87.25");
    QCOMPARE(m_spy->count(), 0); // not 8, 87, 87.2 on the way
    QTest::keyClick(spin, Qt::Key_Return);
    QCOMPARE(m_spy->count(), 1);
    QCOMPARE(edits(*m_spy)[0].value, 87.25);
    QVERIFY(!edits(*m_spy)[0].continuing);
    QCOMPARE(spin->text(), QStringLiteral("87.25 mS/cm²"));
    m_form->spin(tau)->setFocus();
    QCOMPARE(m_spy->count(), 1);
}

void TestParameterForm::aLongNumberIsShownRoundedAndKeptWhole()
{
    NumberSpin* spin = m_form->spin(conductance);
    for (const double value : {1 / 255.0, 0.1 + 0.2, 1 / 3.0, 1e-12 / 7, 1000 / 7.0}) {
        ParameterValues values(rows);
        values.set(std::size_t(conductance), value);
        m_form->setValues(values);
        QCOMPARE(spin->value(), value);
        const QString rounded = spin->text();
        // Two roundings, of the text and of the room, may take a pixel.
        const int room = NumberSpin::commonWidth(*spin) - spin->fontMetrics().height() - 15;
        QVERIFY2(spin->fontMetrics().horizontalAdvance(rounded) <= room, qPrintable(rounded));
        const QString whole = QString::fromStdString(shortNumber(value)) + spin->suffix();
        QCOMPARE(spin->toolTip(), rounded == whole ? QString() : whole);
        spin->setFocus();
        QCOMPARE(spin->text(), whole);
        m_form->spin(tau)->setFocus();
        QCOMPARE(spin->text(), rounded);
        QCOMPARE(spin->value(), value);
    }
    QCOMPARE(m_spy->count(), 0);
    QCOMPARE(spin->text(), QStringLiteral("142.857 mS/cm²"));
    spin->interpretText();
    QCOMPARE(spin->value(), 1000 / 7.0);
}

void TestParameterForm::typedValueOutOfBoundsIsClampedAndSaid()
{
    NumberSpin* spin = m_form->spin(conductance);
    spin->setFocus();
    spin->selectAll();
    QTest::keyClicks(spin, "5000");
    QTest::keyClick(spin, Qt::Key_Return);
    QCOMPARE(m_form->values()[conductance], 1000.0);
    QCOMPARE(spin->text(), QStringLiteral("1000 mS/cm²"));
    QTRY_VERIFY(QToolTip::text().contains(QStringLiteral("between 0 and 1000 mS/cm²")));
    spin->selectAll();
    QTest::keyClicks(spin, "-3");
    m_form->spin(tau)->setFocus();
    QCOMPARE(m_form->values()[conductance], 0.0);
    for (const Edit& edit : edits(*m_spy))
        QVERIFY(refusal(rows[edit.row], edit.value).empty());
}

void TestParameterForm::typedRubbishIsRefused()
{
    NumberSpin* spin = m_form->spin(conductance);
    for (const QString& text :
        {QStringLiteral("nan"), QStringLiteral("inf"), QStringLiteral("-"), QStringLiteral("1e999"), QString()}) {
        spin->setFocus();
        spin->selectAll();
        QTest::keyClick(spin, Qt::Key_Backspace);
        QTest::keyClicks(spin, text);
        QTest::keyClick(spin, Qt::Key_Return);
        QVERIFY2(std::isfinite(m_form->values()[conductance]), qPrintable(text));
        QVERIFY2(refusal(rows[conductance], spin->value()).empty(), qPrintable(text));
    }
}

void TestParameterForm::aDecimalCommaIsAPoint()
{
    NumberSpin* spin = m_form->spin(conductance);
    spin->setFocus();
    spin->selectAll();
    QTest::keyClicks(spin, "0,5");
    QTest::keyClick(spin, Qt::Key_Return);
    QCOMPARE(m_form->values()[conductance], 0.5);
    QCOMPARE(spin->text(), QStringLiteral("0.5 mS/cm²"));
}

void TestParameterForm::escapeGivesTheOldValueBack()
{
    NumberSpin* spin = m_form->spin(conductance);
    spin->setFocus();
    spin->selectAll();
    QTest::keyClicks(spin, "99");
    QTest::keyClick(spin, Qt::Key_Escape);
    QCOMPARE(spin->text(), QStringLiteral("120 mS/cm²"));
    m_form->spin(tau)->setFocus();
    QCOMPARE(m_spy->count(), 0);
}

void TestParameterForm::typingIsNotOverwritten()
{
    NumberSpin* spin = m_form->spin(conductance);
    spin->setFocus();
    spin->selectAll();
    QTest::keyClicks(spin, "55");
    ParameterValues values(rows);
    values.set(std::size_t(tau), 20);
    m_form->setValues(values);
    QVERIFY(spin->text().startsWith(QStringLiteral("55")));
    QTest::keyClick(spin, Qt::Key_Return);
    QCOMPARE(m_form->values()[conductance], 55.0);
    QCOMPARE(m_form->values()[tau], 20.0);
}

void TestParameterForm::spinStepsAreNice()
{
    NumberSpin* spin = m_form->spin(tau);
    spin->setFocus();
    spin->stepUp();
    QCOMPARE(spin->value(), 11.0); // one unit of the second digit
    spin->stepDown();
    spin->stepDown();
    QCOMPARE(spin->value(), 9.9);
    for (int i = 0; i < 200; ++i)
        spin->stepDown();
    QVERIFY(spin->value() > 1e-3); // in decades it never falls over the edge
    NumberSpin* linear = m_form->spin(conductance);
    linear->stepUp();
    QCOMPARE(linear->value(), 122.0);
    linear->stepBy(-1000);
    QCOMPARE(linear->value(), 0.0);
}

void TestParameterForm::heldArrowKeyIsOneGesture()
{
    NumberSpin* spin = m_form->spin(conductance);
    spin->setFocus();
    QTest::keyPress(spin, Qt::Key_Up);
    QTest::keyPress(spin, Qt::Key_Up);
    QTest::keyPress(spin, Qt::Key_Up);
    QCOMPARE(m_spy->count(), 3);
    for (const Edit& edit : edits(*m_spy))
        QVERIFY(edit.continuing);
    QTest::keyRelease(spin, Qt::Key_Up);
    QCOMPARE(m_spy->count(), 4);
    QVERIFY(!edits(*m_spy).last().continuing);
    QCOMPARE(edits(*m_spy).last().value, 126.0);
}

void TestParameterForm::marksShowWhatDiffers()
{
    for (int i = 0; i < 5; ++i)
        QVERIFY(!m_form->restoreButton(i)->isVisible());
    const int height = m_form->sizeHint().height();
    ParameterValues values(rows);
    values.set(std::size_t(tau), 20);
    values.set(std::size_t(shifted), 1);
    m_form->setValues(values);
    for (int i = 0; i < 5; ++i)
        QCOMPARE(m_form->restoreButton(i)->isVisible(), i == tau || i == shifted);
    QCOMPARE(m_form->sizeHint().height(), height); // nothing jumps
}

void TestParameterForm::aClickRestoresTheDefault()
{
    ParameterValues values(rows);
    values.set(std::size_t(tau), 20);
    m_form->setValues(values);
    QVERIFY(m_form->restoreButton(tau)->toolTip().contains(QStringLiteral("10 ms")));
    QTest::mouseClick(m_form->restoreButton(tau), Qt::LeftButton);
    QCOMPARE(m_spy->count(), 1);
    QCOMPARE(edits(*m_spy)[0].row, tau);
    QCOMPARE(edits(*m_spy)[0].value, 10.0);
    QVERIFY(!edits(*m_spy)[0].continuing);
    QVERIFY(!m_form->restoreButton(tau)->isVisible());
    QCOMPARE(m_form->spin(tau)->value(), 10.0);
}

void TestParameterForm::choiceRow()
{
    QComboBox* combo = m_form->combo(start);
    QCOMPARE(combo->itemText(1), QStringLiteral("Given"));
    QCOMPARE(combo->itemData(1, Qt::ToolTipRole).toString(), QStringLiteral("The values below"));
    combo->setFocus();
    QTest::keyClick(combo, Qt::Key_Down);
    QCOMPARE(m_spy->count(), 1);
    QCOMPARE(edits(*m_spy)[0].row, start);
    QCOMPARE(edits(*m_spy)[0].value, 1.0);
    QVERIFY(m_form->restoreButton(start)->isVisible());
}

void TestParameterForm::flagRow()
{
    QTest::mouseClick(m_form->check(shifted), Qt::LeftButton, {}, {8, m_form->check(shifted)->height() / 2});
    QCOMPARE(m_spy->count(), 1);
    QCOMPARE(edits(*m_spy)[0].value, 1.0);
    m_form->setValues(ParameterValues(rows));
    QVERIFY(!m_form->check(shifted)->isChecked());
    QCOMPARE(m_spy->count(), 1); // showing is not editing
}

void TestParameterForm::integerRow()
{
    NumberSpin* spin = m_form->spin(count);
    spin->setFocus();
    spin->selectAll();
    QTest::keyClicks(spin, "7.6");
    QTest::keyClick(spin, Qt::Key_Return);
    QCOMPARE(m_form->values()[count], 8.0);
    ValueSlider* slider = m_form->slider(count);
    QTest::mousePress(slider, Qt::LeftButton, {}, at(slider, 0.1));
    for (double f = 0.1; f < 1.05; f += 0.03)
        QTest::mouseMove(slider, at(slider, f));
    QTest::mouseRelease(slider, Qt::LeftButton, {}, at(slider, 1));
    for (const Edit& edit : edits(*m_spy))
        QCOMPARE(edit.value, std::round(edit.value));
    QCOMPARE(m_form->values()[count], 20.0);
}

void TestParameterForm::toolTipsCarryMeaningUnitAndDefault()
{
    const QString tip = ParameterForm::toolTip(rows[conductance]);
    for (const char* piece :
        {"Sodium conductance", "g<sub>Na</sub>", "Largest conductance.", "mS/cm²", "120", "1000", "240"})
        QVERIFY2(tip.contains(QString::fromUtf8(piece)), piece);
    QCOMPARE(m_form->slider(conductance)->parentWidget()->toolTip(), tip);
    const QString choice = ParameterForm::toolTip(rows[start]);
    QVERIFY(choice.contains(QStringLiteral("The steady state of these parameters")));
    QVERIFY(choice.contains(QStringLiteral("Default Rest")));
}

void TestParameterForm::accessibleNames()
{
    QCOMPARE(m_form->spin(conductance)->accessibleName(), QStringLiteral("Sodium conductance, mS/cm²"));
    QCOMPARE(m_form->slider(conductance)->accessibleName(), QStringLiteral("Sodium conductance, mS/cm²"));
    QCOMPARE(m_form->spin(count)->accessibleName(), QStringLiteral("Pulses"));
    QCOMPARE(m_form->combo(start)->accessibleName(), QStringLiteral("Initial state"));
    for (int i = 0; i < 5; ++i)
        QVERIFY(!m_form->restoreButton(i)->accessibleName().isEmpty());
}

void TestParameterForm::wheelScrollsUnlessFocused()
{
    m_form->check(shifted)->setFocus();
    for (QWidget* target : {static_cast<QWidget*>(m_form->spin(conductance)),
             static_cast<QWidget*>(m_form->slider(conductance)), static_cast<QWidget*>(m_form->combo(start))}) {
        QWheelEvent wheel({5, 5}, target->mapToGlobal(QPointF(5, 5)), {}, {0, 120}, {}, {}, Qt::NoScrollPhase, false);
        QApplication::sendEvent(target, &wheel);
    }
    QCOMPARE(m_spy->count(), 0);
    QCOMPARE(m_form->values(), ParameterValues(rows));
    QVERIFY(!m_form->spin(conductance)->hasFocus());
    m_form->spin(conductance)->setFocus();
    QWheelEvent wheel(
        {5, 5}, m_form->spin(conductance)->mapToGlobal(QPointF(5, 5)), {}, {0, 120}, {}, {}, Qt::NoScrollPhase, false);
    QApplication::sendEvent(m_form->spin(conductance), &wheel);
    QCOMPARE(m_spy->count(), 1);
    QCOMPARE(m_form->values()[conductance], 122.0);
}

void TestParameterForm::sameTableKeepsControls()
{
    NumberSpin* spin = m_form->spin(conductance);
    ParameterValues values(rows);
    values.set(std::size_t(conductance), 60);
    m_form->setValues(values);
    QCOMPARE(m_form->spin(conductance), spin);
    QCOMPARE(spin->value(), 60.0);
    m_form->setValues(ParameterValues(otherRows));
    QCOMPARE(m_form->spin(0)->suffix(), QStringLiteral(" mV"));
    QCOMPARE(m_spy->count(), 0);
}

void TestParameterForm::hiddenAndDisabledRows()
{
    m_form->setHiddenRows({tau});
    QVERIFY(!m_form->spin(tau)->isVisible());
    QVERIFY(m_form->spin(conductance)->isVisible());
    m_form->setRowEnabled(conductance, false, QStringLiteral("No effect at rest."));
    QVERIFY(!m_form->spin(conductance)->isEnabled());
    QVERIFY(m_form->spin(conductance)->parentWidget()->toolTip().contains(QStringLiteral("No effect at rest.")));
    m_form->setRowEnabled(conductance, true);
    QVERIFY(m_form->spin(conductance)->isEnabled());
}

void TestParameterForm::everythingByKeyboard()
{
    QSet<QWidget*> reached;
    m_form->slider(conductance)->setFocus();
    for (int i = 0; i < 40; ++i) {
        reached.insert(QApplication::focusWidget());
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    }
    for (const int row : {conductance, tau, count}) {
        QVERIFY(reached.contains(m_form->slider(row)));
        QVERIFY(reached.contains(m_form->spin(row)));
    }
    QVERIFY(reached.contains(m_form->combo(start)));
    QVERIFY(reached.contains(m_form->check(shifted)));
}

void TestParameterForm::goesAwayWhileTypedIn()
{
    NumberSpin* spin = m_form->spin(conductance);
    spin->setFocus();
    spin->selectAll();
    QTest::keyClicks(spin, "77");
    m_form.reset();
    QVERIFY(!QApplication::focusWidget());
}

QTEST_MAIN(TestParameterForm)
#include "tst_parameter_form.moc"

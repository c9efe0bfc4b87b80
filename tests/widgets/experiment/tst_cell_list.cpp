#include "sim/neuron/neuron_plan.h"
#include "widgets/experiment/cell_list.h"
#include "widgets/look/text.h"

#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace endospike;

namespace {

NeuronPlan withCells(int count)
{
    NeuronPlan plan;
    for (int i = 0; i < count; ++i) {
        const NeuronModel& model = neuronModels()[static_cast<std::size_t>(i) % neuronModels().size()];
        Cell cell(model);
        cell.id = plan.freeCellId();
        cell.name = plan.freeCellName(model.shortName);
        plan.cells.push_back(cell);
    }
    return plan;
}

} // namespace

class TestCellList : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void emptyListOffersACell();
    void menuOffersEveryModel();
    void rowsShowNameModelAndVisibility();
    void clickSelects();
    void arrowKeysSelect();
    void anUnknownSelectionIsTheFirstCell();
    void duplicateAndRemoveByMouse();
    void duplicateAndRemoveByKey();
    void renameByKey();
    void renameByDoubleClick();
    void renameRefusesNothingAndTheSame();
    void escapeKeepsTheName();
    void keysOfARenameStayInIt();
    void aCellGoesWhileItIsRenamed();
    void visibilityByMouse();
    void fullListSaysWhy();
    void showingEmitsNothing();
    void rowsLookDifferent();
    void accessibleNames();

private:
    void show(int cells);
    int id(int position) const { return m_plan.cells[static_cast<std::size_t>(position)].id; }
    NeuronPlan m_plan;
    std::unique_ptr<CellList> m_list;
};

void TestCellList::init()
{
    m_list = std::make_unique<CellList>();
    m_list->resize(300, 400);
    m_list->show();
    QVERIFY(QTest::qWaitForWindowActive(m_list.get()));
    show(3);
}

void TestCellList::cleanup() { m_list.reset(); }

void TestCellList::show(int cells)
{
    m_plan = withCells(cells);
    m_list->setCells(m_plan);
    m_list->setFocus();
}

void TestCellList::emptyListOffersACell()
{
    show(0);
    QCOMPARE(m_list->selectedId(), -1);
    QSignalSpy added(m_list.get(), &CellList::addRequested);
    QSignalSpy removed(m_list.get(), &CellList::removeRequested);
    auto* offer = m_list->findChild<QPushButton*>();
    QVERIFY(offer && offer->isVisible());
    QTest::mouseClick(offer, Qt::LeftButton);
    QCOMPARE(added.count(), 1);
    QVERIFY(findNeuronModel(added.at(0)[0].toString().toStdString()));
    QVERIFY(!m_list->removeButton()->isEnabled());
    QTest::keyClick(m_list.get(), Qt::Key_Delete);
    QCOMPARE(removed.count(), 0);
    show(1);
    QVERIFY(!offer->isVisible());
}

void TestCellList::menuOffersEveryModel()
{
    QSignalSpy added(m_list.get(), &CellList::addRequested);
    const QList<QAction*> actions = m_list->addButton()->menu()->actions();
    QCOMPARE(actions.size(), static_cast<qsizetype>(neuronModels().size()));
    for (qsizetype i = 0; i < actions.size(); ++i) {
        QVERIFY(actions[i]->text().contains(qstring(neuronModels()[i].name)));
        QCOMPARE(actions[i]->toolTip(), qstring(neuronModels()[i].summary));
        actions[i]->trigger();
        QCOMPARE(added.last()[0].toString(), qstring(neuronModels()[i].key));
    }
}

void TestCellList::rowsShowNameModelAndVisibility()
{
    m_plan.cells[1].visible = false;
    m_plan.cells[2].name = "Ganz anders";
    m_list->setCells(m_plan);
    QCOMPARE(m_list->count(), 3);
    for (int i = 0; i < 3; ++i) {
        const Cell& cell = m_plan.cells[static_cast<std::size_t>(i)];
        QCOMPARE(m_list->nameEdit(cell.id)->text(), QString::fromStdString(cell.name));
        QCOMPARE(m_list->visibilityButton(cell.id)->isChecked(), cell.visible);
        QVERIFY(m_list->rowWidget(cell.id)->toolTip().contains(qstring(cell.model->name)));
    }
}

void TestCellList::clickSelects()
{
    QSignalSpy selected(m_list.get(), &CellList::selected);
    QTest::mouseClick(m_list->rowWidget(id(2)), Qt::LeftButton, {}, {12, 12});
    QCOMPARE(m_list->selectedId(), id(2));
    QCOMPARE(selected.count(), 1);
    QCOMPARE(selected.at(0)[0].toInt(), id(2));
    // On the name as well, which is no text field until it is renamed.
    QTest::mouseClick(m_list->nameEdit(id(1)), Qt::LeftButton);
    QCOMPARE(m_list->selectedId(), id(1));
    QTest::mouseClick(m_list->rowWidget(id(1)), Qt::LeftButton, {}, {12, 12});
    QCOMPARE(selected.count(), 2);
}

void TestCellList::arrowKeysSelect()
{
    QSignalSpy selected(m_list.get(), &CellList::selected);
    m_list->setSelected(id(0));
    QTest::keyClick(m_list.get(), Qt::Key_Up);
    QCOMPARE(m_list->selectedId(), id(0));
    QTest::keyClick(m_list.get(), Qt::Key_Down);
    QCOMPARE(m_list->selectedId(), id(1));
    QTest::keyClick(m_list.get(), Qt::Key_End);
    QCOMPARE(m_list->selectedId(), id(2));
    QTest::keyClick(m_list.get(), Qt::Key_Home);
    QCOMPARE(m_list->selectedId(), id(0));
    QCOMPARE(selected.count(), 3);
}

void TestCellList::anUnknownSelectionIsTheFirstCell()
{
    m_list->setSelected(id(2));
    m_plan.cells.pop_back();
    m_list->setCells(m_plan);
    QCOMPARE(m_list->selectedId(), id(0));
    m_list->setSelected(12345);
    QCOMPARE(m_list->selectedId(), id(0));
}

void TestCellList::duplicateAndRemoveByMouse()
{
    QSignalSpy duplicated(m_list.get(), &CellList::duplicateRequested);
    QSignalSpy removed(m_list.get(), &CellList::removeRequested);
    m_list->setSelected(id(1));
    QTest::mouseClick(m_list->duplicateButton(), Qt::LeftButton);
    QTest::mouseClick(m_list->removeButton(), Qt::LeftButton);
    QCOMPARE(duplicated.count(), 1);
    QCOMPARE(duplicated.at(0)[0].toInt(), id(1));
    QCOMPARE(removed.count(), 1);
    QCOMPARE(removed.at(0)[0].toInt(), id(1));
    QCOMPARE(m_list->count(), 3); // only wished: the document decides
}

void TestCellList::duplicateAndRemoveByKey()
{
    QSignalSpy duplicated(m_list.get(), &CellList::duplicateRequested);
    QSignalSpy removed(m_list.get(), &CellList::removeRequested);
    m_list->setSelected(id(2));
    QTest::keyClick(m_list.get(), Qt::Key_D, Qt::ControlModifier);
    QCOMPARE(duplicated.count(), 1);
    QCOMPARE(duplicated.at(0)[0].toInt(), id(2));
    QTest::keyClick(m_list.get(), Qt::Key_D);
    QCOMPARE(duplicated.count(), 1);
    QTest::keyClick(m_list.get(), Qt::Key_Delete);
    QCOMPARE(removed.at(0)[0].toInt(), id(2));
}

void TestCellList::renameByKey()
{
    QSignalSpy renamed(m_list.get(), &CellList::renameRequested);
    m_list->setSelected(id(1));
    QTest::keyClick(m_list.get(), Qt::Key_F2);
    QLineEdit* name = m_list->nameEdit(id(1));
    QVERIFY(name->hasFocus());
    QTest::keyClicks(name, "  Soma  A ");
    QTest::keyClick(name, Qt::Key_Return);
    QCOMPARE(renamed.count(), 1);
    QCOMPARE(renamed.at(0)[0].toInt(), id(1));
    QCOMPARE(renamed.at(0)[1].toString(), QStringLiteral("Soma A"));
    QVERIFY(name->isReadOnly());
    QVERIFY(m_list->hasFocus());
    // Until the document answers, the old name stands.
    QCOMPARE(name->text(), QString::fromStdString(m_plan.cells[1].name));
}

void TestCellList::renameByDoubleClick()
{
    QSignalSpy renamed(m_list.get(), &CellList::renameRequested);
    QTest::mouseDClick(m_list->nameEdit(id(0)), Qt::LeftButton);
    QLineEdit* name = m_list->nameEdit(id(0));
    QVERIFY(!name->isReadOnly());
    QTest::keyClicks(name, "Axon");
    m_list->setFocus(); // leaving is accepting
    QCOMPARE(renamed.count(), 1);
    QCOMPARE(renamed.at(0)[1].toString(), QStringLiteral("Axon"));
}

void TestCellList::renameRefusesNothingAndTheSame()
{
    QSignalSpy renamed(m_list.get(), &CellList::renameRequested);
    m_list->startRename(id(0));
    QTest::keyClick(m_list->nameEdit(id(0)), Qt::Key_Return);
    m_list->startRename(id(0));
    QTest::keyClicks(m_list->nameEdit(id(0)), "   ");
    QTest::keyClick(m_list->nameEdit(id(0)), Qt::Key_Return);
    QCOMPARE(renamed.count(), 0);
    QCOMPARE(m_list->nameEdit(id(0))->text(), QString::fromStdString(m_plan.cells[0].name));
}

void TestCellList::escapeKeepsTheName()
{
    QSignalSpy renamed(m_list.get(), &CellList::renameRequested);
    m_list->startRename(id(0));
    QTest::keyClicks(m_list->nameEdit(id(0)), "Nonsense");
    QTest::keyClick(m_list->nameEdit(id(0)), Qt::Key_Escape);
    QVERIFY(m_list->nameEdit(id(0))->isReadOnly());
    QCOMPARE(m_list->nameEdit(id(0))->text(), QString::fromStdString(m_plan.cells[0].name));
    QCOMPARE(renamed.count(), 0);
}

void TestCellList::keysOfARenameStayInIt()
{
    QSignalSpy removed(m_list.get(), &CellList::removeRequested);
    m_list->startRename(id(0));
    QTest::keyClick(m_list->nameEdit(id(0)), Qt::Key_Delete);
    QTest::keyClick(m_list->nameEdit(id(0)), Qt::Key_Delete);
    QCOMPARE(removed.count(), 0);
    QVERIFY(m_list->nameEdit(id(0))->text().isEmpty());
}

void TestCellList::aCellGoesWhileItIsRenamed()
{
    QSignalSpy renamed(m_list.get(), &CellList::renameRequested);
    m_list->startRename(id(2));
    QTest::keyClicks(m_list->nameEdit(id(2)), "Gone");
    show(2);
    QCOMPARE(m_list->count(), 2);
    QCOMPARE(renamed.count(), 0);
}

void TestCellList::visibilityByMouse()
{
    QSignalSpy wished(m_list.get(), &CellList::visibilityRequested);
    QTest::mouseClick(m_list->visibilityButton(id(1)), Qt::LeftButton);
    QCOMPARE(wished.count(), 1);
    QCOMPARE(wished.at(0)[0].toInt(), id(1));
    QCOMPARE(wished.at(0)[1].toBool(), false);
    m_plan.cells[1].visible = false;
    m_list->setCells(m_plan);
    QTest::mouseClick(m_list->visibilityButton(id(1)), Qt::LeftButton);
    QCOMPARE(wished.at(1)[1].toBool(), true);
}

void TestCellList::fullListSaysWhy()
{
    show(static_cast<int>(maximumCells) - 1);
    QVERIFY(m_list->addButton()->isEnabled());
    show(static_cast<int>(maximumCells));
    QSignalSpy duplicated(m_list.get(), &CellList::duplicateRequested);
    for (QToolButton* button : {m_list->addButton(), m_list->duplicateButton()}) {
        QVERIFY(!button->isEnabled());
        QVERIFY(button->toolTip().contains(QString::number(maximumCells)));
    }
    QTest::keyClick(m_list.get(), Qt::Key_D, Qt::ControlModifier);
    QCOMPARE(duplicated.count(), 0);
    QVERIFY(m_list->removeButton()->isEnabled());
}

void TestCellList::showingEmitsNothing()
{
    QSignalSpy selected(m_list.get(), &CellList::selected);
    QSignalSpy visibility(m_list.get(), &CellList::visibilityRequested);
    QSignalSpy renamed(m_list.get(), &CellList::renameRequested);
    for (int cells : {0, 5, 1, 8})
        show(cells);
    m_list->setSelected(id(3));
    QCOMPARE(selected.count() + visibility.count() + renamed.count(), 0);
}

void TestCellList::rowsLookDifferent()
{
    m_plan = NeuronPlan();
    for (int i = 0; i < 3; ++i) {
        Cell cell(neuronModels().front());
        cell.id = m_plan.freeCellId();
        cell.name = "same";
        m_plan.cells.push_back(cell);
    }
    m_list->setCells(m_plan);
    m_list->setSelected(id(0));
    QTest::qWait(1);
    // Cells of one model tell apart by their swatches alone.
    const QRect swatch(8, 2, 30, m_list->rowWidget(id(1))->height() - 4);
    const QImage second = m_list->rowWidget(id(1))->grab(swatch).toImage();
    const QImage third = m_list->rowWidget(id(2))->grab(swatch).toImage();
    QVERIFY(second != third);
}

void TestCellList::accessibleNames()
{
    for (const Cell& cell : m_plan.cells) {
        const QString name = QString::fromStdString(cell.name);
        QVERIFY(m_list->rowWidget(cell.id)->accessibleName().contains(name));
        QVERIFY(m_list->visibilityButton(cell.id)->accessibleName().contains(name));
    }
    for (QToolButton* button : {m_list->addButton(), m_list->duplicateButton(), m_list->removeButton()})
        QVERIFY(!button->accessibleName().isEmpty());
}

QTEST_MAIN(TestCellList)
#include "tst_cell_list.moc"

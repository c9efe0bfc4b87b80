#include "app/window/help.h"

#include "app/window/key_filter.h"
#include "app/window/laboratories.h"
#include "endospike_version.h"
#include "sim/document/laboratory.h"
#include "widgets/look/text.h"

#include <QCoreApplication>
#include <QDialog>
#include <QListWidget>
#include <QMainWindow>
#include <QMenuBar>
#include <QRegularExpression>
#include <QStackedWidget>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace endospike {

namespace {

struct Gesture {
    const char* gesture;
    const char* meaning;
};

constexpr Gesture gestures[] = {
    {"wheel", "zoom the time axis about the pointer"},
    {"drag", "move in time; the plots stop following"},
    {"double click", "fit"},
    {"pointer", "a crosshair reads every plot at one time"},
    {"drop a file",
        "a document (.json), a trained network or policy (.safetensors) is opened, a table of time and current (.csv) "
        "becomes the stimulus"},
};

QString say(const char* text) { return QCoreApplication::translate("Help", text); }

/// As it reads outside a menu: without mnemonic, and without the dots of a question that follows.
QString plainText(QString text)
{
    static const QRegularExpression mnemonic(QStringLiteral("&(.)"));
    return text.replace(mnemonic, QStringLiteral("\\1")).remove(u'…');
}

QString row(const QString& left, const QString& right)
{
    return QStringLiteral("<tr><td width='170'><b>%1</b></td><td>%2</td></tr>")
        .arg(left.toHtmlEscaped(), right.toHtmlEscaped());
}

QString table(const QString& title, const QString& rows)
{
    return QStringLiteral("<h3>%1</h3><table cellspacing='0' cellpadding='3'>%2</table>")
        .arg(title.toHtmlEscaped(), rows);
}

/// Of every entry that has a key, those of the menus within it included.
QString keyRows(const QMenu& menu)
{
    QString rows;
    for (const QAction* action : menu.actions()) {
        if (const QMenu* inner = action->menu())
            rows += keyRows(*inner);
        QStringList keys;
        for (const QKeySequence& key : action->shortcuts())
            keys << key.toString(QKeySequence::NativeText);
        if (!keys.isEmpty())
            rows += row(keys.join(QStringLiteral(", ")), plainText(action->text()));
    }
    return rows;
}

QString keysPage(const QMainWindow& window)
{
    QString html = QStringLiteral("<h2>%1</h2><p>%2</p>")
                       .arg(say("Keys and mouse"),
                           say("The single keys act wherever the focus is, except while you type in a field; Enter or "
                               "Escape in a number field gives them back to the run. Tab goes from control to "
                               "control."));
    for (const QAction* menu : window.menuBar()->actions())
        html += table(plainText(menu->text()), keyRows(*menu->menu()));
    QString rows;
    for (const KeyFilter::Key& key : KeyFilter::keys())
        rows += row(key.keys, key.meaning);
    html += table(say("Without a menu entry"), rows);
    rows.clear();
    for (const Gesture& gesture : gestures)
        rows += row(say(gesture.gesture), say(gesture.meaning));
    return html + table(say("In the plots"), rows);
}

QString laboratoriesPage(const QMainWindow&)
{
    QString html = QStringLiteral("<h2>%1</h2>").arg(say("Laboratories"));
    for (const BenchKind& kind : benchKinds()) {
        const LaboratoryKind& laboratory = *findLaboratory(kind.key);
        html += QStringLiteral("<h3>%1</h3><p>%2</p>")
                    .arg(qstring(laboratory.name).toHtmlEscaped(), qstring(laboratory.summary).toHtmlEscaped());
        if (!laboratory.command.empty())
            html += QStringLiteral("<p>%1 <code>endospike-cli %2</code></p>")
                        .arg(say("Its documents also run on the command line:"), qstring(laboratory.command));
        QString rows;
        for (const Parameter& parameter : laboratory.own)
            rows += row(qstring(parameter.label), qstring(parameter.meaning));
        html += QStringLiteral("<table cellspacing='0' cellpadding='3'>%1</table>").arg(rows);
    }
    return html;
}

QString spikesPage(const QMainWindow&)
{
    return say(
        "<h2>About spikes</h2>"
        "<p>A spike is counted when the membrane potential crosses a <b>detection threshold</b> from below. The moment "
        "of crossing lies between two computed steps and is interpolated between them, so spike times are finer than "
        "the time step. After a spike the next one is counted only when a <b>minimum gap</b> has passed, so that noise "
        "around the threshold is not counted twice. Both are parameters of each cell.</p>"
        "<p>The detection threshold only <i>reads</i> a trace; it does not change what the cell does. In a "
        "Hodgkin-Huxley (HH) cell nothing happens at any fixed voltage: the spike is the work of the sodium and "
        "potassium gates. In a leaky integrate-and-fire (LIF) cell the threshold belongs to the model itself: the "
        "potential is reset there, and the spike has no shape.</p>"
        "<h3>Why a fixed threshold of 0 mV calls some spikes silence</h3>"
        "<p>The taller a stimulus, the smaller the spikes of an HH cell. A large steady current keeps the potential up "
        "between spikes; sodium channels do not recover from inactivation, potassium channels stay open, and each "
        "spike peaks lower. At currents near 100 µA/cm² the cell still fires fast and regularly, yet its spikes peak "
        "below 0 mV. A program that asks for 0 mV would report a silent cell, and an f-I curve that drops to zero, "
        "although the trace on the screen plainly fires. Lower the detection threshold of the cell and the spikes are "
        "counted. At still larger currents the oscillation dies out for good: that is depolarisation block, true "
        "silence.</p>"
        "<p><b>Try it:</b> select the HH cell, raise the step to 100 µA/cm², then set the cell's spike threshold to 0 "
        "mV and back, and compare the voltage trace with the raster of counted spikes.</p>");
}

QString aboutPage(const QMainWindow&)
{
    return say(
        "<h2>Endospike %1</h2>"
        "<p>A laboratory for neurons with internal complexity.</p>"
        "<p>The Hodgkin-Huxley equations follow A. L. Hodgkin and A. F. Huxley, J. Physiol. 117, 500-544 (1952), "
        "doi 10.1113/jphysiol.1952.sp004764. The questions follow L. He, Y. Xu, W. He, Y. Lin et al., Nature "
        "Computational Science 4, 584-599 (2024), doi 10.1038/s43588-024-00674-9.</p>"
        "<p>Free software under the GNU General Public License, version 3 or later, without any warranty. It uses "
        "%2.</p>")
        .arg(QStringLiteral(ENDOSPIKE_VERSION), QStringLiteral(ENDOSPIKE_LIBRARIES));
}

struct Topic {
    const char* menuText;
    QString (*html)(const QMainWindow& window);
};

constexpr Topic topics[] = {
    {"&Keys and mouse", keysPage},
    {"&Laboratories", laboratoriesPage},
    {"About &spikes", spikesPage},
    {"&About Endospike", aboutPage},
};

} // namespace

QStringList helpTopics()
{
    QStringList texts;
    for (const Topic& topic : topics)
        texts << say(topic.menuText);
    return texts;
}

QDialog* createHelp(QMainWindow& window)
{
    auto* dialog = new QDialog(&window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(say("Help"));
    auto* list = new QListWidget;
    list->setObjectName(QStringLiteral("topics"));
    list->setAccessibleName(say("Topics"));
    auto* pages = new QStackedWidget;
    for (const Topic& topic : topics) {
        list->addItem(plainText(say(topic.menuText)));
        auto* page = new QTextBrowser;
        page->setOpenExternalLinks(true);
        page->setHtml(topic.html(window));
        page->document()->setDocumentMargin(16);
        pages->addWidget(page);
    }
    list->setFixedWidth(list->sizeHintForColumn(0) + 48);
    QObject::connect(list, &QListWidget::currentRowChanged, pages, &QStackedWidget::setCurrentIndex);
    auto* layout = new QHBoxLayout(dialog);
    layout->addWidget(list);
    layout->addWidget(pages, 1);
    dialog->resize(860, 640);
    return dialog;
}

void showHelpTopic(QDialog& help, int topic)
{
    help.findChild<QListWidget*>(QStringLiteral("topics"))->setCurrentRow(topic);
    help.show();
    help.raise();
    help.activateWindow();
}

} // namespace endospike

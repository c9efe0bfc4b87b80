#include "app/window/help.h"

#include "endospike_version.h"
#include "widgets/look/theme.h"

#include <QCoreApplication>
#include <QDialog>
#include <QListWidget>
#include <QStackedWidget>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace endospike {

namespace {

struct Key {
    const char* keys;
    const char* meaning;
};

constexpr Key runKeys[] = {
    {"Space", "run or pause"},
    {".  or  S", "one recorded step"},
    {"R", "reset to t = 0"},
    {"I (hold)", "inject the current of the stimulus editor into every cell"},
    {"[  and  ]", "slower, faster"},
    {"\\", "as fast as possible"},
};
constexpr Key documentKeys[] = {
    {"Ctrl+N, Ctrl+O", "new, open"},
    {"Ctrl+S, Ctrl+Shift+S", "save, save as"},
    {"Ctrl+Z, Ctrl+Y", "undo, redo"},
    {"Ctrl+D", "duplicate the selected cell"},
    {"Ctrl+E", "export the visible range"},
    {"Ctrl+Shift+E", "export the page as a figure"},
    {"Ctrl+Shift+C", "copy the plots as a picture"},
};
constexpr Key viewKeys[] = {
    {"Ctrl+1, ...", "laboratory"},
    {"F9", "setup panel on or off"},
    {"Ctrl+L", "follow the live end"},
    {"Ctrl+0", "fit everything"},
    {"F11", "full screen"},
    {"F1", "this page"},
};
constexpr Key mouseKeys[] = {
    {"wheel", "zoom the time axis about the pointer"},
    {"drag", "move in time; the plots stop following"},
    {"double click", "fit"},
    {"pointer", "a crosshair reads every plot at one time"},
    {"drop a file",
        "a document (.json), a trained network or policy (.safetensors) is opened, a table of time and current (.csv) "
        "becomes the stimulus"},
};

QString say(const char* text) { return QCoreApplication::translate("Help", text); }

template <std::size_t count>
QString table(const char* title, const Key (&keys)[count])
{
    QString html = QStringLiteral("<h3>%1</h3><table cellspacing='0' cellpadding='3'>").arg(say(title));
    for (const Key& key : keys)
        html += QStringLiteral("<tr><td width='170'><b>%1</b></td><td>%2</td></tr>")
                    .arg(say(key.keys).toHtmlEscaped(), say(key.meaning).toHtmlEscaped());
    return html + QStringLiteral("</table>");
}

QString keysPage()
{
    return QStringLiteral("<h2>%1</h2><p>%2</p>")
               .arg(say("Keys and mouse"),
                   say("The single keys act wherever the focus is, except while you type in a field; Enter or Escape "
                       "in a number field gives them back to the run. Tab goes from control to control, Enter presses "
                       "the button that has the focus."))
        + table("Run", runKeys) + table("Document", documentKeys) + table("View", viewKeys)
        + table("In the plots", mouseKeys);
}

QString spikesPage()
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

QString aboutPage()
{
    return say(
        "<h2>Endospike %1</h2>"
        "<p>A laboratory for neurons with internal complexity.</p>"
        "<p>The Hodgkin-Huxley equations follow A. L. Hodgkin and A. F. Huxley, J. Physiol. 117, 500-544 (1952), "
        "doi 10.1113/jphysiol.1952.sp004764. The questions follow L. He, Y. Xu, W. He, Y. Lin et al., Nature "
        "Computational Science 4, 584-599 (2024), doi 10.1038/s43588-024-00674-9.</p>"
        "<p>Free software under the GNU General Public License, version 3 or later, without any warranty. It uses "
        "Qt, QCustomPlot, Eigen, Highway and JSON for Modern C++.</p>")
        .arg(QStringLiteral(ENDOSPIKE_VERSION));
}

} // namespace

QDialog* createHelp(QWidget* parent)
{
    auto* dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(say("Help"));
    auto* topics = new QListWidget;
    topics->setObjectName(QStringLiteral("topics"));
    topics->setAccessibleName(say("Topics"));
    topics->addItems({say("Keys and mouse"), say("About spikes"), say("About Endospike")});
    topics->setFixedWidth(topics->sizeHintForColumn(0) + 48);
    auto* pages = new QStackedWidget;
    for (const QString& html : {keysPage(), spikesPage(), aboutPage()}) {
        auto* page = new QTextBrowser;
        page->setOpenExternalLinks(true);
        page->setHtml(html);
        page->document()->setDocumentMargin(16);
        pages->addWidget(page);
    }
    QObject::connect(topics, &QListWidget::currentRowChanged, pages, &QStackedWidget::setCurrentIndex);
    auto* layout = new QHBoxLayout(dialog);
    layout->addWidget(topics);
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

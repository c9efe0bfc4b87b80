// Help inside the program: keys, what a spike is here, about.
#pragma once

class QDialog;
class QWidget;

namespace endospike {

/// A window with the topics, not modal; deletes itself when it is closed.
QDialog* createHelp(QWidget* parent);
/// Shows it in front, at topic 0 (keys), 1 (spikes), 2 (about).
void showHelpTopic(QDialog& help, int topic);

} // namespace endospike

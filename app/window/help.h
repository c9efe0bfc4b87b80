// Help inside the program: keys, laboratories, what a spike is here, about.
#pragma once

#include <QStringList>

class QDialog;
class QMainWindow;

namespace endospike {

/// As they stand in a menu; keys and mouse come first.
QStringList helpTopics();

/// A window with the topics, not modal; deletes itself when it is closed. The keys are those of the window's menus.
QDialog* createHelp(QMainWindow& window);
/// Shows it in front, at one of helpTopics().
void showHelpTopic(QDialog& help, int topic);

} // namespace endospike

// New, open, save and what belongs to them: the guard of unsaved changes, recent files, examples, dropped files.
#pragma once

#include "app/laboratory/file_chooser.h"
#include "sim/document/experiment.h"

#include <QObject>
#include <QPointer>
#include <QString>

#include <functional>
#include <string_view>
#include <vector>

class QMessageBox;
class QWidget;

namespace endospike {

class Document;
class MessageBar;
class Settings;
struct Surroundings;

/// A document that comes with the program.
struct Example {
    QString resource; ///< path to read it from
    QString title;
    QString notes;
};

/// Every example, in the order of their file names. One that cannot be read is left out.
std::vector<Example> examples();

class DocumentCommands : public QObject {
    Q_OBJECT

public:
    /// All of them outlive this. `window` is the parent of dialogs.
    DocumentCommands(Document& document, const Surroundings& surroundings, Settings& settings, MessageBar& messages,
        QWidget& window);

    /// Brings a laboratory to the front and returns its commands, for a document that belongs there.
    using Route = std::function<DocumentCommands&(std::string_view laboratory)>;
    void setRoute(Route route) { m_route = std::move(route); }

    /// Runs `then` at once if nothing would be lost, else after asking Save, Discard or Cancel.
    void guard(std::function<void()> then);
    void ask(const FileQuestion& question, const FileChosen& chosen);
    void newDocument();
    void open();
    /// Opens after the guard, or asks for trainedWanted(); what cannot be opened is said in the message bar and leaves
    /// the document as it is.
    void openPath(const QString& path);
    void openExample(const QString& resource);
    void save();
    void saveAs();
    /// Asks for a recorded current for one part of the stimulus (cell -1: of the shared one).
    void chooseRecording(int cellId, int part);
    /// A document to open, or a recorded current that becomes the stimulus. False if it is neither.
    bool dropFile(const QString& path);
    static bool canDrop(const QString& path);

    void say(const QString& problem);

signals:
    /// A trained network or policy is to be opened; the document stays as it is.
    void trainedWanted(const QString& path);

private:
    DocumentCommands& commandsFor(const std::function<Experiment()>& read);
    void saveThen(std::function<void()> then);
    void saveAsThen(std::function<void()> then);
    bool writeTo(const QString& path);
    void load(const QString& path);
    void loadRecording(const QString& path, int cellId, int part);
    void askAboutChanges(std::function<void()> then);

    Document& m_document;
    const Surroundings& m_surroundings;
    Settings& m_settings;
    MessageBar& m_messages;
    QWidget& m_window;
    Route m_route;
    QPointer<QMessageBox> m_question;
};

} // namespace endospike

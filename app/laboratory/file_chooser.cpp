#include "app/laboratory/file_chooser.h"

#include <QFileDialog>
#include <QFileInfo>

namespace endospike {

void chooseFileInDialog(QWidget* parent, const FileQuestion& question, FileChosen chosen)
{
    auto* dialog = new QFileDialog(parent, question.title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setNameFilters(question.filters);
    dialog->setAcceptMode(question.saving ? QFileDialog::AcceptSave : QFileDialog::AcceptOpen);
    dialog->setFileMode(question.folder ? QFileDialog::Directory
            : question.saving           ? QFileDialog::AnyFile
                                        : QFileDialog::ExistingFile);
    if (question.folder)
        dialog->setOption(QFileDialog::ShowDirsOnly);
    dialog->setDefaultSuffix(question.suffix);
    const QFileInfo start(question.start);
    if (question.saving && !question.folder) {
        dialog->setDirectory(start.absolutePath());
        dialog->selectFile(start.fileName());
    } else {
        dialog->setDirectory(question.start);
    }
    QObject::connect(dialog, &QFileDialog::fileSelected, dialog,
        [chosen = std::move(chosen)](const QString& path) { chosen(QFileInfo(path).absoluteFilePath()); });
    dialog->open();
}

} // namespace endospike

// The left panel of the training page: which networks, with which parameters, on which pairs, for how long.
#pragma once

#include "app/laboratory/experiment_setup.h"

class QLabel;
class QPushButton;
class QToolButton;

namespace endospike {

class TrainingNetworkList;

class TrainingSetup : public ExperimentSetup {
    Q_OBJECT

public:
    enum class Folder { images, digits };

    explicit TrainingSetup(QWidget* parent = nullptr);

    void setExperiment(const Experiment& experiment);
    /// Networks that are not ticked belong to the document that was there before.
    void forgetUnticked();

    TrainingNetworkList* networkList() const { return m_networks; }
    ParameterForm* networkForm() const { return m_network; } ///< of the chosen network
    QPushButton* publishedButton() const { return m_published; }
    QPushButton* ownBestButton() const { return m_ownBest; }
    ParameterForm* trainingForm() const { return m_training; }
    QPushButton* folderButton(Folder folder) const { return row(folder).choose; }
    QToolButton* usualFolderButton(Folder folder) const { return row(folder).usual; }
    QLabel* folderLabel(Folder folder) const { return row(folder).path; }

    /// For whoever has asked for the folder. A folder of digits also makes them the second image.
    static Change folderChange(Folder folder, const std::string& path);

signals:
    void folderWanted(endospike::TrainingSetup::Folder folder);
    void refused(const QString& sentence);

private:
    struct FolderRow {
        QWidget* box = nullptr;
        QLabel* path = nullptr;
        QPushButton* choose = nullptr;
        QToolButton* usual = nullptr;
    };
    const FolderRow& row(Folder folder) const { return folder == Folder::images ? m_images : m_digits; }
    QWidget* buildNetwork();
    QWidget* buildTraining();
    FolderRow buildFolder(Folder folder, const QString& title, const QString& usual);
    void connectForms();
    void setNetworkParameters(const QString& what, const std::function<ParameterValues(const NetworkKind&)>& values);
    void showNetwork();
    void showRelevance();
    void showFolder(const FolderRow& row, const std::string& path, const QString& otherwise);

    Experiment m_experiment;
    TrainingNetworkList* m_networks;
    Section* m_networkSection;
    ParameterForm* m_network;
    QPushButton* m_published = nullptr;
    QPushButton* m_ownBest = nullptr;
    ParameterForm* m_training;
    FolderRow m_images, m_digits;
};

} // namespace endospike

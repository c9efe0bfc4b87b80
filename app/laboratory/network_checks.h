// Which kinds of network a document holds, as boxes to tick.
#pragma once

#include "sim/document/experiment.h"

#include <QWidget>

#include <functional>
#include <vector>

class QCheckBox;

namespace endospike {

ParameterValues publishedParameters(const NetworkKind& kind);

class NetworkChecks : public QWidget {
    Q_OBJECT

public:
    using Change = std::function<void(Experiment&)>;

    /// `usual` gives the parameters of a network that is ticked.
    NetworkChecks(bool withConvolutional, ParameterValues (*usual)(const NetworkKind&), QWidget* parent = nullptr);

    void setNetworks(const std::vector<NetworkPlan>& networks);
    /// Null for a kind that is not offered.
    QCheckBox* box(std::string_view kind) const;

signals:
    /// One step to undo, called `what`: all networks of a kind go, or one with the usual parameters comes.
    void changeWanted(const QString& what, const endospike::NetworkChecks::Change& change);

private:
    struct Choice {
        const NetworkKind* kind;
        QCheckBox* box;
    };
    void setNetwork(const NetworkKind& kind, bool wanted);
    void refresh();

    ParameterValues (*m_usual)(const NetworkKind&);
    std::vector<NetworkPlan> m_networks;
    std::vector<Choice> m_choices;
};

} // namespace endospike

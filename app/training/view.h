// One of the views of the training page: it looks at the experiment, the data or one run's network. It changes the
// document by asking and trains nothing.
#pragma once

#include "sim/document/experiment.h"
#include "sim/network/multi_fashion.h"
#include "sim/network/trainer.h"
#include "widgets/plot/figure.h"

#include <QWidget>

#include <functional>
#include <memory>

namespace endospike {

class TrainingView : public QWidget {
    Q_OBJECT

public:
    using Change = std::function<void(Experiment&)>;
    using QWidget::QWidget;

    /// The document, after every change of it.
    virtual void setExperiment(const Experiment& experiment) { Q_UNUSED(experiment); }
    /// The pairs that the document asks for; nullptr while they are read or if they are missing. The page reads them.
    virtual void setData(std::shared_ptr<const TrainingData> pairs) { Q_UNUSED(pairs); }
    /// The run that the person looks into: after every epoch, and when another run is chosen. `network` does not change
    /// any more and may be kept; nullptr: there is no run yet.
    virtual void setSnapshot(const RunId& run, const EpochMetrics& metrics, std::shared_ptr<const Network> network)
    {
        Q_UNUSED(run);
        Q_UNUSED(metrics);
        Q_UNUSED(network);
    }

    /// A canvas of the test set was chosen in another view.
    virtual void choosePair(int pair) { Q_UNUSED(pair); }

    /// The view comes to the front, or goes. Nothing is to be computed behind.
    virtual void enter() { }
    virtual void leave() { }
    /// Threads end before this returns, within 100 ms.
    virtual void stop() { }

    /// Without data the page shows in its place what is missing and how to get it.
    virtual bool needsData() const { return true; }
    /// Without a network the page shows in its place that a run is to be started or opened.
    virtual bool needsNetwork() const { return true; }
    /// What an export of this view shows.
    virtual FigureRequest figure(const QString& caption) const = 0;

signals:
    /// A wish of the user; `place` and `continuing` as in Document::edit.
    void changeWanted(
        const QString& what, const QString& place, bool continuing, const endospike::TrainingView::Change& change);
    void pairChosen(int pair); ///< of the test set, by the person
    /// Something that the person wished cannot be; one sentence.
    void refused(const QString& sentence);
};

} // namespace endospike

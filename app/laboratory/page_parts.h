// What a page of the window may have. It hands out what there is, and the window's bar, menus, keys and exports follow.
#pragma once

#include "widgets/experiment/transport_bar.h"
#include "widgets/plot/figure.h"

#include <QString>

namespace endospike {

class PlotStack;
class TraceHistory;

/// Something that runs, is stopped, or stops by itself.
class Transport {
public:
    virtual void setRunning(bool running) = 0;
    virtual void reset() = 0;
    virtual TransportState state() const = 0;
    virtual QString stopReason() const = 0;

protected:
    ~Transport() = default;
};

/// A simulation that is watched while it goes.
class LiveTransport {
public:
    virtual void singleStep() = 0;
    virtual void setSpeed(double ms_per_s) = 0;
    virtual double speed() const = 0;
    /// A key that injects a current is held, or let go.
    virtual void setInjecting(bool injecting) = 0;
    virtual TransportReading reading() const = 0;

protected:
    ~LiveTransport() = default;
};

/// Work with an end.
class JobTransport {
public:
    virtual bool pausable() const { return false; } ///< what was begun can go on
    virtual double fraction() const = 0; ///< 0..1, negative if not known
    virtual QString sentence() const = 0;

protected:
    ~JobTransport() = default;
};

/// Plots over time, and what they show.
class TracePlots {
public:
    virtual PlotStack& plots() const = 0;
    virtual const TraceHistory& history() const = 0;
    /// In place of the live run: the experiment from its start to its end, paused, in full view. Throws
    /// SimulationError.
    virtual void showWholeRun() = 0;

protected:
    ~TracePlots() = default;
};

class FigureSource {
public:
    /// What an export shows. `caption` says what the document asks for; a figure of something else has its own.
    virtual FigureRequest figure(const QString& caption) const = 0;

protected:
    ~FigureSource() = default;
};

class TableSource {
public:
    /// With titles; empty if there are no figures.
    virtual QString csv() const = 0;

protected:
    ~TableSource() = default;
};

/// Trained networks or policies from a file.
class TrainedOpener {
public:
    virtual void openTrained(const QString& file) = 0;

protected:
    ~TrainedOpener() = default;
};

/// Null for what there is not, or not now.
struct PageParts {
    Transport* transport = nullptr;
    LiveTransport* live = nullptr;
    JobTransport* job = nullptr;
    TracePlots* traces = nullptr;
    FigureSource* figure = nullptr;
    TableSource* table = nullptr;
    TrainedOpener* opener = nullptr;
};

} // namespace endospike

// The hot loop of leaky integrate-and-fire cells: a tile of cells over many steps.
#pragma once

#include "sim/neuron/input_rows.h"

namespace endospike::lif {

inline constexpr int tileCells = 128; ///< a multiple of every vector length

/// Arrays of a tile: the state, then what is constant in time.
enum Field {
    fieldV,
    fieldLeft, ///< ms of the refractory period still to come
    fieldRest, ///< mV
    fieldR, ///< kOhm cm^2
    fieldTau, ///< ms
    fieldThreshold, ///< mV
    fieldReset, ///< mV
    fieldRefractory, ///< ms
    fieldPart, ///< dt / tau, or 1 - exp(-dt / tau) for exponential Euler
    fields
};

template <class T>
struct alignas(64) Tile {
    T value[fields][tileCells];
};

template <class T>
struct Advance {
    Tile<T>* tile;
    int cells; ///< how many of the tile are in use
    int steps;
    Integrator integrator;
    T dt_ms;
    InputView<T> input;
    SpikeSink spikes;
};

void advanceTile(const Advance<float>& work);
void advanceTile(const Advance<double>& work);

} // namespace endospike::lif

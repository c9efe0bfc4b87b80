// The hot loop of Hodgkin-Huxley cells: a tile of cells, small enough for the first-level cache, over many steps.
#pragma once

#include "sim/neuron/input_rows.h"

namespace endospike::hh {

inline constexpr int tileCells = 128; ///< a multiple of every vector length

/// Arrays of a tile: the state, then what is constant in time.
enum Field {
    fieldV,
    fieldM,
    fieldH,
    fieldN,
    fieldGNa, ///< mS/cm^2, blocked channels taken off
    fieldGK,
    fieldGL,
    fieldENa, ///< mV
    fieldEK,
    fieldEL,
    fieldDtPerC, ///< dt / C
    fieldDtPhi, ///< dt * phi
    fieldThreshold,
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
    T shift_mv; ///< V minus the voltage of the absolute convention
    InputView<T> input;
    SpikeSink spikes;
};

void advanceTile(const Advance<float>& work);
void advanceTile(const Advance<double>& work);

} // namespace endospike::hh

// The hot loop of tv-LIF2HH cells: a tile of cells, small enough for the first-level cache, over many steps.
#pragma once

#include "sim/neuron/input_rows.h"

namespace endospike::tv_lif_hh {

inline constexpr int tileCells = 128; ///< a multiple of every vector length

/// Arrays of a tile: the state in the order of tv_lif_hh::Variable, then what is constant in time.
enum Field {
    fieldU1,
    fieldU2,
    fieldU3,
    fieldF,
    fieldU4,
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
    fieldNewF, ///< 1: the soma unit hears the new F (published order), 0: the old one
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
    InputView<T> input;
    SpikeSink spikes;
};

void advanceTile(const Advance<float>& work);
void advanceTile(const Advance<double>& work);

} // namespace endospike::tv_lif_hh

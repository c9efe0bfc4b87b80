// Hodgkin-Huxley neurons with the rates of 1952 (sim/neuron/hodgkin_huxley.h) in both layers, from rest, for a window.
//
//   layer 1   I = gain (W1 * canvas + b1), constant
//   synapses  each spike leaves a trace exp(-(t - t_k) / tau); p = mean of the four traces of a tile
//   layer 2   I(t) = gain (W2 * p(t) + b2)
//   features  mean over 2 x 2 of (spikes in the window) / (the most that any constant current gives)
//
// Forward, the first layer's spike times are a function of one number and read from a table; the second layer is
// simulated step by step. Backward, a neuron's answer is taken for a smooth function of its mean current: the response
// to a constant current, smoothed by a Gaussian of `smoothing` in current (the expected response under current noise).
// For the first layer, whose current is constant, that answer is the mean trace; for the second, the number of spikes.
// The synapses and convolutions between are linear, so their share is exact, and nothing can explode: the chain through
// the spikes of single steps, which grows without bound where a neuron is about to fire, is not followed.
#pragma once

#include "sim/network/hidden_stack.h"
#include "sim/spiking/response_curve.h"
#include "sim/spiking/spike_time_table.h"

namespace endospike {

/// What depends on the settings alone; made once for a network.
struct HodgkinHuxleyTables {
    explicit HodgkinHuxleyTables(const NetworkSettings& settings);
    SpikeTimeTable times;
    ResponseTable response;
};

std::unique_ptr<HiddenStack> makeHodgkinHuxleyStack(
    const NetworkSettings& settings, std::shared_ptr<const HodgkinHuxleyTables> tables);

} // namespace endospike

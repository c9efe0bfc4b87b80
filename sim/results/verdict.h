// What can be claimed of two numbers, and how a claim fares that is judged by several such rules.
#pragma once

namespace endospike {

/// Of the first number to the second.
enum class Relation {
    equal, ///< to the last digit
    atMost,
    about, ///< they differ by no more than the tolerance
    above, ///< by more than the tolerance
    aboutOrAbove ///< not below by more than the tolerance
};

/// `difference` is the first minus the second.
bool holds(Relation relation, double difference, double tolerance);

enum class Outcome { holds, inPart, doesNotHold, notMeasured };

struct Verdict {
    int held = 0;
    int tested = 0;
    int asked = 0; ///< rules; those whose numbers were not measured cannot be tested

    void add(bool holds)
    {
        held += holds ? 1 : 0;
        ++tested;
    }
    /// All, some or none of what was tested; nothing tested is not measured.
    Outcome outcome() const;
};

} // namespace endospike

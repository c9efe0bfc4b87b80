// What networks see and answer: a canvas of two pictures, and what each of the two shows.
#pragma once

namespace endospike {

inline constexpr int canvasSide = 36;
inline constexpr int canvasPixels = canvasSide * canvasSide;
inline constexpr int paddedCanvasSide = canvasSide + 2;
inline constexpr int taskCount = 2;
inline constexpr int classCount = 10;

} // namespace endospike

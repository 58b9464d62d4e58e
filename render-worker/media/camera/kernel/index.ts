/**
 * The camera's inner loops, in AssemblyScript, compiled to WebAssembly SIMD by `npm run build:kernel`: once
 * with relaxed SIMD and once without, at half the speed. Both draw the same bytes.
 *
 * Samples are signed bytes (value - 128). Catmull-Rom weights are bytes out of 127, with the two inner and
 * the two (negative) outer ones apart, so that one relaxed dot product does two taps of eight samples. The
 * top bit of the second operand is never set, because there the relaxed instructions of different machines
 * differ: so every machine draws the same bytes.
 *
 * Known weakness: weights in steps of 1/127 and one rounding per pass leave an error of up to two levels.
 */
export { addLight } from "./add-light";
export { layColumns, layShiftedColumns } from "./lay-columns";
export { layPhases } from "./lay-phases";
export { loadPlane } from "./load-plane";
export { mix } from "./mix";
export { mixByLuma } from "./mix-by-luma";
export { samplePlane } from "./sample-plane";

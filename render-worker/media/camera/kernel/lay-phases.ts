/** The weights of Catmull-Rom for the positions between two samples. */

/** The sum of the weights; the largest that fits seven bits. */
const unit: i32 = 127;

/** The positions between two samples that have weights of their own. */
const phaseCount: i32 = 1024;
/** Four bytes per phase: outer left, inner left, inner right, outer right. */
let phases: usize = 0;

/**
 * Writes the weights of all phases to `table` (4 * 1025 bytes), for every later call. Call it first.
 *
 * Of the ways to round, each phase gets the one whose centre of weight is nearest to its position. A camera
 * that moves by one pixel per frame shows the same few phases all over the picture, so an error of their
 * centres makes the whole picture shake.
 */
export function layPhases(table: usize): void {
  phases = table;
  for (let phase: i32 = 0; phase <= phaseCount; phase++) {
    const t = <f64>phase / phaseCount;
    const left = (0.5 * t - t * t + 0.5 * t * t * t) * unit;
    const right = (0.5 * t * t - 0.5 * t * t * t) * unit;
    const middle = (0.5 * t + 2.0 * t * t - 1.5 * t * t * t) * unit;
    let least = Infinity;
    for (let choice: i32 = 0; choice < 8; choice++) {
      const outerLeft = <i32>left + (choice & 1);
      const outerRight = <i32>right + ((choice >> 1) & 1);
      const innerRight = min(<i32>middle + (choice >> 2), unit);
      const innerLeft = unit + outerLeft + outerRight - innerRight;
      if (innerLeft < 0 || innerLeft > unit) continue;
      const offCentre = <f64>(outerLeft + innerRight - 2 * outerRight) - t * unit;
      const offWeights = abs(<f64>outerLeft - left) + abs(<f64>outerRight - right) + abs(<f64>innerRight - middle);
      const cost = 4.0 * abs(offCentre) + offWeights;
      if (cost >= least) continue;
      least = cost;
      const entry = table + <usize>(phase * 4);
      store<u8>(entry, <u8>outerLeft);
      store<u8>(entry, <u8>innerLeft, 1);
      store<u8>(entry, <u8>innerRight, 2);
      store<u8>(entry, <u8>outerRight, 3);
    }
  }
}

// @ts-ignore: decorator
@inline
/** The address of the weights for a position `fraction` of the way between two samples. */
export function findPhase(fraction: f64): usize {
  return phases + ((<usize>(fraction * phaseCount + 0.5)) << 2);
}

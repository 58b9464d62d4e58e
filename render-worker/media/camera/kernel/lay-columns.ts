import { findPhase } from "./lay-phases";

/** The bytes of one group of eight output columns in the table: first source column, swizzles and weights. */
export const groupBytes: usize = 80;

/**
 * Writes the table for `count` output columns (a multiple of 8; `count` / 8 * 80 bytes). Column i samples the
 * source position `start` + i * `step`, kept within the repeated samples.
 */
export function layColumns(table: usize, start: f64, step: f64, count: i32, width: i32): void {
  for (let group: i32 = 0; group < count; group += 8) {
    const entry = table + <usize>(group / 8) * groupBytes;
    let first: i32 = 0;
    for (let i: i32 = 0; i < 8; i++) {
      const position = min(max(start + <f64>(group + i) * step, -8.0), <f64>(width + 8));
      const whole = <i32>Math.floor(position);
      const phase = findPhase(position - <f64>whole);
      if (i == 0) {
        first = whole - 1;
        store<i32>(entry, first);
      }
      const at = min(whole - 1 - first, 12);
      const pair = entry + 16 + <usize>(2 * i);
      store<u8>(pair, <u8>(at + 1));
      store<u8>(pair + 1, <u8>(at + 2));
      store<u8>(pair + 16, <u8>at);
      store<u8>(pair + 17, <u8>(at + 3));
      store<u16>(pair + 32, load<u16>(phase, 1));
      store<u8>(pair + 48, load<u8>(phase));
      store<u8>(pair + 49, load<u8>(phase, 3));
    }
  }
}

/**
 * The tables of `layColumns` for rows that are shifted by 0 to 15 sixteenths of a sample, one after the
 * other.
 */
export function layShiftedColumns(table: usize, start: f64, step: f64, count: i32, width: i32): void {
  for (let sixteenth: i32 = 0; sixteenth < 16; sixteenth++)
    layColumns(
      table + <usize>(sixteenth * (count >> 3)) * groupBytes,
      start + <f64>sixteenth / 16.0,
      step,
      count,
      width,
    );
}

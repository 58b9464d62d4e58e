/** A rectangle in pixels; `right` and `bottom` are exclusive. `sum`: of the values within. */
export interface Rectangle {
  left: number;
  top: number;
  right: number;
  bottom: number;
  sum: number;
}

/** The rectangle whose values have the largest sum. Negative values keep it small. */
export function bestRectangle(values: Float64Array, width: number, height: number): Rectangle {
  let best: Rectangle = { left: 0, top: 0, right: 0, bottom: 0, sum: 0 };
  const columns = new Float64Array(width);
  for (let top = 0; top < height; top++) {
    columns.fill(0);
    for (let row = top; row < height; row++) {
      let [sum, left] = [0, 0];
      for (let x = 0; x < width; x++) {
        const column = (columns[x] as number) + (values[row * width + x] as number);
        columns[x] = column;
        if (sum <= 0) [sum, left] = [column, x];
        else sum += column;
        if (sum > best.sum) best = { left, top, right: x + 1, bottom: row + 1, sum };
      }
    }
  }
  return best;
}

import type { Figure } from "../stage.ts";
import { type Canvas, newCanvas } from "./canvas.ts";

/** Above this part of what is drawn nothing moves. */
const seam = 0.9;

/**
 * The row of the extended picture where a row of the drawn one is: rows nearer to the edge are stretched
 * more.
 */
function rowAfter(row: number, drawn: number, height: number): number {
  const from = seam * drawn;
  if (row <= from || drawn === height) return row;
  const part = (row - from) / (drawn - from);
  return row + (height - drawn) * part * part;
}

/** The canvas with its ground extended to `height`. What stands above the lowest tenth stays as it is. */
export function extendGround(canvas: Canvas, height: number): Canvas {
  const { width, height: drawn, rgb } = canvas;
  if (drawn === height) return canvas;
  const whole = newCanvas(width, height);
  const stride = width * 3;
  let source = 0;
  for (let row = 0; row < height; row++) {
    while (source < drawn - 2 && rowAfter(source + 1, drawn, height) <= row) source++;
    const [above, below] = [rowAfter(source, drawn, height), rowAfter(source + 1, drawn, height)];
    const part = Math.min(1, Math.max(0, (row - above) / (below - above)));
    for (let i = 0; i < stride; i++)
      whole.rgb[row * stride + i] =
        (rgb[source * stride + i] as number) * (1 - part) + (rgb[(source + 1) * stride + i] as number) * part;
  }
  return whole;
}

/** The figure where it is in the extended picture. */
export function lowerFeet(figure: Figure, drawn: number, height: number): Figure {
  const [top, bottom] = [figure.y, figure.y + figure.height].map((row) => rowAfter(row, drawn, height)) as [
    number,
    number,
  ];
  return { ...figure, y: top, height: bottom - top };
}

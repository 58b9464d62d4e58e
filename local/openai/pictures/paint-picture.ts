import sharp from "sharp";
import { chanceOf } from "../chance.ts";
import type { PictureOrder } from "./paint-off-thread.ts";

/** A landscape at dusk, seeded by the prompt. */
export async function paintPicture(order: PictureOrder): Promise<Buffer> {
  const { width, height, format, compression } = order;
  const chance = chanceOf(`${order.prompt}#${order.take}`);
  const hue = chance.whole(180, 320);
  const ridges = Array.from({ length: 4 }, (_, i) => {
    const top = height * (0.45 + i * 0.12);
    let path = `M0 ${height} L0 ${top}`;
    for (let x = 0; x <= width; x += width / 24)
      path += ` L${x.toFixed(0)} ${(top + chance.between(-0.06, 0.06) * height).toFixed(0)}`;
    return `<path d="${path} L${width} ${height}Z" fill="hsl(${hue} 40% ${42 - i * 11}%)"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="hsl(${hue} 60% 18%)"/><stop offset="0.6" stop-color="hsl(${hue + 60} 60% 70%)"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#s)"/><circle cx="${chance.between(0.2, 0.8) * width}" cy="${0.25 * height}" r="${0.08 * height}" fill="#fff4d8"/>${ridges.join("")}</svg>`;
  const picture = sharp(Buffer.from(svg)).removeAlpha();
  if (format === "png") return picture.png({ compressionLevel: 3 }).toBuffer();
  return (
    format === "jpeg" ? picture.jpeg({ quality: compression }) : picture.webp({ quality: compression })
  ).toBuffer();
}

/** Serves pictures by address, as LocalAI does by default. */
import { createHash } from "node:crypto";
import type { Request, RequestHandler } from "express";

const maxPictures = 100;
const pictures = new Map<string, Buffer>();

/** Stores the picture and returns its address on this server. Only the last hundred are stored. */
export function linkTo(picture: Buffer, req: Request): string {
  const name = createHash("sha256").update(picture).digest("hex").slice(0, 32);
  pictures.set(name, picture);
  if (pictures.size > maxPictures) pictures.delete(pictures.keys().next().value as string);
  return `${req.protocol}://${req.get("host")}/generated/${name}`;
}

/** GET /generated/{name} */
export const answerLinkedPicture: RequestHandler = (req, res) => {
  const picture = pictures.get(String(req.params.name));
  if (picture) res.type("png").send(picture);
  else res.status(404).end();
};

import { createHash } from "node:crypto";
import type { Request } from "express";
import sharp from "sharp";
import { z } from "zod";
import { invalid } from "../http/envelope.ts";
import type { PreparedCall } from "../http/prepared-call.ts";
import { parseBody } from "../http/read-body.ts";
import { readForm } from "../http/read-form.ts";
import { readMarks } from "../pictures/marks/pixels.ts";
import type { SimulatorState } from "../state.ts";
import { PictureBody, preparePictures } from "./picture.ts";

/** @source OpenAI's API reference, "Create image edit": up to 16 pictures, each below 50 MB */
const most = { pictures: 16, bytes: 50 * 1024 * 1024 };

const EditBody = PictureBody.extend({
  n: z.coerce.number().int().min(1).max(10).nullish(),
  output_compression: z.coerce.number().int().min(0).max(100).nullish(),
  input_fidelity: z.string().optional(),
});

/**
 * POST /v1/images/edits, as a form with files or as JSON with `images`: pictures that show the marks of all
 * sheets among the references.
 *
 * @throws VendorError that names the parameter
 */
export const editPictures =
  ({ control }: Pick<SimulatorState, "control">) =>
  async (req: Request): Promise<PreparedCall> => {
    const { fields, files } = Buffer.isBuffer(req.body) ? await readFormOf(req) : readJson(req);
    const body = parseBody(fields, EditBody);
    if (body.input_fidelity !== undefined && /^gpt-image-[2-9]/u.test(body.model ?? ""))
      throw invalid(
        "input_fidelity",
        "Unsupported parameter: 'input_fidelity' is not supported with this model.",
        "unsupported_parameter",
      );
    if (files.length === 0)
      throw invalid("image", "Missing required parameter: 'image'.", "missing_required_parameter");
    if (files.length > most.pictures) throw invalid("image", `At most ${most.pictures} images.`);
    const references = await Promise.all(files.map(readReference));
    return preparePictures(body, control.pictureScale, {
      marks: references.flatMap(({ marks }) => marks),
      photos: references.map(({ hash }) => hash),
      tokens: references.reduce((sum, { tokens }) => sum + tokens, 0),
    });
  };

async function readFormOf(req: Request) {
  const form = await readForm(req);
  const files = [...form.getAll("image"), ...form.getAll("image[]")].filter((one) => one instanceof File);
  const fields = Object.fromEntries([...form].filter(([, value]) => typeof value === "string"));
  return {
    fields,
    files: await Promise.all(files.map(async (file) => Buffer.from(await file.arrayBuffer()))),
  };
}

const JsonImages = z.array(z.object({ image_url: z.string() }).loose()).max(most.pictures);

/** The JSON form of the request. Only data URLs are read: the simulator fetches nothing. */
function readJson(req: Request) {
  const { images, ...fields } = parseBody(req.body, z.looseObject({ images: JsonImages.default([]) }));
  const files = images.map(({ image_url }) => {
    const [, data] = /^data:image\/\w+;base64,(.*)$/su.exec(image_url) ?? [];
    if (data === undefined) throw invalid("images", "Only data URLs are supported by this server.");
    return Buffer.from(data, "base64");
  });
  return { fields, files };
}

async function readReference(file: Buffer) {
  const { width = 0, height = 0 } = await sharp(file)
    .metadata()
    .catch(() => {
      throw invalid("image", "Invalid image file or mode for image.", "invalid_image_file");
    });
  if (file.length > most.bytes) throw invalid("image", "Image file is too large.");
  return {
    marks: await readMarks(file),
    hash: createHash("sha256").update(file).digest("hex"),
    tokens: countReferenceTokens(width, height),
  };
}

/**
 * @source OpenAI's guide "Images and vision", GPT Image 1 with high input fidelity: 65, 129 for each tile of
 * 512 pixels where the shortest side is scaled down to 512, and 4,160 for a square or 6,240 for another shape
 */
function countReferenceTokens(width: number, height: number): number {
  const scale = Math.min(1, 512 / Math.min(width, height));
  const tiles = Math.ceil((width * scale) / 512) * Math.ceil((height * scale) / 512);
  return 65 + 129 * tiles + (width === height ? 4_160 : 6_240);
}

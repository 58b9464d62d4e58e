import type { Request } from "express";
import { z } from "zod";
import { hash32 } from "../chance.ts";
import { invalid } from "../http/envelope.ts";
import type { PreparedCall } from "../http/prepared-call.ts";
import { readBody } from "../http/read-body.ts";
import { markOfSheet } from "../pictures/marks/mark.ts";
import { paintPicture } from "../pictures/paint-picture.ts";
import type { SimulatorState } from "../state.ts";
import { countTokens } from "../text/count-tokens.ts";

/** What generation and edits have in common. */
export const PictureBody = z
  .object({
    model: z.string().optional(),
    prompt: z.string().min(1).max(32_000),
    n: z.int().min(1).max(10).nullish(),
    size: z.string().nullish(),
    quality: z.enum(["low", "medium", "high", "xhigh", "max", "auto", "standard"]).nullish(),
    output_format: z.enum(["png", "jpeg", "webp"]).nullish(),
    output_compression: z.int().min(0).max(100).nullish(),
  })
  .loose();

/**
 * The edge of a token's square in pixels. Each row of squares has one token more.
 *
 * @source GPT image models' token table: 1024x1024 is 272, 1056, 4160; 1536x1024 is 400, 1568, 6208
 */
const tokenEdge = { low: 64, medium: 32, high: 16, xhigh: 16, max: 16 };

function countTokensOfPicture({ width, height }: { width: number; height: number }, edge: number): number {
  const rows = Math.ceil(height / edge);
  return Math.ceil(width / edge) * rows + rows;
}

/**
 * POST /v1/images/generations in the form of GPT image models: pictures in base64, and usage in tokens.
 * @throws VendorError that names the parameter
 */
export const paintPictures =
  ({ control }: Pick<SimulatorState, "control">) =>
  (req: Request): PreparedCall =>
    preparePictures(readBody(req, PictureBody), control.pictureScale);

/** What a request's reference pictures mean for the picture and its price. */
export interface References {
  /** Of the sheets among them. */
  marks: number[];
  /** A hash of each picture. */
  photos: string[];
  tokens: number;
}

const noReferences: References = { marks: [], photos: [], tokens: 0 };

/**
 * The call that paints pictures, from references if there are some. @throws VendorError for an unknown size
 */
export function preparePictures(
  body: z.infer<typeof PictureBody>,
  scale: number,
  references: References = noReferences,
): PreparedCall {
  const sheet = markOfSheet(body.prompt, references.photos);
  const marks = sheet === null ? references.marks : [sheet];
  const size = readSize(body.size ?? "auto");
  const format = body.output_format ?? "png";
  const quality =
    !body.quality || body.quality === "auto" || body.quality === "standard" ? "medium" : body.quality;
  const count = body.n ?? 1;
  const compression = body.output_compression ?? 90;
  const painted = { width: Math.round(size.width * scale), height: Math.round(size.height * scale) };
  const shape = JSON.stringify(
    references.photos.length > 0 ? { ...body, references: references.photos } : body,
  );
  const work = async (signal: AbortSignal) => {
    const pictures = await Promise.all(
      Array.from({ length: count }, (_, take) =>
        paintPicture({ prompt: body.prompt, take, ...painted, format, compression, marks }, signal),
      ),
    );
    const textTokens = countTokens(body.prompt);
    const inputTokens = textTokens + references.tokens;
    const outputTokens = count * countTokensOfPicture(size, tokenEdge[quality]);
    const answer = {
      created: 1_767_225_600 + (hash32(shape) % 1_000_000),
      background: "opaque",
      data: pictures.map((picture) => ({ b64_json: picture.toString("base64") })),
      output_format: format,
      quality,
      size: `${size.width}x${size.height}`,
      usage: {
        input_tokens: inputTokens,
        input_tokens_details: { text_tokens: textTokens, image_tokens: references.tokens },
        output_tokens: outputTokens,
        output_tokens_details: { text_tokens: 0, image_tokens: outputTokens },
        total_tokens: inputTokens + outputTokens,
      },
    };
    return { contentType: "application/json", body: Buffer.from(JSON.stringify(answer)) };
  };
  return { shape, work };
}

/** Width and height as GPT image models accept them: edges in steps of 16 up to 3840, at most 3:1. */
function readSize(size: string): { width: number; height: number } {
  if (size === "auto") return { width: 1536, height: 1024 };
  const [, w, h] = /^(\d{2,4})x(\d{2,4})$/.exec(size) ?? [];
  const [width, height] = [Number(w), Number(h)];
  const ok = (edge: number) => edge >= 256 && edge <= 3840 && edge % 16 === 0;
  if (!w || !h || !ok(width) || !ok(height) || Math.max(width / height, height / width) > 3) {
    throw invalid(
      "size",
      `Invalid value: '${size}'. Supported values are: '1024x1024', '1024x1536', '1536x1024', and 'auto'.`,
    );
  }
  return { width, height };
}

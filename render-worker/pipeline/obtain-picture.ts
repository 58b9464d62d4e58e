/**
 * A scene's picture: found, bought, or replaced by a placeholder if neither works. A film with one
 * placeholder is worth more than no film. The warnings tell its owner why, and a redo of the scene buys the
 * picture.
 */
import { join } from "node:path";
import { scenePictureSize } from "../../contract/picture-sizes.ts";
import { ceilingOfPicture } from "../../contract/prices.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import type { PictureRequest } from "../ai/ai.ts";
import { CodedError, OverBudget, Poison } from "../errors.ts";
import { paintPlaceholder } from "../media/paint-placeholder.ts";
import { writePng } from "../media/write-png.ts";
import { hashOf } from "../purchases/fingerprint.ts";
import type { FilmContext } from "./film-context.ts";
import { picturePrompt } from "./storyboard/picture-prompt.ts";

export interface Picture {
  /** The same key always means the same pixels. */
  key: string;
  /** The model that painted it; null for a placeholder. */
  model: string | null;
  path: string;
  reused: boolean;
  /** What it cost when it was bought. */
  costMicroUsd: number;
}

type Scene = Storyboard["scenes"][number];

/**
 * The scene's picture.
 *
 * @param decode throws Poison if a picture cannot be decoded
 * @throws what must stop the film
 */
export async function obtainPicture(
  scene: Scene,
  index: number,
  context: FilmContext,
  decode: (path: string) => Promise<unknown>,
): Promise<Picture> {
  const { ai, job, providers, progress, safetyIdentifier } = context;
  const { model, quality } = providers.picture;
  const request: PictureRequest = {
    prompt: picturePrompt(scene, job.options.style),
    size: scenePictureSize(scene, job.options.aspect, model),
  };
  const buy = async (asked: PictureRequest): Promise<Picture> => {
    const picture = await context.assets.obtain(
      { capability: "picture", extension: "png", contentType: "image/png" },
      { model, quality, ...asked },
      {
        scene: index,
        model,
        ceilingMicroUsd: ceilingOfPicture(providers.picture, asked.size, asked.prompt),
        call: async (graceSignal) => {
          const {
            value: bytes,
            costMicroUsd,
            requestId,
          } = await ai.paint({ ...asked, safetyIdentifier }, graceSignal);
          return { bytes, costMicroUsd, requestId };
        },
        check: async (path, isVerified) => {
          if (!isVerified) await decode(path);
          return undefined;
        },
      },
    );
    return { ...picture, model };
  };
  try {
    return await buy(request).catch(async (error) => {
      if (!isRefusal(error)) throw error;
      const picture = await buy({ ...request, prompt: picturePrompt(scene, job.options.style, true) });
      progress.warn(
        "picture.softened",
        `Scene ${index + 1} has a gentler picture than its description: the provider refused that one. Redo the scene with another description.`,
        index,
      );
      return picture;
    });
  } catch (error) {
    context.signal.throwIfAborted();
    const why = placeholderReason(error, { isAway: ai.isAway("picture"), onBudget: job.options.on_budget });
    if (why === null) throw error;
    progress.warn(
      why.code,
      `Scene ${index + 1} is painted without AI: ${why.reason} Redo the scene to buy its picture.`,
      index,
    );
    return writePlaceholder(request.prompt, index, context);
  }
}

/** Whether the provider refused what the picture shows. Refusals cost nothing. */
const isRefusal = (error: unknown) => error instanceof CodedError && error.aiFault === "refused";

/**
 * Why a placeholder replaces a picture that cannot be bought; null if the film must stop. While the provider
 * is away the job waits for it: only if it serves other pictures, the failure belongs to this one.
 */
export function placeholderReason(
  error: unknown,
  { isAway, onBudget }: { isAway: boolean; onBudget: "fail" | "degrade" },
): { code: string; reason: string } | null {
  if (error instanceof OverBudget)
    return onBudget === "degrade"
      ? { code: "picture.over_budget", reason: "the budget does not suffice for its picture." }
      : null;
  // The decoder refused the picture; the provider is not at fault.
  if (error instanceof Poison && error.aiFault === null)
    return { code: "picture.unusable", reason: "the provider's picture could not be decoded." };
  if (!(error instanceof CodedError)) return null;
  const { aiFault } = error;
  if (aiFault === "refused" || aiFault === "bad_request")
    return { code: "picture.refused", reason: "the provider refused its picture." };
  if ((aiFault === "unavailable" || aiFault === "unreadable") && !isAway)
    return { code: "picture.failed", reason: "the provider failed several times." };
  return null;
}

/** The names `still` are part of the key of kept pictures and must not change. */
async function writePlaceholder(
  prompt: string,
  index: number,
  { folder, filmSize, job, signal }: FilmContext,
): Promise<Picture> {
  const seed = hashOf({ prompt, still: 1 });
  const path = join(folder, `still-${index}`);
  const image = paintPlaceholder({
    aspect: filmSize.width / filmSize.height,
    style: job.options.style,
    seed,
  });
  await writePng(image, path, signal);
  return { key: `still:${seed}`, model: null, path, reused: false, costMicroUsd: 0 };
}

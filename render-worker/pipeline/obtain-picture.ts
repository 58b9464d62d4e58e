/**
 * A scene's picture: found, bought, or painted here where none can be had. A film with one still of ours in it is worth
 * more than no film; its owner reads why in the warnings, and a redo of the scene buys the picture after all.
 */
import { join } from "node:path";
import { pictureSizes } from "../../contract/estimate-cost.ts";
import { ceilingOfPicture } from "../../contract/prices.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import type { PictureRequest } from "../ai/ai.ts";
import { CodedError, OverBudget, Poison } from "../errors.ts";
import { paintPlaceholder } from "../media/paint-placeholder.ts";
import { writePng } from "../media/write-png.ts";
import { hashOf } from "../purchases/asset-store.ts";
import type { FilmContext } from "./film-context.ts";
import { picturePrompt } from "./storyboard/picture-prompt.ts";

export interface Picture {
  /** Names it for good: same key, same pixels. */
  key: string;
  path: string;
  reused: boolean;
}

type Scene = Storyboard["scenes"][number];

/** `decode` proves that a picture can be used. @throws what the film has to stop for */
export async function obtainPicture(
  scene: Scene,
  index: number,
  context: FilmContext,
  decode: (path: string) => Promise<unknown>,
): Promise<Picture> {
  const { ai, job, providers, progress } = context;
  const request: PictureRequest = {
    prompt: picturePrompt(scene, job.options.style),
    size: pictureSizes[job.options.aspect],
  };
  const { model, quality } = providers.picture;
  try {
    return await context.assets.obtain(
      { capability: "picture", extension: "png", contentType: "image/png" },
      { model, quality, ...request },
      {
        scene: index,
        model,
        ceilingMicroUsd: ceilingOfPicture(providers.picture, request.size, request.prompt),
        call: async (graceSignal) => {
          const { value: bytes, costMicroUsd, requestId } = await ai.paint(request, graceSignal);
          return { bytes, costMicroUsd, requestId };
        },
        check: async (path, isVerified) => {
          if (!isVerified) await decode(path);
          return undefined;
        },
      },
    );
  } catch (error) {
    context.signal.throwIfAborted();
    const why = placeholderReason(error, { isAway: ai.isAway("picture"), onBudget: job.options.on_budget });
    if (why === null) throw error;
    progress.warn(
      why.code,
      `Scene ${index + 1} has a picture painted without an AI provider: ${why.reason}`,
      index,
    );
    return paint(request.prompt, index, context);
  }
}

/**
 * Why a picture that can not be had is painted here; null where the film has to stop. A provider that is away is waited
 * for: only where it serves others, what it does not serve is this picture's own trouble.
 */
export function placeholderReason(
  error: unknown,
  { isAway, onBudget }: { isAway: boolean; onBudget: "fail" | "degrade" },
): { code: string; reason: string } | null {
  if (error instanceof OverBudget)
    return onBudget === "degrade" ? { code: "picture.over_budget", reason: "the budget is spent." } : null;
  // No AI provider's fault: the decoder refused what was bought.
  if (error instanceof Poison && error.aiFault === null)
    return { code: "picture.unusable", reason: "what the provider sent can not be decoded." };
  if (!(error instanceof CodedError)) return null;
  const { aiFault } = error;
  if (aiFault === "refused" || aiFault === "bad_request")
    return { code: "picture.refused", reason: "the provider refused it." };
  if ((aiFault === "unavailable" || aiFault === "unreadable") && !isAway)
    return { code: "picture.failed", reason: "the provider failed at it again and again." };
  return null;
}

async function paint(
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
  return { key: `still:${seed}`, path, reused: false };
}

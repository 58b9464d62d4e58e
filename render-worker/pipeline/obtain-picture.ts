/**
 * A scene's picture: found, bought, or replaced by a placeholder if neither works. A film with one
 * placeholder is worth more than no film. The warnings tell its owner why, and a redo of the scene buys the
 * picture.
 */
import { join } from "node:path";
import { scenePictureSize } from "../../contract/picture-sizes.ts";
import { ceilingOfPicture } from "../../contract/prices.ts";
import { assetKey } from "../../contract/storage.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { NoReferences, type PictureRequest } from "../ai/ai.ts";
import { CodedError } from "../errors.ts";
import { paintPlaceholder } from "../media/paint-placeholder.ts";
import { writePng } from "../media/write-png.ts";
import { hashOf } from "../purchases/fingerprint.ts";
import { referenceWords } from "./cast/sheet-prompt.ts";
import type { Reference, Sheet } from "./cast/sheets.ts";
import { explainMissing, isMissing } from "./chosen-take.ts";
import type { FilmContext } from "./film-context.ts";
import { placeholderReason } from "./placeholder-reason.ts";
import { picturePrompt } from "./storyboard/picture-prompt.ts";

export interface Picture {
  /** The same key always means the same pixels. */
  key: string;
  /** The model that painted it; null for a placeholder. */
  model: string | null;
  file(): Promise<string>;
  reused: boolean;
  /** What it cost when it was bought. */
  costMicroUsd: number;
  /** The provider refused the description, and painted this picture from a gentler one. */
  isSoftened: boolean;
}

type Scene = Storyboard["scenes"][number];

/**
 * Decodes a picture's file. `bought`: it was bought just now, and is stored only after this.
 *
 * @throws Poison if the picture cannot be decoded
 */
export type DecodePicture = (path: string, bought: Pick<Picture, "key" | "model"> | null) => Promise<unknown>;

/**
 * The scene's picture, decoded and stored.
 *
 * @throws what must stop the film
 */
export async function obtainPicture(
  scene: Scene,
  index: number,
  context: FilmContext,
  decode: DecodePicture,
): Promise<Picture> {
  const { ai, job, progress } = context;
  const buyFrom = (references: readonly Reference[], isGentle: boolean): Promise<Picture> =>
    buyPicture({ scene, index, references, isGentle }, context, decode);
  const buy = (isGentle: boolean): Promise<Picture> => {
    const references = context.sheets.ofScene(scene);
    return buyFrom(references, isGentle).catch((error) => {
      if (references.length === 0) throw error;
      if (error instanceof NoReferences) context.sheets.giveUp();
      // Some servers call the request bad instead, which costs nothing. Other pictures may still be painted
      // so.
      else if (isBadRequest(error)) warnOfWords(index, progress);
      // A film that may buy nothing may have been made without references.
      else if (!isMissing(error, job)) throw error;
      return buyFrom([], isGentle);
    });
  };
  const soften = async () => {
    const picture = { ...(await buy(true)), isSoftened: true };
    progress.warn(
      "picture.softened",
      `Scene ${index + 1} has a gentler picture than its description: the provider refused that one. Redo the scene with another description.`,
      index,
    );
    return picture;
  };
  try {
    if (await wasSoftened(scene, index, context)) return await soften();
    return await buy(false).catch((error) => {
      // What a provider refused earlier was not kept.
      if (!isRefusal(error) && !isMissing(error, job)) throw error;
      return soften();
    });
  } catch (error) {
    context.signal.throwIfAborted();
    const why = placeholderReason(error, { isAway: ai.isAway("picture"), onBudget: onBudgetOf(job, index) });
    if (why === null) throw explainMissing(error, job);
    progress.warn(
      why.code,
      `Scene ${index + 1} is painted without AI: ${why.reason} Redo the scene to buy its picture.`,
      index,
    );
    return writePlaceholder(picturePrompt(scene, job.options.style), index, context);
  }
}

/**
 * What the scene does without money. If nothing may be bought, a placeholder stays one, and none is added.
 */
const onBudgetOf = ({ options, chosen }: FilmContext["job"], index: number) =>
  chosen === undefined ? options.on_budget : chosen.placeholders.includes(index) ? "degrade" : "fail";

/**
 * Whether the gentle picture was bought earlier, and the one described was not. The provider is then not
 * asked again: it might paint this time, and a redo of another scene, or a film that its owner has approved,
 * would get and pay a picture that was not asked for.
 */
async function wasSoftened(scene: Scene, index: number, context: FilmContext): Promise<boolean> {
  const { assets, job, sheets } = context;
  if (job.attempt === 1 && job.storyboard === null) return false;
  const references = sheets.ofScene(scene);
  const isKept = (isGentle: boolean) =>
    assets.isKept(pictureKind, describe({ scene, index, references, isGentle }, context).shape);
  return !(await isKept(false)) && (await isKept(true));
}

const pictureKind = { capability: "picture", extension: "png", contentType: "image/png" } as const;

interface Wanted {
  scene: Scene;
  index: number;
  /** The picture is painted from their sheets, or from words alone if there are none. */
  references: readonly Reference[];
  isGentle: boolean;
}

/** The request for a picture, and everything that determines the picture. */
function describe({ scene, references, isGentle }: Wanted, { job, providers }: FilmContext) {
  const { model, quality } = providers.picture;
  const words = picturePrompt(scene, job.options.style, isGentle);
  const promptOf = (from: readonly Pick<Sheet, "member">[]) =>
    from.length === 0 ? words : words + referenceWords(from.map(({ member }) => member));
  const request: PictureRequest = {
    prompt: promptOf(references),
    size: scenePictureSize(scene, job.options.aspect, model),
  };
  // Without references as before there were sheets. A sheet that fails changes nothing, so a redo finds the
  // picture.
  const shape = {
    ...{ model, quality, ...request },
    ...(references.length > 0 && { sheets: references.map(({ fingerprint }) => fingerprint) }),
  };
  return { model, request, promptOf, shape };
}

/** The picture, found or bought. */
async function buyPicture(wanted: Wanted, context: FilmContext, decode: DecodePicture): Promise<Picture> {
  const { index, references } = wanted;
  const { ai, assets, providers, safetyIdentifier } = context;
  const { model, request, promptOf, shape } = describe(wanted, context);
  let sheets: readonly Sheet[] = [];
  let files: string[] = [];
  let bought: Parameters<DecodePicture>[1] = null;
  const picture = await assets.obtain(pictureKind, shape, {
    scene: index,
    model,
    ceilingMicroUsd: ceilingOfPicture(providers.picture, request.size, request.prompt, references.length),
    onMissing: () => context.newScenes?.announce(index),
    ...(references.length > 0 && {
      prepare: async () => {
        sheets = await context.sheets.obtain(references);
        // Read before the ledger hears of the call: a fault of the store must not count as one of the
        // purchase.
        files = await Promise.all(sheets.map(({ file }) => file()));
      },
    }),
    call: async (graceSignal) => {
      const asked = { ...request, prompt: promptOf(sheets), safetyIdentifier };
      const { value: bytes, ...paid } = await (files.length > 0
        ? ai.edit({ ...asked, references: files }, graceSignal)
        : ai.paint(asked, graceSignal));
      bought = { key: assetKey(assets.fingerprintOf(pictureKind, shape), pictureKind.extension), model };
      return { bytes, ...paid };
    },
    check: async (path, isVerified) => {
      if (!isVerified) await decode(path, bought);
      return undefined;
    },
    // All that is made of the picture may be kept.
    isReadLater: async () => true,
  });
  return { ...picture, model, isSoftened: false };
}

const isBadRequest = (error: unknown) => error instanceof CodedError && error.aiFault === "bad_request";

const warnOfWords = (index: number, progress: FilmContext["progress"]) =>
  progress.warn(
    "picture.without_references",
    `Scene ${index + 1} is painted from words alone, because the AI provider could not use the reference pictures. People and things may look different in it.`,
    index,
  );

/** Whether the provider refused what the picture shows. Refusals cost nothing. */
const isRefusal = (error: unknown) => error instanceof CodedError && error.aiFault === "refused";

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
  return {
    key: `still:${seed}`,
    model: null,
    file: async () => path,
    reused: false,
    costMicroUsd: 0,
    isSoftened: false,
  };
}

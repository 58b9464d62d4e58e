/**
 * The reference sheets of a film's cast: one picture for each member, found or bought when the first picture
 * that is painted from it is bought. A picture that is found needs no sheet, so a redo asks for those of its
 * own scene alone.
 */
import type { CastMember } from "../../../contract/cast.ts";
import { limits } from "../../../contract/limits.ts";
import { sheetSize } from "../../../contract/picture-sizes.ts";
import { ceilingOfSheet } from "../../../contract/prices.ts";
import type { Storyboard } from "../../../contract/storyboard.ts";
import { decodePicture } from "../../media/decode-picture.ts";
import { photoRecipe } from "../../media/normalise-photo.ts";
import type { Asset } from "../../purchases/asset-files.ts";
import type { FilmContext } from "../film-context.ts";
import { placeholderReason } from "../placeholder-reason.ts";
import { urgency } from "../urgency.ts";
import { isOfPhoto, namePhotos, openPhoto } from "./member-photos.ts";
import { sheetPrompt } from "./sheet-prompt.ts";
import { noSheets, type Reference, type Sheet, type Sheets } from "./sheets.ts";

/** The sheets of the storyboard's cast. None is asked for before a picture needs it. */
export function openSheets(cast: Storyboard["cast"] = [], context: FilmContext): Sheets {
  const { ai, job, progress } = context;
  if (!job.options.cast || cast.length === 0) return noSheets;
  let hasGivenUp = false;
  const giveUp = () => {
    if (hasGivenUp) return;
    hasGivenUp = true;
    progress.warn(
      "picture.without_references",
      "The AI provider paints from words alone, so people and things may look different in each picture.",
      null,
    );
  };
  if (!ai.takesReferences()) giveUp();
  const sheets = new Map<string, Promise<Sheet | null>>();
  const obtain = ({ member, fingerprint }: Reference) => {
    const sheet = sheets.get(fingerprint) ?? obtainSheet(member, context);
    sheets.set(fingerprint, sheet);
    return sheet;
  };
  return {
    giveUp,
    ofScene: ({ cast: ids = [] }) =>
      hasGivenUp
        ? []
        : [...new Set(ids)]
            .slice(0, limits.sceneCast)
            .flatMap((id) => cast.find((member) => member.id === id) ?? [])
            .map((member) => refer(member, context)),
    obtain: async (references) =>
      (await Promise.all(references.map(obtain))).filter((sheet) => sheet !== null),
  };
}

/** What determines a member's sheet, besides the owner. */
function shapeOf(member: CastMember, { job, providers }: FilmContext) {
  const { model } = providers.picture;
  const { photo } = member;
  return {
    model,
    sheet: 1,
    prompt: sheetPrompt(member, job.options.style),
    size: sheetSize,
    quality: "low",
    ...(photo !== undefined && { photo, photoRecipe }),
  } as const;
}

const refer = (member: CastMember, context: FilmContext): Reference => ({
  member,
  fingerprint: context.assets.fingerprintOf(kind, shapeOf(member, context)),
});

/**
 * The storyboard whose members name their sheets, by which the edge deletes a member's sheet. What it names
 * before does not count, because a description may have been edited since.
 */
export const nameSheets = (storyboard: Storyboard, context: FilmContext): Storyboard =>
  storyboard.cast && context.job.options.cast
    ? {
        ...storyboard,
        cast: storyboard.cast.map((member) => ({ ...member, sheet: refer(member, context).fingerprint })),
      }
    : storyboard;

const kind = { capability: "picture", extension: "png", contentType: "image/png" } as const;

/** @throws Poison if the file is no whole picture */
const decode = (file: string, { encoders, previewSize, signal }: FilmContext) =>
  encoders.run(
    signal,
    () => decodePicture(file, [{ filmSize: previewSize, to: `${file}.plate` }], signal),
    urgency.scene(0),
  );

async function obtainSheet(member: CastMember, context: FilmContext): Promise<Sheet | null> {
  const { ai, job, progress, signal } = context;
  try {
    const { file } = await buyLikeness(member, context);
    return { member, file };
  } catch (error) {
    signal.throwIfAborted();
    const why = placeholderReason(error, { isAway: ai.isAway("picture"), onBudget: job.options.on_budget });
    if (why === null) throw error;
    progress.warn(
      "cast.no_sheet",
      `One of the film's cast may look different in each picture: ${why.reason}`,
      null,
    );
    return null;
  }
}

/**
 * The sheet that is painted from the member's photo. If that photo is gone, as in a redo after it was
 * replaced, it is painted from the one that the member has now; if no photo can be used, from the
 * description.
 */
async function buyLikeness(member: CastMember, context: FilmContext): Promise<Asset> {
  const { job, progress, signal } = context;
  const { photo, ...described } = member;
  try {
    return await buySheet(member, context);
  } catch (error) {
    signal.throwIfAborted();
    if (photo === undefined || !isOfPhoto(error)) throw error;
    const [renewed = member] = namePhotos([described], job.photos);
    if (renewed.photo !== undefined && renewed.photo !== photo) return buyLikeness(renewed, context);
    progress.warn(
      "cast.no_photo",
      "One of the film's cast is painted from its description, because its photo could not be used.",
      null,
    );
    return buySheet(described, context);
  }
}

async function buySheet(member: CastMember, context: FilmContext): Promise<Asset> {
  const { ai, assets, providers, safetyIdentifier } = context;
  const shape = shapeOf(member, context);
  const { model, prompt, size, quality } = shape;
  const request = { prompt, size, quality, safetyIdentifier };
  // Opened before the purchase begins: a photo that is gone must leave no reservation.
  const isOpened = member.photo !== undefined && !(await assets.isStored(kind, shape));
  const references = isOpened ? [await openPhoto(member, context)] : [];
  return assets.obtain(kind, shape, {
    scene: null,
    model,
    ceilingMicroUsd: ceilingOfSheet(providers.picture, prompt, member.photo === undefined ? 0 : 1),
    call: async (graceSignal) => {
      const { value, ...paid } = await (references.length > 0
        ? ai.edit({ ...request, references }, graceSignal)
        : ai.paint(request, graceSignal));
      return { bytes: value, ...paid };
    },
    // A sheet that is found is read at once: its owner may have deleted it since it was remembered.
    check: async (file, isVerified) => {
      if (!isVerified) await decode(file, context);
      return undefined;
    },
  });
}

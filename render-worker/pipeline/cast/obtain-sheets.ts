/**
 * The reference sheets of a film's cast: one picture for each member that a scene shows, found or bought, all side by
 * side. A scene waits for its own sheets alone.
 */
import type { CastMember } from "../../../contract/cast.ts";
import { sheetSize } from "../../../contract/picture-sizes.ts";
import { ceilingOfSheet } from "../../../contract/prices.ts";
import type { Storyboard } from "../../../contract/storyboard.ts";
import { decodePicture } from "../../media/decode-picture.ts";
import type { FilmContext } from "../film-context.ts";
import { placeholderReason } from "../placeholder-reason.ts";
import { urgency } from "../urgency.ts";
import { sheetPrompt } from "./sheet-prompt.ts";
import { noSheets, type Sheet, type Sheets } from "./sheets.ts";

/** Begins to find or buy the sheets of all members that scenes show. */
export function obtainSheets(storyboard: Pick<Storyboard, "cast" | "scenes">, context: FilmContext): Sheets {
  const { ai, job, progress } = context;
  const shown = new Set(storyboard.scenes.flatMap(({ cast = [] }) => cast));
  const members = job.options.cast ? (storyboard.cast ?? []).filter(({ id }) => shown.has(id)) : [];
  if (members.length === 0) return noSheets;
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
  const sheets = new Map(
    hasGivenUp ? [] : members.map((member) => [member.id, obtainSheet(member, context)]),
  );
  // A failure is handled by the scenes that wait for the sheet.
  for (const sheet of sheets.values()) sheet.catch(() => {});
  return {
    giveUp,
    ofScene: async ({ cast = [] }) => {
      const found = await Promise.all(cast.map((id) => sheets.get(id)));
      return hasGivenUp ? [] : found.filter((sheet) => sheet !== undefined && sheet !== null);
    },
  };
}

/** @throws Poison if the file is no whole picture */
const decode = (file: string, { encoders, previewSize, signal }: FilmContext) =>
  encoders.run(
    signal,
    () => decodePicture(file, [{ filmSize: previewSize, to: `${file}.plate` }], signal),
    urgency.scene(0),
  );

async function obtainSheet(member: CastMember, context: FilmContext): Promise<Sheet | null> {
  const { ai, job, providers, progress, safetyIdentifier, signal } = context;
  const { model } = providers.picture;
  const request = {
    prompt: sheetPrompt(member, job.options.style),
    size: sheetSize,
    quality: "low",
  } as const;
  try {
    const { key, path } = await context.assets.obtain(
      { capability: "picture", extension: "png", contentType: "image/png" },
      { model, sheet: 1, ...request },
      {
        scene: null,
        model,
        ceilingMicroUsd: ceilingOfSheet(providers.picture, request.prompt),
        call: async (graceSignal) => {
          const { value, ...paid } = await ai.paint({ ...request, safetyIdentifier }, graceSignal);
          return { bytes: value, ...paid };
        },
        check: async (file, isVerified) => {
          if (!isVerified) await decode(file, context);
          return undefined;
        },
      },
    );
    return { member, key, path };
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

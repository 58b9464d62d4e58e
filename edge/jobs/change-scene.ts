/** A storyboard with one scene changed. */
import type { RedoScene } from "../../contract/job.ts";
import { limits } from "../../contract/limits.ts";
import { type Storyboard, storyboardBytes } from "../../contract/storyboard.ts";
import type { ChosenTake } from "../../contract/takes.ts";
import { ApiError } from "../errors/api-error.ts";

export interface Changed {
  storyboard: Storyboard;
  picture: boolean;
  voice: boolean;
  /** Set if nothing may be bought. */
  chosen?: ChosenTake;
}

/**
 * The storyboard with new words in one scene; null if there is no such scene. Equal words, or none, request a
 * new take: of what the request names, or else of the picture.
 *
 * @param next the numbers of the scene's next takes
 */
export function changeScene(
  storyboard: Storyboard,
  index: number,
  change: RedoScene,
  next: { picture: number; voice: number },
): Changed | null {
  const scene = storyboard.scenes[index];
  if (scene === undefined) return null;
  const picture = change.picture !== undefined || change.narration === undefined;
  const voice = change.narration !== undefined;
  const isSamePicture = (change.picture ?? scene.picture) === scene.picture;
  const isSameVoice = change.narration === scene.narration;
  const changed = {
    ...scene,
    ...(picture && isSamePicture ? { picture_take: next.picture } : {}),
    // The new words may place the subject elsewhere.
    ...(picture && !isSamePicture
      ? { picture: change.picture ?? scene.picture, picture_take: 0, focus: undefined }
      : {}),
    ...(voice && isSameVoice ? { voice_take: next.voice } : {}),
    ...(voice && !isSameVoice ? { narration: change.narration ?? scene.narration, voice_take: 0 } : {}),
  };
  const scenes = storyboard.scenes.map((one, at) => (at === index ? changed : one));
  return { storyboard: { ...storyboard, scenes }, picture, voice };
}

/**
 * Checks that the storyboard fits into a worker's report. A storyboard that was too large before may become
 * smaller.
 *
 * @throws ApiError `request.invalid`, which names the longer of the new texts
 */
export function requireStorableSize(before: Storyboard, after: Storyboard, change: RedoScene): void {
  const sizeBytes = storyboardBytes(after);
  if (sizeBytes <= limits.storyboardBytes || sizeBytes <= storyboardBytes(before)) return;
  const { narration = "", picture = "" } = change;
  const pointer = narration.length > picture.length ? "/narration" : "/picture";
  const detail = `All scenes together may have ${limits.storyboardBytes} bytes; with this text they have ${sizeBytes}.`;
  throw new ApiError("request.invalid", { errors: [{ pointer, detail }] });
}

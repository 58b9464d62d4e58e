/**
 * A scene's narration by the first voice of the chain that says the script.
 *
 *   voice ─ first take ─ verbatim ─▶ used
 *             │ other words, cut, doubled
 *             ▼
 *           one retake ─ verbatim ─▶ used
 *             │
 *             ▼
 *           the next voice ─ … ─ none says the script ─▶ the first is used; captions follow what it says
 *
 * The dreamer's own voice needs no take: the recording is what it is. A voice that cannot be bought is passed
 * over as well. If no voice of the chain gives a take, the first error is thrown, and one of a wrong
 * configuration only if all are. Where the budget ends after a
 * take, the take is used.
 */
import { paceWords } from "../../captions/pace-words.ts";
import { CodedError, OverBudget } from "../../errors.ts";
import type { PaidVoiceProvider, VoiceProvider } from "../../runtime/providers.ts";
import { explainMissing, isMissing } from "../chosen-take.ts";
import type { FilmContext } from "../film-context.ts";
import { recordScene } from "../own-voice/record-scene.ts";
import type { SceneVoice } from "../scene-voice.ts";
import { buyTake, type Scene, type Take } from "./buy-take.ts";

/**
 * The scene's voice.
 *
 * @throws what the film has to stop for
 */
export async function obtainVoice(
  scene: Scene,
  language: string,
  index: number,
  context: FilmContext,
): Promise<SceneVoice> {
  let spoken: Take | null = null;
  let failure: unknown = null;
  const { narration, job, providers } = context;
  const voices = job.options.voice === "own" ? ownAlone : providers.voices;
  for (const voice of voices) {
    if (voice.kind === "own" && narration) return recordScene(index, narration, context);
    if (voice.kind === "own") continue;
    if (voice.kind === "none") {
      if (spoken) break;
      if (isMissing(failure, job)) throw explainMissing(failure, job);
      if (failure) warnOfFallback("voice.none", "no voice", index, context);
      return silentScene(scene, language, job.options.speed);
    }
    try {
      const take = await takeTwice(voice, scene, language, index, context);
      if (take.verdict === "verbatim") {
        if (spoken || isOfScene(failure))
          warnOfFallback("voice.replaced", "another voice than the film's", index, context);
        return describe(take);
      }
      if (spoken === null || spoken.verdict === "silent") spoken = take;
    } catch (error) {
      context.signal.throwIfAborted();
      if (spoken && error instanceof OverBudget) break;
      if (!isOfVoice(error) && !isMissing(error, job)) throw error;
      failure = chooseFailure(failure, error);
    }
  }
  if (!spoken) throw explainMissing(failure, job);
  context.progress.warn(`voice.${spoken.verdict}`, describeFault(spoken, index), index);
  return describe(spoken);
}

const ownAlone: readonly VoiceProvider[] = [{ kind: "own" }];

/** The first take, or one retake if the first does not say the script. */
async function takeTwice(
  voice: PaidVoiceProvider,
  scene: Scene,
  language: string,
  index: number,
  context: FilmContext,
): Promise<Take> {
  const first = await buyTake(voice, scene, 0, language, index, context);
  // A silent voice has been bought twice already.
  if (first.verdict === "verbatim" || first.verdict === "silent") return first;
  try {
    const second = await buyTake(voice, scene, 1, language, index, context);
    return second.verdict === "verbatim" ? second : first;
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof OverBudget) && !isOfVoice(error)) throw error;
    return first;
  }
}

/** The next voice may do better. */
const isOfVoice = (error: unknown) =>
  error instanceof CodedError &&
  !(error instanceof OverBudget) &&
  (error.aiFault !== null || error.code === "voice.unusable" || error.code === "ai.outcome_unknown");

/**
 * The failure that counts if no voice says the scene. A wrong configuration counts only if every voice has
 * one: it would hold all films, which another voice can narrate.
 */
const chooseFailure = (first: unknown, next: unknown) =>
  first === null || (isConfiguration(first) && !isConfiguration(next)) ? next : first;

const isConfiguration = (error: unknown) => error instanceof CodedError && error.aiFault === "configuration";

/** Only this scene is spoken by another voice; a wrong configuration or an outage concerns all scenes. */
const isOfScene = (error: unknown) =>
  error instanceof CodedError &&
  error.aiFault !== "configuration" &&
  error.aiFault !== "away" &&
  isOfVoice(error);

function describe({ asset, model, words, speech, loudness, samples, file }: Take): SceneVoice {
  const sound = { loudness, samples, file };
  return { key: asset.key, model, reused: asset.reused, words, speech, sound };
}

function silentScene({ narration }: Scene, language: string, speed: number): SceneVoice {
  const words = paceWords(narration, language, speed);
  const seconds = words.at(-1)?.endSeconds ?? 1.5;
  const speech = { part: { startSeconds: 0, endSeconds: seconds }, silentSeconds: 0 };
  return { key: "none", model: null, reused: false, words, speech, sound: null };
}

const warnOfFallback = (code: string, spokenBy: string, index: number, { progress }: FilmContext) =>
  progress.warn(
    code,
    `Scene ${index + 1} has ${spokenBy}, because the film's voice could not be used for it. Redo the scene to try again.`,
    index,
  );

function describeFault({ verdict, said }: Take, index: number): string {
  const scene = `Scene ${index + 1}`;
  if (verdict === "silent")
    return `${scene} has a voice without sound. Redo the scene to buy its voice again.`;
  const follows = said ? " Its captions show what is said." : "";
  const fault =
    verdict === "cut"
      ? "ends before its text does"
      : verdict === "doubled"
        ? "says its text twice"
        : "says other words";
  return `The voice of ${scene.toLowerCase()} ${fault}.${follows} Redo the scene to buy its voice again.`;
}

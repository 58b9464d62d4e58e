/** The takes of one scene, as films of the dream show them and as they were bought beside the films. */
import { Storyboard } from "../../contract/storyboard.ts";
import type { Take, TakeAsset } from "../../contract/takes.ts";
import { hashKey } from "../store/keys.ts";
import type { StoredTake, TakesInput, TakesRow } from "../store/takes.ts";

type Scene = Storyboard["scenes"][number];

export interface KnownTake extends Pick<Take, "id" | "asset" | "status" | "error"> {
  /** The scene with the take's words and number. */
  scene: Scene;
  isChosen: boolean;
  costMicroUsd: number;
  /** Milliseconds since 1970. */
  createdAt: number;
  /** The job that bought it. */
  jobId: string;
  /** The newest job with a file of it, if there is one: a takes job by the take's id, a film by the scene. */
  file: { jobId: string; attempt: number; kind: TakesRow["kind"] } | null;
  /** Of a voice: the newest film that speaks with it, and from where to where, in seconds. */
  heard: { jobId: string; attempt: number; from: number; to: number } | null;
  isSoftened: boolean;
  /** The take is there, and its file was deleted. */
  isFileGone: boolean;
}

/** The words of the scene's picture or voice. */
export const wordsOf = (scene: Scene, asset: TakeAsset): string =>
  asset === "picture" ? scene.picture : scene.narration;

const numberOf = (scene: Scene, asset: TakeAsset): number =>
  asset === "picture" ? scene.picture_take : scene.voice_take;

/** The name of a take: see `TakeId`. */
export const takeId = async (scene: Scene, asset: TakeAsset): Promise<string> =>
  (await hashKey(JSON.stringify([asset, wordsOf(scene, asset), numberOf(scene, asset)]))).slice(0, 16);

/** The scene with the take's picture, or its voice. All fields but those of the voice go with the picture. */
export const withTake = (scene: Scene, asset: TakeAsset, taken: Scene): Scene =>
  asset === "picture"
    ? { ...taken, narration: scene.narration, voice_take: scene.voice_take }
    : { ...scene, narration: taken.narration, voice_take: taken.voice_take };

/** The scene with a take of other words, or of its own, that has this number. */
export function newTake(scene: Scene, asset: TakeAsset, words: string, number: number): Scene {
  if (asset === "voice") return { ...scene, narration: words, voice_take: number };
  // Other words may place the subject elsewhere.
  const { focus, ...rest } = scene;
  return { ...(words === scene.picture ? scene : rest), picture: words, picture_take: number };
}

/** The film, the films that redos connect with it, and their takes; oldest first. */
function relatives(rows: readonly TakesRow[], filmId: string): TakesRow[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const rootOf = (id: string): string => {
    const parent = byId.get(id)?.parent ?? null;
    return parent === null ? id : rootOf(parent);
  };
  const root = rootOf(filmId);
  return rows.filter(({ id }) => rootOf(id) === root).reverse();
}

/** The scenes of a job: the one that a film shows, or the wanted ones. */
function scenesOf({ shown, wanted }: TakesRow): Scene[] {
  if (wanted !== null) return (JSON.parse(wanted) as TakesInput).takes.map(({ scene }) => scene);
  const scene = shown === null ? null : Storyboard.shape.scenes.element.safeParse(JSON.parse(shown)).data;
  return scene ? [scene] : [];
}

/**
 * The numbers of the scene's next picture and voice: above all that were ever asked for, so that no two
 * purchases of a scene are one.
 */
export function nextNumbers(rows: readonly TakesRow[], filmId: string, scene: number) {
  const scenes = relatives(rows, filmId)
    .filter(({ wanted }) => wanted === null || (JSON.parse(wanted) as TakesInput).scene === scene)
    .flatMap(scenesOf);
  const next = (asset: TakeAsset) => Math.max(-1, ...scenes.map((one) => numberOf(one, asset))) + 1;
  return { picture: next("picture"), voice: next("voice") };
}

/** The takes of the scene of this film: pictures, then voices, the oldest first. */
export async function collectTakes(
  rows: readonly TakesRow[],
  filmId: string,
  scene: number,
): Promise<KnownTake[]> {
  const takes = new Map<string, KnownTake>();
  for (const row of relatives(rows, filmId)) {
    if (row.kind === "takes") addBought(takes, row, scene);
    else if (row.status === "completed" || row.id === filmId)
      await addShown(takes, row, scene, row.id === filmId);
  }
  const of = (asset: TakeAsset) => [...takes.values()].filter((take) => take.asset === asset);
  return [...of("picture"), ...of("voice")];
}

async function addShown(
  takes: Map<string, KnownTake>,
  row: TakesRow,
  index: number,
  isNewest: boolean,
): Promise<void> {
  const [scene] = scenesOf(row);
  if (scene === undefined) return;
  for (const asset of ["picture", "voice"] as const) {
    const id = await takeId(scene, asset);
    const known = takes.get(id);
    const take: KnownTake = known ?? {
      ...{ id, asset, scene, status: "ready", error: null, isChosen: false, jobId: row.id, file: null },
      ...{ heard: null, isSoftened: false, isFileGone: row.status === "completed" },
      costMicroUsd: asset === "picture" ? row.picture_micro_usd : row.voice_micro_usd,
      createdAt: row.created_at,
    };
    const isPicture = asset === "picture";
    const isKept = row.files !== null;
    takes.set(id, {
      ...take,
      isChosen: isNewest,
      file: isPicture && isKept ? { jobId: row.id, attempt: row.attempt, kind: "film" } : take.file,
      heard: (!isPicture && isKept && heardIn(row, index)) || take.heard,
      isSoftened: take.isSoftened || (isPicture && row.softened === 1),
      isFileGone: take.isFileGone && !isKept,
    });
  }
}

/** The scene's place in its film; null if the log, which has the lengths of the scenes, was deleted. */
function heardIn({ id, attempt, seconds }: TakesRow, index: number): KnownTake["heard"] {
  const lengths: Record<string, number> = JSON.parse(seconds);
  let from = 0;
  for (let scene = 0; ; scene++) {
    const length = lengths[scene];
    if (length === undefined) return null;
    if (scene === index) return { jobId: id, attempt, from, to: from + length };
    from += length;
  }
}

function addBought(takes: Map<string, KnownTake>, row: TakesRow, scene: number): void {
  const input: TakesInput = JSON.parse(row.wanted ?? "");
  if (input.scene !== scene) return;
  const isActive = row.status === "queued" || row.status === "processing";
  const bought: StoredTake[] = row.files === null ? (input.bought ?? []) : JSON.parse(row.files);
  for (const wanted of input.takes) {
    const result = bought.find(({ id }) => id === wanted.id);
    const hasFailed = result ? result.error !== null : row.status !== "completed";
    takes.set(wanted.id, {
      ...{ id: wanted.id, asset: input.asset, scene: wanted.scene, isChosen: false, jobId: row.id },
      status: isActive ? "making" : hasFailed ? "failed" : "ready",
      error: isActive ? null : (result?.error ?? (hasFailed ? errorOf(row) : null)),
      costMicroUsd: Math.round((result?.cost_usd ?? 0) * 1e6),
      createdAt: row.created_at,
      file:
        result?.has_file && row.files !== null
          ? { jobId: row.id, attempt: row.attempt, kind: "takes" }
          : null,
      heard: null,
      isSoftened: result?.softened ?? false,
      isFileGone: row.status === "completed" && !hasFailed && row.files === null,
    });
  }
}

const errorOf = ({ status, error_code, error_message }: TakesRow) => ({
  code: error_code ?? `job.${status}`,
  message: error_message ?? "",
});

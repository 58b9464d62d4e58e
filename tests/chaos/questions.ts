/** Clients who ask to see the storyboard before the rest is bought, and what each does with it. */
import type { WaitingStoryboard } from "../../contract/approval.ts";
import type { PausePoint } from "../../contract/film.ts";
import type { VideoStatus } from "../../contract/job.ts";
import { call, type Submitted } from "./clients.ts";
import type { Cloud } from "./cloud.ts";
import type { History } from "./history.ts";

const decisions = ["edit", "approve twice", "cancel", "approve"] as const;

export interface Question {
  at: PausePoint;
  /** `edit`: changes the storyboard and approves it twice at once. */
  decision: (typeof decisions)[number];
}

/** One film of eight waits for its owner. */
const askingShare = 8;
/** The number of the first film that does. */
export const firstQuestion = 3;

/** What the client of this film asks; null for most. Every decision comes at both points of a long run. */
export function questionOf(number: number): Question | null {
  if (number % askingShare !== firstQuestion) return null;
  const nth = Math.floor(number / askingShare);
  const round = Math.floor(nth / decisions.length);
  return {
    at: (nth + round) % 2 === 0 ? "storyboard" : "pictures",
    decision: decisions[nth % decisions.length] as Question["decision"],
  };
}

/**
 * Does with a film that waits what its owner had in mind. What the edge does not answer is done at the next
 * look.
 */
export async function decide(
  cloud: Cloud,
  history: History,
  film: Submitted,
  waiting: NonNullable<VideoStatus["approval"]>,
): Promise<void> {
  const { decision } = film.question ?? { decision: "approve" };
  if (decision === "cancel") return cancel(cloud, history, film);
  let { revision } = waiting;
  if (decision === "edit" && revision === 1) {
    const edited = await edit(cloud, film);
    if (edited === null) return;
    revision = edited;
  }
  const times = decision === "approve" ? 1 : 2;
  await Promise.all(Array.from({ length: times }, () => approve(cloud, history, film, revision)));
}

async function approve(cloud: Cloud, history: History, film: Submitted, revision: number): Promise<void> {
  const since = history.now();
  const answer = await call(cloud, film.key, "POST", `/dreams/${film.dream}/approve`, { revision });
  const replayed = answer?.headers.get("idempotency-replayed") === "true";
  const outcome = answer === null || answer.status >= 500 ? "unknown" : answer.status < 300 ? "ok" : "fail";
  history.add("client", { op: "approve", args: { job: film.job, revision, replayed } }, outcome, since);
}

/** Adds words to the last narration. Returns the new revision; null if it was not stored. */
async function edit(cloud: Cloud, { dream, key }: Submitted): Promise<number | null> {
  const path = `/dreams/${dream}/storyboard`;
  const read = await call<WaitingStoryboard>(cloud, key, "GET", path);
  if (read?.status !== 200) return null;
  const { revision, title, scenes } = read.json;
  const body = {
    title,
    scenes: scenes.map((scene, index) =>
      index < scenes.length - 1 ? scene : { ...scene, narration: `${scene.narration} I waved.` },
    ),
  };
  const stored = await call<WaitingStoryboard>(cloud, key, "PUT", path, body, {
    "if-match": `"${revision}"`,
  });
  return stored?.status === 200 ? stored.json.revision : null;
}

async function cancel(cloud: Cloud, history: History, film: Submitted): Promise<void> {
  const since = history.now();
  const answer = await call(cloud, film.key, "POST", `/dreams/${film.dream}/cancel`);
  const outcome = answer === null || answer.status >= 500 ? "unknown" : answer.status < 300 ? "ok" : "fail";
  history.add("client", { op: "cancel", args: { job: film.job } }, outcome, since);
}

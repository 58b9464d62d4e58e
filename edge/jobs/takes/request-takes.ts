/**
 * Buys further pictures or voices of one scene. The dream's film stays as it is and can be watched all the
 * time; a film of the dream may be requested meanwhile, too.
 */
import { ceilingOfSheets, ceilingOfTake } from "../../../contract/estimate-cost.ts";
import type { Prices } from "../../../contract/prices.ts";
import type { RequestTakes, TakesQueued } from "../../../contract/takes.ts";
import { ApiError } from "../../errors/api-error.ts";
import { newTake, nextNumbers, takeId, wordsOf } from "../../present/known-takes.ts";
import type { IdempotencyClaim, KeptAnswer } from "../../store/idempotency.ts";
import { limitProblem, type OwnerLimits } from "../../store/owner-limits.ts";
import { readBeforeRedo } from "../../store/redo.ts";
import { requestTakes as store, type TakesInput } from "../../store/takes.ts";
import { afterTransition, type JobContext } from "../after-transition.ts";
import { findFilm, outOfRange } from "../changeable-film.ts";
import { isOwnVoice } from "../is-own-voice.ts";

export interface Command {
  keyHash: string;
  /** The dream's id that the client chose. */
  clientId: string;
  jobId: string;
  scene: number;
  asked: RequestTakes;
  prices: Prices;
  traceparent: string;
  idempotency: IdempotencyClaim | null;
  origin: string;
  ownerLimits: OwnerLimits;
}

/** A request that another one overtook is decided anew, with new numbers for its takes. */
const tries = 3;

/**
 * Requests the takes. The same Idempotency-Key gets the same answer while the dream exists.
 *
 * @throws ApiError what `findFilm` throws; `scene.out_of_range`, `takes.own_voice`, `takes.active`; a limit's
 * problem; `idempotency.key_reused`
 */
export async function requestTakes(
  context: JobContext,
  command: Command,
): Promise<{ answer: TakesQueued; isReplayed: boolean }> {
  const { keyHash, clientId, jobId, scene, idempotency, ownerLimits } = command;
  const { session, now } = context;
  for (let tried = 1; ; tried++) {
    const before = await readBeforeRedo(session, keyHash, clientId, scene, idempotency, now());
    if (before.kept !== null) return { answer: open(before.kept, idempotency), isReplayed: true };
    const input = await plan(command, before);
    const answer = describe(command, input);
    const after = await store(
      session,
      {
        ...{ keyHash, clientId, jobId, input, idempotency, ownerLimits },
        made: before.made,
        traceparent: command.traceparent,
        answer: JSON.stringify(answer),
      },
      now(),
    );
    if (after.isMade) {
      const message = { jobId, priority: after.priority, delaySeconds: 0 };
      await afterTransition(context, { dreamIds: [], message });
      return { answer, isReplayed: false };
    }
    if (after.kept !== null) return { answer: open(after.kept, idempotency), isReplayed: true };
    if (after.isActive || tried === tries) throw new ApiError("takes.active");
    if (after.limit !== null) throw limitProblem(after.limit, ownerLimits);
  }
}

/** What the job is to buy: the takes with the numbers that follow the scene's last. */
async function plan(
  { scene: index, asked, prices }: Command,
  before: Parameters<typeof findFilm>[0],
): Promise<TakesInput> {
  const { storyboard, input, jobId, takes } = findFilm(before);
  const scene = storyboard.scenes[index];
  if (scene === undefined) throw outOfRange(storyboard);
  const { asset, count } = asked;
  if (asset === "voice" && isOwnVoice(input)) throw new ApiError("takes.own_voice");
  const words = asked.prompt ?? wordsOf(scene, asset);
  const first = nextNumbers(takes, jobId, index)[asset];
  const wanted = await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const take = newTake(scene, asset, words, first + n);
      return { id: await takeId(take, asset), scene: take };
    }),
  );
  const ceilings = wanted.map(({ scene: take }) => ceilingOfTake(take, asset, input.options, prices));
  const sheets = ceilingOfSheets(scene.cast?.length ?? 0, prices);
  return {
    // A film's own limit is about its film.
    options: { ...input.options, max_cost_usd: null, on_budget: "fail" },
    language: storyboard.language,
    film: jobId,
    scene: index,
    asset,
    takes: wanted,
    cast: storyboard.cast ?? [],
    pronunciations: input.pronunciations ?? {},
    at_most_micro_usd: ceilings.reduce((sum, ceiling) => sum + ceiling, asset === "picture" ? sheets : 0),
  };
}

const describe = ({ clientId, jobId, origin }: Command, input: TakesInput): TakesQueued => ({
  status: "takes_queued",
  dream_id: clientId,
  job_id: jobId,
  scene: input.scene,
  asset: input.asset,
  takes: input.takes.map(({ id }) => id),
  at_most_usd: input.at_most_micro_usd / 1e6,
  takes_url: `${origin}/dreams/${encodeURIComponent(clientId)}/scenes/${input.scene}/takes`,
});

/** The kept answer. @throws ApiError `idempotency.key_reused` if the request is another one */
function open(kept: KeptAnswer, idempotency: IdempotencyClaim | null): TakesQueued {
  if (kept.fingerprint !== idempotency?.fingerprint) throw new ApiError("idempotency.key_reused");
  return JSON.parse(kept.answer);
}

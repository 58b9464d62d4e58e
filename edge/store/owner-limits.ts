/**
 * What one owner may have at most. A limit is one entry of `ownerLimits`: the environment variable that sets
 * it with its default numbers, the problem that tells of it, and the SQL condition under which it is reached
 * by what a request adds. The statements that add something ask `limitReached`, so they need no change for a
 * new limit; nor do the routes, which list the problems by `problemsOfLimits`.
 *
 * Triggers of db/migrations (`storage`) keep one row of `owner_storage` for each owner, in the transaction of
 * what they count, so a check costs one lookup by key. A check runs before a row is added, so an owner
 * exceeds the bytes by at most one row.
 */
import { type SQL, sql } from "drizzle-orm";
import type { JobKind } from "../../contract/job-kind.ts";
import type { ProblemCode } from "../../contract/problem.ts";
import { ApiError } from "../errors/api-error.ts";
import { activeStates } from "./active.ts";

/** What a request adds to what the owner has. */
export type Added =
  | "dream"
  | "film"
  | "approval"
  | "takes"
  | "transcription"
  | "upload"
  | "webhook"
  | "stream";

type Variable = `OWNER_${string}` | "ACTIVE_JOBS";

interface OwnerLimit<Name extends string> {
  /** The variable of the edge. It holds the numbers, separated by spaces. */
  variable: Variable;
  /** The numbers by their names, and their defaults. */
  numbers: Record<Name, number>;
  /** What it limits, for docs/configuration.md. */
  limits: string;
  problem: ProblemCode;
  /** The numbers in a sentence for the caller. */
  detail?(numbers: Record<Name, number>): string;
  /** When there is usually room again. */
  retryAfterSeconds?: number;
  /** SQL conditions over `api_keys`, the caller's row: the owner can have no more of what is added. */
  isReached: { [A in Added]?: (numbers: Record<Name, number>, request: AddRequest) => SQL };
}

interface AddRequest {
  nowMs: number;
  /** SQL value: the bytes of an upload, less those of the file that it replaces. */
  addedBytes: SQL;
  /** The film will stop and wait for its owner. */
  isAsking: boolean;
}

const limit = <Name extends string>(entry: OwnerLimit<Name>) => entry;

/** Of several limits that are reached, the first is told. */
export const ownerLimits = {
  storage: limit({
    variable: "OWNER_STORAGE",
    // @source https://developers.cloudflare.com/d1/platform/limits/: a database holds 10 GB (2026-11)
    numbers: { dreams: 100_000, mebibytes: 2048 },
    limits: "Dreams, and MiB of dreams and jobs, that an owner keeps.",
    problem: "dream.limit_reached",
    detail: ({ dreams, mebibytes }) =>
      `At most ${dreams} dreams, and ${mebibytes} MiB of dreams and their jobs.`,
    isReached: {
      dream: (numbers) => sql`EXISTS (SELECT 1 FROM owner_storage AS kept
        WHERE kept.owner_id = api_keys.owner_id AND kept.dreams >= ${numbers.dreams})
        OR ${hasNoBytes(sql`api_keys.owner_id`, numbers)}`,
      film: (numbers) => hasNoBytes(sql`api_keys.owner_id`, numbers),
      takes: (numbers) => hasNoBytes(sql`api_keys.owner_id`, numbers),
      transcription: (numbers) => hasNoBytes(sql`api_keys.owner_id`, numbers),
      upload: (numbers) => hasNoBytes(sql`api_keys.owner_id`, numbers),
    },
  }),
  activeJobs: limit({
    variable: "ACTIVE_JOBS",
    numbers: { standard: 20, premium: 100 },
    limits:
      "Films of an owner that are queued or being made, with a standard and with a premium key; as many jobs that buy takes, and ten times as many transcriptions.",
    problem: "job.too_many",
    detail: ({ standard, premium }) =>
      `At most ${standard} videos with a standard key, ${premium} with a premium key, and ten times as many ` +
      "transcriptions. Videos that wait for an approval do not count.",
    // A film takes about 30 s, a transcription less.
    retryAfterSeconds: 30,
    isReached: {
      film: ({ standard, premium }) => hasActiveJobs("film", standard, premium),
      approval: ({ standard, premium }) => hasActiveJobs("film", standard, premium),
      takes: ({ standard, premium }) => hasActiveJobs("takes", standard, premium),
      // A film is made of a dozen segments, and takes longer than all of them.
      transcription: ({ standard, premium }) => hasActiveJobs("transcription", 10 * standard, 10 * premium),
    },
  }),
  waitingJobs: limit({
    variable: "OWNER_WAITING",
    numbers: { standard: 200, premium: 1_000 },
    limits: "Films of an owner that wait for an approval, with a standard and with a premium key.",
    problem: "job.too_many_waiting",
    detail: ({ standard, premium }) =>
      `At most ${standard} with a standard key, ${premium} with a premium key. Approve or cancel some, or request ` +
      "the video without `pause_after`.",
    isReached: {
      film: ({ standard, premium }, { isAsking }) =>
        isAsking ? hasFilms(sql`active.status = 'waiting'`, standard, premium) : sql`FALSE`,
    },
  }),
  recordings: limit({
    variable: "OWNER_RECORDINGS",
    numbers: { mebibytes: 10 * 1024 },
    limits: "MiB of uploaded recordings that an owner keeps.",
    problem: "segment.quota_reached",
    isReached: {
      upload: ({ mebibytes }, { addedBytes }) => sql`EXISTS (SELECT 1 FROM owner_storage AS kept
        WHERE kept.owner_id = api_keys.owner_id AND kept.recording_bytes + ${addedBytes} > ${toBytes(mebibytes)})`,
    },
  }),
  webhooks: limit({
    variable: "OWNER_WEBHOOKS",
    numbers: { webhooks: 20 },
    limits: "Webhooks of an owner.",
    problem: "webhook.too_many",
    detail: ({ webhooks }) => `At most ${webhooks} are possible.`,
    isReached: {
      webhook: ({ webhooks }) =>
        sql`(SELECT COUNT(*) FROM webhooks AS known WHERE known.owner_id = api_keys.owner_id) >= ${webhooks}`,
    },
  }),
  /** Durable Objects count the streams: edge/channel/stream-count.ts. */
  streams: limit({
    variable: "OWNER_STREAMS",
    numbers: { streams: 5_000 },
    limits: "Live streams that an owner has open, over all dreams.",
    problem: "stream.too_many",
    retryAfterSeconds: 30,
    isReached: {},
  }),
};

type Name = keyof typeof ownerLimits;
/** The numbers of every limit. */
export type OwnerLimits = { [N in Name]: (typeof ownerLimits)[N]["numbers"] };

const entries = Object.entries(ownerLimits) as [Name, OwnerLimit<string>][];

/** The limits as configured. @throws ApiError `setup.incomplete`, which names the variable */
export const readOwnerLimits = (env: Partial<Record<Variable, string>>): OwnerLimits =>
  Object.fromEntries(
    entries.map(([name, entry]) => [name, readNumbers(entry, env[entry.variable])]),
  ) as OwnerLimits;

function readNumbers({ variable, numbers }: OwnerLimit<string>, text: string | undefined) {
  if (text === undefined) return numbers;
  const names = Object.keys(numbers);
  const written = text.split(/\s+/).filter((word) => word !== "");
  const read = names.map((name, n) => [name, Number(written[n])] as const);
  if (read.every(([, number]) => Number.isInteger(number))) return Object.fromEntries(read);
  const shape = names.length === 1 ? "a whole number" : `${names.length} whole numbers`;
  throw new ApiError("setup.incomplete", { detail: `The variable ${variable} must be ${shape}.` });
}

/** SQL value over `api_keys`, the caller's row: the problem of the first limit that is reached, else NULL. */
export function limitReached(
  added: Added,
  limits: OwnerLimits,
  request: { nowMs: number; addedBytes?: SQL; isAsking?: boolean },
): SQL {
  const cases = entries.flatMap(([name, { isReached, problem }]) => {
    const reached = isReached[added]?.(limits[name], { addedBytes: sql`0`, isAsking: false, ...request });
    return reached === undefined ? [] : [sql`WHEN ${reached} THEN ${problem}`];
  });
  return cases.length === 0 ? sql`NULL` : sql`CASE ${sql.join(cases, sql` `)} END`;
}

/** The problems that `limitReached` gives for this. */
export const problemsOfLimits = (added: Added): ProblemCode[] =>
  entries.flatMap(([, { isReached, problem }]) => (isReached[added] ? [problem] : []));

/** The problem of a limit that is reached, with its numbers. */
export function limitProblem(code: ProblemCode, limits: OwnerLimits): ApiError {
  const [name, found] = entries.find(([, { problem }]) => problem === code) ?? [];
  const detail = name && found?.detail?.(limits[name]);
  const seconds = found?.retryAfterSeconds;
  return new ApiError(code, {
    ...(detail === undefined ? {} : { detail }),
    ...(seconds === undefined ? {} : { headers: { "retry-after": String(seconds) } }),
  });
}

const toBytes = (mebibytes: number) => mebibytes * 1024 ** 2;

/** SQL condition, where `owner` is an owner's id: the owner's dreams and jobs have the maximum size. */
export const hasNoBytes = (owner: SQL, { mebibytes }: { mebibytes: number }): SQL => sql`EXISTS (
  SELECT 1 FROM owner_storage AS kept WHERE kept.owner_id = ${owner} AND kept.bytes >= ${toBytes(mebibytes)})`;

/** The kind is a literal, because SQLite uses a partial index only for a condition that it can read. */
const hasActiveJobs = (kind: JobKind, standard: number, premium: number): SQL =>
  kind === "film"
    ? hasFilms(sql`active.status <> 'waiting'`, standard, premium)
    : hasJobs(
        sql`active.kind = ${sql.raw(`'${kind}'`)} AND active.status IN ('queued', 'processing')`,
        standard,
        premium,
      );

/** `which`: an SQL condition over `active`, a film that has not ended. */
const hasFilms = (which: SQL, standard: number, premium: number): SQL =>
  hasJobs(sql`active.kind = 'film' AND active.status IN ${activeStates} AND ${which}`, standard, premium);

const hasJobs = (which: SQL, standard: number, premium: number): SQL => sql`
  (SELECT COUNT(*) FROM jobs AS active WHERE active.owner_id = api_keys.owner_id AND ${which})
    >= IIF(api_keys.tier = 'premium', ${premium}, ${standard})`;

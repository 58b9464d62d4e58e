/** I7, I8, I12 and I13: the film is the winner's, ends are told, and nothing is shown or left. */
import { type Entry, entriesOf } from "../history.ts";
import { broken, ended, groupBy, type Limits, type Violation } from "./violation.ts";

/** I7 */
export function theFilmIsTheWinners(history: readonly Entry[]): Violation[] {
  const films = groupBy(entriesOf(history, "film"), (entry) => entry.args.job);
  const finals = entriesOf(history, "final").filter(({ args }) => args.status === "completed");
  const completions = groupBy(
    entriesOf(history, "complete").filter(({ outcome }) => outcome !== "fail"),
    (entry) => entry.args.job,
  );
  return finals.flatMap(({ args: { job, attempt } }) => {
    const [film] = films.get(job) ?? [];
    if (film?.outcome !== "ok") return broken("I7", job, "is completed and has no film");
    if (film.args.attempt !== attempt)
      return broken("I7", job, `attempt ${attempt} won, the film is of attempt ${film.args.attempt}`);
    const winner = (completions.get(job) ?? []).find(({ args }) => args.attempt === attempt);
    if (!winner) return broken("I7", job, `no completion of attempt ${attempt} is in the history`);
    const same = winner.args.sha256 === film.args.sha256 && winner.args.size === film.args.size;
    return same ? [] : broken("I7", job, "the film is not the one that its worker reported");
  });
}

/** I8, for messages to workers: no row of the outbox outlives its job. */
export function promisesAreKept(history: readonly Entry[]): Violation[] {
  return entriesOf(history, "promise-left").flatMap(({ args }) =>
    broken("I8", args.job, "still has a message to be sent"),
  );
}

/** I8, for webhooks: a receiver that answers gets every end of its owner's jobs, soon and correctly. */
export function receiversHear(history: readonly Entry[], { webhookMs }: Limits): Violation[] {
  const listening = new Set(entriesOf(history, "listen").map(({ args }) => args.owner));
  const jobs = new Set(
    entriesOf(history, "submit").flatMap(({ args }) => (listening.has(args.owner) ? args.job : [])),
  );
  const heard = groupBy(entriesOf(history, "heard"), ({ args }) => args.job);
  return entriesOf(history, "final").flatMap(({ args: { job, status } }) => {
    if (!jobs.has(job) || !ended(status)) return [];
    const messages = heard.get(job) ?? [];
    const [first] = messages;
    if (!first) return broken("I8", job, "its owner's receiver got no end");
    if (messages.some(({ args }) => args.type !== `job.${status}`))
      return broken("I8", job, `its owner got ${first.args.type}, it is ${status}`);
    const seen = entriesOf(history, "read").find(({ args }) => args.job === job && ended(args.status));
    const waitMs = first.t - (seen?.t ?? first.t);
    return waitMs > webhookMs
      ? broken("I8", job, `its owner got its end after ${Math.round(waitMs / 1000)} s`)
      : [];
  });
}

/** I12 */
export function othersSeeNothing(history: readonly Entry[]): Violation[] {
  return entriesOf(history, "read-foreign").flatMap(({ args, outcome }) =>
    outcome === "ok" ? broken("I12", args.job, "was shown to another owner") : [],
  );
}

/** I13 */
export function nothingLeftBehind(history: readonly Entry[]): Violation[] {
  return entriesOf(history, "left-behind").flatMap(({ args: { worker, what, count } }) =>
    count > 0 ? broken("I13", worker, `left ${count} ${what}`) : [],
  );
}

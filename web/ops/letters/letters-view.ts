/** Messages that the queues gave up on, and what can still be done for their jobs. */
import type { DeadLetter } from "../../../contract/dead-letter.ts";
import { byId, element } from "../../shared/element.ts";
import { listDeadLetters } from "../api.ts";
import { box, Choice, showActs } from "../choice.ts";
import { act } from "../jobs/act.ts";
import { nudge } from "../keep-up.ts";
import { morph } from "../morph.ts";
import { badge, empty, jobLink, moment } from "../pieces.ts";
import { table } from "../table.ts";
import type { View } from "../view.ts";

const list = byId("letter-list", HTMLElement);
const bar = byId("letter-acts", HTMLElement);
const wanted = byId("letter-outcome", HTMLSelectElement);
let inSight: readonly DeadLetter[] = [];
const choice = new Choice(list, showChoice);

export function setUpLetters(): void {
  wanted.addEventListener("change", nudge);
  bar.addEventListener("click", ({ target }) => {
    const kind =
      target instanceof HTMLElement ? target.closest<HTMLElement>("[data-act]")?.dataset.act : undefined;
    if (kind === "none") choice.clear(list);
    else if (kind === "redrive" || kind === "retry") void actOnChosen(kind);
  });
}

export const lettersView: View = {
  async look({ nowMs }, signal) {
    const { data } = await listDeadLetters(signal);
    return () => {
      inSight = data.filter(({ outcome }) => wanted.value === "" || outcome === wanted.value);
      choice.keepOnly(inSight.map(({ id }) => id));
      const none =
        data.length === 0 ? "There are none: every message found its worker." : "None of this kind.";
      morph(list, inSight.length === 0 ? empty(none) : drawLetters(inSight, nowMs));
      showChoice();
    };
  },
};

const outcomes: Record<DeadLetter["outcome"], { text: string; tone: string }> = {
  redriven: { text: "Sent again", tone: "busy" },
  failed: { text: "Job failed", tone: "bad" },
  settled: { text: "Needed nothing", tone: "calm" },
  unknown: { text: "No such job", tone: "warn" },
  unreadable: { text: "Unreadable", tone: "warn" },
};

const drawLetters = (letters: readonly DeadLetter[], nowMs: number) =>
  table(
    "Dead letters, newest first",
    [box("all", "Choose all in sight"), "When", "What became of it", "Job", "What it said"],
    letters.map(({ id, at, outcome, job_id, excerpt }) => ({
      key: id,
      isChosen: choice.has(id),
      cells: [
        job_id === null ? "" : box(id, `Choose the letter of ${job_id}`),
        moment(at, nowMs),
        badge(outcomes[outcome].text, outcomes[outcome].tone),
        job_id === null ? "–" : jobLink(job_id),
        element("code", { class: "excerpt" }, excerpt),
      ],
    })),
    "letters",
  );

/** Several letters may tell of one job. */
const chosenJobs = (): string[] => [
  ...new Set(inSight.flatMap(({ id, job_id }) => (choice.has(id) && job_id !== null ? [job_id] : []))),
];

const failedJobs = (): string[] => {
  const failed = new Set(inSight.filter(({ outcome }) => outcome === "failed").map(({ job_id }) => job_id));
  return chosenJobs().filter((jobId) => failed.has(jobId));
};

function showChoice(): void {
  for (const row of list.querySelectorAll<HTMLElement>("tr[data-key]"))
    row.classList.toggle("chosen", choice.has(row.dataset.key as string));
  const failed = failedJobs().length;
  showActs(bar, chosenJobs().length, [
    { act: "redrive", name: "Send again", count: chosenJobs().length - failed },
    { act: "retry", name: "Retry", count: failed },
  ]);
}

async function actOnChosen(kind: "redrive" | "retry"): Promise<void> {
  const failed = failedJobs();
  const done = await act(kind, kind === "retry" ? failed : chosenJobs().filter((id) => !failed.includes(id)));
  if (done.length > 0) choice.clear(list);
}

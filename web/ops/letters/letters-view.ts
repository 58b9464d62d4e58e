/** Messages that the queues stopped delivering, and the actions on their jobs. */
import type { DeadLetter } from "../../../contract/dead-letter.ts";
import { byId, element } from "../../shared/element.ts";
import { listDeadLetters } from "../api.ts";
import { badge, empty, jobLink, moment } from "../components.ts";
import { act } from "../jobs/act.ts";
import { morph } from "../morph.ts";
import { pollNow } from "../poll.ts";
import { box, Selection, showActs } from "../selection.ts";
import { table } from "../table.ts";
import type { View } from "../view.ts";

const list = byId("letter-list", HTMLElement);
const bar = byId("letter-acts", HTMLElement);
const wanted = byId("letter-outcome", HTMLSelectElement);
let visible: readonly DeadLetter[] = [];
const selection = new Selection(list, showSelection);

/** Connects the filter and the buttons. Called once. */
export function setUpLetters(): void {
  wanted.addEventListener("change", pollNow);
  bar.addEventListener("click", ({ target }) => {
    const kind =
      target instanceof HTMLElement ? target.closest<HTMLElement>("[data-act]")?.dataset.act : undefined;
    if (kind === "none") selection.clear(list);
    else if (kind === "redrive" || kind === "retry") void actOnSelected(kind);
  });
}

/** The view of the newest dead letters. */
export const lettersView: View = {
  async load({ nowMs }, signal) {
    const { data } = await listDeadLetters(signal);
    return () => {
      visible = data.filter(({ outcome }) => wanted.value === "" || outcome === wanted.value);
      selection.keepOnly(visible.map(({ id }) => id));
      const none = data.length === 0 ? "There are no dead letters." : "No dead letter has this outcome.";
      morph(list, visible.length === 0 ? empty(none) : drawLetters(visible, nowMs));
      showSelection();
    };
  },
};

const outcomes: Record<DeadLetter["outcome"], { text: string; tone: string }> = {
  redriven: { text: "Sent again", tone: "busy" },
  failed: { text: "Job failed", tone: "bad" },
  settled: { text: "No action needed", tone: "calm" },
  unknown: { text: "No such job", tone: "warn" },
  unreadable: { text: "Unreadable", tone: "warn" },
};

const drawLetters = (letters: readonly DeadLetter[], nowMs: number) =>
  table(
    "Dead letters, newest first",
    [box("all", "Select all on this page"), "When", "Outcome", "Job", "Content"],
    letters.map(({ id, at, outcome, job_id, excerpt }) => ({
      key: id,
      isSelected: selection.has(id),
      cells: [
        job_id === null ? "" : box(id, `Select the dead letter of ${job_id}`),
        moment(at, nowMs),
        badge(outcomes[outcome].text, outcomes[outcome].tone),
        job_id === null ? "–" : jobLink(job_id),
        element("code", { class: "excerpt" }, excerpt),
      ],
    })),
    "letters",
  );

/** Each job once: several dead letters can belong to one job. */
const selectedJobs = (): string[] => [
  ...new Set(visible.flatMap(({ id, job_id }) => (selection.has(id) && job_id !== null ? [job_id] : []))),
];

const failedJobs = (): string[] => {
  const failed = new Set(visible.filter(({ outcome }) => outcome === "failed").map(({ job_id }) => job_id));
  return selectedJobs().filter((jobId) => failed.has(jobId));
};

function showSelection(): void {
  for (const row of list.querySelectorAll<HTMLElement>("tr[data-key]"))
    row.classList.toggle("chosen", selection.has(row.dataset.key as string));
  const failed = failedJobs().length;
  showActs(bar, selectedJobs().length, [
    { act: "redrive", name: "Send again", count: selectedJobs().length - failed },
    { act: "retry", name: "Retry", count: failed },
  ]);
}

async function actOnSelected(kind: "redrive" | "retry"): Promise<void> {
  const failed = failedJobs();
  const done = await act(
    kind,
    kind === "retry" ? failed : selectedJobs().filter((id) => !failed.includes(id)),
  );
  if (done.length > 0) selection.clear(list);
}

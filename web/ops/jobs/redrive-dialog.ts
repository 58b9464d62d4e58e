/** The dialog that sends new messages for waiting jobs. The button is enabled after the jobs were counted. */
import { byId, setText } from "../../shared/element.ts";
import { listJobs, redriveJobs } from "../api.ts";
import { explain } from "../explain.ts";
import { plural } from "../format.ts";
import { pollNow } from "../poll.ts";
import { showToast } from "../toast.ts";

const dialog = byId("redrive-dialog", HTMLDialogElement);
const form = byId("redrive-form", HTMLFormElement);
const counted = byId("redrive-count", HTMLElement);
const problem = byId("redrive-problem", HTMLElement);
const submit = byId("redrive-submit", HTMLButtonElement);

/** The most jobs of one call. @see edge/store/ops-acts.ts */
const maxPerCall = 1_000;
const pageSize = 100;

let counting = new AbortController();

/** Connects the button and the dialog. Called once. */
export function setUpRedrive(): void {
  byId("redrive", HTMLButtonElement).addEventListener("click", () => {
    dialog.showModal();
    void showCount();
  });
  byId("redrive-close", HTMLButtonElement).addEventListener("click", () => dialog.close());
  // The event may come after the dialog was opened again.
  dialog.addEventListener("close", () => dialog.open || counting.abort());
  form.addEventListener("change", () => void showCount());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });
}

function readFilter() {
  const fields = new FormData(form);
  const priority = (["premium", "standard"] as const).find((known) => known === fields.get("priority"));
  return { ...(priority && { priority }), older_than_seconds: Number(fields.get("older_than_seconds")) };
}

async function showCount(): Promise<void> {
  counting.abort();
  counting = new AbortController();
  const { signal } = counting;
  submit.disabled = true;
  problem.hidden = true;
  setText(counted, "Counting…");
  try {
    const n = await countWaiting(signal);
    const most = n >= maxPerCall ? `The first ${plural(maxPerCall, "job")} of more` : plural(n, "job");
    setText(counted, n === 0 ? "No job matches." : `${most} will get a new message.`);
    setText(submit, n === 0 ? "Send" : `Send ${plural(Math.min(n, maxPerCall), "message")}`);
    submit.disabled = n === 0;
  } catch (error) {
    if (!signal.aborted) showProblem(error);
  }
}

async function countWaiting(signal: AbortSignal): Promise<number> {
  const { older_than_seconds, ...filter } = readFilter();
  const before = Date.now() - older_than_seconds * 1000;
  let n = 0;
  for (let cursor: string | null = ""; cursor !== null && n < maxPerCall; ) {
    const page = await listJobs(
      { ...filter, status: "queued", limit: pageSize, ...(cursor && { cursor }) },
      signal,
    );
    n += page.data.filter(({ created_at }) => Date.parse(created_at) <= before).length;
    cursor = page.next_cursor;
  }
  return n;
}

async function send(): Promise<void> {
  submit.disabled = true;
  try {
    const { redriven } = await redriveJobs(readFilter());
    dialog.close();
    showToast(`Sent ${plural(redriven, "message")}.`);
    pollNow();
  } catch (error) {
    submit.disabled = false;
    showProblem(error);
  }
}

function showProblem(error: unknown): void {
  setText(counted, "");
  setText(problem, explain(error));
  problem.hidden = false;
}

/** New messages for waiting jobs, by filter. Counts them before it lets anybody press the button. */
import { byId, setText } from "../../shared/element.ts";
import { listJobs, redriveJobs } from "../api.ts";
import { explain } from "../explain.ts";
import { plural } from "../format.ts";
import { nudge } from "../keep-up.ts";
import { tell } from "../told.ts";

const dialog = byId("redrive-dialog", HTMLDialogElement);
const form = byId("redrive-form", HTMLFormElement);
const counted = byId("redrive-count", HTMLElement);
const problem = byId("redrive-problem", HTMLElement);
const submit = byId("redrive-submit", HTMLButtonElement);

/** One re-drive sends so many at most. @see edge/store/ops-acts.ts */
const mostAtOnce = 1_000;
const pageSize = 100;

let looking = new AbortController();

export function setUpRedrive(): void {
  byId("redrive", HTMLButtonElement).addEventListener("click", () => {
    dialog.showModal();
    void countThem();
  });
  byId("redrive-close", HTMLButtonElement).addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => looking.abort());
  form.addEventListener("change", () => void countThem());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });
}

function readWish() {
  const fields = new FormData(form);
  const priority = (["premium", "standard"] as const).find((known) => known === fields.get("priority"));
  return { ...(priority && { priority }), older_than_seconds: Number(fields.get("older_than_seconds")) };
}

async function countThem(): Promise<void> {
  looking.abort();
  looking = new AbortController();
  const { signal } = looking;
  submit.disabled = true;
  problem.hidden = true;
  setText(counted, "Counting…");
  try {
    const n = await countWaiting(signal);
    const most = n >= mostAtOnce ? `The first ${plural(mostAtOnce, "job")} of more` : plural(n, "job");
    setText(counted, n === 0 ? "No job waits like this." : `${most} will get a new message.`);
    setText(submit, n === 0 ? "Send" : `Send ${plural(Math.min(n, mostAtOnce), "message")}`);
    submit.disabled = n === 0;
  } catch (error) {
    if (!signal.aborted) complain(error);
  }
}

async function countWaiting(signal: AbortSignal): Promise<number> {
  const { older_than_seconds, ...filter } = readWish();
  const before = Date.now() - older_than_seconds * 1000;
  let n = 0;
  for (let cursor: string | null = ""; cursor !== null && n < mostAtOnce; ) {
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
    const { redriven } = await redriveJobs(readWish());
    dialog.close();
    tell(`Sent ${plural(redriven, "message")}.`);
    nudge();
  } catch (error) {
    submit.disabled = false;
    complain(error);
  }
}

function complain(error: unknown): void {
  setText(counted, "");
  setText(problem, explain(error));
  problem.hidden = false;
}

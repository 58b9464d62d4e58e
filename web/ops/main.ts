/** The operators' page: whether all is well, and what to do where it is not. */
import type { OpsFigures } from "../../contract/ops.ts";
import { announce } from "../shared/announce.ts";
import { ApiProblem } from "../shared/api-problem.ts";
import { byId, element, setText } from "../shared/element.ts";
import { readKey, takeKeyFromAddress } from "./admin-key.ts";
import { readFigures, readWorkers } from "./api.ts";
import { askKey } from "./ask-key.ts";
import { explain } from "./explain.ts";
import { clock } from "./format.ts";
import { jobView, setUpJob, showWhichJob } from "./job/job-view.ts";
import { jobsView, setUpJobs, showFilter } from "./jobs/jobs-view.ts";
import { setUpRedrive } from "./jobs/redrive-dialog.ts";
import { judge } from "./judge.ts";
import { keepUp, type Reach } from "./keep-up.ts";
import { lettersView, setUpLetters } from "./letters/letters-view.ts";
import { morph } from "./morph.ts";
import { overviewView, setUpOverview } from "./overview/overview-view.ts";
import { drawBlind, drawVerdict, nameLevel } from "./overview/verdict.ts";
import { readHourAgo } from "./read-hour-ago.ts";
import { type Route, readRoute } from "./route.ts";
import type { View, World } from "./view.ts";

const verdict = byId("verdict", HTMLElement);
let stay = new AbortController();
let at: Route | null = null;
let seen: OpsFigures[] = [];
let lastAnswer: string | null = null;
let lastLevel = "";

await takeKeyFromAddress();
setUpOverview();
setUpJobs();
setUpRedrive();
setUpJob();
setUpLetters();
byId("change-key", HTMLButtonElement).addEventListener("click", () => void askKey().then(arrive));
addEventListener("hashchange", () => {
  void takeKeyFromAddress().then((isAnother) => isAnother && arrive());
  arrive();
});
if (readKey() === null) await askKey();
arrive();

/** Shows what the address names, and keeps it up to date until the address changes. */
function arrive(): void {
  const from = at;
  at = readRoute(location.hash);
  stay.abort();
  stay = new AbortController();
  const view = show(at, from);
  void keepUp({ ask: (signal) => ask(view, signal), failed, tell: showReach }, stay.signal);
}

function show(route: Route, from: Route | null): View {
  for (const page of ["overview", "jobs", "job", "letters"] as const)
    byId(page, HTMLElement).hidden = page !== route.page;
  const current = route.page === "job" ? "jobs" : route.page;
  for (const link of document.querySelectorAll<HTMLElement>("nav [data-page]")) {
    if (link.dataset.page === current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const isElsewhere = from !== null && (from.page !== route.page || route.page === "job");
  if (isElsewhere) {
    scrollTo(0, 0);
    byId(`${route.page}-title`, HTMLElement).focus({ preventScroll: true });
  }
  switch (route.page) {
    case "overview":
      document.title = "Operations · Dreamreel";
      return overviewView;
    case "jobs":
      document.title = "Jobs · Dreamreel operations";
      showFilter(route.filter);
      return jobsView(route.filter);
    case "job":
      document.title = `${route.jobId} · Dreamreel operations`;
      showWhichJob(route.jobId);
      return jobView(route.jobId);
    case "letters":
      document.title = "Dead letters · Dreamreel operations";
      return lettersView;
  }
}

const seenMost = 450;

async function ask(view: View, signal: AbortSignal): Promise<void> {
  const [figures, workers] = await Promise.all([readFigures(signal), readWorkers(signal)]);
  const nowMs = Date.parse(figures.at);
  seen = [...seen.slice(-seenMost), figures];
  const world: World = {
    figures,
    workers: workers.data,
    hourAgo: await readHourAgo(nowMs, signal),
    seen,
    nowMs,
  };
  const judged = judge(figures, world.workers, world.hourAgo);
  lastAnswer = figures.at;
  morph(verdict, drawVerdict(judged, figures));
  if (lastLevel !== judged.level) announce(nameLevel(judged.level));
  lastLevel = judged.level;
  const draw = await view.look(world, signal);
  if (!signal.aborted) draw();
}

/** What is wrong with the question stays so; what is wrong with the way to the service may pass. */
function failed(error: unknown): boolean {
  if (!(error instanceof ApiProblem) || error.status === 0 || error.status >= 500 || error.status === 429) {
    if (!(error instanceof ApiProblem)) console.error(error);
    return true;
  }
  if (error.code.startsWith("auth.")) void askKey().then(arrive);
  else if (at?.page === "job") morph(byId("job-story", HTMLElement), complain(error));
  else if (at?.page === "jobs") morph(byId("job-list", HTMLElement), complain(error));
  return false;
}

const complain = (error: ApiProblem) => element("p", { class: "empty bad", role: "alert" }, explain(error));

function showReach(reach: Reach): void {
  const live = byId("live", HTMLElement);
  live.dataset.state = reach;
  const time = lastAnswer === null ? null : clock(lastAnswer, Date.now());
  const words = { live: `Live · ${time}`, lost: "No connection", paused: "Paused" };
  setText(byId("live-text", HTMLElement), words[reach]);
  document.body.classList.toggle("stale", reach === "lost");
  if (reach !== "lost") return;
  morph(verdict, drawBlind(time));
  if (lastLevel !== "blind") announce("No connection");
  lastLevel = "blind";
}

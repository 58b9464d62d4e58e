/** The operators' page: the health of the service, its jobs and its dead letters. */
import type { OpsFigures } from "../../contract/ops.ts";
import { announce } from "../shared/announce.ts";
import { ApiProblem } from "../shared/api-problem.ts";
import { byId, element, setText } from "../shared/element.ts";
import { readKey, takeKeyFromAddress } from "./admin-key.ts";
import { probeHold, readFigures, readWorkers } from "./api.ts";
import { askKey } from "./ask-key.ts";
import { explain } from "./explain.ts";
import { clock } from "./format.ts";
import { assessHealth } from "./health.ts";
import { jobView, setUpJob, showWhichJob } from "./job/job-view.ts";
import { jobsView, setUpJobs, showFilter } from "./jobs/jobs-view.ts";
import { setUpRedrive } from "./jobs/redrive-dialog.ts";
import { lettersView, setUpLetters } from "./letters/letters-view.ts";
import { morph } from "./morph.ts";
import { drawHealthBanner, drawUnreachableBanner, nameLevel } from "./overview/health-banner.ts";
import { overviewView, setUpOverview } from "./overview/overview-view.ts";
import { type Connection, poll, pollNow } from "./poll.ts";
import { readHourAgo } from "./read-hour-ago.ts";
import { type Route, readRoute } from "./route.ts";
import { showToast } from "./toast.ts";
import type { ServiceState, View } from "./view.ts";

const banner = byId("verdict", HTMLElement);
let visit = new AbortController();
let current: Route | null = null;
let seen: OpsFigures[] = [];
let lastAnswer: string | null = null;
let lastLevel = "";

await takeKeyFromAddress();
setUpOverview();
setUpJobs();
setUpRedrive();
setUpJob();
setUpLetters();
byId("change-key", HTMLButtonElement).addEventListener("click", () => void askKey().then(showAddress));
addEventListener("hashchange", () => {
  void takeKeyFromAddress().then((isAnother) => isAnother && showAddress());
  showAddress();
});
banner.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLElement>("[data-probe]") : null;
  if (button?.dataset.probe) void tryHold(button.dataset.probe);
});
if (readKey() === null) await askKey();
showAddress();

/** Shows the page of the address and polls its data until the address changes. */
function showAddress(): void {
  const from = current;
  current = readRoute(location.hash);
  visit.abort();
  visit = new AbortController();
  const view = show(current, from);
  void poll({ load: (signal) => load(view, signal), canRetry, onChange: showConnection }, visit.signal);
}

function show(route: Route, from: Route | null): View {
  for (const page of ["overview", "jobs", "job", "letters"] as const)
    byId(page, HTMLElement).hidden = page !== route.page;
  const section = route.page === "job" ? "jobs" : route.page;
  for (const link of document.querySelectorAll<HTMLElement>("nav [data-page]")) {
    if (link.dataset.page === section) link.setAttribute("aria-current", "page");
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

/** 15 minutes at one answer every 2 s. */
const maxSeen = 450;

async function load(view: View, signal: AbortSignal): Promise<void> {
  const [figures, workers] = await Promise.all([readFigures(signal), readWorkers(signal)]);
  const nowMs = Date.parse(figures.at);
  seen = [...seen.slice(-maxSeen), figures];
  const service: ServiceState = {
    figures,
    workers: workers.data,
    hourAgo: await readHourAgo(nowMs, signal),
    seen,
    nowMs,
  };
  const health = assessHealth(figures, service.workers, service.hourAgo, nowMs);
  lastAnswer = figures.at;
  morph(banner, drawHealthBanner(health, figures));
  if (lastLevel !== health.level) announce(nameLevel(health.level));
  lastLevel = health.level;
  const draw = await view.load(service, signal);
  if (!signal.aborted) draw();
}

/** Lets one job try a held provider at once, and says so. */
async function tryHold(capability: string): Promise<void> {
  try {
    const { held } = await probeHold(capability);
    showToast(
      held ? "One job tries the provider now. If it can buy, all go on." : "Nothing is held any more.",
    );
    pollNow();
  } catch (error) {
    showToast(explain(error), true);
  }
}

/** Handles a failed load. An error of the request itself would come again, so polling stops. */
function canRetry(error: unknown): boolean {
  if (!(error instanceof ApiProblem) || error.status === 0 || error.status >= 500 || error.status === 429) {
    if (!(error instanceof ApiProblem)) console.error(error);
    return true;
  }
  if (error.code.startsWith("auth.")) void askKey().then(showAddress);
  else if (current?.page === "job") morph(byId("job-story", HTMLElement), drawProblem(error));
  else if (current?.page === "jobs") morph(byId("job-list", HTMLElement), drawProblem(error));
  return false;
}

const drawProblem = (error: ApiProblem) =>
  element("p", { class: "empty bad", role: "alert" }, explain(error));

function showConnection(connection: Connection): void {
  const live = byId("live", HTMLElement);
  live.dataset.state = connection;
  const time = lastAnswer === null ? null : clock(lastAnswer, Date.now());
  const words = { live: `Live · ${time}`, lost: "No connection", paused: "Paused" };
  setText(byId("live-text", HTMLElement), words[connection]);
  document.body.classList.toggle("stale", connection === "lost");
  if (connection !== "lost") return;
  morph(banner, drawUnreachableBanner(time));
  if (lastLevel !== "blind") announce("No connection");
  lastLevel = "blind";
}

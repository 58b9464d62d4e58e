import type { Take, TakeAsset, TakeList } from "../../../../contract/takes.ts";
import { hasVisibleText } from "../../../../contract/visible-text.ts";
import { byId, setText } from "../../../shared/element.ts";
import { untilClosed } from "../../../shared/until-closed.ts";
import { buyTakes, cancelTakes, chooseTake, listTakes } from "../../api/api.ts";
import { explainProblem } from "../../api/explain-problem.ts";
import { countTakes, describeOffer, describeState, introOf } from "./describe-takes.ts";
import { createTakeCards } from "./show-takes.ts";

const dialog = byId("takes-dialog", HTMLDialogElement);
const count = byId("takes-count", HTMLSelectElement);
const prompt = byId("takes-prompt", HTMLTextAreaElement);
const submit = byId("takes-submit", HTMLButtonElement);
const stop = byId("takes-stop", HTMLButtonElement);
const problem = byId("takes-problem", HTMLElement);

/**
 * How often the page asks while takes are being bought: the dream's events tell of them only when all are
 * bought.
 */
const askMs = 1_500;

/**
 * The dialog with a scene's pictures or voices side by side, which offers more of them with their price.
 * Resolves to whether the dreamer chose one, so that a film is being made.
 */
export async function askTakes(dreamId: string, index: number, asset: TakeAsset): Promise<boolean> {
  const closing = new AbortController();
  const { signal } = closing;
  let known: TakeList | null = null;
  let isBusy = false;
  const show = createTakeCards((take) => void act(() => use(take)));
  writeLabels(index, asset);
  prompt.value = "";
  problem.hidden = true;
  describe();
  count.addEventListener("change", describe, { signal });
  prompt.addEventListener("input", describe, { signal });
  stop.addEventListener("click", () => void act(stopBuying), { signal });
  byId("takes-close", HTMLButtonElement).addEventListener("click", () => dialog.close(""), { signal });
  byId("takes-form", HTMLFormElement).addEventListener(
    "submit",
    (event) => {
      event.preventDefault();
      void act(buy);
    },
    { signal },
  );
  dialog.returnValue = "";
  dialog.showModal();
  void act(read);
  await untilClosed(dialog);
  closing.abort();
  return dialog.returnValue === "sent";

  function describe(): void {
    const many = Number(count.value);
    const words = hasVisibleText(prompt.value);
    setText(submit, `Buy ${countTakes(many, asset)}`);
    setText(byId("takes-price", HTMLElement), known ? describeOffer(known, asset, many, words) : "");
  }

  /** Reads the takes, and again while some are being bought. */
  async function read(): Promise<void> {
    known = await listTakes(dreamId, index, signal);
    if (signal.aborted) return;
    const takes = known.takes.filter((take) => take.asset === asset);
    show(takes);
    setText(byId("takes-state", HTMLElement), describeState(known, asset));
    describe();
    const isBuying = takes.some(({ status }) => status === "making");
    // The keyboard stays where it was when the button goes.
    if (!isBuying && document.activeElement === stop) submit.focus();
    stop.hidden = !isBuying;
    if (isBuying) setTimeout(() => void act(read), askMs);
  }

  async function buy(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    try {
      const words = prompt.value.trim();
      const asked = {
        asset,
        count: Number(count.value),
        ...(hasVisibleText(words) ? { prompt: words } : {}),
      };
      await buyTakes(dreamId, index, asked);
      prompt.value = "";
      await read();
    } finally {
      isBusy = false;
    }
  }

  async function stopBuying(): Promise<void> {
    await cancelTakes(dreamId);
    await read();
  }

  async function use(take: Take): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    try {
      const answer = await chooseTake(dreamId, index, take.id);
      dialog.close(answer.status === "already_chosen" ? "" : "sent");
    } finally {
      isBusy = false;
    }
  }

  async function act(work: () => Promise<void>): Promise<void> {
    if (signal.aborted) return;
    problem.hidden = true;
    try {
      await work();
    } catch (error) {
      if (signal.aborted) return;
      const { title, advice, code } = explainProblem(error);
      setText(problem, `${title}. ${advice} (${code})`);
      problem.hidden = false;
    }
  }
}

function writeLabels(index: number, asset: TakeAsset): void {
  const isPicture = asset === "picture";
  setText(byId("takes-title", HTMLElement), `${isPicture ? "Pictures" : "Voices"} of scene ${index + 1}`);
  setText(byId("takes-intro", HTMLElement), introOf(asset));
  setText(byId("takes-more", HTMLElement), `Buy more ${asset}s`);
  setText(byId("takes-state", HTMLElement), "");
  stop.hidden = true;
  setText(
    byId("takes-prompt-label", HTMLElement),
    isPicture ? "What the picture shows" : "What the voice says",
  );
  prompt.placeholder = isPicture
    ? "In your own words. Leave it empty for other pictures of the same scene."
    : "In your own words. Leave it empty for other voices with the same words.";
}

/** The page of one dream: its film, while it is being made and afterwards. */
import type { FilmCost } from "../../../contract/cost.ts";
import { announce } from "../../shared/announce.ts";
import { ApiProblem } from "../../shared/api-problem.ts";
import { byId, setText } from "../../shared/element.ts";
import { openEvents, readCost, readStatus } from "../api/api.ts";
import { recallShape } from "../compose/remember-choices.ts";
import { readScenePrices } from "../dialogs/price-redo.ts";
import { describePrice } from "../dialogs/scene-prices.ts";
import { createGate } from "../gate/gate-view.ts";
import { showLibrary } from "../library/library-view.ts";
import { hideNotice, showNotice } from "../notice.ts";
import { againAddress } from "../route.ts";
import { applyStatus } from "./apply-message.ts";
import { offerCaptions } from "./caption-toggle.ts";
import { createFilmActs } from "./change-film.ts";
import { countScenes, describeOutage, describeProgress } from "./describe-progress.ts";
import { createDreamName } from "./dream-name.ts";
import { type FilmState, isActive, isEarlierShown, unknownFilm, watchable } from "./film-state.ts";
import { followEta, type ToldEta } from "./follow-eta.ts";
import { pauseUntilOnline, untilOffline } from "./network.ts";
import { createPlayer } from "./player.ts";
import { createSceneCards, startsOf } from "./scene-cards.ts";
import { again, againNew, cancel, remove, showActions, showBar } from "./show-actions.ts";
import { showAiMark, showMaking } from "./show-making.ts";
import { createStage } from "./stage.ts";
import { type WatchPorts, watchFilm } from "./watch-film.ts";

const video = byId("film", HTMLVideoElement);

/** Shows the dream until `visit` aborts. */
export async function watchDream(dreamId: string, visit: AbortSignal): Promise<void> {
  let film: FilmState = unknownFilm;
  let newest: FilmState = unknownFilm;
  let online = true;
  let isDue = false;
  let announced = "";
  let told: ToldEta | null = null;
  let bill: FilmCost | null = null;
  let billed: string | null = null;
  const player = createPlayer(video);
  const stage = createStage(video, recallShape(dreamId));
  const gate = createGate(dreamId, visit, () => void refresh());
  const name = createDreamName(dreamId, visit);
  const acts = createFilmActs(dreamId, {
    film: () => film,
    name: name.current,
    reveal: () => video.scrollIntoView({ block: "nearest" }),
    follow,
    take: (status) => show(applyStatus(newest, status), true),
  });
  const cards = createSceneCards({ redo: acts.redo, takes: acts.takes, paint: acts.repaint, goTo });
  let picturePrice: string | null = null;
  let isPriceAsked = false;
  const on = (target: HTMLElement, event: string, act: () => unknown) =>
    target.addEventListener(event, () => void act(), { signal: visit });

  on(video, "timeupdate", () => cards.mark(starts(), video.currentTime));
  on(video, "progress", () => cards.show(film, starts(), picturePrice));
  on(cancel, "click", acts.stop);
  on(again, "click", () => acts.tryAgain());
  on(againNew, "click", () => acts.tryAgain({ new_storyboard: true }));
  on(remove, "click", acts.removeDream);
  on(byId("rename", HTMLButtonElement), "click", name.rename);
  byId("make-again", HTMLAnchorElement).href = againAddress(dreamId);
  visit.addEventListener("abort", () => {
    player.close();
    stage.close();
    offerCaptions(null, false);
  });
  paint();
  await Promise.all([name.show(), follow()]);

  async function follow(): Promise<void> {
    hideNotice();
    const ports: WatchPorts = {
      readStatus,
      openEvents: (id, after, signal) => openEvents(id, after, untilOffline(signal)),
      pause: pauseUntilOnline,
    };
    try {
      await watchFilm(dreamId, ports, show, visit);
    } catch (error) {
      if (visit.aborted) return;
      showNotice(error);
      if (error instanceof ApiProblem && error.code === "dream.not_found") showNothing();
    }
  }

  /** There is no such dream, so the page shows the error and the dreams that there are. */
  function showNothing(): void {
    byId("watch", HTMLElement).hidden = true;
    document.title = "No dream · Dreamreel";
    void showLibrary(visit);
  }

  /** Many messages may come at once; one paint shows the newest state. */
  function show(next: FilmState, isOnline: boolean): void {
    newest = next;
    online = isOnline;
    if (isDue) return;
    isDue = true;
    setTimeout(paint);
  }

  function paint(): void {
    isDue = false;
    if (visit.aborted) return;
    const before = film;
    film = newest;
    if (film.title !== null && film.title !== before.title) void name.show();
    told = followEta(film.jobId === before.jobId ? told : null, isActive(film) ? film.eta : null, Date.now());
    const progress = describeProgress(film, starts().length, told);
    setText(byId("headline", HTMLElement), progress.headline);
    setText(byId("detail", HTMLElement), progress.detail);
    byId("offline", HTMLElement).hidden = online;
    if (!online) setText(byId("offline", HTMLElement), describeOutage(film, navigator.onLine));
    showBar(film);
    cards.show(film, starts(), picturePrice);
    cards.mark(starts(), video.currentTime);
    stage.show(film);
    gate.show(film);
    playNewest(before);
    showActions(film);
    showMaking(film, bill);
    showAiMark(film);
    if (film.status !== null && !isActive(film)) void readBill(film.jobId);
    void readPicturePrice();
    if (film.error !== null && before.error === null) {
      showNotice(new ApiProblem(film.error.code, 0, film.error.message));
    }
    announceChange(before);
  }

  /** Plays the film, or the earlier one while this one cannot be watched. */
  function playNewest(before: FilmState): void {
    const urls = watchable(film);
    const isWhole = urls.video !== null;
    const isEarlier = isEarlierShown(film);
    if (isWhole || film.playable) {
      const isNew = isActive(film) || (isActive(before) && film.playable);
      player.play(urls, isNew && !isEarlier, film.redoScene !== null);
    } else if (film.jobId !== before.jobId || isEarlierShown(before)) player.stop();
    if (isWhole) player.complete();
    // An earlier version may have been made with other captions.
    const hasCaptions = isWhole && !(isEarlier && isActive(film) && film.redoScene === null);
    offerCaptions(hasCaptions ? urls.captions : null, film.areCaptionsBurntIn);
  }

  /** Announces steps and finished scenes to a screen reader, but no percentages. */
  function announceChange(before: FilmState): void {
    const { headline } = describeProgress(film);
    const ready = Math.max(film.scenesReady, starts().length);
    const startsPlaying = film.playable && !before.playable && isActive(film);
    const text = [
      headline,
      startsPlaying ? "the film starts to play" : null,
      film.status === "processing" && ready > 0 ? countScenes(film, starts().length) : null,
    ]
      .filter((part) => part !== null)
      .join(", ");
    if (text !== announced && film.status !== null) announce(text);
    announced = text;
  }

  function starts(): number[] {
    // The player has another version's scenes, not those of the cards.
    if (isEarlierShown(film) && film.redoScene === null) return [];
    const known = player.sceneStarts();
    return known.length > 0 || !film.playable ? known : startsOf(film.scenes);
  }

  function goTo(index: number): void {
    const start = starts()[index];
    if (start === undefined) return;
    video.currentTime = start;
    void video.play().catch(() => {});
    video.scrollIntoView({ block: "nearest" });
  }

  /** Reads the bill of an ended film, once. */
  async function readBill(jobId: string | null): Promise<void> {
    if (billed === jobId) return;
    billed = jobId;
    bill = await readCost(dreamId, visit).catch(() => null);
    paint();
  }

  /** Reads what it costs to paint a scene that was painted without AI, once there is one. */
  async function readPicturePrice(): Promise<void> {
    const scene = film.scenes.find(({ isPlaceholder }) => isPlaceholder);
    if (isPriceAsked || isActive(film) || !scene?.narration) return;
    isPriceAsked = true;
    const prices = await readScenePrices(scene.narration, film.options ?? {}, visit);
    if (prices === null || visit.aborted) return;
    picturePrice = describePrice(prices.picture);
    cards.show(film, starts(), picturePrice);
  }

  /** Shows the newest status at once, without waiting for the stream. */
  async function refresh(): Promise<void> {
    const status = await readStatus(dreamId, visit).catch(() => null);
    if (status !== null && !visit.aborted) show(applyStatus(newest, status), true);
  }
}

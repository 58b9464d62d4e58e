/**
 * The progress of one attempt. It never goes back; the percentage is the share of the measured work that is
 * done. This class sends nothing: `reporting.ts` reports it to the edge.
 */
import type { PaidCapability, Settlement } from "../../contract/charge.ts";
import type { WorkerEvent } from "../../contract/event.ts";
import type { Stage } from "../../contract/job.ts";
import type { ProgressAnswer } from "../../contract/report.ts";

/** Shares of a job's wall time in percent, measured over demo films. The parts of a scene share its part. */
const share = { storyboard: 6, scenes: 84, film: 3, publish: 7 };
const sceneShare = { picture: 0.4, voice: 0.15, segment: 0.45 };

export type ScenePart = keyof typeof sceneShare;

export interface NumberedEvent {
  n: number;
  event: WorkerEvent;
}

export interface Warning {
  code: string;
  message: string;
  scene: number | null;
}

export interface ProgressSnapshot {
  stage: Stage;
  percent: number;
  scenesTotal: number | null;
  scenesReady: number;
  costMicroUsd: number;
  reused: { assets: number; savedMicroUsd: number };
  warnings: Warning[];
}

export class Progress {
  #stage: Stage = "storyboard";
  #percent = 0;
  #scenesTotal: number | null = null;
  #scenesReady = 0;
  #costMicroUsd = 0;
  #sceneWork = 0;
  #lastNumber = 0;
  readonly #reused = { assets: 0, savedMicroUsd: 0 };
  readonly #warnings: Warning[] = [];
  #unreportedEvents: NumberedEvent[] = [];
  #unreportedSettlements: Settlement[] = [];
  #unreportedAssets: string[] = [];
  /** Called when another message than a report has carried one, with the edge's answer to it. */
  onCarried: (answer: ProgressAnswer, sentAtMs: number) => void = () => {};
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  enter(stage: Exclude<Stage, "queued" | "done">): void {
    this.#stage = stage;
    if (stage === "scenes") this.#advanceTo(share.storyboard);
    if (stage === "film") this.#advanceTo(share.storyboard + share.scenes);
    if (stage === "publish") this.#advanceTo(share.storyboard + share.scenes + share.film);
    this.log({ type: "job.stage", data: { stage } });
  }

  /** Raises the percentage of work that has no scenes. */
  advance(percent: number): void {
    this.#advanceTo(percent);
    this.#onChange();
  }

  setSceneCount(scenesTotal: number): void {
    this.#scenesTotal = scenesTotal;
  }

  finished(part: ScenePart): void {
    this.#sceneWork += sceneShare[part];
    if (part === "segment") this.#scenesReady++;
    this.#advanceTo(share.storyboard + (share.scenes * this.#sceneWork) / (this.#scenesTotal ?? 1));
    this.#onChange();
  }

  spent(microUsd: number, on: PaidCapability, scene: number | null): void {
    if (microUsd === 0) return;
    this.#costMicroUsd += microUsd;
    this.log({ type: "job.cost", data: { cost_usd: microUsd / 1e6, for: on, scene } });
  }

  /** Records an asset that was found instead of bought. */
  reused(savedMicroUsd: number, kind: PaidCapability, scene: number | null): void {
    this.#reused.assets++;
    this.#reused.savedMicroUsd += savedMicroUsd;
    this.log({ type: "job.reused", data: { saved_usd: savedMicroUsd / 1e6, for: kind, scene } });
  }

  /**
   * Tells the owner how the film differs from what was asked for, as an event and with the finished film.
   */
  warn(code: string, message: string, scene: number | null): void {
    this.#warnings.push({ code, message, scene });
    this.log({ type: "job.warning", data: { code, message, scene } });
  }

  log(event: WorkerEvent): void {
    this.#unreportedEvents.push({ n: ++this.#lastNumber, event });
    this.#onChange();
  }

  /**
   * The oldest events that the edge has not confirmed: at most `most`, and at most `mostBytes` of JSON, but
   * at least one if there is any.
   */
  unreportedEvents(most: number, mostBytes: number): NumberedEvent[] {
    let sizeBytes = 0;
    const end = this.#unreportedEvents.findIndex((event, place) => {
      sizeBytes += Buffer.byteLength(JSON.stringify(event)) + 1;
      return place === most || (place > 0 && sizeBytes > mostBytes);
    });
    return end === -1 ? [...this.#unreportedEvents] : this.#unreportedEvents.slice(0, end);
  }

  confirmEvents(upTo: number): void {
    this.#unreportedEvents = this.#unreportedEvents.filter(({ n }) => n > upTo);
  }

  /** Queues a purchase's settlement for the next report. */
  settle(settlement: Settlement): void {
    this.#unreportedSettlements.push(settlement);
    this.#onChange();
  }

  /** The oldest settlements that the edge has not confirmed. */
  unreportedSettlements(most: number): Settlement[] {
    return this.#unreportedSettlements.slice(0, most);
  }

  confirmSettlements(settlements: readonly Settlement[]): void {
    this.#unreportedSettlements = this.#unreportedSettlements.filter((one) => !settlements.includes(one));
  }

  /**
   * Records that the film uses this asset, which is deleted with its dream. It does not trigger a report.
   */
  useAsset(fingerprint: string): void {
    this.#unreportedAssets.push(fingerprint);
  }

  /** The oldest assets that the edge has not confirmed. */
  unreportedAssets(most: number): string[] {
    return this.#unreportedAssets.slice(0, most);
  }

  confirmAssets(fingerprints: readonly string[]): void {
    this.#unreportedAssets = this.#unreportedAssets.filter((one) => !fingerprints.includes(one));
  }

  /** True if an event or a settlement waits for a report. */
  get hasUrgentReports(): boolean {
    return this.#unreportedEvents.length + this.#unreportedSettlements.length > 0;
  }

  get snapshot(): ProgressSnapshot {
    return {
      stage: this.#stage,
      percent: Math.min(99, Math.floor(this.#percent)),
      scenesTotal: this.#scenesTotal,
      scenesReady: this.#scenesReady,
      costMicroUsd: this.#costMicroUsd,
      reused: { ...this.#reused },
      warnings: [...this.#warnings],
    };
  }

  #advanceTo(percent: number): void {
    this.#percent = Math.max(this.#percent, percent);
  }
}

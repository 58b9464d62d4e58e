/**
 * What an attempt knows of its own progress. Monotonic; percent comes from how much of the measured work is done.
 * Nothing here talks to anybody: `reporting.ts` carries it to the edge.
 */
import type { Capability, Settlement } from "../../contract/charge.ts";
import type { WorkerEvent } from "../../contract/event.ts";
import type { Stage } from "../../contract/job.ts";

/** Shares of a job's wall time, measured over demo films; scenes split theirs among their parts. */
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

  setSceneCount(scenesTotal: number): void {
    this.#scenesTotal = scenesTotal;
  }

  finished(part: ScenePart): void {
    this.#sceneWork += sceneShare[part];
    if (part === "segment") this.#scenesReady++;
    this.#advanceTo(share.storyboard + (share.scenes * this.#sceneWork) / (this.#scenesTotal ?? 1));
    this.#onChange();
  }

  spent(microUsd: number, on: Capability, scene: number | null): void {
    if (microUsd === 0) return;
    this.#costMicroUsd += microUsd;
    this.log({ type: "job.cost", data: { cost_usd: microUsd / 1e6, for: on, scene } });
  }

  /** An asset was found and not bought. */
  reused(savedMicroUsd: number, kind: Capability, scene: number | null): void {
    this.#reused.assets++;
    this.#reused.savedMicroUsd += savedMicroUsd;
    this.log({ type: "job.reused", data: { saved_usd: savedMicroUsd / 1e6, for: kind, scene } });
  }

  /** What the film lacks, for its owner to read: in the log, and with the finished film. */
  warn(code: string, message: string, scene: number | null): void {
    this.#warnings.push({ code, message, scene });
    this.log({ type: "job.warning", data: { code, message, scene } });
  }

  log(event: WorkerEvent): void {
    this.#unreportedEvents.push({ n: ++this.#lastNumber, event });
    this.#onChange();
  }

  /** Events the edge has not confirmed yet, oldest first: so many, and of so many bytes as JSON, but at least one. */
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

  /** Says what became of a purchase; it goes along with the next report. */
  settle(settlement: Settlement): void {
    this.#unreportedSettlements.push(settlement);
    this.#onChange();
  }

  /** Settlements the edge has not confirmed yet, oldest first. */
  unreportedSettlements(most: number): Settlement[] {
    return this.#unreportedSettlements.slice(0, most);
  }

  confirmSettlements(settlements: readonly Settlement[]): void {
    this.#unreportedSettlements = this.#unreportedSettlements.filter((one) => !settlements.includes(one));
  }

  /** The film uses this asset, which goes with its dream. Not urgent: said with whatever is said next. */
  useAsset(fingerprint: string): void {
    this.#unreportedAssets.push(fingerprint);
  }

  /** Assets that the edge has not confirmed yet, oldest first. */
  unreportedAssets(most: number): string[] {
    return this.#unreportedAssets.slice(0, most);
  }

  confirmAssets(fingerprints: readonly string[]): void {
    this.#unreportedAssets = this.#unreportedAssets.filter((one) => !fingerprints.includes(one));
  }

  /** Whether there is anything that the edge has not confirmed and that shall not wait. */
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

/** The data of the timeline as tables. */
import type { OpsTimeline } from "../../../contract/ops.ts";
import { element } from "../../shared/element.ts";
import { badge, inSeconds, moment } from "../components.ts";
import { between, clock, dollars } from "../format.ts";
import { table } from "../table.ts";

/** One row for each attempt, with its machine, duration and outcome. `nowMs`: the service's clock. */
export const drawAttempts = ({ attempts }: OpsTimeline, nowMs: number) =>
  table(
    "Attempts",
    ["Attempt", "Machine", "Started", "Took", "Outcome"],
    attempts.map(({ attempt, worker_id, started_at, ended_at, outcome }) => ({
      key: String(attempt),
      cells: [
        String(attempt),
        element("span", { class: "id" }, worker_id ?? "–"),
        moment(started_at, nowMs),
        between(started_at, ended_at ?? new Date(nowMs).toISOString()),
        outcome === null ? badge("under way", "busy") : outcome,
      ],
    })),
  );

/** One row for each scene: when its parts were there, how many were reused, and its cost in US dollars. */
export const drawScenes = ({ job, scenes }: OpsTimeline) =>
  table(
    "Scenes, with the time since the request",
    ["Scene", "Picture", "Voice", "Ready", "Reused", "Cost"],
    scenes.map((scene) => ({
      key: String(scene.scene),
      cells: [
        String(scene.scene + 1),
        inSeconds(job.created_at, scene.picture_at),
        inSeconds(job.created_at, scene.voice_at),
        inSeconds(job.created_at, scene.ready_at),
        scene.reused === 0 ? "–" : `${scene.reused} of 3`,
        dollars(scene.cost_usd),
      ],
    })),
    "scenes",
  );

const chargeTones: Record<string, string> = { settled: "good", reserved: "busy", unknown: "warn" };

/** One row for each purchase from an AI provider. `nowMs`: the service's clock. */
export const drawCosts = ({ costs }: OpsTimeline, nowMs: number) =>
  table(
    "Purchases",
    ["Item", "Scene", "Model", "State", "Tries", "Cost", "When"],
    costs.map((cost, i) => ({
      key: `${cost.for} ${cost.scene} ${i}`,
      cells: [
        cost.for,
        cost.scene === null ? "–" : String(cost.scene + 1),
        cost.model,
        badge(cost.state, chargeTones[cost.state] ?? "calm"),
        String(cost.tries),
        cost.cost_usd === null ? "–" : `${cost.estimated ? "≤ " : ""}${dollars(cost.cost_usd)}`,
        moment(cost.at, nowMs),
      ],
    })),
    "costs",
  );

/** One row for each message to a webhook about the job. */
export const drawWebhooks = ({ webhooks }: OpsTimeline) =>
  table(
    "Webhook messages",
    ["Delivery", "Event", "State", "Tries", "Error"],
    webhooks.map(({ id, type, status, attempts, error }) => ({
      key: id,
      cells: [element("span", { class: "id" }, id), type, status, String(attempts), error ?? "–"],
    })),
  );

/** One row for each event of the job's log, oldest first. `nowMs`: the service's clock. */
export const drawEvents = ({ job, events }: OpsTimeline, nowMs: number) =>
  table(
    "Events, oldest first",
    ["At", "After", "Attempt", "Event", "Details"],
    events.map(({ seq, at, attempt, type, data }) => ({
      key: String(seq),
      cells: [
        element("time", { datetime: at }, clock(at, nowMs)),
        inSeconds(job.created_at, at),
        attempt === 0 ? "–" : String(attempt),
        element("code", {}, type),
        element("code", { class: "excerpt" }, describeData(data, nowMs)),
      ],
    })),
    "events",
  );

/** An event's data as text. Scenes count from 0 on the wire and from 1 on the page. */
export const describeData = (data: Record<string, unknown>, nowMs: number): string =>
  Object.entries(data)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${describeValue(name, value, nowMs)}`)
    .join(", ") || "–";

function describeValue(name: string, value: unknown, nowMs: number): string {
  if (name === "held_since") return clock(new Date(Number(value)).toISOString(), nowMs);
  if (name === "scene") return String(Number(value) + 1);
  if (typeof value === "number") return String(Number(value.toFixed(6)));
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

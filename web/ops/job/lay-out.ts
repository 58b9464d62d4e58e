/** The bars and marks of one job's timeline, from its request to its end or until now. */
import type { OpsTimeline } from "../../../contract/ops.ts";

export interface Bar {
  fromMs: number;
  toMs: number;
  tone: "wait" | "work" | "good" | "bad";
}

export interface Mark {
  atMs: number;
  kind: "picture" | "voice" | "ready" | "playable";
}

export interface Lane {
  label: string;
  bars: Bar[];
  marks: Mark[];
}

export interface Layout {
  fromMs: number;
  toMs: number;
  lanes: Lane[];
}

/** One lane for the waits, one per attempt and one per scene. Times are Unix milliseconds. */
export function layOut({ job, attempts, scenes }: OpsTimeline, nowMs: number): Layout {
  const fromMs = Date.parse(job.created_at);
  const toMs = Math.max(fromMs + 1, job.ended_at === null ? nowMs : Date.parse(job.ended_at));
  const lanes: Lane[] = [{ label: "Waiting", bars: waits(job, attempts, fromMs, toMs), marks: [] }];
  for (const attempt of attempts) {
    const isLast = attempt === attempts.at(-1);
    lanes.push({
      label: `Attempt ${attempt.attempt}`,
      bars: [
        {
          fromMs: Date.parse(attempt.started_at),
          toMs: attempt.ended_at === null ? toMs : Date.parse(attempt.ended_at),
          tone: attempt.ended_at === null ? "work" : isLast && job.status === "completed" ? "good" : "bad",
        },
      ],
      marks:
        isLast && job.playable_at !== null ? [{ atMs: Date.parse(job.playable_at), kind: "playable" }] : [],
    });
  }
  for (const scene of scenes) lanes.push(layOutScene(scene, attempts, toMs));
  return { fromMs, toMs, lanes };
}

function waits(
  job: OpsTimeline["job"],
  attempts: OpsTimeline["attempts"],
  fromMs: number,
  toMs: number,
): Bar[] {
  const starts = attempts.map(({ started_at }) => Date.parse(started_at));
  const begins = [
    fromMs,
    ...attempts.flatMap(({ ended_at }) => (ended_at === null ? [] : [Date.parse(ended_at)])),
  ];
  const bars = begins.map((begin, i): Bar => ({ fromMs: begin, toMs: starts[i] ?? toMs, tone: "wait" }));
  const isOver = job.status !== "queued" && job.status !== "waiting" && attempts.length > 0;
  return bars.slice(0, isOver ? starts.length : undefined);
}

/** The scene's bar begins with the attempt that made its first part. */
function layOutScene(
  scene: OpsTimeline["scenes"][number],
  attempts: OpsTimeline["attempts"],
  toMs: number,
): Lane {
  const marks = (["picture", "voice", "ready"] as const).flatMap((kind): Mark[] => {
    const at = scene[`${kind}_at`];
    return at === null ? [] : [{ atMs: Date.parse(at), kind }];
  });
  const first = Math.min(toMs, ...marks.map(({ atMs }) => atMs));
  const start = attempts.findLast(({ started_at }) => Date.parse(started_at) <= first)?.started_at;
  const end =
    scene.ready_at === null ? Math.max(first, ...marks.map(({ atMs }) => atMs)) : Date.parse(scene.ready_at);
  return {
    label: `Scene ${scene.scene + 1}`,
    bars: [
      {
        fromMs: start === undefined ? first : Date.parse(start),
        toMs: end,
        tone: scene.ready_at === null ? "work" : "good",
      },
    ],
    marks,
  };
}

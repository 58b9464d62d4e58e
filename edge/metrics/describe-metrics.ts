/** The edge's metrics: the figures that D1 has of all jobs and workers. */
import packageJson from "../../package.json" with { type: "json" };
import { type Figures, firstFrame, queueWait } from "./figures.ts";
import { type Family, histogramSamples } from "./print-metrics.ts";

/** The metric families of these figures, in the order in which they are printed. */
export function describeMetrics({ now, counters }: Figures): Family[] {
  const value = (name: string, label: string) =>
    counters.find((counter) => counter.name === name && counter.label === label)?.value ?? 0;
  const all = (name: string) => counters.filter((counter) => counter.name === name);
  const gauge = (name: string, help: string, number: number): Family => ({
    name,
    help,
    type: "gauge",
    samples: [{ value: number }],
  });
  const queues = (["premium", "standard"] as const).map((queue) => ({ queue, ...now.queues[queue] }));
  return [
    {
      name: "dream_edge_build_info",
      help: "1, with the edge's version as label.",
      type: "gauge",
      samples: [{ labels: { version: packageJson.version }, value: 1 }],
    },
    {
      name: "dream_queue_depth",
      help: "Jobs that wait, counted up to 10000.",
      type: "gauge",
      samples: queues.map(({ queue, depth }) => ({ labels: { queue }, value: depth })),
    },
    {
      name: "dream_queue_oldest_age_seconds",
      help: "How long the job that waits longest has waited.",
      type: "gauge",
      samples: queues.map(({ queue, oldest_seconds }) => ({ labels: { queue }, value: oldest_seconds })),
    },
    {
      name: "dream_queue_ready_age_seconds",
      help: "The longest time for which a worker could have taken a job that waits.",
      type: "gauge",
      samples: queues.map(({ queue, ready_seconds = 0 }) => ({ labels: { queue }, value: ready_seconds })),
    },
    {
      name: "dream_queue_wait_seconds",
      help: "From finish, or from the last transcription of a told dream, to a film's first claim.",
      type: "histogram",
      samples: queues.flatMap(({ queue }) =>
        histogramSamples(
          queueWait.bounds,
          (le) => value("queue_wait_bucket", `${queue} ${le}`),
          value("queue_wait_sum", queue),
          { queue },
        ),
      ),
    },
    {
      name: "dream_first_playable_seconds",
      help: "From finish to a first scene that plays, the wait in the queue included.",
      type: "histogram",
      samples: histogramSamples(
        firstFrame.bounds,
        (le) => value("first_frame_bucket", le),
        value("first_frame_sum", ""),
      ),
    },
    {
      name: "dream_held_jobs",
      help: "Jobs that wait because an AI provider refuses every call. One sample for each hold, none without; a job of two holds counts in both.",
      type: "gauge",
      samples: (now.holds ?? []).map(({ capability, code, held_jobs }) => ({
        labels: { capability, error_code: code },
        value: held_jobs,
      })),
    },
    gauge("dream_queue_held_jobs", "Jobs that wait for a hold; each counts once.", now.held_jobs ?? 0),
    gauge("dream_jobs_processing", "Jobs that a worker holds.", now.processing),
    gauge("dream_jobs_waiting_for_approval", "Films that wait for their owner.", now.asking ?? 0),
    gauge("dream_workers", "Machines that have reported lately.", now.workers),
    gauge("dream_worker_slots", "Films that those machines can make at once.", now.slots),
    {
      name: "dream_jobs_ended_total",
      help: "Jobs that ended, by kind, status and error code.",
      type: "counter",
      samples: [
        ...all("jobs_ended").map((counter) => ({ kind: "film", ...counter })),
        ...all("transcriptions_ended").map((counter) => ({ kind: "transcription", ...counter })),
        ...all("takes_ended").map((counter) => ({ kind: "takes", ...counter })),
      ].map(({ kind, label, value: ended }) => {
        const [status = "", error_code = ""] = label.split(" ");
        return { labels: { kind, status, error_code }, value: ended };
      }),
    },
    {
      name: "dream_jobs_requeued_total",
      help: "Attempts that ended and left their job to another attempt.",
      type: "counter",
      samples: all("jobs_requeued").map(({ label, value: requeued }) => ({
        labels: { queue: label },
        value: requeued,
      })),
    },
    {
      name: "dream_spent_usd_total",
      help: "US dollars that ended jobs have cost.",
      type: "counter",
      samples: [{ value: now.spent_usd }],
    },
    gauge(
      "dream_webhook_deliveries_pending",
      "Messages that webhooks have not accepted yet.",
      now.webhooks_pending,
    ),
    {
      name: "dream_webhook_deliveries_total",
      help: "Messages to webhooks, by result: `failed` after the last try.",
      type: "counter",
      samples: ["delivered", "failed"].map((result) => ({
        labels: { result },
        value: value("webhook_deliveries", result),
      })),
    },
    gauge(
      "dream_outbox_overdue",
      "Messages to the queue that are more than a minute late.",
      now.outbox_overdue,
    ),
    gauge("dream_dlq_depth", "Messages that the queue gave up on in the last 24 hours.", now.dead_letters),
    {
      name: "dream_dead_letters_total",
      help: "Messages that the queue gave up on, by what the edge did with their job.",
      type: "counter",
      samples: all("dead_letters").map(({ label, value: letters }) => ({
        labels: { outcome: label },
        value: letters,
      })),
    },
    {
      name: "dream_sweep_failures_total",
      help: "Steps of the sweep and the clean-up that failed or took too long, by step.",
      type: "counter",
      samples: all("sweep_failed").map(({ label, value: failed }) => ({
        labels: { step: label },
        value: failed,
      })),
    },
    {
      name: "dream_cleanup_removed_total",
      help: "Files and rows that the clean-up has removed, by kind.",
      type: "counter",
      samples: all("cleanup").map(({ label, value: removed }) => ({
        labels: { kind: label },
        value: removed,
      })),
    },
  ];
}

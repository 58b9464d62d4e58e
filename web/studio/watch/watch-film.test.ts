import { describe, expect, it } from "vitest";
import type { VideoStatus } from "../../../contract/job.ts";
import { ApiProblem } from "../../shared/api-problem.ts";
import type { FilmState } from "./film-state.ts";
import { watchFilm } from "./watch-film.ts";

const status = (state: VideoStatus["status"]) =>
  ({
    job_id: "j",
    status: state,
    scenes: { total: null, ready: 0 },
    attempt: 1,
    progress: 5,
    warnings: [],
  }) as unknown as VideoStatus;
const stored = (seq: number, event: string, data: object) =>
  `id: j:${seq}\nevent: ${event}\ndata: ${JSON.stringify({ seq, job_id: "j", type: event, data })}\n\n`;
const snapshot = (state: VideoStatus["status"]) =>
  `event: snapshot\ndata: ${JSON.stringify(status(state))}\n\n`;
const picture = (seq: number) => stored(seq, "scene.picture", { scene: seq - 1, key: "k", reused: false });

/** A service that answers each opening of the stream with the next of `answers`. */
function service(answers: (string | ApiProblem | { cut: string })[], statuses: VideoStatus["status"][] = []) {
  const asked: (string | null)[] = [];
  const pauses: number[] = [];
  const shown: { film: FilmState; online: boolean }[] = [];
  const ports = {
    readStatus: async () => status(statuses.shift() ?? "processing"),
    async openEvents(_: string, after: string | null) {
      asked.push(after);
      const answer = answers.shift();
      if (answer instanceof ApiProblem) throw answer;
      if (answer === undefined) return new Response(null, { status: 204 });
      const [text, cut] = typeof answer === "string" ? [answer, false] : [answer.cut, true];
      return new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(new TextEncoder().encode(text));
            if (!cut) controller.close();
          },
          pull: (controller) => controller.error(new TypeError("network")),
        }),
      );
    },
    pause: async (ms: number) => void pauses.push(ms),
  };
  const watch = () =>
    watchFilm("d", ports, (film, online) => shown.push({ film, online }), new AbortController().signal);
  return { watch, asked, pauses, shown };
}

describe("watchFilm", () => {
  it("goes on after the last event it saw when the stream is cut, and counts none twice", async () => {
    const { watch, asked, shown } = service([
      { cut: snapshot("processing") + picture(1) + picture(2) },
      picture(2) + picture(3) + snapshot("completed"),
    ]);
    const film = await watch();
    expect(asked).toEqual([null, "j:2"]);
    expect(film).toMatchObject({ status: "completed", lastSeq: 3 });
    expect(film.scenes.map(({ painted }) => painted)).toEqual([true, true, true]);
    expect(shown.some(({ online }) => !online)).toBe(true);
    expect(shown.at(-1)?.online).toBe(true);
  });

  it("polls the status when there is no stream", async () => {
    const none = new ApiProblem("stream.full", 503, "");
    const { watch, asked } = service([none], ["queued", "processing", "processing", "completed"]);
    expect(await watch()).toMatchObject({ status: "completed" });
    expect(asked).toEqual([null]);
  });

  it("waits longer each time while nothing answers", async () => {
    const away = () => new ApiProblem("network.unreachable", 0, "");
    const { watch, pauses } = service([away(), away(), away(), snapshot("completed")]);
    await watch();
    expect(pauses).toEqual([500, 1_000, 2_000]);
  });

  it("throws an error that a retry cannot repair", async () => {
    const gone = new ApiProblem("dream.not_found", 404, "");
    await expect(service([gone]).watch()).rejects.toBe(gone);
  });

  it("starts the log again when the service does not know the event id", async () => {
    const gap = `event: stream.gap\ndata: ${JSON.stringify({ after: "x:9", job_id: "j" })}\n\n`;
    const { watch } = service([
      { cut: picture(1) + picture(2) },
      gap + picture(1) + picture(2) + snapshot("completed"),
    ]);
    expect(await watch()).toMatchObject({ lastSeq: 2 });
  });
});

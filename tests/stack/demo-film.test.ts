/** The whole product on one machine, in full size: edge, queue, AI simulator, worker, ffmpeg, R2, callback. */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { expect, it } from "vitest";
import { expectNothingLeft } from "./expect-nothing-left.ts";
import { runScript } from "./run-script.ts";

it("npm run demo makes a real film of a dream and leaves nothing running", async () => {
  const text = "I flew over a silver sea. A whale sang to me there.";
  const script = await runScript("local/demo.ts", ["--json", "--text", text, "--length", "10"], {}, false);
  expect(await script.exit, script.output.stderr).toBe(0);
  expect(script.output.stderr).toBe("");
  const result = JSON.parse(script.output.stdout);
  expect(result).toMatchObject({
    status: "completed",
    dream_id: expect.any(String),
    job_id: expect.any(String),
    video_url: expect.stringMatching(/^http:.*film\.mp4$/),
  });
  expect(result.cost_usd).toBeGreaterThan(0);
  expect(result.first_scene_seconds).toBeLessThanOrEqual(result.total_seconds);
  const probe = JSON.parse(
    execFileSync(
      "ffprobe",
      ["-v", "error", "-of", "json", "-show_streams", "-show_format", result.film_path],
      { encoding: "utf8" },
    ),
  );
  expect(Number(probe.format.duration)).toBeCloseTo(result.duration_seconds, 1);
  // The chapters are a third stream.
  const [video, audio] = ["video", "audio"].map((type) =>
    probe.streams.filter((stream: { codec_type: string }) => stream.codec_type === type),
  );
  expect(video).toMatchObject([{ codec_name: "h264", width: 1920, height: 1080 }]);
  expect(audio).toMatchObject([{ codec_name: "aac", sample_rate: "48000" }]);
  await expectNothingLeft(script);
  rmSync(script.stateDir, { recursive: true, force: true });
});

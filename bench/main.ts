/** `npm run bench -- <name> [options]` */
import { z } from "zod";
import { UsageError } from "../command-line/describe-error.ts";
import { createProgram, numberBy, runProgram } from "../command-line/program.ts";

const program = createProgram("npm run bench --", "Measures the product. Each run prints a table.");
const count = numberBy(z.int("It must be a whole number").min(1));
const waitMs = numberBy(z.int("It must be a whole number").min(0));
const jsonLine = "end with the figures as one line of JSON";

program
  .command("api")
  .description("what a client waits for `finish` and `video-status`, beside the smallest Worker")
  .option("--seconds <n>", "of requests for each figure", count, 4)
  .action(async (options) => (await import("./api.ts")).run(options));
program
  .command("film")
  .description("the worker against one ffmpeg command and the encoder alone: two minutes, 2 GB of disk")
  .option("--scenes <n>", "of the film; 6 make the standard job of 30 s", count, 3)
  .option("--long", "also a film of 36 scenes: four minutes more")
  .option("--vmaf <ffmpeg>", "measure VMAF with this ffmpeg, which has libvmaf")
  .option("--json", jsonLine)
  .action(async (options) => (await import("./film.ts")).run(options));
program
  .command("live")
  .description("how soon a film can be watched, and how long a redo takes: two minutes, needs Chromium")
  .option("--json", jsonLine)
  .action(async (options) => (await import("./live.ts")).run(options));
program
  .command("redo")
  .description("what a redo of one scene of a long film takes, by step: four minutes, 2 GB of disk")
  .option("--scenes <n>", "of the film", count, 33)
  .option("--delay <ms>", "that the object store waits before each answer", waitMs, 0)
  .action(async (options) => (await import("./redo.ts")).run(options));
program
  .command("takes")
  .description("what a chosen take takes beside the making of one scene, in pairs: two minutes")
  .option("--scenes <n>", "of the film", count, 6)
  .option("--pairs <n>", "measured after one that warms up", count, 5)
  .action(async (options) => (await import("./takes.ts")).run(options));
program
  .command("framing")
  .description("how often a frame cuts the subject or a caption covers it: fifty scenes, half a minute")
  .action(async () => (await import("./framing.ts")).run());
program
  .command("captions")
  .description("how far captions are from the voice: half a minute")
  .option("--fit", "fit the sound model anew and print it")
  .action(async (options) => (await import("./captions.ts")).run(options));
program
  .command("alignment")
  .description("the error of word alignment by language and disturbance")
  .argument("[engine]", "only this one; `human`: recordings of people")
  .action(async (engine) => (await import("./alignment.ts")).run(engine));
program
  .command("lengths")
  .description("the length of a film against the length asked for: five dreams, six languages, ten minutes")
  .argument("[language]", "only this one, such as `de`")
  .action(async (language) => (await import("./lengths.ts")).run(language));
program
  .command("sound")
  .description("dead silence, loudness and peaks of films, with and without an ambience: two minutes")
  .action(async () => (await import("./sound.ts")).run());
program
  .command("looks")
  .description("what each effect of a look costs in CPU and bytes: two minutes")
  .action(async () => (await import("./looks.ts")).run());
program
  .command("gradients")
  .description("banding of dark gradients by ways of encoding them: one minute")
  .action(async () => (await import("./gradients.ts")).run());
program
  .command("jobs")
  .description("the platform's overhead, with empty films")
  .option("--jobs <n>", "number of films", count, 100)
  .action(async (options) => (await import("./jobs.ts")).run(options));
program
  .command("cast")
  .description("what a film costs with reference sheets, without them, again and redone: two minutes")
  .action(async () => (await import("./cast.ts")).run());
program
  .command("cost")
  .description("what a film costs and how many one D1 carries, from the counts of two films: four minutes")
  .action(async () => (await import("./cost.ts")).run());
program
  .command("queues")
  .description("waiting times when more films are requested than two workers can make")
  .action(async () => (await import("./queues.ts")).run());
program
  .command("answers")
  .description("every known answer of an AI provider, each with a film of its own")
  .option("--only <pattern>", "only answers that this regular expression matches", readPattern, /(?:)/)
  .option("--slots <n>", "films at once; most films wait most of their time", count, 6)
  .action(async (options) => (await import("./answers.ts")).run(options));
program
  .command("autoscale")
  .description("a simulated day's traffic with the pool's rule: waits, machines, cost")
  .option("--films <n>", "films of the day", count, 1500)
  .option("--machines <n>", "machines at most", count, 12)
  .option("--seed <n>", "of the arrivals", count, 1)
  .action(async (options) => (await import("./autoscale.ts")).run(options));

await runProgram(program);

function readPattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new UsageError(`--only: ${(error as Error).message}`);
  }
}

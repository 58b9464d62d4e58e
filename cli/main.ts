#!/usr/bin/env node
/** `npx dreamreel`: makes films of dreams from a terminal, with the local cloud or any deployment. */
import { spawn } from "node:child_process";
import { addJsonOptions, type Output, withOutput } from "../command-line/output.ts";
import { createProgram, runProgram } from "../command-line/program.ts";
import type { Dream } from "../contract/dream.ts";
import { type ApiClient, ApiProblem } from "./api-client.ts";
import { describeStoryboard } from "./approve-film.ts";
import { addMember, changePhoto, deleteMember, listCast } from "./cast.ts";
import { connect } from "./connect.ts";
import { firstWords } from "./film-file.ts";
import { addFilmOptions, flagOf, readFilmOptions } from "./film-options.ts";
import { describeEstimate, followFilm, makeAgain, makeFilm } from "./make-film.ts";
import { readTranscript } from "./read-dream.ts";
import { chooseTake, showTakes } from "./takes.ts";

const program = createProgram("dreamreel", "Makes films of dreams.").addHelpText(
  "after",
  `
The deployment is --url and --key, else DREAMREEL_URL and DREAMREEL_API_KEY, else the running \`npm run dev\`
(with another DREAMREEL_PORT or DREAMREEL_STATE: set the same ones).`,
);

const command = (name: string, description: string) =>
  addJsonOptions(program.command(name).description(description))
    .option("--url <address>", "the deployment's address")
    .option("--key <key>", "the API key");
const dreamFile = ["[file-or-text]", "a file, - for the standard input, or the dream itself"] as const;

addFilmOptions(command("make", "make a film and download it"))
  .option("--out <file>", "the film's file, or its folder (default: here, named after the title)")
  .argument(...dreamFile)
  .action((dream, options) =>
    run(options, async (output) => {
      const transcript = await readTranscript(dream, options);
      return makeFilm(connect(options, process.env), transcript, options, output);
    }),
  );
addFilmOptions(command("estimate", "show what the film would cost; makes nothing"))
  .argument(...dreamFile)
  .action((dream, options) =>
    run(options, async (output) => {
      const transcript = await readTranscript(dream, options);
      const film = readFilmOptions(options);
      const expected = await connect(options, process.env).estimate(transcript, film);
      output.result(expected, describeEstimate(expected, film.length_seconds));
    }),
  );
command(
  "again",
  "make a dream's film again, as it was asked for, from its storyboard if you have changed that",
)
  .option("--new-storyboard", "write a new storyboard instead")
  .option("--out <file>", "the film's file, or its folder (default: here, named after the title)")
  .argument("<dream-id>")
  .action((dreamId, options) =>
    run(options, (output) => makeAgain(connect(options, process.env), dreamId, options, output)),
  );
command("watch", "follow a film that is being made, and download it")
  .option("--out <file>", "the film's file, or its folder (default: here, named after the title)")
  .argument("<dream-id>")
  .action((dreamId, options) =>
    run(options, (output) => followFilm(connect(options, process.env), dreamId, options.out ?? null, output)),
  );
command("storyboard", "show the storyboard that waits for your approval")
  .argument("<dream-id>")
  .action((dreamId, options) =>
    run(options, async (output) => {
      const storyboard = await connect(options, process.env).storyboard(dreamId);
      output.result(storyboard, describeStoryboard(storyboard));
    }),
  );
command("approve", "approve the storyboard that waits, follow the film, and download it")
  .option("--out <file>", "the film's file, or its folder (default: here, named after the title)")
  .argument("<dream-id>")
  .action((dreamId, options) =>
    run(options, async (output) => {
      const api = connect(options, process.env);
      const storyboard = await api.storyboard(dreamId);
      output.say(describeStoryboard(storyboard));
      await api.approve(dreamId, storyboard.revision);
      await followFilm(api, dreamId, options.out ?? null, output);
    }),
  );
command("list", "list your dreams").action((options) =>
  run(options, async (output) => {
    const api = connect(options, process.env);
    let cursor: string | null = null;
    do {
      const page = await api.list(cursor);
      if (cursor === null && page.data.length === 0) output.say("No dreams yet. `make` films one.");
      for (const dream of page.data)
        output.result(
          dream,
          `${dream.id.padEnd(34)} ${(dream.video_status ?? "no film").padEnd(11)} ${await nameOf(api, dream)}`,
        );
      cursor = page.next_cursor;
    } while (cursor);
  }),
);
command("takes", "list the pictures of a scene; with --count, buy that many more first")
  .option("--count <n>", "how many to buy, 1 to 4", Number)
  .option("--prompt <text>", "what the picture shows, or the voice says, in other words")
  .option("--voice", "voices instead of pictures")
  .argument("<dream-id>")
  .argument("<scene>", "the scene, counted from 1", Number)
  .action((dreamId, scene, options) =>
    run(options, (output) =>
      showTakes(connect(options, process.env), { dreamId, scene, ...options }, output),
    ),
  );
command("choose", "show another picture of a scene, at no cost, and download the film")
  .option("--voice", "a voice instead of a picture")
  .option("--out <file>", "the film's file, or its folder (default: here, named after the title)")
  .argument("<dream-id>")
  .argument("<scene>", "the scene, counted from 1", Number)
  .argument("<number>", "the picture's number, as `takes` lists it", Number)
  .action((dreamId, scene, number, options) =>
    run(options, (output) =>
      chooseTake(connect(options, process.env), { dreamId, scene, number, ...options }, output),
    ),
  );
command("cast", "list the people, animals, places and things that your films show the same").action(
  (options) => run(options, (output) => listCast(connect(options, process.env), output)),
);
command("cast-add", "add a person to your cast, or describe one anew")
  .option("--kind <kind>", "person, animal, place or object", "person")
  .argument("<name>", "as your dreams say it")
  .argument("<description>", "how it looks")
  .action((name, description, options) =>
    run(options, (output) =>
      addMember(connect(options, process.env), { name, description, kind: options.kind }, output),
    ),
  );
command("cast-photo", "paint one of your cast from a photo; only of people who agree")
  .option("--remove", "delete its photo instead")
  .argument("<name>", "its name, or its id")
  .argument("[file]", "the photo: JPEG, PNG or WebP, at most 10 MiB")
  .action((name, file, options) =>
    run(options, (output) =>
      changePhoto(connect(options, process.env), { name, file, isRemoved: options.remove ?? false }, output),
    ),
  );
command("cast-delete", "delete one of your cast, with its pictures and its photo; finished films stay")
  .argument("<name>", "its name, or its id")
  .action((name, options) =>
    run(options, (output) => deleteMember(connect(options, process.env), name, output)),
  );
command("cancel", "stop making the film")
  .argument("<dream-id>")
  .action((dreamId, options) =>
    run(options, async (output) => {
      await connect(options, process.env).cancel(dreamId);
      output.result({ dream_id: dreamId, status: "cancelled" }, `${dreamId} is cancelled.`);
    }),
  );
command("open", "play the film")
  .argument("<dream-id>")
  .action((dreamId, options) =>
    run(options, async (output) => {
      const { video_url } = await connect(options, process.env).status(dreamId);
      if (!video_url) throw new ApiProblem("video.missing", "This dream has no film yet");
      output.result({ dream_id: dreamId, video_url }, video_url);
      spawn(process.platform === "darwin" ? "open" : "xdg-open", [video_url], {
        ...{ detached: true, stdio: "ignore" },
      })
        .on("error", () => {})
        .unref();
    }),
  );

await runProgram(program);

/** The title; before a storyboard has given one, the first words in quotation marks. */
async function nameOf(api: ApiClient, { id, title }: Dream): Promise<string> {
  if (title?.trim()) return title;
  const { transcript } = await api.transcript(id);
  return transcript.trim() === "" ? "(no words yet)" : `“${firstWords(transcript)} …”`;
}

/** Runs a command; the API's faults of single fields are printed with the flags that set them. */
function run(options: Parameters<typeof withOutput>[0], work: (output: Output) => Promise<void>) {
  return withOutput(options, work).catch((error: unknown) => {
    if (!(error instanceof ApiProblem)) throw error;
    const faults = error.errors.map(({ pointer, detail }) => `\n  ${flagOf(pointer)}: ${detail}`);
    throw new Error(`${error.message} (${error.code})${faults.join("")}`);
  });
}

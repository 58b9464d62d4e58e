import { expect, it } from "vitest";
import { z } from "zod";
import { createProgram, numberBy, textBy } from "./program.ts";

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const seen: unknown[] = [];
  const program = createProgram("paint", "Paints.")
    .configureOutput({
      writeOut: (text) => void out.push(text),
      writeErr: (text) => void err.push(text),
    })
    .option("--width <pixels>", "width", numberBy(z.int().min(1).max(99)))
    .option("--name <name>", "name", textBy(z.string().min(1).max(3)))
    .option("--tag <tag>", "tag", textBy(z.string().refine((tag) => tag !== "x", "must not be x")))
    .option("--colour <name>", "colour", textBy(z.enum(["red", "blue"])))
    .action((options) => void seen.push(options));
  const code = await program.parseAsync(args, { from: "user" }).then(
    () => "ran",
    (error) => error.code,
  );
  return { out: out.join(""), err: err.join(""), seen, code };
}

it("passes options on as what they mean", async () => {
  expect(await run("--width", "12", "--colour", "red")).toMatchObject({
    ...{ code: "ran", seen: [{ width: 12, colour: "red" }], err: "" },
  });
});

it.each([
  [["--widht", "3"], "unknown option '--widht'\n(Did you mean --width?)"],
  [["--width", "wide"], "'--width <pixels>' argument 'wide' is invalid. It must be a number."],
  [["--width", ""], "'--width <pixels>' argument '' is invalid. It must be a number."],
  [["--width", "0x10"], "'--width <pixels>' argument '0x10' is invalid."],
  [["--width", "100"], "'--width <pixels>' argument '100' is invalid. It must be at most 99."],
  [["--colour", "green"], `'--colour <name>' argument 'green' is invalid. It must be one of: red, blue.`],
  [["--colour", "bleu"], "(Did you mean blue?)"],
  [["--colour", "BLUE"], "(Did you mean blue?)"],
  [["--name", ""], "'--name <name>' argument '' is invalid. It must not be empty."],
  [["--name", "long"], "argument 'long' is invalid. It must have at most 3 characters."],
  [["--tag", "x"], "argument 'x' is invalid. It must not be x."],
  [["--width", "1.5"], "argument '1.5' is invalid. It must be a whole number."],
  [["--width"], "option '--width <pixels>' argument missing"],
  [["more"], "too many arguments"],
])("refuses %j and names the option", async (args, message) => {
  const { err, seen } = await run(...args);
  expect(seen).toEqual([]);
  expect(err).toContain(message);
  expect(err).toContain("Add --help");
});

it("suggests no value that is far from the given one", async () => {
  expect((await run("--colour", "violet")).err).not.toContain("Did you mean");
});

it("knows --help and --version", async () => {
  expect((await run("--help")).out).toContain("Usage: paint [options]");
  expect((await run("--version")).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

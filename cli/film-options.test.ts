import { expect, it } from "vitest";
import { createProgram } from "../command-line/program.ts";
import { FilmOptions } from "../contract/film.ts";
import { addFilmOptions, flagOf, readFilmOptions } from "./film-options.ts";

const parse = (...args: string[]) =>
  readFilmOptions(addFilmOptions(createProgram("film", "")).parse(args, { from: "user" }).opts());

it("has a flag for each of the film's options, and names it in the API's faults", () => {
  const { options } = addFilmOptions(createProgram("film", ""));
  const known = options.map(({ long }) => long);
  for (const field of Object.keys(FilmOptions.shape)) {
    expect(known, field).toContain(flagOf(`/options/${field}`));
    expect(known, field).toContain(flagOf(`/${field}`));
  }
  expect(flagOf("/transcript")).toBe("the dream");
  expect(flagOf("/name")).toBe("the name");
  expect(flagOf("/other")).toBe("/other");
});

it("passes on what is given, as the API's fields", () => {
  expect(parse()).toEqual({});
  expect(
    parse(
      ...["--aspect", "9:16", "--length", "30", "--max-cost", "0", "--title-card", "--language", "German"],
      ...["--pronounce", "Xe = zee", "--pronounce", "sea=see"],
    ),
  ).toEqual({
    ...{ aspect: "9:16", length_seconds: 30, max_cost_usd: 0, title_card: true, language: "de" },
    pronunciations: { Xe: "zee", sea: "see" },
  });
});

it("says of the dreamer's own voice where it can be had, in the help and when it is asked for", () => {
  const program = addFilmOptions(createProgram("film", "").configureOutput({ writeErr: () => {} }));
  expect(program.helpInformation()).toMatch(/shimmer;\s+your own in the\s+studio\s+alone/);
  expect(() => program.parse(["--voice", "own"], { from: "user" })).toThrow(
    /'--voice <voice>' argument 'own' is invalid\. No recording is made here\. Tell/,
  );
  expect(() => program.parse(["--voice", "onix"], { from: "user" })).toThrow(/shimmer\. \(Did you mean onyx/);
});

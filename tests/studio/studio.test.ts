/**
 * The studio in a real Chromium, with one local cloud for all tests, because its start takes longer than most
 * tests.
 */
import { afterAll, beforeAll } from "vitest";
import { makeAgain } from "./again-suite.ts";
import { watchFilm } from "./live-suite.ts";
import { openStudio, type Studio } from "./open-studio.ts";
import { usePage } from "./page-suite.ts";
import { redoScenes } from "./redo-suite.ts";

let studio: Studio;

beforeAll(async () => {
  studio = await openStudio("text=1000,picture=2500,voice=1000");
});
afterAll(() => studio?.close());

usePage(() => studio);
watchFilm(() => studio);
redoScenes(() => studio);
makeAgain(() => studio);

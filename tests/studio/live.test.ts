/** Films that play while they are being made, in another player, and on a page that loses its network. */
import { afterAll, beforeAll } from "vitest";
import { watchElsewhere } from "./live-suite.ts";
import { openStudio, type Studio } from "./open-studio.ts";

let studio: Studio;

beforeAll(async () => {
  studio = await openStudio("text=1000,picture=2500,voice=1000");
});
afterAll(() => studio?.close());

watchElsewhere(() => studio);

/**
 * A film whose owner asked to see its storyboard first, in a real Chromium, by keyboard, on desktop and
 * phone.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { WaitingStoryboard } from "../../contract/approval.ts";
import { until } from "../until.ts";
import { findColourViolations, findViolations } from "./find-violations.ts";
import { kindsOfGates } from "./gate-suite.ts";
import { openStudio, type Studio, shootInThemes } from "./open-studio.ts";

const dreamOf = (name: string) =>
  `I flew over a city made of glass on a ${name}. Every window held another ${name} season. My grandmother waited with a lantern by the ${name}.`;

let studio: Studio;
beforeAll(async () => {
  studio = await openStudio("text=100,picture=100,voice=100");
}, 300_000);
afterAll(() => studio?.close());

/** Presses Tab until the element of this name has the focus. */
async function tabTo(
  page: Page,
  name: RegExp | string,
  role: "button" | "textbox" = "button",
): Promise<void> {
  const wanted = page.getByRole(role, { name, exact: typeof name === "string" }).first();
  await wanted.waitFor();
  for (let presses = 0; presses < 90; presses++) {
    if (await wanted.evaluate((node) => node === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${name}`);
}

async function submit(page: Page, pause: string): Promise<string> {
  await page.getByRole("textbox", { name: "Your dream" }).fill(dreamOf(pause));
  await page.getByLabel("Length").fill("15");
  await page.getByRole("combobox", { name: "Before it is made" }).selectOption(pause);
  await shootInThemes(page, `compose-${pause}`, "gate");
  await page.getByRole("button", { name: "Dream it" }).click();
  await page.waitForURL(/#\/dreams\//);
  return page.url().split("/").at(-1) as string;
}

const readStoryboard = (did: string) => studio.ask<WaitingStoryboard>(`/dreams/${did}/storyboard`);
const narrations = async (did: string) =>
  (await readStoryboard(did)).scenes.map(({ narration }) => narration);
const isNarrow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);

it.each([
  ["desktop", { width: 1280, height: 800 }, "storyboard", {}],
  ["phone", { width: 390, height: 844 }, "pictures", { picture: 3 }],
] as const)(
  "is changed and approved by keyboard alone: %s",
  { timeout: 600_000 },
  async (name, viewport, pause, bought) => {
    const before = await studio.bill();
    const { page, context, faults } = await studio.open({ viewport });
    const did = await submit(page, pause);
    await page.getByRole("heading", { name: "Before it is made" }).waitFor();
    const spent = await studio.bill();
    const bill = (kind: string) => (spent[kind] ?? 0) - (before[kind] ?? 0);
    expect({ picture: bill("picture"), voice: bill("voice") }).toEqual({ picture: 0, voice: 0, ...bought });
    expect(await page.locator("#gate img:not([hidden])").count()).toBe(pause === "pictures" ? 3 : 0);
    await shootInThemes(page, name, "gate");
    expect(await findViolations(page)).toEqual([]);
    expect(await findColourViolations(page)).toEqual([]);
    expect(await isNarrow(page)).toBe(true);
    if (name === "phone") {
      await page.setViewportSize({ width: 360, height: 740 });
      expect(await isNarrow(page)).toBe(true);
      await page.setViewportSize(viewport);
    }

    const [first = "", second = "", third = ""] = await narrations(did);
    await page.getByRole("heading", { name: "Before it is made" }).scrollIntoViewIfNeeded();
    await tabTo(page, "Move down, scene 1");
    await page.keyboard.press("Enter");
    await until(async () => (await narrations(did)).join("|") === [second, first, third].join("|"));
    await tabTo(page, "Merge with next, scene 2");
    await page.keyboard.press("Enter");
    await until(async () => (await narrations(did)).join("|") === [second, `${first} ${third}`].join("|"));
    await tabTo(page, "Add a scene");
    await page.keyboard.press("Enter");
    await page.keyboard.type("ثم طار العصفور الأخضر.");
    await until(async () => (await narrations(did)).length === 3);
    const added = page.locator(".gate-scene").last().locator("textarea").first();
    expect(await added.evaluate((node) => getComputedStyle(node).direction)).toBe("rtl");
    await tabTo(page, "Remove, scene 3");
    await page.keyboard.press("Enter");
    await until(async () => (await narrations(did)).length === 2);

    // Another device changes the storyboard while this page has a change of its own.
    const other = await readStoryboard(did);
    const answer = await fetch(`${studio.info.edge_url}/dreams/${did}/storyboard`, {
      method: "PUT",
      headers: {
        authorization: `Bearer ${studio.info.api_key}`,
        "content-type": "application/json",
        "if-match": `"${other.revision}"`,
      },
      body: JSON.stringify({ title: "From elsewhere", scenes: other.scenes }),
    });
    expect(answer.status).toBe(200);
    // If the page has seen the other before, there is nothing to choose.
    const title = page.getByLabel("Title", { exact: true });
    await title.pressSequentially("x");
    const takeTheirs = page.getByRole("button", { name: "Take theirs" });
    const isOther = async () => (await title.inputValue()).includes("From elsewhere");
    await until(async () => (await takeTheirs.isVisible()) || (await isOther()));
    if (await takeTheirs.isVisible()) {
      await shootInThemes(page, `${name}-conflict`, "gate");
      expect(await findViolations(page)).toEqual([]);
      await tabTo(page, "Take theirs");
      await page.keyboard.press("Enter");
    }
    await until(isOther);

    await tabTo(page, "Make the film");
    await page.keyboard.press("Enter");
    await page.locator("#headline").getByText("Your film is ready").waitFor({ timeout: 300_000 });
    const log = await studio.log(did);
    const filmed = log.findLast(({ type }) => type === "job.storyboard");
    expect(filmed?.type === "job.storyboard" && filmed.data.scenes.map(({ narration }) => narration)).toEqual(
      [second, `${first} ${third}`],
    );
    expect(log.map(({ type }) => type)).toEqual(expect.arrayContaining(["job.waiting", "job.approved"]));

    // Another version starts from the changed storyboard, or from a new one.
    await page.getByRole("link", { name: "Make another version" }).click();
    await page.getByText("You changed the storyboard of this film.").waitFor();
    await shootInThemes(page, `${name}-another`, "gate");
    expect(await findViolations(page)).toEqual([]);
    expect(await isNarrow(page)).toBe(true);
    await page.getByRole("button", { name: "Dream it" }).click();
    await page.getByRole("heading", { name: "Before it is made" }).waitFor();
    expect(await narrations(did)).toEqual([second, `${first} ${third}`]);
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("link", { name: "Change words or look" }).click();
    await page.getByLabel("Write a new storyboard").check();
    await page.getByRole("button", { name: "Dream it" }).click();
    await page.getByRole("heading", { name: "Before it is made" }).waitFor();
    expect(await narrations(did)).toEqual([first, second, third]);
    expect(faults).toEqual([]);
    await page.goto(`${studio.info.edge_url}/#/`);
    expect(await page.getByRole("combobox", { name: "Before it is made" }).inputValue()).toBe(pause);
    await context.close();
  },
);

it("stores what was typed as its owner leaves the page, and is stopped at no further cost", {
  timeout: 600_000,
}, async () => {
  const { page, context } = await studio.open({ viewport: { width: 390, height: 844 } });
  const did = await submit(page, "storyboard");
  await page.getByRole("heading", { name: "Before it is made" }).waitFor();
  const before = await studio.bill();
  const [first = "", ...others] = await narrations(did);
  await page.getByLabel("What is told").first().fill("I told the lantern my name.");
  await page.getByRole("link", { name: "New dream" }).click();
  await until(
    async () => (await narrations(did)).join("|") === ["I told the lantern my name.", ...others].join("|"),
  );
  await page.goBack();
  await page.getByRole("heading", { name: "Before it is made" }).waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  expect(
    await page.getByText("Your changes to the storyboard and what was bought are kept").isVisible(),
  ).toBe(true);
  await page.getByRole("button", { name: "Stop" }).click();
  await page.locator("#headline").getByText("Cancelled").waitFor();
  expect(await page.locator("#gate").isHidden()).toBe(true);
  expect((await studio.status(did)).status).toBe("cancelled");
  expect(await studio.bill()).toEqual(before);

  await page.getByText("Try again starts from the storyboard that you changed.").waitFor();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "Before it is made" }).waitFor();
  expect(await page.getByLabel("What is told").first().inputValue()).toBe("I told the lantern my name.");
  expect(await studio.bill()).toEqual(before);

  // Words that providers refuse come back, at their field.
  await page.getByLabel("What is told").first().fill("I told it my name. Everybody was naked.");
  await page.getByRole("button", { name: "Make the film" }).click();
  const problem = page.locator(".gate-scene").first().locator("[data-part=narration-problem]");
  await problem.getByText("refuse this sentence: “Everybody was naked.”").waitFor({ timeout: 120_000 });
  await shootInThemes(page, "refused", "gate");
  expect(await findViolations(page)).toEqual([]);
  expect(await isNarrow(page)).toBe(true);
  await page.getByRole("button", { name: "Make the film" }).click();
  expect((await studio.status(did)).status).toBe("waiting");
  expect(await studio.bill()).toEqual(before);
  await page.getByLabel("What is told").first().fill("I told it my name.");
  await until(async () => (await narrations(did))[0] === "I told it my name.");
  expect(await problem.isHidden()).toBe(true);

  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByRole("button", { name: "Write a new storyboard" }).click();
  await page.getByRole("heading", { name: "Before it is made" }).waitFor();
  await until(async () => (await narrations(did))[0] === first);
  await context.close();
});

it("stores words while they are typed without a pause, and loses no tab's words", {
  timeout: 600_000,
}, async () => {
  const { page, context } = await studio.open({ viewport: { width: 1280, height: 800 } });
  const did = await submit(page, "storyboard");
  await page.getByRole("heading", { name: "Before it is made" }).waitFor();
  const told = page.getByLabel("What is told");
  await told.first().fill("");
  let isTyping = true;
  const typed = (async () => {
    await told.first().focus();
    while (isTyping) await page.keyboard.type("sea ", { delay: 50 });
  })();
  await until(async () => (await narrations(did))[0]?.startsWith("sea ") === true, Boolean, 60_000);
  isTyping = false;
  await typed;
  await page.locator("#gate-state").getByText("Saved").waitFor();

  // A tab that does not hear of the other's change.
  const other = await context.newPage();
  await other.goto(`${studio.info.edge_url}/#/dreams/${did}`);
  await other.getByRole("heading", { name: "Before it is made" }).waitFor();
  await page.route("**/video-events*", (route) => route.abort());
  await told.nth(1).fill("Mine, of this tab.");
  await other.getByLabel("What is told").nth(1).fill("Theirs, of the other tab.");
  const keep = page.getByRole("button", { name: "Keep mine" });
  const keepInOther = other.getByRole("button", { name: "Keep mine" });
  await until(async () => (await keep.isVisible()) || (await keepInOther.isVisible()), Boolean, 60_000);
  const loser = (await keep.isVisible()) ? page : other;
  const mine = await loser.getByLabel("What is told").nth(1).inputValue();
  await loser
    .locator("#gate-theirs")
    .getByText(mine.startsWith("Mine") ? "Theirs, of" : "Mine, of")
    .waitFor();
  await loser.getByRole("button", { name: "Keep mine" }).click();
  await until(async () => (await narrations(did))[1] === mine);
  expect(await loser.locator("#gate-conflict").isHidden()).toBe(true);
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Stop" }).click();
  await context.close();
});

kindsOfGates(() => studio);

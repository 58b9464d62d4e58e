/** The people of the owner's films, in a real Chromium, on desktop and phone. */
import sharp from "sharp";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { WaitingStoryboard } from "../../contract/approval.ts";
import type { KnownCast } from "../../contract/cast.ts";
import { dreams } from "../cast/dreams.ts";
import { until } from "../until.ts";
import { findColourViolations, findViolations } from "./find-violations.ts";
import { openStudio, type Studio, shootInThemes } from "./open-studio.ts";

let studio: Studio;
beforeAll(async () => {
  studio = await openStudio("text=100,picture=100,voice=100");
}, 300_000);
afterAll(() => studio?.close());

const photo = (background: string) =>
  sharp({ create: { width: 300, height: 300, channels: 3, background } })
    .jpeg()
    .toBuffer();
const cast = async () => (await studio.ask<KnownCast>("/cast")).cast;

it.each([
  ["desktop", { width: 1280, height: 800 }, "Oma"],
  ["phone", { width: 390, height: 844 }, "سارة"],
] as const)(
  "are added, get a photo and are deleted by keyboard: %s",
  { timeout: 300_000 },
  async (at, viewport, name) => {
    const { page, context, faults } = await studio.open({ viewport });
    context.setDefaultTimeout(60_000);
    // The browser must hand over its file choosers before the first is opened.
    page.on("filechooser", () => {});
    await page.getByRole("button", { name: "Your people" }).press("Enter");
    const dialog = page.getByRole("dialog", { name: "Your people" });
    await dialog.getByText("Nobody yet").waitFor();
    expect(await dialog.getByText("people who agree").count()).toBe(1);

    await dialog.getByLabel("Name, as your dreams say it").fill(name);
    await dialog.getByRole("button", { name: "Add the person" }).press("Enter");
    await dialog.getByText("Say how the person looks.").waitFor();
    await dialog.getByLabel("How the person looks").fill("An old woman with white hair and a green coat");
    await dialog.getByRole("button", { name: "Add the person" }).press("Enter");
    const add = dialog.getByRole("button", { name: `Add a photo: ${name}` });
    await add.waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute("data-part") === "photo");

    const send = async (buffer: Buffer) => {
      const chooser = page.waitForEvent("filechooser");
      await page.keyboard.press("Enter");
      await (await chooser).setFiles({ name: "photo.jpg", mimeType: "image/jpeg", buffer });
    };
    await send(Buffer.from("<svg><script>alert(1)</script></svg>"));
    await dialog.getByText("A photo must be a JPEG, PNG or WebP picture that does not move").waitFor();
    await shootInThemes(page, `people-refused-${at}`, "people");
    await add.focus();
    await send(await photo("#a54"));
    const replace = dialog.getByRole("button", { name: `Replace the photo: ${name}` });
    await replace.waitFor();
    expect(await dialog.getByText("A photo must be a JPEG").isHidden()).toBe(true);
    const [before] = await cast();
    await replace.focus();
    await send(await photo("#45a"));
    await until(async () => (await cast())[0]?.photo_added_at !== before?.photo_added_at);
    await dialog.getByText(/Not painted yet.*from the photo of/).waitFor();
    expect((await cast())[0]).toMatchObject({ name, photo_added_at: expect.any(String) as string });
    await shootInThemes(page, `people-${at}`, "people");
    expect(await findViolations(page)).toEqual([]);
    expect(await findColourViolations(page)).toEqual([]);
    const isNarrow = () => document.documentElement.scrollWidth <= document.documentElement.clientWidth;
    expect(await page.evaluate(isNarrow)).toBe(true);

    await dialog.getByRole("button", { name: `Remove the photo: ${name}` }).press("Enter");
    await add.waitFor();
    expect((await cast())[0]?.photo_added_at).toBeNull();
    await dialog.getByRole("button", { name: `Delete: ${name}` }).press("Enter");
    await page
      .getByRole("dialog", { name: "Delete from your people?" })
      .getByRole("button", { name: "Delete" })
      .press("Enter");
    await dialog.getByText("Nobody yet").waitFor();
    expect(await cast()).toEqual([]);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    expect(faults.filter((fault) => !fault.includes("415"))).toEqual([]);
    await context.close();
  },
);

it("says who is in a scene that waits, and its owner chooses, by keyboard on a phone", {
  timeout: 300_000,
}, async () => {
  const transcript = dreams[0]?.first ?? "";
  await studio.ask("/dreams", { id: "chosen", transcript });
  await studio.ask("/dreams/chosen/finish", { cast: true, length_seconds: 33, pause_after: "storyboard" });
  const { page, context, faults } = await studio.open({ viewport: { width: 390, height: 844 } });
  context.setDefaultTimeout(60_000);
  await page.goto(`${studio.info.edge_url}/#/dreams/chosen`);
  const first = page.getByRole("group", { name: "Who is in the picture of scene 1", exact: true });
  await first.waitFor();
  const storyboard = () => studio.ask<WaitingStoryboard>("/dreams/chosen/storyboard");
  const { cast: members = [], scenes } = await storyboard();
  const boxes = first.getByRole("checkbox");
  expect(await boxes.count()).toBe(members.length);
  const chosen = members.filter(({ id }) => scenes[0]?.cast?.includes(id));
  expect(await first.getByRole("checkbox", { checked: true }).count()).toBe(chosen.length);
  const [dropped] = chosen;
  await first.scrollIntoViewIfNeeded();
  await shootInThemes(page, "people-of-scene", "people");
  expect(await findViolations(page)).toEqual([]);
  expect(await findColourViolations(page)).toEqual([]);
  await first.getByRole("checkbox", { name: dropped?.name ?? "", exact: true }).press("Space");
  await until(async () => (await storyboard()).scenes[0]?.cast?.includes(dropped?.id ?? "") !== true);
  expect(faults).toEqual([]);
  await context.close();
});

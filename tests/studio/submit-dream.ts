import type { Page } from "playwright-core";

/** Fills and submits the form as a person does. Resolves to the dream's id. */
export async function submitDream(
  page: Page,
  options: { dream: string; look: string; seconds: number },
): Promise<string> {
  await page.getByRole("textbox", { name: "Your dream" }).fill(options.dream);
  await page.getByRole("radio", { name: options.look }).check();
  await page.getByLabel("Length").fill(String(options.seconds));
  await page.getByRole("button", { name: "Dream it" }).click();
  await page.waitForURL(/#\/dreams\//);
  return page.url().split("/").at(-1) as string;
}

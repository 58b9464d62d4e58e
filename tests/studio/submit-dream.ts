import type { Page } from "playwright-core";

/** Asks for a film as a person does. Resolves to the dream's id when the button has been pressed and has worked. */
export async function submitDream(
  page: Page,
  wish: { dream: string; look: string; seconds: number },
): Promise<string> {
  await page.getByRole("textbox", { name: "Your dream" }).fill(wish.dream);
  await page.getByRole("radio", { name: wish.look }).check();
  await page.getByLabel("Length").fill(String(wish.seconds));
  await page.getByRole("button", { name: "Dream it" }).click();
  await page.waitForURL(/#\/dreams\//);
  return page.url().split("/").at(-1) as string;
}

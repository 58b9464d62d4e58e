import axe from "axe-core";
import type { Page } from "playwright-core";

interface Axe {
  run(options: object): Promise<{
    violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[];
  }>;
}

/** The rules whose result depends on the colours. Themes of a page differ in nothing else. */
const colourRules = ["color-contrast", "link-in-text-block"];

/** The faults that axe finds in the current page. */
export async function findViolations(page: Page): Promise<string[]> {
  return runAxe(page, {});
}

/** The faults that axe finds in the current page's colours. */
export async function findColourViolations(page: Page): Promise<string[]> {
  return runAxe(page, { runOnly: { type: "rule", values: colourRules } });
}

async function runAxe(page: Page, options: object): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
  return page.evaluate(async (chosen) => {
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run({
      ...chosen,
      resultTypes: ["violations"],
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
  }, options);
}

/** The faults in the dark theme and those that only the light one has. The page must show no animation. */
export async function findViolationsInThemes(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await findViolations(page);
  await page.emulateMedia({ colorScheme: "light" });
  return [...dark, ...(await findColourViolations(page))];
}

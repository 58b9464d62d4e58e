import { element } from "../shared/element.ts";

interface Row {
  key: string;
  cells: readonly (Node | string)[];
  isSelected?: boolean;
}

/**
 * A table that becomes cards on a phone. The roles are explicit because browsers drop them when CSS changes
 * the display of rows.
 */
export function table(
  caption: string,
  heads: readonly (Node | string)[],
  rows: readonly Row[],
  kind = "",
): HTMLElement {
  const titles = heads.map((head) => (typeof head === "string" ? head : ""));
  const cell = (content: Node | string, i: number) =>
    element("td", { role: "cell", "data-label": titles[i] ?? "" }, content);
  return element(
    "table",
    { role: "table", class: `table ${kind}`.trim() },
    element("caption", { class: "hidden" }, caption),
    element(
      "thead",
      { role: "rowgroup" },
      element(
        "tr",
        { role: "row" },
        ...heads.map((head) => element("th", { role: "columnheader", scope: "col" }, head)),
      ),
    ),
    element(
      "tbody",
      { role: "rowgroup" },
      ...rows.map(({ key, cells, isSelected }) =>
        element(
          "tr",
          { role: "row", "data-key": key, class: isSelected ? "chosen" : null },
          ...cells.map(cell),
        ),
      ),
    ),
  );
}

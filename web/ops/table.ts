import { element } from "../shared/element.ts";

interface Row {
  key: string;
  cells: readonly (Node | string)[];
  isChosen?: boolean;
}

/**
 * A table that becomes cards on a phone. The roles are spelt out because a browser forgets them where a style sheet
 * makes blocks of rows.
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
      ...rows.map(({ key, cells, isChosen }) =>
        element(
          "tr",
          { role: "row", "data-key": key, class: isChosen ? "chosen" : null },
          ...cells.map(cell),
        ),
      ),
    ),
  );
}

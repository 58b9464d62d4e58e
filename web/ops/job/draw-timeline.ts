import { element } from "../../shared/element.ts";
import { duration } from "../format.ts";
import type { Lane, Layout } from "./lay-out.ts";

const kinds = { picture: "Picture", voice: "Voice", ready: "Scene ready", playable: "Playable" } as const;
const gridLines = 4;

/** The timeline as bars. Hidden from screen readers: the tables below have the same data. */
export function drawTimeline({ fromMs, toMs, lanes }: Layout): HTMLElement {
  const share = (atMs: number) => String(Math.min(1, Math.max(0, (atMs - fromMs) / (toMs - fromMs))));
  const seconds = (toMs - fromMs) / 1000;
  const scale = Array.from({ length: gridLines + 1 }, (_, i) =>
    element("span", {}, i === 0 ? "0" : duration((seconds * i) / gridLines)),
  );
  const marks = Object.entries(kinds).map(([kind, name]) =>
    element("span", { class: "legend" }, element("i", { class: `mark ${kind}` }), name),
  );
  return element(
    "div",
    { class: "card timeline", "aria-hidden": "true" },
    element("div", { class: "legends" }, ...marks),
    ...lanes.map((lane) => drawLane(lane, share)),
    element(
      "div",
      { class: "lane scale" },
      element("span", { class: "lane-name" }),
      element("span", { class: "lane-scale" }, ...scale),
    ),
  );
}

function drawLane({ label, bars, marks }: Lane, share: (atMs: number) => string): HTMLElement {
  const place = (node: HTMLElement, fromMs: number, toMs: number) => {
    node.style.setProperty("--from", share(fromMs));
    node.style.setProperty("--to", share(toMs));
    return node;
  };
  const shown = [
    ...bars.map(({ fromMs, toMs, tone }) => place(element("i", { class: `bar ${tone}` }), fromMs, toMs)),
    ...marks.map(({ atMs, kind }) => place(element("i", { class: `mark ${kind}` }), atMs, atMs)),
  ];
  return element(
    "div",
    { class: "lane" },
    element("span", { class: "lane-name" }, label),
    element("span", { class: "lane-track" }, ...shown),
  );
}

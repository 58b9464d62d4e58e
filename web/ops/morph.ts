/**
 * Makes `live` equal to `wanted` and changes only what differs, so the focus, a text selection, an open
 * <details> and a ticked box stay. `data-key`, or else the position, identifies a child.
 *
 * Listeners of `wanted` are lost: listen on an element around it. A style is set through the CSSOM, because
 * the page's security policy forbids style attributes.
 */
export function morph(live: Element, ...wanted: Node[]): void {
  const keys = new Set(wanted.map(keyOf).filter((key) => key !== null));
  const known = new Map<string, Element>();
  for (const child of [...live.children]) {
    const key = keyOf(child);
    if (key === null) continue;
    if (keys.has(key)) known.set(key, child);
    else child.remove();
  }
  let place = live.firstChild;
  for (const node of wanted) {
    const key = keyOf(node);
    const match = key === null ? place : (known.get(key) ?? null);
    if (match === null || !isAlike(match, node)) {
      live.insertBefore(node, place);
      continue;
    }
    if (match === place) place = place.nextSibling;
    else live.insertBefore(match, place);
    update(match, node);
  }
  while (place !== null) {
    const next: ChildNode | null = place.nextSibling;
    place.remove();
    place = next;
  }
}

const keyOf = (node: Node): string | null =>
  node instanceof HTMLElement ? (node.dataset.key ?? null) : null;

const isAlike = (a: Node, b: Node) => a.nodeName === b.nodeName && keyOf(a) === keyOf(b);

function update(live: Node, wanted: Node): void {
  if (live instanceof HTMLElement && wanted instanceof HTMLElement) {
    updateAttributes(live, wanted);
    morph(live, ...wanted.childNodes);
  } else if (live.nodeValue !== wanted.nodeValue) {
    live.nodeValue = wanted.nodeValue;
  }
}

/** The reader decides whether it is open. */
const readersOwn = new Set(["open"]);

function updateAttributes(live: HTMLElement, wanted: HTMLElement): void {
  for (const { name } of [...live.attributes]) {
    if (!wanted.hasAttribute(name) && !readersOwn.has(name)) live.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (name === "style") live.style.cssText = wanted.style.cssText;
    else if (!readersOwn.has(name) && live.getAttribute(name) !== value) live.setAttribute(name, value);
  }
}

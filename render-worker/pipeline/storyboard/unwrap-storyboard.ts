/**
 * Finds a storyboard within a text model's answer: behind a byte order mark, in a code fence, after thoughts
 * in tags, with a sentence before or after, under one or two levels of wrapping, or as JSON in a JSON string.
 * The JSON itself must be complete: half a storyboard is not used.
 */

/**
 * The value that has scenes, not checked yet, or null. If there are several it is the last one: a model
 * drafts first.
 */
export function unwrapStoryboard(text: string): unknown {
  const answer = text
    .replace(/<(think|thinking|thought|reasoning)>[\s\S]*?<\/\1>/giu, "")
    .replace(/^[\s\S]*<\/(think|thinking|thought|reasoning)>/iu, "")
    .trim();
  const whole = parseJson(answer);
  if (whole !== undefined) return findScenes(whole, levels);
  let found: unknown = null;
  for (const value of findJson(answer)) found = findScenes(value, levels) ?? found;
  return found;
}

const levels = 3;
/** The number of brackets at which JSON is searched for; each search reads on through the text. */
const startsAtMost = 50;

function findScenes(value: unknown, level: number): unknown {
  if (level < 0) return null;
  if (typeof value === "string") return findScenes(parseJson(value), level - 1);
  if (typeof value !== "object" || value === null) return null;
  if (Array.isArray(value) && value.some(isScene)) return { scenes: value };
  if ("scenes" in value) return value;
  for (const inner of Object.values(value)) {
    const found = findScenes(inner, level - 1);
    if (found !== null) return found;
  }
  return null;
}

const isScene = (value: unknown) => typeof value === "object" && value !== null && "narration" in value;

/** Every complete JSON object or array in the text, outermost first. */
function* findJson(text: string): Generator<unknown> {
  let starts = 0;
  for (let at = nextBracket(text, 0); at >= 0 && starts < startsAtMost; starts++) {
    const end = endOfJson(text, at);
    const value = end === null ? undefined : parseJson(text.slice(at, end));
    if (value !== undefined) yield value;
    at = nextBracket(text, value === undefined || end === null ? at + 1 : end);
  }
}

function nextBracket(text: string, from: number): number {
  const offset = text.slice(from).search(/[{[]/u);
  return offset < 0 ? -1 : from + offset;
}

/** The index after the bracket that closes the one at `start`, or null if none does. */
function endOfJson(text: string, start: number): number | null {
  let depth = 0;
  let isString = false;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (isString) {
      if (char === "\\") at++;
      else if (char === '"') isString = false;
    } else if (char === '"') isString = true;
    else if (char === "{" || char === "[") depth++;
    else if ((char === "}" || char === "]") && --depth === 0) return at + 1;
  }
  return null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/u, ""));
  } catch {
    return undefined;
  }
}

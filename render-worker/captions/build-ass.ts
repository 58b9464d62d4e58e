import { escapeAss } from "./escape-ass.ts";
import { groupWords } from "./group-words.ts";
import type { TimedWord } from "./timed-word.ts";

export interface AssInput {
  words: readonly TimedWord[];
  style: "karaoke" | "sentence";
  /** Of the film, in pixels. */
  width: number;
  height: number;
  language: string;
  /** Seconds of the scene before its narration starts; added to every word. */
  leadInSeconds?: number;
  title?: { text: string; startSeconds: number; endSeconds: number } | undefined;
}

/** One scene's captions as an ASS script, times relative to the scene's start. */
export function buildAss(input: AssInput): string {
  const { words, style, width, height, leadInSeconds = 0 } = input;
  const size = Math.round(Math.min(width, height) * (style === "karaoke" ? 0.085 : 0.055));
  const marginV = Math.round(height * (height > width ? 0.24 : 0.09));
  const margin = Math.round(width * 0.06);
  const look = `${size},&H00FFFFFF,&H00FFFFFF,&H00101010,&H80000000,-1,0,0,0,100,100,0,0,1,${Math.round(size / 16)},${Math.round(size / 32)},2`;
  const groups = groupWords(
    words,
    style === "karaoke" ? { maxWords: 3, maxChars: 18 } : { maxWords: 99, maxChars: 70 },
  );
  const events: string[] = [];
  if (input.title) {
    events.push(
      dialogue(input.title.startSeconds, input.title.endSeconds, "Title", escapeAss(input.title.text)),
    );
  }
  for (const [g, group] of groups.entries()) {
    for (const [i, word] of group.entries()) {
      const next =
        group[i + 1]?.startSeconds ??
        Math.min(word.endSeconds + 0.3, groups[g + 1]?.[0]?.startSeconds ?? 1e9);
      const text = group
        .map(
          (w, j) =>
            (j === i ? `{\\c&H47C2FF&}${escapeAss(w.text)}{\\c&HFFFFFF&}` : escapeAss(w.text)) +
            (w.joinsNext ? "" : " "),
        )
        .join("")
        .trimEnd();
      events.push(dialogue(word.startSeconds + leadInSeconds, next + leadInSeconds, "Words", text));
    }
  }
  return [
    "[Script Info]",
    "ScriptType: v4.00+",
    `PlayResX: ${width}`,
    `PlayResY: ${height}`,
    "WrapStyle: 0",
    "ScaledBorderAndShadow: yes",
    "YCbCr Matrix: TV.709",
    "",
    "[V4+ Styles]",
    "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding",
    `Style: Words,Noto Sans,${look},${margin},${margin},${marginV},-1`,
    `Style: Title,Noto Sans,${look.replace(/,2$/, ",5")},${margin},${margin},${marginV},-1`,
    "",
    "[Events]",
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
    ...events,
    "",
  ].join("\n");
}

function dialogue(startSeconds: number, endSeconds: number, style: string, text: string): string {
  return `Dialogue: 0,${clock(startSeconds)},${clock(endSeconds)},${style},,0,0,0,,${text}`;
}

/** H:MM:SS.cc, the only precision ASS has. */
function clock(seconds: number): string {
  const cs = Math.max(0, Math.round(seconds * 100));
  const two = (n: number) => String(n).padStart(2, "0");
  return `${Math.floor(cs / 360_000)}:${two(Math.floor(cs / 6000) % 60)}:${two(Math.floor(cs / 100) % 60)}.${two(cs % 100)}`;
}

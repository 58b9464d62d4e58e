/**
 * The caption styles that a film may ask for. Validation, OpenAPI, the command line, the studio and
 * docs/captions.md read this table. What a style looks like is in
 * render-worker/captions/ass/caption-looks.ts.
 */
import { z } from "zod";

interface StyleText {
  /** The style's name in the studio. */
  name: string;
  /** What the film shows, as part of a sentence. */
  shows: string;
}

export const captionStyles = {
  karaoke: { name: "Word by word", shows: "a few words at a time, the spoken one highlighted" },
  sentence: { name: "Sentences", shows: "whole lines" },
  none: { name: "None", shows: "not burnt in" },
} as const satisfies Record<string, StyleText>;

export type CaptionStyle = keyof typeof captionStyles;
/** A style whose words are part of the pictures. */
export type BurntInStyle = Exclude<CaptionStyle, "none">;

export const CaptionStyle = z.enum(Object.keys(captionStyles) as [CaptionStyle, ...CaptionStyle[]]);

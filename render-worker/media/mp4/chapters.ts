/** Chapters as a track of texts, as Apple's players read them. */
import { box, fullBox, uint16, uint32 } from "./boxes.ts";
import { identity } from "./write-tracks.ts";

export interface Chapter {
  title: string;
  frames: number;
}

/** The text is UTF-8. @source QuickTime File Format, "Text Sample Extensions" */
export function writeChapterSample(title: string): Buffer {
  const text = Buffer.from(title);
  return Buffer.concat([uint16(text.length), text, box("encd", uint32(0x100))]);
}

/**
 * The media header of a track of texts. @source QuickTime File Format, "Base Media Information Atoms" and
 * "Text Media Information Atom"
 */
export const chapterHeader = () =>
  box("gmhd", fullBox("gmin", 0, 0, uint16(0x40, 0x8000, 0x8000, 0x8000, 0, 0)), box("text", identity));

/** One style and one font, without a name. @source QuickTime File Format, "Text Sample Description" */
export const chapterEntry = () =>
  box(
    "text",
    Buffer.alloc(6),
    uint16(1),
    // Flags, alignment, colour and box; then the style's characters, font, face and colour.
    uint32(1),
    Buffer.alloc(18),
    uint16(1),
    Buffer.alloc(6),
    box("ftab", uint16(1, 1), Buffer.alloc(1)),
  );

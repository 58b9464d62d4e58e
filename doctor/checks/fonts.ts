/**
 * A font for every script that captions promise. Where one is missing libass draws boxes and ffmpeg still exits 0.
 */
import type { Check } from "../check.ts";
import { fail, ok, skip } from "../finding.ts";
import type { RunTool } from "./ffmpeg.ts";

/** One character each that only a font for the script has, and the Debian package that brings it. */
export const scripts = [
  ["Latin", "é", "fonts-noto-core"],
  ["Cyrillic", "Ж", "fonts-noto-core"],
  ["Greek", "Ω", "fonts-noto-core"],
  ["Arabic", "ع", "fonts-noto-core"],
  ["Hebrew", "ש", "fonts-noto-core"],
  ["Devanagari", "अ", "fonts-noto-core"],
  ["Thai", "ก", "fonts-noto-core"],
  ["Chinese", "夢", "fonts-noto-cjk"],
  ["Japanese", "ゆ", "fonts-noto-cjk"],
  ["Korean", "꿈", "fonts-noto-cjk"],
  ["emoji", "🔥", "fonts-symbola"],
] as const;

export function checkFonts(run: RunTool, platform: NodeJS.Platform): Check {
  return {
    name: "fonts",
    async run() {
      const found = await Promise.all(
        scripts.map(async ([script, character, brings]) => {
          const point = character.codePointAt(0)?.toString(16);
          const { code, stdout } = await run("fc-list", [`:charset=${point}`, "family"]);
          return { script, brings, code, there: stdout.trim() !== "" };
        }),
      );
      if (found.some(({ code }) => code === 127)) {
        if (platform === "darwin")
          return skip("macOS brings its own fonts, and fc-list is not there to ask.");
        return fail("fc-list does not run.", "Install it: apt-get install fontconfig");
      }
      const missing = found.filter(({ there }) => !there);
      if (missing.length === 0) return ok(`a font for each of ${scripts.length} scripts`);
      const packages = [...new Set(missing.map(({ brings }) => brings))].join(" ");
      return fail(
        `No font for ${missing.map(({ script }) => script).join(", ")}: captions would show boxes.`,
        `Install them: apt-get install ${packages}`,
      );
    },
  };
}

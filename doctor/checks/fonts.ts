/**
 * A font exists for every script of the captions. Without one libass draws boxes, and ffmpeg still exits with
 * 0.
 */
import type { Check } from "../check.ts";
import { fail, ok, skip } from "../finding.ts";
import type { RunTool } from "./ffmpeg.ts";

/** Per script: a character that only a font of the script has, and the Debian package of that font. */
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

/** fc-list finds a font for each script. Skipped on macOS without fontconfig. */
export function checkFonts(run: RunTool, platform: NodeJS.Platform): Check {
  return {
    name: "fonts",
    async run() {
      const found = await Promise.all(
        scripts.map(async ([script, character, debianPackage]) => {
          const point = character.codePointAt(0)?.toString(16);
          const { code, stdout } = await run("fc-list", [`:charset=${point}`, "family"]);
          return { script, debianPackage, code, isInstalled: stdout.trim() !== "" };
        }),
      );
      if (found.some(({ code }) => code === 127)) {
        if (platform === "darwin") return skip("macOS has its own fonts, and fc-list is not installed.");
        return fail("fc-list does not run.", "Install it: apt-get install fontconfig");
      }
      const missing = found.filter(({ isInstalled }) => !isInstalled);
      if (missing.length === 0) return ok(`a font for each of ${scripts.length} scripts`);
      const packages = [...new Set(missing.map(({ debianPackage }) => debianPackage))].join(" ");
      return fail(
        `No font for ${missing.map(({ script }) => script).join(", ")}: captions would show boxes.`,
        `Install them: apt-get install ${packages}`,
      );
    },
  };
}

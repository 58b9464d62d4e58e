import { expect, it } from "vitest";
import { buildSoundFilter } from "./encode-scene-sound.ts";
import { parseLoudness } from "./loudness.ts";

const report = (integrated: string, peak: string) =>
  `I: -99.0 LUFS Peak: 3.0 dBFS\n[Parsed_ebur128_2 @ 0x1] Summary:\n\n  Integrated loudness:\n    I:         ${integrated} LUFS\n    Threshold: -30.8 LUFS\n\n  True peak:\n    Peak:       ${peak} dBFS\n`;

it("reads the summary, and takes silence for very quiet", () => {
  expect(parseLoudness(report("-20.2", "-3.7"))).toEqual({ integratedLufs: -20.2, truePeakDb: -3.7 });
  expect(parseLoudness(report("-70.0", "-inf"))).toEqual({ integratedLufs: -70, truePeakDb: -120 });
  expect(parseLoudness("nothing")).toEqual({ integratedLufs: -120, truePeakDb: -120 });
});

it("limits only what would be too loud, lifts by 30 dB at most, and ends on the sample", () => {
  const filter = (integratedLufs: number, truePeakDb: number) =>
    buildSoundFilter({ loudness: { integratedLufs, truePeakDb }, samples: 96_000 }, 144);
  expect(filter(-20, -8)).not.toContain("alimiter");
  expect(filter(-20, -3)).toContain("alimiter");
  expect(filter(-20, -8)).toContain("volume=4.00dB");
  expect(filter(-70, -60)).toContain("volume=30.00dB");
  for (const built of [filter(-20, -3), buildSoundFilter(null, 144)])
    expect(built).toContain(`atrim=end_sample=${144 * 1600 + 2 * 4 * 1024}`);
});

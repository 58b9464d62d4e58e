import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Poison } from "../../render-worker/errors.ts";
import { decodePicture } from "../../render-worker/media/decode-picture.ts";
import { decodeVoice } from "../../render-worker/media/decode-voice.ts";
import { type Canary, startCanary, tone } from "./canary.ts";
import { disguises, followers, hugePng } from "./hostile-files.ts";

const run = promisify(execFile);
const signal = new AbortController().signal;
const filmSize = { width: 320, height: 180 };
let canary: Canary;
let folder: string;

beforeAll(async () => {
  canary = await startCanary();
  folder = mkdtempSync(join(tmpdir(), "dreamreel-attack-"));
});
afterAll(() => {
  canary.close();
  rmSync(folder, { recursive: true });
});

const picture = (path: string) => decodePicture(path, [{ filmSize, to: `${path}.plate` }], signal);
const voice = (path: string) => decodeVoice(path, `${path}.sound`, signal);
const fateOf = (work: Promise<unknown>) =>
  work.then(
    () => "decoded",
    (error: unknown) => (error instanceof Poison ? "poison" : error),
  );

describe("a file that is not what it is called", () => {
  it("is followed by an unguarded ffmpeg, so the test can fail", async () => {
    const path = join(canary.folder, "x.mp4");
    const { "HLS to a sibling": sibling, "ffconcat to a sibling": concat } = followers(
      canary.url,
      canary.file,
    );
    writeFileSync(path, sibling as Buffer);
    await run("ffmpeg", ["-v", "error", "-i", path, "-f", "null", "-"]).catch(() => {});
    writeFileSync(path, concat as Buffer);
    const { stdout } = await run("ffmpeg", ["-v", "error", "-i", path, "-f", "u8", "-"]);
    expect(stdout.length).toBe(4_000);
    await run("ffmpeg", ["-v", "error", "-i", `${canary.url}/trap`, "-f", "null", "-"]).catch(() => {});
    expect(canary.hits).toEqual(["/trap"]);
    rmSync(path);
    canary.hits.length = 0;
  });

  it("is never followed and never decoded, plain or behind the first bytes of another type", async () => {
    const files = Object.entries(followers(canary.url, canary.file));
    expect(files.length).toBeGreaterThanOrEqual(30);
    // In the canary's folder, where a relative name finds it.
    const path = join(canary.folder, "asset");
    for (const [name, bytes] of files) {
      writeFileSync(path, bytes);
      expect(await fateOf(picture(path)), `${name} as a picture`).toBe("poison");
      expect(await fateOf(voice(path)), `${name} as a voice`).toBe("poison");
    }
    // Every text behind one prefix of each kind, and every prefix before one text.
    const [first] = files as [[string, Buffer]];
    const dressed = [
      ...files.map(([name, bytes], index) => {
        const names = Object.keys(disguises);
        const disguise = names[index % names.length] as string;
        return [`${name} as ${disguise}`, Buffer.concat([disguises[disguise] as Buffer, bytes])] as const;
      }),
      ...Object.entries(disguises).map(
        ([disguise, head]) => [`${first[0]} as ${disguise}`, Buffer.concat([head, first[1]])] as const,
      ),
    ];
    for (const [name, bytes] of dressed) {
      writeFileSync(path, bytes);
      expect(await fateOf(picture(path)), `${name}, a picture`).toBe("poison");
      expect(await fateOf(voice(path)), `${name}, a voice`).toBe("poison");
    }
    expect(canary.hits).toEqual([]);
  });
});

describe("a bomb", () => {
  // Measured in CPU time of the child processes, because the machine may be busy.
  it.each([
    ["a picture of 15,000 pixels squared", () => hugePng(15_000), picture],
    ["a picture of 40,001,000 pixels", () => hugePng(6_325), picture],
    ["a picture that ends in the middle", () => hugePng(600).subarray(0, 60), picture],
    ["an hour of silence", () => tone(3600 * 8_000), voice],
    ["a voice whose header claims 4 GB", () => promising(tone(), 0xffff_fff0), "either" as const],
    ["a voice without a sample", () => tone(0), voice],
  ])("%s is refused within 5 s of work and 512 MB", async (_, make, decode) => {
    const path = join(folder, "bomb");
    writeFileSync(path, make());
    const watch = watchChildren();
    const fate = await fateOf((decode === "either" ? voice : decode)(path));
    const { peakBytes, cpuSeconds } = watch.stop();
    // A wrong length in a header does no harm if the sound is complete.
    expect(decode === "either" ? ["poison", "decoded"] : ["poison"]).toContain(fate);
    expect(cpuSeconds).toBeLessThan(5);
    expect(peakBytes).toBeLessThan(512 * 1024 * 1024);
    rmSync(path);
  });

  it("stores no more on the disk than the longest voice", () => {
    const bytes = readdirSync(folder).reduce((sum, name) => sum + readFileSync(join(folder, name)).length, 0);
    // 241 s of stereo and of mono floats.
    expect(bytes).toBeLessThan(241 * (48_000 * 8 + 16_000 * 4) + 1_000_000);
  });
});

describe("a name", () => {
  it.each([
    "-i",
    "-vf",
    "concat:a|b",
    "pipe:0",
    "http:",
    "frame%03d",
    "*",
    "[a-z]",
    "a\nb",
    "a'b",
    "a:b",
    "a,b;c",
  ])("%j is a name and nothing else", async (name) => {
    const own = join(folder, "names", name);
    mkdirSync(own, { recursive: true });
    const path = join(own, name);
    writeFileSync(path, tone());
    const decoded = await voice(path);
    expect(decoded.durationSeconds).toBeCloseTo(0.5, 2);
    expect(existsSync(decoded.file)).toBe(true);
    expect(canary.hits).toEqual([]);
  });
});

function promising(wav: Buffer, bytes: number): Buffer {
  const copy = Buffer.from(wav);
  copy.writeUInt32LE(bytes, 4);
  copy.writeUInt32LE(bytes, 40);
  return copy;
}

const childrenNow = () =>
  readdirSync("/proc/self/task").flatMap((thread) =>
    readText(`/proc/self/task/${thread}/children`).trim().split(" ").filter(Boolean),
  );

/**
 * The peak memory of any child process that starts from now on, and the CPU time of all of them. Other test
 * files of this process have children of their own, such as an edge.
 */
function watchChildren() {
  const others = new Set(childrenNow());
  let peakBytes = 0;
  const ticks = new Map<string, number>();
  const timer = setInterval(() => {
    for (const pid of childrenNow()) {
      // A child that has not become its program yet has the memory of this process.
      if (others.has(pid) || programOf(pid) === process.execPath) continue;
      const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readText(`/proc/${pid}/status`)) ?? [];
      peakBytes = Math.max(peakBytes, Number(kilobytes ?? 0) * 1024);
      const fields = readText(`/proc/${pid}/stat`).split(") ")[1]?.split(" ") ?? [];
      ticks.set(pid, Number(fields[11] ?? 0) + Number(fields[12] ?? 0));
    }
  }, 10);
  return {
    stop: () => {
      clearInterval(timer);
      return { peakBytes, cpuSeconds: [...ticks.values()].reduce((sum, one) => sum + one, 0) / 100 };
    },
  };
}

function programOf(pid: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return null;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCredentials } from "../../tests/read-credentials.ts";
import { probe, runFfmpeg } from "../media/ffmpeg.ts";
import type { SigningIdentity } from "../runtime/signing-identity.ts";
import type { MarkedFile, Origin } from "./describe-media.ts";
import { makeLocalIdentity } from "./make-local-identity.ts";
import { createMarker, findSigningFault } from "./sign-media.ts";

const identity = makeLocalIdentity(Date.now());
const origin: Origin = {
  models: { text: ["text-1"], picture: ["picture-1"], voice: ["voice-1", "voice-2"] },
  hasOtherParts: false,
};
const media = { film: "film.mp4", preview: "film.mp4", poster: "poster.jpg" } as const;
const typeOf = (file: MarkedFile) => (file === "poster" ? "image/jpeg" : "video/mp4");

let folder = "";
const inFolder = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "credentials-"));
  const grey = { create: { width: 64, height: 36, channels: 3 as const, background: "#888" } };
  await writeFile(inFolder("poster.jpg"), await sharp(grey).jpeg().toBuffer());
  await writeFile(inFolder("frames"), Buffer.alloc(30 * 64 * 36 * 1.5, 128));
  await runFfmpeg({
    inputs: [{ source: inFolder("frames"), options: ["-f", "rawvideo", "-s", "64x36", "-r", "30"] }],
    outputs: [
      { file: inFolder("film.mp4"), options: ["-c:v", "libx264", "-movflags", "+faststart", "-f", "mp4"] },
    ],
    cwd: folder,
    signal: new AbortController().signal,
    timeoutMs: 60_000,
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A marker, and what it counted and logged. */
function createTestMarker(options: Partial<Parameters<typeof createMarker>[0]> = {}) {
  const marked: string[] = [];
  const logged: unknown[] = [];
  const mark = createMarker({
    identity,
    metrics: { marked: (file, result) => marked.push(`${file} ${result}`) },
    log: { warn: (...entry: unknown[]) => logged.push(entry) } as never,
    ...options,
  });
  return { mark, marked, logged };
}

async function sign(file: MarkedFile, from: Origin = origin, by: SigningIdentity = identity) {
  const { mark } = createTestMarker({ identity: by });
  expect(await mark(file, from, inFolder(media[file]), inFolder("signed"))).toBe("signed");
  return readFile(inFolder("signed"));
}

describe("content credentials", () => {
  it.each(["film", "preview", "poster"] as const)(
    "are valid in a %s, and trusted by a reader that trusts the worker's CA",
    async (file) => {
      const signed = await sign(file);
      const unknown = await readCredentials(signed, typeOf(file));
      expect(unknown).toMatchObject({ state: "Valid", codes: ["signingCredential.untrusted"] });
      const known = await readCredentials(signed, typeOf(file), identity.certificates);
      expect(known).toMatchObject({ state: "Trusted", codes: [] });
      expect(signed.length - (await stat(inFolder(media[file]))).size).toBeLessThan(6_000);
    },
  );

  it.each(["film", "poster"] as const)("are invalid when one bit of a %s changes", async (file) => {
    const signed = await sign(file);
    const at = signed.length - 200;
    signed[at] = (signed[at] as number) ^ 1;
    expect(await readCredentials(signed, typeOf(file), identity.certificates)).toMatchObject({
      state: "Invalid",
      codes: [expect.stringMatching(/^assertion\.(bmff|data)Hash\.mismatch$/)],
    });
  });

  it("say which models made the film, with which tool, and that it was made by AI", async () => {
    const read = await readCredentials(await sign("film"), "video/mp4");
    expect(read?.manifest).toMatchObject({
      title: "Dreamreel film",
      claim_generator_info: [{ name: "Dreamreel", version: expect.stringMatching(/^\d+\.\d+\.\d+/) }],
    });
    const assertions = read?.manifest.assertions as { label: string; data: object }[];
    expect(assertions.map(({ label }) => label)).toEqual(["c2pa.hash.bmff.v3", "c2pa.actions.v2"]);
    expect(assertions[1]?.data).toMatchObject({
      actions: [
        {
          action: "c2pa.created",
          digitalSourceType: "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
          softwareAgent: { name: "Dreamreel" },
          parameters: { "dreamreel.models": origin.models },
        },
      ],
      softwareAgents: ["text-1", "picture-1", "voice-1", "voice-2"].map((name) => ({ name })),
    });
  });

  it.each([
    ["film", origin.models, true, "compositeWithTrainedAlgorithmicMedia"],
    ["film", { text: ["t"], picture: [], voice: [] }, true, "algorithmicMedia"],
    ["film", { text: ["t"], picture: ["p"], voice: [] }, false, "trainedAlgorithmicMedia"],
    ["poster", { text: ["t"], picture: [], voice: ["v"] }, true, "algorithmicMedia"],
  ] as const)(
    "name the origin of a %s of %j, with other parts: %s",
    async (file, models, hasOtherParts, type) => {
      const signed = await sign(file, { models: models as never, hasOtherParts });
      const read = await readCredentials(signed, typeOf(file));
      expect(JSON.stringify(read?.manifest)).toContain(`digitalsourcetype/${type}"`);
    },
  );

  it("leave the film playable while it downloads, with every frame where it was", async () => {
    const signed = await sign("film");
    const plain = await readFile(inFolder("film.mp4"));
    const dataOf = (bytes: Buffer) => bytes.subarray(bytes.indexOf("mdat"));
    expect(dataOf(signed).equals(dataOf(plain))).toBe(true);
    expect(signed.indexOf("moov")).toBeLessThan(signed.indexOf("mdat"));
    const { streams } = await probe(inFolder("signed"), { signal: new AbortController().signal });
    expect(streams[0]?.nb_read_packets).toBe(30);
  });
});

describe("media that cannot be signed", () => {
  it("stay as they are where the library is missing, which is counted each time and logged once", async () => {
    const { mark, marked, logged } = createTestMarker({
      load: () => Promise.reject(new Error("Cannot find package")),
    });
    const before = await readFile(inFolder("film.mp4"));
    for (const file of ["preview", "film", "poster"] as const)
      expect(await mark(file, origin, inFolder(media[file]), inFolder("none"))).toBe("unavailable");
    expect(marked).toEqual(["preview unavailable", "film unavailable", "poster unavailable"]);
    expect(logged).toEqual([[{ error: expect.any(Error) }, "credentials.unavailable"]]);
    expect((await readFile(inFolder("film.mp4"))).equals(before)).toBe(true);
    expect(await readCredentials(before, "video/mp4")).toBeNull();
  });

  it("stay as they are when the library refuses them", async () => {
    await writeFile(inFolder("broken.mp4"), "no film");
    const { mark, marked, logged } = createTestMarker();
    expect(await mark("film", origin, inFolder("broken.mp4"), inFolder("out"))).toBe("failed");
    expect(marked).toEqual(["film failed"]);
    expect(logged).toHaveLength(1);
  });

  it("do not wait for a library that hangs", async () => {
    const hanging = { Builder: { withJson: () => ({ signConfigAsync: () => new Promise(() => {}) }) } };
    const { mark, logged } = createTestMarker({ timeoutMs: 5, load: async () => hanging as never });
    expect(await mark("film", origin, inFolder("film.mp4"), inFolder("out"))).toBe("failed");
    expect(logged).toEqual([[{ error: expect.any(Error) }, "credentials.failed"]]);
  });

  it("are signed although an earlier one was not", async () => {
    const { mark, marked } = createTestMarker();
    await mark("film", origin, inFolder("missing.mp4"), inFolder("out"));
    await copyFile(inFolder("film.mp4"), inFolder("found.mp4"));
    await mark("film", origin, inFolder("found.mp4"), inFolder("out"));
    expect(marked).toEqual(["film failed", "film signed"]);
  });
});

describe("a signing identity", () => {
  it("has no fault if a reader accepts what it signs", async () => {
    expect(await findSigningFault(identity)).toBeNull();
  });

  it.each([
    ["its certificate is a CA's", { certificates: swap(identity.certificates) }],
    ["its key is another's", { key: makeLocalIdentity(Date.now()).key }],
    ["its certificate has ended", makeLocalIdentity(Date.parse("2010-01-01"))],
  ])("is refused if %s", async (_, wrong) => {
    expect(await findSigningFault({ ...identity, ...wrong })).toMatch(/^the signing library refuses it \(/);
  });
});

/** The two certificates in the other order. */
function swap(pem: string): string {
  const [leaf = "", root = ""] = pem.split(/(?<=END CERTIFICATE-----\n)/);
  return root + leaf;
}

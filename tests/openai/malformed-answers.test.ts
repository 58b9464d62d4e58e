/** The malformed answers of the simulator. */
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ControlPatch, FaultKind } from "../../simulators/openai/control.ts";
import { openSimulator, type SimulatorProcess } from "./start-simulator.ts";
import { exampleDream, storyboardRequest } from "./storyboard-task.ts";

let simulator: SimulatorProcess;
beforeAll(async () => {
  simulator = await openSimulator();
});
afterEach(() => simulator.reset());
afterAll(() => simulator.stop());

const strike = (kind: string, more: object = {}) => simulator.control({ faults: [{ kind, ...more }] });
const post = (path: string, body: object) =>
  fetch(`${simulator.origin}/v1${path}`, {
    method: "POST",
    headers: { authorization: "Bearer local", "content-type": "application/json" },
    body: JSON.stringify(body),
  });
const askForPicture = () => post("/images/generations", { prompt: "A lake.", size: "256x256" });
const askForVoice = () =>
  post("/audio/speech", { model: "m", voice: "sage", input: "A lake.", response_format: "wav" });
const askForText = () => post("/chat/completions", storyboardRequest(exampleDream("flying-short")));

async function picture(): Promise<Buffer> {
  const { data } = (await (await askForPicture()).json()) as { data: [{ b64_json: string }] };
  return Buffer.from(data[0].b64_json, "base64");
}
const voice = async () => Buffer.from(await (await askForVoice()).arrayBuffer());

const isUndecodable = (bytes: Buffer) =>
  sharp(bytes)
    .raw()
    .toBuffer()
    .then(
      () => false,
      () => true,
    );
const limitInputPixels = false;

describe("a picture", () => {
  it.each<[string, (bytes: Buffer, right: Buffer) => unknown]>([
    ["cut_at_60_percent", (bytes, right) => bytes.length === Math.floor(right.length * 0.6)],
    ["one_byte_short", (bytes, right) => bytes.length === right.length - 1],
    ["html_bytes", (bytes) => bytes.toString().startsWith("<!doctype html>")],
    ["json_bytes", (bytes) => "detail" in JSON.parse(bytes.toString())],
    ["no_bytes", (bytes) => bytes.length === 0],
    [
      "jpeg_cut_at_70_percent",
      async (bytes) => (await sharp(bytes).metadata()).format === "jpeg" && isUndecodable(bytes),
    ],
    ["gif", async (bytes) => (await sharp(bytes).metadata()).format === "gif"],
    ["avif", async (bytes) => (await sharp(bytes).metadata()).format === "heif"],
    ["huge_picture", async (bytes) => (await sharp(bytes, { limitInputPixels }).metadata()).width === 6_400],
  ])("is sent as %s", async (kind, holds) => {
    const right = await picture();
    await strike(kind);
    expect(await holds(await picture(), right)).toBe(true);
  });

  it("is sent as an address, from which it can be fetched", async () => {
    const right = await picture();
    await strike("picture_by_url");
    const { data } = (await (await askForPicture()).json()) as { data: [{ url: string }] };
    expect(Buffer.from(await (await fetch(data[0].url)).arrayBuffer())).toEqual(right);
  });

  it("is sent behind a data: prefix, and without usage", async () => {
    await simulator.control({ faults: [{ kind: "data_prefix", times: 1 }, { kind: "no_usage" }] });
    const answers = [await (await askForPicture()).json(), await (await askForPicture()).json()];
    expect(answers).toMatchObject([
      { data: [{ b64_json: expect.stringMatching(/^data:image\/png;base64,iVBOR/) }], usage: {} },
      { data: [{ b64_json: expect.stringMatching(/^iVBOR/) }] },
    ]);
    expect(answers[1]).not.toHaveProperty("usage");
  });
});

describe("a voice", () => {
  it.each<[string, (bytes: Buffer, right: Buffer) => unknown]>([
    ["cut_at_60_percent", (bytes, right) => bytes.length === Math.floor(right.length * 0.6)],
    ["one_byte_short", (bytes, right) => bytes.length === right.length - 1],
    ["no_bytes", (bytes) => bytes.length === 0],
    [
      "silence",
      (bytes, right) => bytes.length === right.length && bytes.subarray(44).every((byte) => byte === 0),
    ],
    ["joined_wavs", (bytes, right) => bytes.equals(Buffer.concat([right, right]))],
    ["length_unknown", (bytes) => bytes.readUInt32LE(40) === 0x7fffffff],
    [
      "joined_mp3s",
      (bytes) =>
        bytes.subarray(0, bytes.length / 2).equals(bytes.subarray(bytes.length / 2)) &&
        /^(ID3|\xff[\xf3\xfb])/.test(bytes.toString("latin1", 0, 3)),
    ],
  ])("is sent as %s", async (kind, holds) => {
    const right = await voice();
    await strike(kind);
    expect(await holds(await voice(), right)).toBe(true);
  });
});

describe.each([
  ["text", askForText],
  ["picture", askForPicture],
  ["voice", askForVoice],
])("instead of a %s", (_, ask) => {
  it("an error comes with status 200, is not billed, and says its own status", async () => {
    await strike("error_in_answer", { status: 402 });
    const answer = await ask();
    expect([answer.status, await answer.json()]).toMatchObject([200, { error: { code: 402 } }]);
    expect((await simulator.ledger()).billed).toEqual([]);
  });

  it("a web page comes with status 200", async () => {
    await strike("html_page");
    const answer = await ask();
    expect([answer.status, (await answer.text()).startsWith("<!doctype html>")]).toEqual([200, true]);
  });

  it("an empty answer comes, and is billed", async () => {
    await strike("empty_body");
    const answer = await ask();
    expect([answer.status, await answer.text()]).toEqual([200, ""]);
    expect(answer.headers.get("x-simulator-fault")).toBe("empty_body");
    expect((await simulator.ledger()).billed).toHaveLength(1);
  });
});

it.each(["German", "JA", "zh_TW"])("a storyboard calls its language %s", async (language) => {
  await strike("other_language", { language });
  const { choices } = (await (await askForText()).json()) as { choices: [{ message: { content: string } }] };
  expect(JSON.parse(choices[0].message.content).language).toBe(language);
});

it("every kind of fault can be configured, and no other", () => {
  for (const kind of FaultKind.options)
    expect(ControlPatch.safeParse({ faults: [{ kind }] }).success).toBe(true);
  expect(ControlPatch.safeParse({ faults: [{ kind: "earthquake" }] }).success).toBe(false);
});

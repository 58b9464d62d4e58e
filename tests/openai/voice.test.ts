import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSimulator, type SimulatorProcess } from "./start-simulator.ts";

let simulator: SimulatorProcess;
beforeAll(async () => {
  simulator = await openSimulator();
});
afterAll(() => simulator.stop());

const dream =
  "I was flying over a city made of glass. Every window held a different season. When I landed, my grandmother was waiting with a lantern, and the street turned into a slow green river.";

const short = "I was flying over a city made of glass.";

async function say(input: string, options: Record<string, unknown> = {}): Promise<Buffer> {
  const answer = await simulator.client.audio.speech.create({
    model: "gpt-4o-mini-tts",
    voice: "sage",
    input,
    response_format: "wav",
    ...options,
  });
  return Buffer.from(await answer.arrayBuffer());
}

/** ffmpeg's measurements: seconds, integrated loudness, true peak in dBFS. */
function hear(
  sound: Buffer,
  input: string[] = [],
): { seconds: number; lufs: number; peakDb: number; codec: string } {
  const args = [
    "-hide_banner",
    "-nostats",
    ...input,
    "-i",
    "pipe:0",
    "-af",
    "ebur128=peak=true:framelog=verbose",
    "-f",
    "null",
    "-",
  ];
  const { stderr, status } = spawnSync("ffmpeg", args, { input: sound, encoding: "utf8" });
  expect(status, stderr).toBe(0);
  const find = (pattern: RegExp) => Number([...stderr.matchAll(pattern)].at(-1)?.[1]);
  const [, h, m, s] = [...stderr.matchAll(/time=(\d+):(\d+):([\d.]+)/g)].at(-1) ?? [];
  return {
    seconds: Number(h) * 3600 + Number(m) * 60 + Number(s),
    lufs: find(/I:\s+(-?[\d.]+) LUFS/g),
    peakDb: find(/Peak:\s+(-?[\d.]+) dBFS/g),
    codec: /Audio: (\w+)/.exec(stderr)?.[1] ?? "",
  };
}

describe("speech", () => {
  it.each(["alloy", "ash", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer"])(
    "%s speaks at a narrator's pace and level",
    async (voice) => {
      const { seconds, lufs, peakDb } = hear(await say(dream, { voice }));
      const wordsPerMinute = (dream.split(/\s+/).length / seconds) * 60;
      expect(wordsPerMinute).toBeGreaterThan(135);
      expect(wordsPerMinute).toBeLessThan(175);
      expect(Math.abs(lufs + 20)).toBeLessThan(1);
      expect(peakDb).toBeLessThan(-1);
    },
  );

  it.each([
    ["wav", "pcm_s16le"],
    ["mp3", "mp3"],
    ["flac", "flac"],
    ["opus", "opus"],
    ["aac", "aac"],
  ])("speaks %s, the same bytes each time", async (response_format, codec) => {
    const sound = await say(short, { response_format });
    const heard = hear(sound);
    expect(heard.codec).toBe(codec);
    expect(heard.seconds).toBeGreaterThan(2);
    // Instructions make it another request, so that the sound is computed again.
    expect(await say(short, { response_format, instructions: "calmly" })).toEqual(sound);
  });

  it("gives raw samples of 24 kHz as pcm", async () => {
    const wav = await say(short);
    const pcm = await say(short, { response_format: "pcm" });
    expect(pcm).toEqual(wav.subarray(44));
    expect(hear(pcm, ["-f", "s16le", "-ar", "24000", "-ac", "1"]).seconds).toBeCloseTo(hear(wav).seconds, 1);
  });

  it("follows the speed", async () => {
    const [slow, plain, fast] = await Promise.all([0.5, 1, 2].map((speed) => say(short, { speed })));
    const seconds = [slow, plain, fast].map((sound) => hear(sound as Buffer).seconds) as [
      number,
      number,
      number,
    ];
    expect(Math.abs(seconds[0] / seconds[1] - 2)).toBeLessThan(0.35);
    expect(Math.abs(seconds[1] / seconds[2] - 2)).toBeLessThan(0.35);
  });

  it.each([
    ["zh", "我在一座玻璃城市上空飞翔。每扇窗户都有不同的季节。我降落时，祖母提着灯笼在等我。", 5, 13],
    ["ja", "私はガラスの街の上を飛んでいました。祖母が提灯を持って待っていた。", 3, 12],
    ["ko", "나는 유리로 된 도시 위를 날고 있었다. 할머니가 등불을 들고 기다리고 있었다.", 3, 10],
    ["ar", "كنت أطير فوق مدينة من الزجاج. وكانت جدتي تنتظرني.", 2.5, 9],
    ["he", "עפתי מעל עיר עשויה זכוכית. סבתא שלי חיכתה לי עם פנס.", 2.5, 9],
    ["hi", "मैं कांच के शहर के ऊपर उड़ रहा था। मेरी दादी लालटेन लेकर इंतज़ार कर रही थी।", 3, 10],
    ["el", "Πετούσα πάνω από μια πόλη από γυαλί. Η γιαγιά με περίμενε.", 2.5, 8],
    ["ru", "Я летел над городом из стекла. Бабушка ждала меня с фонарём.", 2.5, 8],
    ["de", "Ich flog über eine Stadt aus Glas. Meine Großmutter wartete mit einer Laterne.", 3, 9],
    ["th", "ฉันบินอยู่เหนือเมืองแก้ว", 1, 6],
  ])("speaks %s", async (_, text, shortest, longest) => {
    const { seconds, lufs } = hear(await say(text));
    expect(seconds).toBeGreaterThan(shortest);
    expect(seconds).toBeLessThan(longest);
    expect(Math.abs(lufs + 20)).toBeLessThan(1.5);
  });

  it.each(["🦊🌙🔥", "...", "\u200b", "👨‍👩‍👧‍👦".repeat(30)])(
    "hums if there is nothing to speak: %j",
    async (text) => {
      const { seconds, lufs } = hear(await say(text));
      expect(seconds).toBeGreaterThan(0.9);
      expect(seconds).toBeLessThan(11);
      expect(lufs).toBeLessThan(-28);
      expect(lufs).toBeGreaterThan(-40);
    },
  );

  it.each([
    [
      "a shell's signs",
      `He said "stop"; $(touch /tmp/dreamreel-pwned) \`touch /tmp/dreamreel-pwned\` && rm -rf ~ | cat`,
    ],
    ["an option", "-i /etc/passwd"],
    ["a filter", "hello':voice=kal, [in] ; movie=/etc/passwd"],
    ["newlines", "One line.\n\nAnother line.\r\nA third."],
    ["phoneme markup", "Ich sah [[h@l'oU]] die Stadt und war nicht froh"],
    ["SSML", "Ich sah <break time='99s'/> die Stadt und war nicht froh"],
    ["a NUL", "One\u0000two three four"],
  ])("only reads %s aloud", async (_, text) => {
    const { seconds } = hear(await say(text));
    expect(seconds).toBeGreaterThan(0.4);
    expect(seconds).toBeLessThan(20);
    expect(existsSync("/tmp/dreamreel-pwned")).toBe(false);
  });

  it("reads 4,000 characters and refuses 4,097", async () => {
    const text = "I walked along the river and counted the lanterns. ".repeat(79).trim().slice(0, 4000);
    const { seconds, peakDb } = hear(await say(text));
    expect(seconds).toBeGreaterThan(220);
    expect(peakDb).toBeLessThan(-1);
    await expect(say("a".repeat(4097))).rejects.toMatchObject({ status: 400, param: "input" });
  });
});

describe("transcription", () => {
  const hearText = (sound: Buffer, name = "dream.wav") =>
    simulator.client.audio.transcriptions.create({
      model: "gpt-transcribe",
      file: new File([new Uint8Array(sound)], name),
    });

  it("transcribes its own speech as the text that it spoke, and bills its seconds", async () => {
    const text = `Ünïcode "quoted" 我飞 text.`;
    const sound = await say(text, { response_format: "mp3" });
    const heard = await hearText(sound, "dream.mp3");
    expect(heard.text).toBe(text);
    expect(heard.usage).toEqual({ type: "duration", seconds: Math.ceil(hear(sound).seconds) });
  });

  it("gives the same plausible dream for every other recording", async () => {
    const tone = spawnSync("ffmpeg", [
      "-v",
      "error",
      "-f",
      "lavfi",
      "-i",
      "sine=d=2.5",
      "-f",
      "wav",
      "pipe:1",
    ]).stdout;
    const heard = await hearText(tone);
    expect(heard.text).toMatch(/house.*sea\.$/);
    expect(heard.usage).toEqual({ type: "duration", seconds: 3 });
    expect((await hearText(tone)).text).toBe(heard.text);
  });

  it("refuses a file that is not sound, and a form without a file", async () => {
    await expect(hearText(Buffer.from("not a sound at all"))).rejects.toMatchObject({
      status: 400,
      param: "file",
    });
    const form = new FormData();
    form.set("model", "gpt-transcribe");
    const answer = await fetch(`${simulator.origin}/v1/audio/transcriptions`, {
      method: "POST",
      body: form,
      headers: { authorization: "Bearer x" },
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { param: "file" } });
  });
});

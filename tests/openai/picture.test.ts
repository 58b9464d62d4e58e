import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSimulator, type SimulatorProcess, startSimulator } from "./start-simulator.ts";

let simulator: SimulatorProcess;
beforeAll(async () => {
  simulator = await openSimulator();
});
afterAll(() => simulator.stop());

const flying = "Someone flying over a city of towers made of glass, at dusk.";

async function paint(prompt: string, options: Record<string, unknown> = {}) {
  const answer = await simulator.client.images.generate({
    model: "gpt-image-2.6-flare",
    prompt,
    size: "1024x1024",
    ...options,
  });
  const bytes = (answer.data ?? []).map(({ b64_json }) => Buffer.from(b64_json ?? "", "base64"));
  return { answer, bytes, first: bytes[0] as Buffer };
}

/** The difference of two pictures: the mean over their thumbnails' channels, 0 to 255. */
async function difference(a: Buffer, b: Buffer): Promise<number> {
  const [x, y] = await Promise.all(
    [a, b].map((one) => sharp(one).resize(48, 48, { fit: "fill" }).removeAlpha().raw().toBuffer()),
  );
  return (
    (x as Buffer).reduce((sum, v, i) => sum + Math.abs(v - ((y as Buffer)[i] ?? 0)), 0) / (x as Buffer).length
  );
}

describe("pictures", () => {
  it.each([
    ["1536x1024", "png"],
    ["1024x1536", "jpeg"],
    ["1024x1024", "webp"],
  ] as const)("paints %s as %s", async (size, output_format) => {
    const { answer, first } = await paint(flying, { size, output_format, quality: "medium" });
    const { width, height, format, channels, hasAlpha } = await sharp(first).metadata();
    expect({ size: `${width}x${height}`, format, channels, hasAlpha }).toEqual({
      size,
      format: output_format,
      channels: 3,
      hasAlpha: false,
    });
    expect(answer).toMatchObject({ size, output_format, quality: "medium" });
    const usage = answer.usage;
    expect(usage?.output_tokens).toBe({ "1536x1024": 1568, "1024x1536": 1584, "1024x1024": 1056 }[size]);
    expect(usage?.total_tokens).toBe((usage?.input_tokens ?? 0) + (usage?.output_tokens ?? 0));
    expect(usage?.input_tokens_details.text_tokens).toBe(usage?.input_tokens);
  });

  it("gives a wide picture for `auto`", async () => {
    const { first } = await paint(flying, { size: "auto" });
    expect(await sharp(first).metadata()).toMatchObject({ width: 1536, height: 1024 });
  });

  it("paints smaller pictures at the same price where a test wants it", async () => {
    await simulator.control({ picture_scale: 0.25 });
    const { answer, first } = await paint(flying);
    await simulator.control({ picture_scale: 1 });
    expect(await sharp(first).metadata()).toMatchObject({ width: 256, height: 256 });
    expect(answer).toMatchObject({ size: "1024x1024", usage: { output_tokens: 1056 } });
  });

  it("paints the same prompt the same to the byte, also in another process", async () => {
    const other = await startSimulator();
    try {
      const request = { model: "m", prompt: flying, size: "256x256" } as const;
      const answers = await Promise.all([
        simulator.client.images.generate(request),
        other.client.images.generate(request),
      ]);
      expect(answers[0]).toEqual(answers[1]);
    } finally {
      await other.stop();
    }
  });

  it("paints n pictures that differ, and bills each", async () => {
    const { answer, bytes } = await paint(flying, { n: 2, quality: "low" });
    expect(bytes).toHaveLength(2);
    expect(await difference(bytes[0] as Buffer, bytes[1] as Buffer)).toBeGreaterThan(3);
    expect(answer.usage?.output_tokens).toBe(2 * 272);
  });

  it("shows different things for different prompts, and a different look for each style", async () => {
    const prompts = [
      flying,
      "A bedroom with a tall window at night.",
      "A deep forest at dawn.",
      "A whale in the open sea by day.",
      ...["watercolor", "oil-painting", "ink", "storybook", "noir", "anime", "photographic"].map(
        (style) => `${flying} ${style} style.`,
      ),
    ];
    const pictures = await Promise.all(prompts.map((prompt) => paint(prompt, { size: "384x256" })));
    for (const [i, a] of pictures.entries()) {
      for (const b of pictures.slice(i + 1)) expect(await difference(a.first, b.first)).toBeGreaterThan(2);
    }
    const noir = await sharp(pictures[8]?.first).stats();
    const [r, g, b] = noir.channels.map(({ mean }) => mean) as [number, number, number];
    expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThan(8);
  });

  it("is never flat: every place has darks and lights", async () => {
    const places = [
      "city",
      "street",
      "sea",
      "underwater",
      "mountain",
      "desert",
      "forest",
      "meadow",
      "bedroom",
      "church",
      "laboratory",
      "clouds",
      "universe",
      "window season",
    ];
    const pictures = await Promise.all(places.map((place) => paint(`A ${place}.`, { size: "384x256" })));
    for (const [i, { first }] of pictures.entries()) {
      const { channels } = await sharp(first).stats();
      for (const { stdev } of channels) expect(stdev, places[i]).toBeGreaterThan(12);
    }
  });

  it.each([
    ["quotes and a shell's signs", `"';$(touch x)\`id\` -i |& \\ \n\0`],
    ["only emoji", "🦊🌙🔥"],
    ["markup", "<svg><script>alert(1)</script></svg> &amp; ]]>"],
    ["4,000 characters", "the green river and the lantern ".repeat(125)],
    ["no known word", "zxqv plmk wrt"],
  ])("paints something for %s", async (_, prompt) => {
    const { first } = await paint(prompt, { size: "384x256" });
    expect(await sharp(first).metadata()).toMatchObject({ width: 384, height: 256 });
  });

  it.each([
    [{ prompt: "" }, "prompt"],
    [{ prompt: "x", size: "100x100" }, "size"],
    [{ prompt: "x", n: 11 }, "n"],
    [{ prompt: "x", output_format: "bmp" }, "output_format"],
  ])("refuses %j by its parameter", async (wrong, param) => {
    const request = { model: "m", ...wrong } as never;
    await expect(simulator.client.images.generate(request)).rejects.toMatchObject({ status: 400, param });
  });

  it("answers other requests while it paints", async () => {
    let painted = false;
    const painting = Promise.all([1, 2, 3].map((n) => paint(`${flying} ${n}`, { size: "512x512" }))).then(
      () => {
        painted = true;
      },
    );
    await simulator.client.models.list();
    expect(painted).toBe(false);
    await painting;
  });
});

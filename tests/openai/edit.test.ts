import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { peopleOf } from "../../simulators/openai/pictures/marks/mark.ts";
import { readMarks } from "../../simulators/openai/pictures/marks/pixels.ts";
import { openSimulator, type SimulatorProcess } from "./start-simulator.ts";

let simulator: SimulatorProcess;
beforeAll(async () => {
  simulator = await openSimulator();
  await simulator.control({ picture_scale: 0.1 });
});
afterAll(() => simulator.stop());

const model = "gpt-image-2.6-flare";
const sheetOf = (kind: string, description: string) =>
  `Reference sheet of one ${kind}, whole: ${description}\n\nStyle: dreamlike.`;

const bytesOf = (answer: { data?: { b64_json?: string }[] }) =>
  Buffer.from(answer.data?.[0]?.b64_json ?? "", "base64");

async function paintSheet(kind: string, description: string): Promise<Buffer> {
  const prompt = sheetOf(kind, description);
  return bytesOf(
    await simulator.client.images.generate({ model, prompt, size: "1024x1024", quality: "low" }),
  );
}

const asFile = (bytes: Buffer) => new File([new Uint8Array(bytes)], "sheet.png", { type: "image/png" });

describe("a picture that is painted from reference sheets", () => {
  it("shows the marks of all sheets, in their order, and costs their tokens", async () => {
    const sheets = await Promise.all([
      paintSheet("person", "The dreamer, an adult with short hair and a red coat"),
      paintSheet("animal", "A wolf: dark coat"),
      paintSheet("place", "A lighthouse: old"),
    ]);
    const marks = await Promise.all(sheets.map(readMarks));
    expect(marks.map((of) => of.length)).toEqual([1, 1, 1]);
    expect(new Set(marks.flat()).size).toBe(3);
    expect(peopleOf(marks[0] ?? []).get("dreamer")).toMatchObject({ hair: "short", coat: "red" });

    const image = sheets.map(asFile);
    const prompt = "The dreamer walking beside the sea. The dreamer has long hair and a blue coat.";
    const answer = await simulator.client.images.edit({
      model,
      prompt,
      image,
      size: "1536x864",
      quality: "medium",
    });
    expect(await readMarks(bytesOf(answer))).toEqual(marks.flat());
    const { image_tokens, text_tokens } = answer.usage?.input_tokens_details ?? {};
    expect(image_tokens).toBe(3 * 4_354);
    expect(answer.usage?.input_tokens).toBe((text_tokens ?? 0) + (image_tokens ?? 0));

    const plain = bytesOf(await simulator.client.images.generate({ model, prompt, size: "1536x864" }));
    expect(await readMarks(plain)).toEqual([]);
    const difference = await sharp(plain)
      .composite([{ input: bytesOf(answer), blend: "difference" }])
      .stats();
    expect(Math.max(...difference.channels.map(({ max }) => max))).toBeGreaterThan(40);
  });

  it("takes JSON with data URLs, gives a photo's sheet another mark, and repeats its bytes", async () => {
    const photo = await sharp({ create: { width: 96, height: 96, channels: 3, background: "#876" } })
      .png()
      .toBuffer();
    const prompt = sheetOf("person", "A man: narrow face");
    const edit = async () => {
      const answer = await fetch(`${simulator.origin}/v1/images/edits`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: "Bearer local" },
        body: JSON.stringify({
          ...{ model, prompt, size: "1024x1024" },
          images: [{ image_url: `data:image/png;base64,${photo.toString("base64")}` }],
        }),
      });
      return bytesOf((await answer.json()) as { data: { b64_json: string }[] });
    };
    const [first, again] = [await edit(), await edit()];
    expect(first.equals(again)).toBe(true);
    expect(await readMarks(first)).not.toEqual(
      await readMarks(await paintSheet("person", "A man: narrow face")),
    );
  });

  it.each([
    ["no picture", {}, "image"],
    ["a file that is none", { image: new File(["no picture"], "a.png", { type: "image/png" }) }, "image"],
    ["input_fidelity, which its model refuses", { input_fidelity: "high" }, "input_fidelity"],
  ])("refuses %s", async (_, wrong, param) => {
    const image =
      param === "image" ? (undefined as never) : asFile(await paintSheet("object", "A clock: worn"));
    const asked = { model, prompt: "A clock", image, size: "1024x1024", ...wrong } as const;
    await expect(simulator.client.images.edit(asked as never)).rejects.toMatchObject({ status: 400, param });
  });

  it("can be without edits", async () => {
    const image = asFile(await paintSheet("object", "A clock: worn"));
    await simulator.control({ without: ["edit"] });
    const asked = { model, prompt: "A clock", image, size: "1024x1024" } as const;
    await expect(simulator.client.images.edit(asked)).rejects.toMatchObject({ status: 404 });
    await simulator.control({ without: [] });
  });
});

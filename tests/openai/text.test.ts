import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSimulator, type SimulatorProcess } from "./start-simulator.ts";
import { exampleDream, storyboardRequest, writeStoryboard } from "./storyboard-task.ts";

let simulator: SimulatorProcess;
beforeAll(async () => {
  simulator = await openSimulator();
});
afterAll(() => simulator.stop());

/** Letters and digits only, because a cut may change punctuation. */
const bare = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, "");

describe("the storyboard", () => {
  it("answers as the chat API does, with usage that adds up, and the same bytes again", async () => {
    const request = storyboardRequest(exampleDream("flying-short"));
    const first = await simulator.client.chat.completions.create(request);
    expect(first).toMatchObject({ object: "chat.completion", model: "gpt-6-luna" });
    expect(first.choices).toHaveLength(1);
    expect(first.choices[0]).toMatchObject({
      finish_reason: "stop",
      message: { role: "assistant", refusal: null },
    });
    const { prompt_tokens, completion_tokens, total_tokens } = first.usage ?? {};
    expect(prompt_tokens).toBeGreaterThan(50);
    expect(total_tokens).toBe((prompt_tokens ?? 0) + (completion_tokens ?? 0));
    expect(await simulator.client.chat.completions.create(request)).toEqual(first);
  });

  it.each(["flying-short", "genesis-28-jacob", "mary-shelley-1831", "bottom-1600"])(
    "narrates %s in the dream's own words, in their order",
    async (name) => {
      const dream = exampleDream(name);
      const { scenes, language } = await writeStoryboard(simulator.client, dream);
      expect(language).toBe("en");
      expect(scenes.length).toBeGreaterThanOrEqual(4);
      expect(scenes.length).toBeLessThanOrEqual(6);
      let from = 0;
      for (const { narration, picture } of scenes) {
        const at = bare(dream).indexOf(bare(narration), from);
        expect(at, narration).toBeGreaterThanOrEqual(from);
        from = at + bare(narration).length;
        expect(picture.length).toBeGreaterThan(40);
      }
      const words = scenes.flatMap(({ narration }) => narration.split(/\s+/)).length;
      expect(words).toBeLessThanOrEqual(75 * 1.3);
    },
  );

  it("shortens 20,000 characters to the requested words, from all parts of the dream", async () => {
    const dream = Array.from(
      { length: 330 },
      (_, i) => `In room ${i} I found a door that led to the green river again.`,
    ).join(" ");
    const { scenes } = await writeStoryboard(simulator.client, dream, { scenes: 8, words: 120 });
    expect(scenes).toHaveLength(8);
    const rooms = scenes.map(({ narration }) => Number(/room (\d+)/i.exec(narration)?.[1]));
    expect(rooms).toEqual(rooms.toSorted((a, b) => a - b));
    expect(rooms.at(-1)).toBeGreaterThan(280);
    const words = scenes.flatMap(({ narration }) => narration.split(/\s+/)).length;
    expect(words).toBeGreaterThan(80);
    expect(words).toBeLessThan(160);
  });

  it("makes fewer scenes of a short dream and repeats nothing", async () => {
    const { scenes } = await writeStoryboard(simulator.client, "Fire.", { scenes: 6 });
    expect(scenes.map(({ narration }) => narration)).toEqual(["Fire."]);
  });

  it.each([
    ["de", "Ich flog über eine Stadt aus Glas. Meine Großmutter wartete mit einer Laterne."],
    ["fr", "Je volais au-dessus d'une ville de verre. Ma grand-mère m'attendait avec une lanterne."],
    ["es", "Yo volaba sobre una ciudad de cristal. Mi abuela me esperaba con una linterna."],
    ["it", "Volavo sopra una città di vetro. Mia nonna mi aspettava con una lanterna."],
    ["pt", "Eu voava sobre uma cidade de vidro. Minha avó esperava por mim com uma lanterna."],
    ["ru", "Я летел над городом из стекла. Бабушка ждала меня с фонарём."],
    ["el", "Πετούσα πάνω από μια πόλη από γυαλί. Η γιαγιά με περίμενε με ένα φανάρι."],
    ["ar", "كنت أطير فوق مدينة من الزجاج. هل كانت جدتي تنتظرني؟ كان معها فانوس."],
    ["he", "עפתי מעל עיר עשויה זכוכית. סבתא שלי חיכתה לי עם פנס."],
    ["hi", "मैं कांच के शहर के ऊपर उड़ रहा था। मेरी दादी लालटेन लेकर इंतज़ार कर रही थी।"],
    ["zh", "我在一座玻璃城市上空飞翔！奶奶提着灯笼在等我吗？"],
    ["ja", "私はガラスの街の上を飛んでいました。祖母が提灯を持って待っていた。"],
    ["ko", "나는 유리로 된 도시 위를 날고 있었다. 할머니가 등불을 들고 기다리고 있었다."],
  ])("detects %s, cuts its sentences and finds its concepts", async (language, dream) => {
    const storyboard = await writeStoryboard(simulator.client, dream, { scenes: 2 });
    expect(storyboard.language).toBe(language);
    expect(storyboard.scenes).toHaveLength(2);
    expect(bare(storyboard.scenes.map(({ narration }) => narration).join(""))).toBe(bare(dream));
    expect(storyboard.scenes[0]?.picture).toMatch(/flying.*city of towers|city of towers.*flying/i);
    expect(storyboard.scenes[1]?.picture).toMatch(/an old woman/i);
  });

  it("keeps a more exact tag of the language it finds, and only that", async () => {
    const dream = "Eu voava sobre uma cidade de vidro e não tinha medo.";
    expect((await writeStoryboard(simulator.client, dream, { language: "pt-BR" })).language).toBe("pt-BR");
    expect((await writeStoryboard(simulator.client, dream, { language: "zh" })).language).toBe("pt");
  });

  it.each([
    ["markup and quotes", `He said "{\\b1}" and 'left' — ;$(touch x) -i \\N %{} <b>`],
    ["only emoji", "🦊🌙🔥👨‍👩‍👧‍👦"],
    ["only marks", "... !!! ???"],
    ["no punctuation", "and then ".repeat(600)],
    ["one endless word", "a".repeat(5000)],
    ["control characters", "a\u0000b\u0007c\u202ed\r\n\r\ne"],
  ])("survives %s", async (_, dream) => {
    const { scenes, title } = await writeStoryboard(simulator.client, dream, { scenes: 4, words: 40 });
    expect(title.length).toBeGreaterThan(0);
    expect(scenes.length).toBeGreaterThan(0);
    for (const { narration, picture } of scenes) {
      expect(narration.trim().length).toBeGreaterThan(0);
      expect(picture).toContain("style");
    }
  });
});

describe("other questions", () => {
  it("answers an unknown schema with its smallest instance", async () => {
    const schema = {
      type: "object",
      required: ["kind", "tags", "score", "next", "made"],
      properties: {
        kind: { enum: ["a", "b"] },
        tags: { type: "array", minItems: 2, items: { $ref: "#/$defs/tag" } },
        score: { type: "integer", minimum: 3, multipleOf: 2 },
        next: { anyOf: [{ $ref: "#" }, { type: "null" }] },
        made: { type: "string", format: "date-time" },
      },
      $defs: { tag: { type: "string", minLength: 3, maxLength: 5 } },
    };
    const answer = await simulator.client.chat.completions.create({
      model: "m",
      messages: [{ role: "user", content: "Sort this dream." }],
      response_format: { type: "json_schema", json_schema: { name: "x", strict: true, schema } },
    });
    const value = JSON.parse(answer.choices[0]?.message.content ?? "");
    expect(value).toEqual({
      kind: "a",
      tags: ["Sort ", "Sort "],
      score: 4,
      next: null,
      made: expect.any(String),
    });
  });

  it("names the parameter that is wrong", async () => {
    const wrong = { model: "m", messages: [], stream: false } as const;
    await expect(simulator.client.chat.completions.create({ ...wrong, messages: [] })).rejects.toMatchObject({
      status: 400,
      param: "messages",
      type: "invalid_request_error",
    });
  });

  it("lists its models and has no others", async () => {
    const { data } = await simulator.client.models.list();
    expect(data.map(({ object }) => object)).toEqual(data.map(() => "model"));
    expect(data.length).toBeGreaterThan(2);
    await expect(simulator.client.models.retrieve("dall-e-3")).rejects.toMatchObject({
      status: 404,
      code: "model_not_found",
    });
  });

  it("needs a key and refuses the key `invalid`", async () => {
    await expect(simulator.client.withOptions({ apiKey: "invalid" }).models.list()).rejects.toMatchObject({
      status: 401,
      code: "invalid_api_key",
    });
    const answer = await fetch(`${simulator.origin}/v1/models`);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: { type: "invalid_request_error", param: null } });
    expect(answer.headers.get("x-request-id")).toMatch(/^req_/);
    expect(answer.headers.get("x-ratelimit-limit-requests")).toMatch(/^\d+$/);
  });

  it("reports an invalid body and an unknown address in the same envelope", async () => {
    const post = (path: string, body: string) =>
      fetch(`${simulator.origin}/v1${path}`, {
        method: "POST",
        body,
        headers: { authorization: "Bearer x", "content-type": "application/json" },
      });
    const broken = await post("/chat/completions", "{");
    expect(broken.status).toBe(400);
    expect(await broken.json()).toMatchObject({ error: { message: expect.stringContaining("JSON") } });
    const unknown = await post("/videos", "{}");
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ error: { message: "Invalid URL (POST /v1/videos)" } });
  });
});

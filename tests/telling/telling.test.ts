/**
 * A dream that is told aloud: uploaded by signed addresses, transcribed through the queue, joined, filmed.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { startWorld, type World } from "./start-world.ts";
import { createTeller, putTo, type Teller } from "./tell.ts";

let world: World;
let teller: Teller;
beforeAll(async () => {
  world = await startWorld();
  teller = createTeller(world.cloud.edgeUrl, await world.cloud.newKey("ada"));
  await world.startWorker();
});
afterAll(() => world.stop());

const said = [
  "I flew over a silver sea, and under the water a town was lit.",
  "Ein Wal trug eine Treppe auf dem Rücken, und ich stieg hinauf.",
] as const;

it("is transcribed part by part, and its film is made of all parts in their order", {
  timeout: 300_000,
}, async () => {
  const dream = await teller.newDream();
  const [first, second] = await Promise.all(said.map((text) => world.speak(text)));
  const webm = await world.convert(first as Buffer, ["-c:a", "libopus", "-b:a", "32k"], "webm");
  const m4a = await world.convert(second as Buffer, ["-c:a", "aac"], "m4a");
  await teller.tell(dream, { id: "b", order: 1, sound: m4a, type: "audio/mp4" });
  await teller.tell(dream, { id: "a", order: 0, sound: webm, type: "audio/webm;codecs=opus" });
  const finish = await teller.call("POST", `/dreams/${dream}/finish`, { length_seconds: 10 });
  expect(finish.status).toBe(202);
  const segments = await teller.untilTranscribed(dream);
  expect(segments.map(({ status, transcript }) => [status, transcript])).toEqual([
    ["transcribed", said[0]],
    ["transcribed", said[1]],
  ]);
  expect(segments[1]?.language).toBe("de");
  const { json } = await teller.call<{ transcript: string }>("GET", `/dreams/${dream}/transcript`);
  expect(json.transcript).toBe(said.join("\n\n"));
  expect(await teller.untilFilmed(dream)).toMatchObject({ status: "completed", error: null });
});

it("takes no file but the one that the address was signed for", async () => {
  const dream = await teller.newDream();
  const { json: upload } = await teller.announce(dream, "a", "audio/wav", 1_000);
  expect(await putTo(upload, Buffer.alloc(1_001)), "another length").toBe(403);
  expect(await putTo(upload, Buffer.alloc(1_000), { "content-type": "text/html" }), "another type").toBe(403);
  expect(await putTo(upload, Buffer.alloc(1_000))).toBe(200);
  expect(await putTo(upload, Buffer.alloc(1_000)), "a second file").toBe(412);
});

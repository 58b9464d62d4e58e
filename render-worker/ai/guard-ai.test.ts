import { expect, it } from "vitest";
import { Rejected } from "../errors.ts";
import { type Ai, NoReferences } from "./ai.ts";
import { guardAi } from "./guard-ai.ts";

it("counts the transcriptions that check a voice, so that a refused key shows in the metrics", async () => {
  const refused = new Rejected("transcription.key_refused", "", { aiFault: "configuration" });
  const ai = { transcribe: () => Promise.reject(refused) } as unknown as Ai;
  const counted: string[] = [];
  const circuits: string[] = [];
  const guarded = guardAi(ai, {
    aiCall: (kind, result) => counted.push(`${kind} ${result}`),
    circuit: (kind, isOpen) => circuits.push(`${kind} ${isOpen}`),
  });
  const request = { path: "", fileName: "voice.wav", keywords: [], languages: [] };
  const call = guarded.transcribe(request, new AbortController().signal);
  await expect(call).rejects.toBe(refused);
  expect(counted).toEqual(["transcription transcription.key_refused"]);
  expect(circuits).toEqual(["transcription true"]);
  expect(() => guarded.assertConfigured()).not.toThrow();
});

it("asks for pictures from references again ten minutes after a provider or a proxy had no such call", async () => {
  const ai = { edit: () => Promise.reject(new NoReferences(null)) } as unknown as Ai;
  let now = 0;
  const guarded = guardAi(ai, { aiCall() {}, circuit() {} }, [], true, () => now);
  const request = { prompt: "", size: "1024x1024", references: [] } as const;
  await guarded.edit(request, new AbortController().signal).catch(() => {});
  expect(guarded.takesReferences()).toBe(false);
  now = 10 * 60_000;
  expect(guarded.takesReferences()).toBe(true);
});

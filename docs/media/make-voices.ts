/**
 * `npm run voices`: buys one sentence of each voice from the configured provider, for the studio's "Listen".
 * Run it with the worker's variables (OPENAI_API_KEY, VOICE_CHAIN …) before `npm run deploy`, which uploads
 * the files. It says first what it may cost at most, and buys each sentence once: the files are the cache.
 *
 *   web/studio/voices/<voice>.mp3   about 5 s, 32 kbit/s
 *   web/studio/voices/source.json   who spoke them
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Voice } from "../../contract/film.ts";
import { ceilingOfVoices } from "../../contract/prices.ts";
import { root } from "../../local/root.ts";
import { createAi } from "../../render-worker/ai/create-ai.ts";
import { voiceClients } from "../../render-worker/ai/voices/voice-clients.ts";
import { parseProviders } from "../../render-worker/runtime/providers.ts";

const sentence = "I was flying over a city made of glass, and every window held a different season.";

const providers = parseProviders(process.env);
const provider = providers.voices.find((voice) => "model" in voice);
if (provider === undefined) throw new Error("VOICE_CHAIN has no voice that can be bought.");
const atMost = (Voice.options.length * ceilingOfVoices([provider], sentence)) / 1_000_000;
console.log(`${Voice.options.length} sentences by ${provider.model}: at most $${atMost.toFixed(2)}.`);

const ai = createAi(providers);
const folder = join(root, "web", "studio", "voices");
const scratch = await mkdtemp(join(tmpdir(), "dreamreel-voices-"));
let paidMicroUsd = 0;
for (const voice of Voice.options) {
  const request = {
    text: sentence,
    voice: voiceClients[provider.kind].voiceName(voice),
    instructions: voiceClients[provider.kind].instructions("en"),
  };
  const { value, costMicroUsd } = await ai.speak(provider.kind, request, AbortSignal.timeout(120_000));
  if ("unusable" in value) throw value.unusable;
  paidMicroUsd += costMicroUsd ?? 0;
  const wav = join(scratch, `${voice}.wav`);
  await writeFile(wav, value.bytes);
  const coding = [
    "-ac",
    "1",
    "-af",
    "loudnorm=I=-18:TP=-2",
    "-ar",
    "24000",
    "-c:a",
    "libmp3lame",
    "-b:a",
    "32k",
  ];
  const quiet = ["-nostdin", "-v", "error", "-y"];
  await promisify(execFile)("ffmpeg", [...quiet, "-i", wav, ...coding, join(folder, `${voice}.mp3`)]);
  console.log(voice);
}
await rm(scratch, { recursive: true });
const isSimulated = ["127.0.0.1", "localhost"].includes(new URL(provider.baseUrl).hostname);
const source = { isSimulated, model: isSimulated ? "simulator" : provider.model };
await writeFile(join(folder, "source.json"), `${JSON.stringify(source, null, 2)}\n`);
console.log(`Paid: $${(paidMicroUsd / 1_000_000).toFixed(3)}. The files are in ${folder}.`);
process.exit();

/** The doctor and the Realtime endpoint, against the simulator. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { runChecks } from "../../doctor/check.ts";
import { checkModels } from "../../doctor/checks/models.ts";
import { checkProviders } from "../../doctor/checks/providers.ts";
import { parseProviders } from "../../render-worker/runtime/providers.ts";
import { openSimulator, type SimulatorProcess } from "../openai/start-simulator.ts";

let simulator: SimulatorProcess;
beforeAll(async () => {
  simulator = await openSimulator();
});
afterAll(() => simulator.stop());
beforeEach(() => simulator.reset());

const examine = (env: Record<string, string> = {}, now = Date.parse("2026-11-27")) => {
  const origin = { OPENAI_API_KEY: "k", OPENAI_BASE_URL: `${simulator.origin}/v1` };
  const providers = parseProviders({ ...origin, ...env });
  return runChecks([checkProviders(providers, fetch), checkModels(providers, fetch, now)]);
};

it.each(["2026-11-27", "2027-01-07", "2027-03-01"])("is clean on %s and buys nothing", async (date) => {
  const findings = await examine({ TRANSCRIPTION_MODEL: "gpt-transcribe" }, Date.parse(date));
  expect(findings.filter(({ status }) => status !== "ok")).toEqual([]);
  expect(findings.map(({ message }) => message.split(":")[0])).toEqual([
    ...["text", "picture", "voice", "voice speech", "transcription"],
    expect.stringContaining("realtime gpt-realtime-2.1-mini"),
  ]);
  expect(await simulator.ledger()).toEqual({ billed: [], unbilled: [] });
});

it("names the remedy where a server has no Realtime endpoint", async () => {
  await simulator.control({ without: ["realtime"] });
  const wrong = (await examine({ VOICE_CHAIN: "realtime" })).filter(({ status }) => status !== "ok");
  expect(wrong).toMatchObject([
    {
      status: "fail",
      message: expect.stringMatching(/^voice: .* opens no session at \/realtime/),
      remedy: expect.stringContaining("VOICE_CHAIN=speech"),
    },
  ]);
});

it("believes the end that the provider lists, and names the replacement 60 days ahead", async () => {
  await simulator.control({ shutdown_dates: { "gpt-realtime-2.1-mini": "2027-02-10" } });
  const ends = async (date: string) =>
    (await examine({ VOICE_CHAIN: "realtime" }, Date.parse(date))).filter(({ status }) => status !== "ok");
  expect(await ends("2026-12-11")).toEqual([]);
  expect(await ends("2026-12-12")).toMatchObject([
    { status: "warn", message: "The provider ends gpt-realtime-2.1-mini on 2027-02-10, in 60 days." },
  ]);
  expect(await ends("2027-02-10")).toMatchObject([{ status: "fail" }]);
});

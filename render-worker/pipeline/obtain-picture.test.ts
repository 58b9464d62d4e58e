import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { FilmOptions } from "../../contract/film.ts";
import { createFakeLedger } from "../../tests/fakes/fake-ledger.ts";
import { createFakeStorage } from "../../tests/fakes/fake-storage.ts";
import type { PictureRequest } from "../ai/ai.ts";
import type { Storage } from "../clients/storage.ts";
import { Cancelled, OverBudget, Poison, Rejected, Transient, Unsure } from "../errors.ts";
import { createAssetStore } from "../purchases/asset-store.ts";
import { parseProviders } from "../runtime/providers.ts";
import { noSheets, type Sheets } from "./cast/sheets.ts";
import type { FilmContext } from "./film-context.ts";
import { obtainPicture } from "./obtain-picture.ts";
import { placeholderReason } from "./placeholder-reason.ts";
import { Progress } from "./progress.ts";

const usual = { isAway: false, onBudget: "fail" } as const;

describe("a picture that cannot be bought", () => {
  it.each([
    ["the provider refused it", new Poison("openai.refused", "", { aiFault: "refused" }), "picture.refused"],
    [
      "the provider cannot use the request",
      new Poison("openai.bad_request", "", { aiFault: "bad_request" }),
      "picture.refused",
    ],
    [
      "it fails while others are served",
      new Transient("openai.unavailable", "", { aiFault: "unavailable" }),
      "picture.failed",
    ],
    [
      "its answers cannot be read",
      new Unsure("openai.malformed", "", { aiFault: "unreadable" }),
      "picture.failed",
    ],
    ["what was bought cannot be decoded", new Poison("media.unreadable", ""), "picture.unusable"],
  ])("is painted here where %s", (_, error, code) => {
    expect(placeholderReason(error, usual)).toMatchObject({ code });
  });

  it.each([
    [
      "the provider is away",
      new Transient("openai.unavailable", "", { aiFault: "unavailable" }),
      { ...usual, isAway: true },
    ],
    ["the circuit is open", new Transient("openai.circuit_open", "", { aiFault: "away" }), usual],
    [
      "the provider limits our rate",
      new Transient("openai.rate_limited", "", { aiFault: "rate_limited" }),
      usual,
    ],
    [
      "its key, model or account is wrong",
      new Rejected("picture.no_credit", "", { aiFault: "configuration" }),
      usual,
    ],
    ["it is unknown what was paid", new Rejected("ai.outcome_unknown", ""), usual],
    ["the store is away", new Transient("storage.unavailable", ""), usual],
    ["the job was cancelled", new Cancelled("job.cancelled", ""), usual],
    ["there is a bug", new TypeError("bug"), usual],
  ])("stops the film where %s", (_, error, world) => {
    expect(placeholderReason(error, world)).toBeNull();
  });

  it("is painted for want of money only where its owner wants that", () => {
    for (const code of ["budget.job_exceeded", "budget.owner_exceeded"]) {
      expect(placeholderReason(new OverBudget(code, ""), usual)).toBeNull();
      expect(placeholderReason(new OverBudget(code, ""), { ...usual, onBudget: "degrade" })).toMatchObject({
        code: "picture.over_budget",
      });
    }
  });
});

describe("a picture that the provider refuses", () => {
  let folder: string;
  let storage: Storage | undefined;
  beforeEach(async () => {
    storage = undefined;
    folder = await mkdtemp(join(tmpdir(), "refused-"));
    return () => rm(folder, { recursive: true });
  });

  /** The scene's picture from a provider that refuses the first `refusals` requests. */
  async function obtain(refusals: number) {
    storage ??= createFakeStorage(folder).storage;
    const asked: PictureRequest[] = [];
    const progress = new Progress(() => {});
    const { signal } = new AbortController();
    const paint = async (request: PictureRequest) => {
      asked.push(request);
      if (asked.length <= refusals) throw new Poison("openai.refused", "", { aiFault: "refused" });
      return { value: Buffer.from("picture"), costMicroUsd: 1000, requestId: null };
    };
    const ports = createFakeLedger().ports(storage, signal);
    const context = {
      ...{ folder, progress, signal, safetyIdentifier: "hash", sheets: noSheets },
      ai: { isAway: () => false, hasRecentSuccess: () => true, assertConfigured: () => {}, paint },
      assets: createAssetStore(ports, "o", folder, signal),
      providers: parseProviders({ OPENAI_API_KEY: "k" }),
      job: { attempt: 2, storyboard: null, options: FilmOptions.parse({}) },
      filmSize: { width: 320, height: 180 },
    } satisfies Record<string, unknown> as unknown as FilmContext;
    const scene = { narration: "n", picture: "A wolf at the door", picture_take: 0, voice_take: 0 };
    const { model } = await obtainPicture(scene, 0, context, async () => {});
    const { warnings } = progress.snapshot;
    return { asked, model, warnings: warnings.map(({ code, scene: of }) => [code, of]) };
  }

  it("is asked for once more, gently, in the same size, for the same person", async () => {
    const { asked, model, warnings } = await obtain(1);
    expect(model).not.toBeNull();
    expect(warnings).toEqual([["picture.softened", 0]]);
    const [first, second] = asked as [PictureRequest, PictureRequest];
    expect(asked).toHaveLength(2);
    expect(second).toEqual({
      ...first,
      prompt: expect.stringMatching(/^For a children's picture book: .*A wolf/),
    });
    expect(first.safetyIdentifier).toBe("hash");
  });

  it("stays the gentle one in later attempts and redos, although the provider would paint the other by now", async () => {
    await obtain(1);
    const { asked, model, warnings } = await obtain(0);
    expect(asked).toEqual([]);
    expect(model).not.toBeNull();
    expect(warnings).toEqual([["picture.softened", 0]]);
  });

  it("is painted here after the second refusal", async () => {
    const { asked, model, warnings } = await obtain(9);
    expect(asked).toHaveLength(2);
    expect(model).toBeNull();
    expect(warnings).toEqual([["picture.refused", 0]]);
  });
});

describe("a picture that is painted from reference sheets", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "references-"));
    return () => rm(folder, { recursive: true });
  });

  const member = { id: "g", kind: "person", name: "Grandmother", description: "An old woman" } as const;
  const scene = { narration: "n", picture: "A lake", picture_take: 0, voice_take: 0, cast: ["g"] };
  const refuse = async () => {
    throw new Rejected("openai.bad_request", "", { aiFault: "bad_request" });
  };

  /** A world with one sheet, whose `file` may fail. `chosen`: the job may buy nothing. */
  function open({ file = async () => join(folder, "sheet"), edit = refuse as unknown, chosen = false } = {}) {
    const { storage } = createFakeStorage(folder);
    const { signal } = new AbortController();
    const painted: string[] = [];
    const paint = async ({ prompt }: PictureRequest) => {
      painted.push(prompt);
      return { value: Buffer.from("picture"), costMicroUsd: 1000, requestId: null };
    };
    const sheets: Sheets = {
      ofScene: () => [{ member, fingerprint: "f".repeat(64) }],
      obtain: async (references) => references.map(() => ({ member, file })),
      giveUp: () => expect.fail("other pictures may be painted from sheets"),
    };
    const attempt = async (mayBuy = !chosen) => {
      const ledger = createFakeLedger(() => (mayBuy ? null : "over_budget"), mayBuy ? null : "job");
      const progress = new Progress(() => {});
      const context = {
        ...{ folder, progress, signal, safetyIdentifier: "hash", sheets },
        ai: { isAway: () => false, hasRecentSuccess: () => true, assertConfigured: () => {}, paint, edit },
        assets: createAssetStore(ledger.ports(storage, signal), "o", folder, signal),
        providers: parseProviders({ OPENAI_API_KEY: "k" }),
        job: {
          options: FilmOptions.parse({ cast: true }),
          ...(mayBuy ? {} : { chosen: { placeholders: [] } }),
        },
        filmSize: { width: 320, height: 180 },
      } satisfies Record<string, unknown> as unknown as FilmContext;
      const picture = await obtainPicture(scene, 0, context, async () => {}).catch((error: unknown) => ({
        error,
      }));
      return {
        picture,
        ledger,
        warnings: progress.snapshot.warnings.map(({ code, scene: of }) => [code, of]),
      };
    };
    return { attempt, painted };
  }

  it("is painted from words where the provider calls the request with references bad", async () => {
    const { attempt, painted } = open();
    const { picture, warnings } = await attempt();
    expect(picture).toMatchObject({ model: expect.any(String), reused: false });
    expect(painted).toEqual([expect.not.stringContaining("reference picture")]);
    expect(warnings).toEqual([["picture.without_references", 0]]);
  });

  it("is found by a job that may buy nothing, although the provider paints from words alone", async () => {
    const { attempt } = open();
    await attempt();
    const { picture, warnings } = await attempt(false);
    expect(picture).toMatchObject({ reused: true });
    expect(warnings).toEqual([]);
  });

  it("announces no call while its sheet cannot be read, so that nothing is booked", async () => {
    const edit = () => expect.fail("the call was made");
    const file = () => Promise.reject(new TypeError("the store broke off"));
    const { attempt } = open({ edit, file });
    const { picture, ledger } = await attempt();
    expect(picture).toMatchObject({ error: expect.any(TypeError) });
    expect(ledger.calls.flatMap(({ send }) => send)).toEqual([]);
    expect(ledger.settled).toMatchObject([{ outcome: "failed", cost_micro_usd: 0 }]);
  });
});

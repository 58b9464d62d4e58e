/** Every fault that the doctor promises to find, one by one in an otherwise healthy environment. */

import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Check, runChecks } from "../../doctor/check.ts";
import { checkCredentials, type SigningLibrary } from "../../doctor/checks/credentials.ts";
import { checkDatabase } from "../../doctor/checks/database.ts";
import { bytesPerJob } from "../../doctor/checks/disk.ts";
import { needed } from "../../doctor/checks/ffmpeg.ts";
import { checkHolds } from "../../doctor/checks/holds.ts";
import { checkKernel } from "../../doctor/checks/kernel.ts";
import { checkModels } from "../../doctor/checks/models.ts";
import { checkProcesses } from "../../doctor/checks/processes.ts";
import type { Finding } from "../../doctor/finding.ts";
import { runCommand } from "../../doctor/run-command.ts";
import { machineChecks, type WorkerPorts, workerChecks } from "../../doctor/worker-checks.ts";
import { makeLocalIdentity } from "../../render-worker/credentials/make-local-identity.ts";
import { parseProviders } from "../../render-worker/runtime/providers.ts";
import type { SigningIdentity } from "../../render-worker/runtime/signing-identity.ts";
import { freePort } from "../free-port.ts";
import { startWorld, type World } from "./healthy-world.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const today = Date.parse("2026-11-22T12:00:00Z");

let scratch: string;
let world: World;
let ports: WorkerPorts;
let pathEntries: string[];

beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), "dreamreel-doctor-test-"));
  world = await startWorld(join(scratch, "films"));
  pathEntries = [process.env.PATH ?? ""];
  ports = {
    run: (file, args) =>
      runCommand(file, args, {
        env: { ...process.env, PATH: pathEntries.join(delimiter) },
        timeoutMs: 200_000,
      }),
    fetch,
    now: Date.now,
    disk: { freeBytes: async () => 100 * bytesPerJob },
    platform: "linux",
  };
});
afterEach(async () => {
  await world.close();
  rmSync(scratch, { recursive: true, force: true });
});

interface Planted {
  fault: string;
  plant(): void | Promise<void>;
  finds: { check: string; status: Finding["status"]; message: RegExp; remedy: RegExp };
  /** Other checks that the same fault skips or fails. */
  also?: string[];
}

describe("the services of a worker", () => {
  it("finds no fault where none is planted", async () => {
    expect(bad(await examine())).toEqual([]);
  });

  const faults: Planted[] = [
    {
      fault: "a variable is missing",
      plant: () => {
        delete world.env.CALLBACK_SECRET;
      },
      finds: { check: "configuration", status: "fail", message: /^CALLBACK_SECRET: /, remedy: /Set it/ },
    },
    {
      fault: "a variable is malformed",
      plant: () => set({ WORKER_CONCURRENCY: "many" }),
      finds: { check: "configuration", status: "fail", message: /^WORKER_CONCURRENCY: /, remedy: /Set it/ },
    },
    {
      fault: "the queues' token is wrong",
      plant: () => set({ CLOUDFLARE_API_TOKEN: "revoked" }),
      finds: {
        check: "queues",
        status: "fail",
        message: /refuses the queues' token/,
        remedy: /CLOUDFLARE_API_TOKEN/,
      },
    },
    {
      fault: "a queue's id is wrong",
      plant: () => set({ QUEUE_PREMIUM_ID: "another-queue" }),
      finds: {
        check: "queues",
        status: "fail",
        message: /no queue with the id in QUEUE_PREMIUM_ID/,
        remedy: /queues list/,
      },
    },
    {
      fault: "a queue has no consumer",
      plant: () => consume([]),
      finds: {
        check: "queues",
        status: "fail",
        message: /video-standard has no pull consumer/,
        remedy: /consumer http add/,
      },
    },
    {
      fault: "a queue is consumed by a Worker",
      plant: () => consume([{ type: "worker", dead_letter_queue: "video-dead" }]),
      finds: { check: "queues", status: "fail", message: /consumed by a Worker/, remedy: /Detach/ },
    },
    {
      fault: "a queue has no dead-letter queue",
      plant: () => consume([{ type: "http_pull" }]),
      finds: {
        check: "queues",
        status: "warn",
        message: /no dead-letter queue/,
        remedy: /--dead-letter-queue/,
      },
    },
    {
      fault: "the queues' API does not answer",
      plant: async () => set({ CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${await freePort()}` }),
      finds: {
        check: "queues",
        status: "fail",
        message: /does not answer/,
        remedy: /CLOUDFLARE_API_BASE_URL/,
      },
    },
    {
      fault: "the bucket cannot be written",
      plant: () => {
        world.bucketTakes = false;
      },
      finds: {
        check: "storage",
        status: "fail",
        message: /media cannot be written/,
        remedy: /Object Read & Write/,
      },
    },
    {
      fault: "the bucket cannot be read",
      plant: () => {
        world.bucketGives = false;
      },
      finds: { check: "storage", status: "fail", message: /written but not read/, remedy: /Object Read/ },
    },
    {
      fault: "the AI key is wrong",
      plant: () => set({ VOICE_API_KEY: "sk-revoked" }),
      finds: {
        check: "AI keys",
        status: "fail",
        message: /^voice: .* refuses the key/,
        remedy: /VOICE_API_KEY/,
      },
    },
    {
      fault: "an AI server does not answer",
      plant: async () => set({ PICTURE_BASE_URL: `http://127.0.0.1:${await freePort()}/v1` }),
      finds: {
        check: "AI keys",
        status: "fail",
        message: /^picture: .* does not answer/,
        remedy: /PICTURE_BASE_URL/,
      },
    },
    {
      fault: "a model is not offered",
      plant: () => set({ TEXT_MODEL: "text-99" }),
      finds: { check: "AI keys", status: "fail", message: /has no text-99/, remedy: /TEXT_MODEL/ },
    },
    {
      fault: "a server has no speech endpoint, though it lists the model",
      plant: () => {
        world.endpoints = ["chat/completions", "images/generations", "images/edits", "audio/transcriptions"];
      },
      finds: {
        check: "AI keys",
        status: "fail",
        message: /^voice: .* has no \/audio\/speech/,
        remedy: /VOICE_BASE_URL/,
      },
    },
    {
      fault: "the account has no credit, though the server lists its models",
      plant: () => {
        world.refusesCalls = { status: 429, code: "insufficient_quota" };
      },
      finds: {
        check: "AI keys",
        status: "fail",
        message: /^text: .* has no credit left/,
        remedy: /Add credit/,
      },
    },
    {
      fault: "the key may list models and call none",
      plant: () => {
        world.refusesCalls = { status: 403, code: "insufficient_permissions" };
      },
      finds: {
        check: "AI keys",
        status: "fail",
        message: /^text: .* refuses calls/,
        remedy: /right to make/,
      },
    },
    {
      fault: "a server paints from words alone, which only films with a cast notice",
      plant: () => {
        world.endpoints = world.endpoints.filter((endpoint) => endpoint !== "images/edits");
      },
      finds: {
        check: "AI keys",
        status: "warn",
        message: /^picture: .* has no \/images\/edits/,
        remedy: /PICTURE_BASE_URL/,
      },
    },
    {
      fault: "a server cannot transcribe, which films do not need",
      plant: () => set({ TRANSCRIPTION_MODEL: "transcribe-99" }),
      finds: {
        check: "AI keys",
        status: "warn",
        message: /^transcription: .* has no transcribe-99/,
        remedy: /TRANSCRIPTION_MODEL/,
      },
    },
    {
      fault: "another vendor's server has no key of its own",
      plant: () => set({ VOICE_BASE_URL: world.url.replace("127.0.0.1", "localhost").concat("/v1") }),
      finds: {
        check: "AI keys",
        status: "fail",
        message: /^voice: .* asks for a key/,
        remedy: /VOICE_API_KEY/,
      },
    },
    {
      fault: "the edge does not answer",
      plant: async () => set({ EDGE_URL: `http://127.0.0.1:${await freePort()}` }),
      finds: { check: "edge", status: "fail", message: /does not answer/, remedy: /EDGE_URL/ },
      also: ["callback secret"],
    },
    {
      fault: "another server answers at the edge's address",
      plant: () => {
        world.edgeIsOurs = false;
      },
      finds: { check: "edge", status: "fail", message: /not an answer of this product/, remedy: /EDGE_URL/ },
    },
    {
      fault: "the edge lacks a secret",
      plant: () => {
        world.edgeSecrets = null;
      },
      finds: { check: "edge", status: "fail", message: /lacks a secret/, remedy: /npm run deploy/ },
      also: ["callback secret"],
    },
    {
      fault: "the edge's database has no tables",
      plant: () => {
        world.edgeHasTables = false;
      },
      finds: { check: "edge", status: "fail", message: /internal\.unavailable/, remedy: /migrations/ },
    },
    {
      fault: "the clocks are ten minutes apart",
      plant: () => {
        world.clockAheadSeconds = 600;
      },
      finds: {
        check: "edge",
        status: "fail",
        // A Date header has whole seconds.
        message: /(599|60[0-2]) s behind .* every signature is refused/,
        remedy: /timedatectl/,
      },
      also: ["callback secret"],
    },
    {
      fault: "the clocks drift apart",
      plant: () => {
        world.clockAheadSeconds = -60;
      },
      finds: { check: "edge", status: "warn", message: /(59|60|61) s ahead of/, remedy: /timedatectl/ },
    },
    {
      fault: "the two sides have different callback secrets",
      plant: () => set({ CALLBACK_SECRET: `whsec_${Buffer.alloc(32, 8).toString("base64")}` }),
      finds: {
        check: "callback secret",
        status: "fail",
        message: /different secrets/,
        remedy: /--renew CALLBACK_SECRET/,
      },
    },
    {
      fault: "the disk is full",
      plant: () => {
        ports.disk = { freeBytes: async () => bytesPerJob / 10 };
      },
      finds: { check: "disk", status: "fail", message: /0\.1 GiB free/, remedy: /Free space/ },
    },
    {
      fault: "the disk is filling up",
      plant: () => {
        ports.disk = { freeBytes: async () => 1.5 * bytesPerJob };
      },
      finds: { check: "disk", status: "warn", message: /1\.5 GiB free/, remedy: /WORKER_CONCURRENCY/ },
    },
    {
      fault: "the scratch folder cannot be written",
      plant: () => {
        writeFileSync(join(scratch, "file"), "");
        set({ SCRATCH_DIR: join(scratch, "file", "films") });
      },
      finds: {
        check: "disk",
        status: "fail",
        message: /cannot be written \(ENOTDIR\)/,
        remedy: /SCRATCH_DIR/,
      },
    },
  ];

  it.each(faults)("$fault", async ({ plant, finds, also = [] }) => {
    await plant();
    const findings = await examine();
    expectFound(findings, finds);
    const others = bad(findings).filter(({ check }) => check !== finds.check && !also.includes(check));
    expect(others.filter(({ status }) => status !== "skip")).toEqual([]);
  });

  const set = (env: Record<string, string>) => void Object.assign(world.env, env);
  const consume = (consumers: object[]) => {
    (world.queues["standard-id"] as World["queues"][string]).consumers = consumers;
  };
  const examine = () => runChecks(workerChecks(world.env, "a test", ports));
});

describe("a configured model", () => {
  const listNothing = async () => new Response("{}", { status: 404 });
  const look = async (env: Record<string, string>) => {
    const [finding] = await runChecks([
      checkModels(parseProviders({ OPENAI_API_KEY: "key", ...env }), listNothing, today),
    ]);
    return finding;
  };

  it("has ended", async () => {
    expect(await look({ PICTURE_MODEL: "gpt-image-1" })).toMatchObject({
      status: "fail",
      message: "The provider ended gpt-image-1 on 2026-10-23.",
      remedy: "Set PICTURE_MODEL to gpt-image-2.6-flare.",
    });
  });

  it("ends soon", async () => {
    expect(await look({ VOICE_MODEL: "gpt-4o-mini-tts" })).toMatchObject({
      status: "warn",
      message: "The provider ends gpt-4o-mini-tts on 2027-01-06, in 45 days.",
      remedy: expect.stringMatching(
        /VOICE_CHAIN=realtime, .*VOICE_MODEL=gpt-4o-mini-tts.* VOICE_SPEECH_BASE_URL/,
      ),
    });
  });

  it("is not checked for another vendor, and is fine without an announced end", async () => {
    const elsewhere = { VOICE_MODEL: "tts-1", VOICE_BASE_URL: "https://voices.example/v1" };
    expect(await look(elsewhere)).toMatchObject({ status: "ok" });
  });
});

describe("content credentials", () => {
  const dayMs = 86_400_000;
  const nowMs = Date.now();
  const library = { loadLibrary: async () => null, findSigningFault: async () => null };
  const issuedDaysAgo = (days: number) => makeLocalIdentity(nowMs - days * dayMs);
  const look = async (signing: SigningIdentity | null, change: Partial<SigningLibrary> = {}) => {
    const [finding] = await runChecks([checkCredentials(signing, { ...library, ...change }, nowMs)]);
    return finding;
  };

  it("are not made where the library is missing", async () => {
    const loadLibrary = () => Promise.reject(new Error("ERR_MODULE_NOT_FOUND"));
    expect(await look(issuedDaysAgo(0), { loadLibrary })).toMatchObject({
      status: "warn",
      message: expect.stringMatching(/without content credentials/),
      remedy: expect.stringMatching(/npm ci/),
    });
  });

  it("are signed by a local CA without a certificate", async () => {
    expect(await look(null)).toMatchObject({
      status: "warn",
      message: expect.stringMatching(/local CA/),
      remedy: expect.stringMatching(/C2PA_CERT and C2PA_KEY/),
    });
  });

  it("have a certificate that ends soon", async () => {
    expect(await look(issuedDaysAgo(3_620))).toMatchObject({
      status: "warn",
      message: expect.stringMatching(/ends on \d{4}-\d\d-\d\d, in 30 days/),
      remedy: expect.stringMatching(/Renew/),
    });
  });

  it("have a certificate that signs nothing", async () => {
    expect(await look(issuedDaysAgo(0), { findSigningFault: async () => "is refused" })).toMatchObject({
      status: "fail",
      message: "C2PA_CERT: is refused.",
      remedy: expect.stringMatching(/another certificate/),
    });
  });

  it("are fine with a certificate for years", async () => {
    expect(await look(issuedDaysAgo(100))).toMatchObject({ status: "ok" });
  });
});

describe("the machine's own tools", () => {
  it("finds no fault where none is planted", async () => {
    expect(bad(await examine())).toEqual([]);
  });

  const faults: Planted[] = [
    {
      fault: "ffmpeg is not installed",
      plant: () => {
        pathEntries = [scratch];
      },
      finds: { check: "ffmpeg", status: "fail", message: /does not run/, remedy: /apt-get install ffmpeg/ },
      also: ["fonts"],
    },
    {
      fault: "ffmpeg comes without ffprobe",
      plant: () => putTool("ffprobe", "exit 127"),
      finds: {
        check: "ffmpeg",
        status: "fail",
        message: /ffprobe does not run/,
        remedy: /apt-get install ffmpeg/,
      },
    },
    {
      fault: "ffmpeg was built without libass",
      plant: () => putTool("ffmpeg", `"$(PATH=${path()} command -v ffmpeg)" "$@" | grep -v ' ass '`),
      finds: { check: "ffmpeg", status: "fail", message: /lacks the filter ass\./, remedy: /Debian 12's/ },
    },
    {
      fault: "ffmpeg was built without x264",
      plant: () => putTool("ffmpeg", `"$(PATH=${path()} command -v ffmpeg)" "$@" | grep -v ' libx264 '`),
      finds: {
        check: "ffmpeg",
        status: "fail",
        message: /lacks the encoder libx264\./,
        remedy: /Debian 12's/,
      },
    },
    {
      fault: "ffmpeg is too old",
      plant: () => putTool("ffmpeg", 'echo "ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright"'),
      finds: {
        check: "ffmpeg",
        status: "fail",
        message: /4\.4\.2.* is older than 5\.1/,
        remedy: /Debian 12's/,
      },
    },
    {
      fault: "there is no Chinese font",
      plant: () =>
        putTool("fc-list", `case "$1" in :charset=5922) ;; *) PATH=${path()} exec fc-list "$@" ;; esac`),
      finds: { check: "fonts", status: "fail", message: /No font for Chinese/, remedy: /fonts-noto-cjk/ },
    },
    {
      fault: "there is no fontconfig",
      plant: () => putTool("fc-list", "exit 127"),
      finds: {
        check: "fonts",
        status: "fail",
        message: /fc-list does not run/,
        remedy: /apt-get install fontconfig/,
      },
    },
  ];

  it.each(faults)("$fault", async ({ plant, finds, also = [] }) => {
    await plant();
    const findings = await examine();
    expectFound(findings, finds);
    expect(bad(findings).filter(({ check }) => check !== finds.check && !also.includes(check))).toEqual([]);
  });

  it("the camera kernel is not built", async () => {
    const missing = checkKernel(() => {
      throw Object.assign(new Error("no such file"), { code: "ENOENT" });
    });
    expectFound(await runChecks([missing]), {
      check: "camera kernel",
      status: "fail",
      message: /missing or damaged/,
      remedy: /build:kernel/,
    });
  });

  it("this machine draws wrong frames with relaxed SIMD", async () => {
    expectFound(await runChecks([checkKernel(() => ({ build: "plain" }))]), {
      check: "camera kernel",
      status: "warn",
      message: /wrong frames/,
      remedy: /AVX/,
    });
  });

  it("this Node runs no SIMD", async () => {
    expectFound(await runChecks([checkKernel(() => null)]), {
      check: "camera kernel",
      status: "warn",
      message: /half the speed/,
      remedy: /Node 24/,
    });
  });

  it("checks every ffmpeg filter that the film's arguments name", async () => {
    const { stdout } = await ports.run("ffmpeg", ["-hide_banner", "-filters"]);
    const all = [...stdout.matchAll(/^ [A-Z.|]+ +([a-z0-9_]+) /gm)].map((line) => line[1] as string);
    const folder = join(root, "render-worker", "media");
    const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("\n");
    // A filter stands at the start of a text, after a comma or after a label, and its options after "=".
    const named = all.filter((name) => new RegExp(`[\`"',\\]}]${name}=`).test(sources));
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((name) => !(needed.filters as readonly string[]).includes(name))).toEqual([]);
  });

  const path = () => process.env.PATH ?? "";
  const putTool = (name: string, script: string) => {
    const folder = mkdtempSync(join(scratch, "bin-"));
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
    pathEntries = [folder, ...pathEntries];
  };
  const examine = () => runChecks(machineChecks(ports));
});

describe("the database", () => {
  const folder = join(root, "db", "migrations");
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort();
  let database: DatabaseSync;

  beforeEach(() => {
    database = new DatabaseSync(":memory:");
    for (const file of files) database.exec(readFileSync(join(folder, file), "utf8"));
    database.exec("CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY, name TEXT)");
    for (const file of files) database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").run(file);
  });
  afterEach(() => database.close());

  it("finds no fault where none is planted", async () => {
    expect(bad(await examine())).toEqual([]);
  });

  const faults: [string, string, RegExp, RegExp][] = [
    [
      "a migration is not applied",
      `DELETE FROM d1_migrations WHERE id = ${files.length}`,
      /1 of \d+ migrations .* not applied/,
      /apply it/,
    ],
    ["no migration was ever applied", "DROP TABLE d1_migrations", /migrations are not applied/, /apply it/],
    [
      "a newer version was deployed",
      "INSERT INTO d1_migrations (name) VALUES ('9999_x.sql')",
      /9999_x\.sql/,
      /update this checkout/,
    ],
    [
      "a person added a column",
      "ALTER TABLE jobs ADD COLUMN mine TEXT",
      /jobs differs/,
      /make it a migration/,
    ],
    [
      "a person dropped an index",
      "DROP INDEX jobs_by_lease",
      /jobs_by_lease is missing/,
      /make it a migration/,
    ],
    ["a person made a table", "CREATE TABLE notes (x)", /notes is unknown/, /make it a migration/],
  ];

  it.each(faults)("%s", async (_, sql, message, remedy) => {
    database.exec(sql);
    expectFound(await examine(), { check: "database", status: "fail", message, remedy });
  });

  it("the database does not answer", async () => {
    const refusing = checkDatabase(() => Promise.reject(new Error("no such database")), folder, "apply it");
    expectFound(await runChecks([refusing]), {
      check: "database",
      status: "fail",
      message: /no such database/,
      remedy: /npm run deploy/,
    });
  });

  it("an AI provider holds jobs", async () => {
    const query = async (sql: string) => database.prepare(sql).all();
    expect((await runChecks([checkHolds(query)]))[0]?.status).toBe("ok");
    const hold = "INSERT INTO holds (capability, kind, code, since, probe_at, lifted_at) VALUES";
    database.exec(`${hold} ('voice', 'film', 'voice.key_refused', 1, 1, 2)`);
    database.exec(`${hold} ('text', 'film', 'text.no_credit', 1764200000000, 1, NULL)`);
    database.exec(`INSERT INTO jobs (id, dream_id, owner_id, kind, status, priority, input, created_at)
      VALUES ('j', 'd', 'o', 'film', 'queued', 'standard', '{}', 1)`);
    const findings = await runChecks([checkHolds(query)]);
    expect(findings).toHaveLength(1);
    expectFound(findings, {
      check: "held jobs",
      status: "fail",
      message: /of text has refused every call since 2025-11-26.*text\.no_credit\); 1 job is held/,
      remedy: /Failures by code/,
    });
    database.exec("DROP TABLE holds");
    expect((await runChecks([checkHolds(query)]))[0]?.status, "an older database").toBe("skip");
  });

  const examine = () =>
    runChecks([checkDatabase(async (sql) => database.prepare(sql).all(), folder, "apply it")]);
});

describe("the local cloud", () => {
  it("one of its processes has ended, another does not answer", async () => {
    const stack = {
      edge_url: world.url,
      queue_url: world.url,
      openai_url: world.url,
      worker_url: `http://127.0.0.1:${await freePort()}`,
      // Above Linux's highest process id.
      pids: { edge: process.pid, queue: 99_999_999, openai: null, worker: process.pid },
    };
    const findings = await runChecks([checkProcesses(stack, fetch)]);
    expect(findings.map(({ status, message }) => [status, message])).toEqual([
      ["ok", expect.stringContaining("edge answers")],
      ["fail", expect.stringContaining("The local queue (process 99999999) is gone.")],
      ["fail", expect.stringContaining("The local worker does not answer")],
    ]);
  });
});

describe("the doctor itself", () => {
  it("reports a check that throws as a finding and continues", async () => {
    const broken: Check = { name: "broken", run: () => Promise.reject(new TypeError("x is undefined")) };
    const fine: Check = { name: "fine", run: async () => ({ status: "ok", message: "well" }) };
    expect(await runChecks([broken, fine])).toEqual([
      {
        check: "broken",
        status: "fail",
        message: "The check itself failed: x is undefined",
        remedy: expect.any(String),
      },
      { check: "fine", status: "ok", message: "well" },
    ]);
  });

  it("exits with 1 if it finds a fault, and prints lines or JSON", async () => {
    const run = (args: string[]) =>
      runCommand(process.execPath, ["doctor/main.ts", ...args], {
        cwd: root,
        env: { PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`, HOME: scratch },
        timeoutMs: 200_000,
      });
    const [lines, json, image] = await Promise.all([
      run(["--worker"]),
      run(["--worker", "--json"]),
      run(["--image"]),
    ]);
    expect(lines.code).toBe(1);
    expect(lines.stdout).toMatch(/^FAIL {2}configuration +EDGE_URL: /m);
    expect(lines.stdout).toMatch(/^ +-> Set it/m);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, findings: expect.any(Array) });
    expect(image.code).toBe(0);
  });
});

const bad = (findings: Finding[]) => findings.filter(({ status }) => status !== "ok");

function expectFound(findings: Finding[], { check, status, message, remedy }: Planted["finds"]): void {
  const found = findings.filter((finding) => finding.check === check && finding.status === status);
  expect(found.map((finding) => finding.message).join("\n"), JSON.stringify(findings, null, 1)).toMatch(
    message,
  );
  expect(found.map((finding) => finding.remedy).join("\n")).toMatch(remedy);
}

import { describe, expect, it } from "vitest";
import type { Segment, UploadUrl } from "../../../contract/segment.ts";
import { ApiProblem } from "../../shared/api-problem.ts";
import type { Part } from "./part.ts";
import { uploadPart } from "./upload-part.ts";
import { createUploadQueue } from "./upload-queue.ts";

const part: Part = {
  ...{ id: "p", dreamId: "d", order: 3, state: "recorded", type: "audio/webm;codecs=opus", seconds: 2.004 },
  ...{ edited: null, replaces: null },
};
const sound = new Blob(["sound"]);
const problem = (code: string, status = 409) => new ApiProblem(code, status, code);

/** A service whose calls first have the given faults, each once. `made` are the calls in their order. */
function service(faults: Record<string, ApiProblem[]>) {
  const made: string[] = [];
  const call = (name: string) => {
    made.push(name);
    const fault = faults[name]?.shift();
    if (fault) throw fault;
  };
  return {
    made,
    createDream: async () => call("create"),
    async requestUpload() {
      call("announce");
      return { key: "k" } as UploadUrl;
    },
    async putFile() {
      call("put");
      return "stored" as const;
    },
    async postSegment(_: string, segment: object) {
      call("post");
      return segment as Segment;
    },
  };
}

describe("the upload of a part", () => {
  it("creates the dream if it does not exist, and names the segment by the part's id", async () => {
    const ports = service({ announce: [problem("dream.not_found", 404)], create: [problem("dream.exists")] });
    expect(await uploadPart(part, sound, ports)).toEqual({
      ...{ segment_id: "p", order: 3, key: "k", duration: 2 },
    });
    expect(ports.made).toEqual(["announce", "create", "announce", "put", "post"]);
  });

  it("changes nothing if the service has the part already", async () => {
    const ports = service({ announce: [problem("segment.exists")] });
    expect(await uploadPart(part, sound, ports)).toBeNull();
    expect(ports.made).toEqual(["announce"]);
  });

  it("uploads again if the file did not arrive, three times at most", async () => {
    const lost = () => problem("segment.not_uploaded");
    expect(await uploadPart(part, sound, service({ post: [lost(), lost()] }))).not.toBeNull();
    await expect(uploadPart(part, sound, service({ post: [lost(), lost(), lost()] }))).rejects.toThrow(
      "segment.not_uploaded",
    );
  });
});

describe("the queue of uploads", () => {
  it("waits for the network, longer each time, and goes on with the next part after a refused one", async () => {
    const left = ["a", "b"];
    const pauses: number[] = [];
    const refused: string[] = [];
    const faults = [problem("network.unreachable", 0), problem("internal.unavailable", 503)];
    const uploadAll = createUploadQueue<string>({
      next: () => left[0] ?? null,
      async upload(item) {
        const fault = item === "a" ? faults.shift() : problem("segment.too_large", 413);
        if (fault) throw fault;
        left.shift();
      },
      refused: (item) => void refused.push(item, left.shift() ?? ""),
      waiting: () => {},
      pause: async (ms) => void pauses.push(ms),
    });
    await Promise.all([uploadAll(), uploadAll()]);
    expect(pauses).toEqual([500, 1_000]);
    expect(refused).toEqual(["b", "b"]);
  });
});

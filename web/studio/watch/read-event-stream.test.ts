import { describe, expect, it } from "vitest";
import { readEventStream, type StreamMessage } from "./read-event-stream.ts";

const text =
  'retry: 2000\nevent: snapshot\ndata: {}\n\n: ping\n\nid: job_1:1\r\nevent: job.queued\r\ndata: {"a":\r\ndata: 1}\r\n\r\n' +
  "id: job_1:2\nevent: scene.picture\ndata: ü語\n\ndata\n\nid: job_1:3\nevent: cut off";
const messages: StreamMessage[] = [
  { id: "", event: "snapshot", data: "{}" },
  { id: "job_1:1", event: "job.queued", data: '{"a":\n1}' },
  { id: "job_1:2", event: "scene.picture", data: "ü語" },
  { id: "", event: "message", data: "" },
];

function streamOf(chunks: Uint8Array[], ends = true): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      if (ends) controller.close();
    },
  });
}

async function read(stream: ReadableStream<Uint8Array>, silenceMs = 1_000): Promise<StreamMessage[]> {
  const all: StreamMessage[] = [];
  for await (const message of readEventStream(stream, silenceMs)) all.push(message);
  return all;
}

describe("readEventStream", () => {
  it("reads the same messages wherever the bytes are cut", async () => {
    const bytes = new TextEncoder().encode(text);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(await read(streamOf([bytes.slice(0, cut), bytes.slice(cut)])), `cut at ${cut}`).toEqual(
        messages,
      );
    }
    expect(await read(streamOf([...bytes].map((byte) => Uint8Array.of(byte))))).toEqual(messages);
  });

  it("gives up a connection on which nothing arrives any more", async () => {
    await expect(read(streamOf([], false), 20)).rejects.toThrow("silent");
  });
});

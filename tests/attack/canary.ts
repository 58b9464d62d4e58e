/** A server that no code should ever call, and a file that no code should ever read. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Canary {
  /** The server's address. */
  url: string;
  /** Paths that were requested. */
  hits: string[];
  /** A sound file. If code reads it, its sound is in the result. */
  file: string;
  /** A folder of the test, with nothing else in it. */
  folder: string;
  close(): void;
}

export async function startCanary(): Promise<Canary> {
  const hits: string[] = [];
  const server = createServer((request, response) => {
    hits.push(request.url ?? "");
    response.end("canary");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const folder = mkdtempSync(join(tmpdir(), "dreamreel-attack-"));
  const file = join(folder, "canary.wav");
  writeFileSync(file, tone());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hits,
    file,
    folder,
    close: () => {
      server.close();
      server.closeAllConnections();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Half a second of 8-bit square wave, which is loud enough to differ from silence. */
export function tone(samples = 4_000, sampleRate = 8_000): Buffer {
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + samples, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write("data", 36);
  header.writeUInt32LE(samples, 40);
  return Buffer.concat([
    header,
    Buffer.from(Array.from({ length: samples }, (_, i) => (i % 20 < 10 ? 250 : 6))),
  ]);
}

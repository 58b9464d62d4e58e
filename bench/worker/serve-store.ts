/**
 * An object store in a folder, over the part of S3's protocol that the worker uses, in a process of its own,
 * so that its work does not count as the worker's. Prints its address; `GET /_counts` answers the requests by
 * method and their times, and begins anew. Each answer waits `delayMs`, as a store in another building does.
 */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, readFileSync, writeFileSync } from "node:fs";
import { appendFile, copyFile, readFile, rm, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";

const { folder, delayMs } = JSON.parse(process.argv[2] ?? "") as { folder: string; delayMs: number };
let counts: Record<string, number> = {};
/** When each request came and was answered, in milliseconds since the epoch. */
let spans: { from: number; to: number }[] = [];
const fileOf = (key: string) => join(folder, createHash("sha256").update(key).digest("hex"));
const xml = (body: string) => `<?xml version="1.0" encoding="UTF-8"?>${body}`;

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    process.stderr.write(`store: ${error}\n`);
    response.destroy();
  });
});
server.listen(0, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://store");
  if (url.pathname === "/_counts") {
    response.end(JSON.stringify({ counts, spans }));
    [counts, spans] = [{}, []];
    return;
  }
  const name = request.method ?? "";
  counts[name] = (counts[name] ?? 0) + 1;
  const from = Date.now();
  response.once("close", () => spans.push({ from, to: Date.now() }));
  if (delayMs > 0) await sleep(delayMs);
  if (name === "GET" || name === "HEAD") return read(url.pathname, name, response);
  if (name === "POST") return endParts(url, request, response);
  if (name !== "PUT") return void response.writeHead(405).end();
  const source = request.headers["x-amz-copy-source"];
  if (typeof source === "string") return copy(`/${decodeURI(source)}`, url.pathname, response);
  const part = url.searchParams.get("partNumber");
  const key = part === null ? url.pathname : `${url.searchParams.get("uploadId")}/${part}`;
  await pipeline(request, createWriteStream(fileOf(key)));
  if (part === null) keepMetadata(url.pathname, request);
  response.writeHead(200, { etag: '"stored"' }).end();
}

/** The object with its metadata, which lie in a file beside it. */
async function read(key: string, method: string, response: ServerResponse): Promise<void> {
  const file = fileOf(key);
  if (!existsSync(`${file}.meta`)) {
    response.writeHead(404, { "content-type": "application/xml" });
    response.end(method === "HEAD" ? undefined : xml("<Error><Code>NoSuchKey</Code></Error>"));
    return;
  }
  const headers = JSON.parse(readFileSync(`${file}.meta`, "utf8")) as Record<string, string>;
  response.writeHead(200, { ...headers, "content-length": (await stat(file)).size, etag: '"stored"' });
  if (method === "HEAD") response.end();
  else await pipeline(createReadStream(file), response);
}

/** Copies an object with its metadata. */
async function copy(from: string, to: string, response: ServerResponse): Promise<void> {
  if (!existsSync(`${fileOf(from)}.meta`)) {
    response.writeHead(404, { "content-type": "application/xml" });
    response.end(xml("<Error><Code>NoSuchKey</Code></Error>"));
    return;
  }
  await copyFile(fileOf(from), fileOf(to));
  await copyFile(`${fileOf(from)}.meta`, `${fileOf(to)}.meta`);
  response.end(xml('<CopyObjectResult><ETag>"stored"</ETag></CopyObjectResult>'));
}

function keepMetadata(key: string, { headers }: IncomingMessage): void {
  const kept = Object.entries(headers).filter(([name]) => name.startsWith("x-amz-meta-"));
  writeFileSync(`${fileOf(key)}.meta`, JSON.stringify(Object.fromEntries(kept)));
}

/** Begins or ends an upload in parts. */
async function endParts(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const key = url.pathname;
  if (url.searchParams.has("uploads")) {
    const id = randomUUID();
    keepMetadata(id, request);
    const ids = `<Bucket>b</Bucket><Key>k</Key><UploadId>${id}</UploadId>`;
    response.end(xml(`<InitiateMultipartUploadResult>${ids}</InitiateMultipartUploadResult>`));
    return;
  }
  const id = url.searchParams.get("uploadId") ?? "";
  for await (const _ of request);
  await rm(fileOf(key), { force: true });
  for (let part = 1; existsSync(fileOf(`${id}/${part}`)); part++) {
    await appendFile(fileOf(key), await readFile(fileOf(`${id}/${part}`)));
    await rm(fileOf(`${id}/${part}`));
  }
  writeFileSync(`${fileOf(key)}.meta`, readFileSync(`${fileOf(id)}.meta`));
  const result = '<Location>l</Location><Bucket>b</Bucket><Key>k</Key><ETag>"stored"</ETag>';
  response.end(xml(`<CompleteMultipartUploadResult>${result}</CompleteMultipartUploadResult>`));
}

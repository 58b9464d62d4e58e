/** R2 over the S3 protocol. */
import { createReadStream, createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { Rejected, Transient } from "../errors.ts";
import { type StorageLimits, storageLimits } from "./transfer/limits.ts";
import { countBytes, withinLimits } from "./transfer/watch-transfer.ts";

export interface Storage {
  /**
   * Downloads an object into `path` and returns its metadata, or null if there is no such object. @throws
   * Transient, Rejected, or the signal's reason
   */
  fetchInto(key: string, path: string, signal: AbortSignal): Promise<ObjectMetadata | null>;
  /** An object's metadata without its bytes; null if there is no such object. @throws as fetchInto does */
  lookUp(key: string, signal: AbortSignal): Promise<ObjectMetadata | null>;
  put(
    key: string,
    body: Uint8Array | string,
    contentType: string,
    signal: AbortSignal,
    metadata?: ObjectMetadata,
  ): Promise<void>;
  /**
   * Uploads a file of any size, in parts if it is large. An aborted upload leaves no parts. @throws
   * Transient, Rejected, or the signal's reason
   */
  putFile(
    key: string,
    path: string,
    contentType: string,
    signal: AbortSignal,
    metadata?: ObjectMetadata,
  ): Promise<void>;
  /**
   * Copies an object within the store, with its type and metadata. False: there is no such object. @throws
   * Transient, Rejected, or the signal's reason
   */
  copy(from: string, to: string, signal: AbortSignal): Promise<boolean>;
}

/** Short ASCII values stored with an object. */
export type ObjectMetadata = Record<string, string>;

export interface StorageConfig {
  endpoint: string;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
}

const partBytes = 8 * 1024 * 1024;

/** A client of one bucket. Each call ends within `limits`, whatever the store does. */
export function createStorage(config: StorageConfig, limits: StorageLimits = storageLimits): Storage {
  const client = new S3Client({
    endpoint: config.endpoint,
    region: config.region,
    credentials: { accessKeyId: config.accessKeyId, secretAccessKey: config.secretAccessKey },
    forcePathStyle: true,
    maxAttempts: 4,
    requestHandler: { connectionTimeout: limits.connectMs, socketTimeout: limits.stallMs },
    // R2 refused the SDK's newer default checksums with 501. @source cloudflare-docs issue 19236
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const target = (key: string) => ({ Bucket: config.bucket, Key: key });

  return {
    async fetchInto(key, path, signal) {
      try {
        return await withinLimits(limits, signal, async (watch) => {
          const abortSignal = watch.signal;
          const { Body, Metadata } = await client.send(new GetObjectCommand(target(key)), { abortSignal });
          const counted = countBytes(Body as Readable, watch);
          await pipeline(counted, createWriteStream(path), { signal: abortSignal });
          return Metadata ?? {};
        });
      } catch (error) {
        if (error instanceof NoSuchKey) return null;
        throw translated(error, signal);
      }
    },
    async lookUp(key, signal) {
      try {
        return await withinLimits(limits, signal, async ({ signal: abortSignal }) => {
          const { Metadata } = await client.send(new HeadObjectCommand(target(key)), { abortSignal });
          return Metadata ?? {};
        });
      } catch (error) {
        if (error instanceof NotFound) return null;
        throw translated(error, signal);
      }
    },
    async put(key, body, contentType, signal, metadata = {}) {
      const put = new PutObjectCommand({
        ...target(key),
        Body: body,
        ContentType: contentType,
        Metadata: metadata,
      });
      await withinLimits(limits, signal, (watch) => {
        watch.allowUpload(Buffer.byteLength(body));
        watch.allowSilence(Number.POSITIVE_INFINITY);
        return client.send(put, { abortSignal: watch.signal });
      }).catch((error) => {
        throw translated(error, signal);
      });
    },
    async putFile(key, path, contentType, signal, metadata = {}) {
      try {
        const { size } = await stat(path);
        await withinLimits(limits, signal, (watch) => {
          watch.allowUpload(size);
          watch.allowSilence(Number.POSITIVE_INFINITY);
          return upload(key, path, contentType, metadata, watch.signal);
        });
      } catch (error) {
        throw translated(error, signal);
      }
    },
    async copy(from, to, signal) {
      const copy = new CopyObjectCommand({
        ...target(to),
        CopySource: encodeURI(`${config.bucket}/${from}`),
      });
      try {
        await withinLimits(limits, signal, (watch) => {
          watch.allowSilence(Number.POSITIVE_INFINITY);
          return client.send(copy, { abortSignal: watch.signal });
        });
        return true;
      } catch (error) {
        // The SDK has no class for this error of a copy.
        if (error instanceof S3ServiceException && error.name === "NoSuchKey") return false;
        throw translated(error, signal);
      }
    },
  };

  async function upload(
    key: string,
    path: string,
    contentType: string,
    metadata: ObjectMetadata,
    signal: AbortSignal,
  ) {
    const parts = new Upload({
      client,
      params: {
        ...target(key),
        Body: createReadStream(path),
        ContentType: contentType,
        Metadata: metadata,
      },
      partSize: partBytes,
      queueSize: 3,
      leavePartsOnError: false,
    });
    const abort = () => void parts.abort();
    signal.addEventListener("abort", abort, { once: true });
    try {
      await parts.done();
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }
}

/** The SDK has retried already. A 4xx is the worker's fault; everything else may work later. */
function translated(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
  if (status !== undefined && status >= 400 && status < 500 && status !== 429 && status !== 408)
    return new Rejected("storage.refused", "The object store refused the request", { cause: error });
  return new Transient("storage.unavailable", "The object store could not be reached", {
    cause: error,
    isOutage: true,
  });
}

import { AwsClient } from "aws4fetch";
import { limits } from "../../../contract/limits.ts";
import type { ObjectStore } from "../../env.ts";

/** An address to which one file can be uploaded, and the headers that go with it. */
export interface SignedUpload {
  url: string;
  headers: Record<string, string>;
  expiresAtMs: number;
}

/**
 * Signs an upload of exactly this type and length. The signature covers `if-none-match: *` as well, so that
 * the address never replaces a file. It is valid for `limits.uploadSeconds`.
 *
 * @source docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export async function signUpload(
  { endpoint, bucket, accessKeyId, secretAccessKey }: ObjectStore,
  key: string,
  file: { contentType: string; sizeBytes: number },
  nowMs: number,
): Promise<SignedUpload> {
  const client = new AwsClient({ accessKeyId, secretAccessKey, service: "s3", region: "auto" });
  const url = new URL(`${endpoint.replace(/\/$/, "")}/${bucket}/${key}`);
  url.searchParams.set("X-Amz-Expires", String(limits.uploadSeconds));
  const headers = { "content-type": file.contentType, "if-none-match": "*" };
  const signed = await client.sign(url.href, {
    method: "PUT",
    headers: { ...headers, "content-length": String(file.sizeBytes) },
    aws: { signQuery: true, allHeaders: true, datetime: amzDate(nowMs) },
  });
  return { url: signed.url, headers, expiresAtMs: nowMs + limits.uploadSeconds * 1000 };
}

/** `20261127T140501Z`. */
const amzDate = (ms: number) => new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, "");

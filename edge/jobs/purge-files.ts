/** How long after its dream is gone a worker that has not heard may still be writing files: well over a lease. */
export const lateWriteMs = 15 * 60_000;

/** Deletes every file whose key begins so. May be repeated. @source R2: a call lists or deletes at most 1,000 keys */
export async function purgeFiles(media: R2Bucket, prefix: string): Promise<void> {
  for (;;) {
    const { objects, truncated } = await media.list({ prefix });
    if (objects.length > 0) await media.delete(objects.map((object) => object.key));
    if (!truncated) return;
  }
}

/**
 * Deletes every file whose key begins so, but for those that begin with `keep`. May be repeated.
 *
 * @source R2: a call lists or deletes at most 1,000 keys
 */
export async function purgeFiles(media: R2Bucket, prefix: string, keep: string | null = null): Promise<void> {
  let cursor: string | undefined;
  do {
    const page: R2Objects = await media.list({ prefix, ...(cursor ? { cursor } : {}) });
    const keys = page.objects.map(({ key }) => key).filter((key) => keep === null || !key.startsWith(keep));
    if (keys.length > 0) await media.delete(keys);
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
}

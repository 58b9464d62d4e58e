/**
 * What a film's assets were when it was finished: their metadata, and the text of those that are notes. A
 * redo reads it once, instead of asking the store two to five times about every scene that does not change.
 *
 * An asset may have been deleted since. A read of it then fails, and the next attempt asks the store.
 */
import { readFile, writeFile } from "node:fs/promises";
import { z } from "zod";
import type { Storage } from "../clients/storage.ts";

const Known = z.record(
  z.string(),
  z.object({ metadata: z.record(z.string(), z.string()), text: z.string().optional() }),
);
type Known = z.infer<typeof Known>;

export interface KnownAssets {
  /** The store, which is asked only about what is not known. */
  storage: Storage;
  /** Adds what `describe` said at an earlier film's end. Text that cannot be read adds nothing. */
  recall(text: string): void;
  /** All that was asked for, found or stored through `storage`, and the memos. */
  describe(): string;
  /** A text of `recall`, under a key that no object has; null if there is none. */
  findMemo(key: string): string | null;
  /** Adds a text to what `describe` says, under a key that no object has. */
  keepMemo(key: string, text: string): void;
}

/** Watches what one attempt asks `storage` for. */
export function watchAssets(storage: Storage): KnownAssets {
  const known = new Map<string, Known[string]>();
  const used = new Map<string, Known[string]>();
  const use = (key: string, asset: Known[string]) => {
    used.set(key, asset);
    return asset.metadata;
  };
  return {
    recall(text) {
      for (const [key, asset] of Object.entries(parse(text))) known.set(key, asset);
    },
    describe: () => JSON.stringify(Object.fromEntries(used)),
    findMemo: (key) => known.get(key)?.text ?? null,
    keepMemo: (key, text) => {
      used.set(key, { metadata: {}, text });
    },
    storage: {
      ...storage,
      async lookUp(key, signal) {
        const asset = known.get(key);
        if (asset) return use(key, asset);
        const metadata = await storage.lookUp(key, signal);
        return metadata && use(key, { metadata });
      },
      async fetchInto(key, path, signal) {
        const asset = known.get(key);
        if (asset?.text !== undefined) {
          await writeFile(path, asset.text);
          return use(key, asset);
        }
        const metadata = await storage.fetchInto(key, path, signal);
        return metadata && isNote(key)
          ? use(key, { metadata, text: await readFile(path, "utf8") })
          : metadata;
      },
      async putFile(key, path, contentType, signal, metadata = {}) {
        await storage.putFile(key, path, contentType, signal, metadata);
        // The text is read here: the scratch folder is still there.
        use(key, { metadata, ...(isNote(key) ? { text: await readFile(path, "utf8") } : {}) });
      },
    },
  };
}

const isNote = (key: string) => key.endsWith(".json");

function parse(text: string): Known {
  try {
    return Known.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

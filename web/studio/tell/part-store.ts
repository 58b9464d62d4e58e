/**
 * What was recorded, in IndexedDB, so that a closed tab loses nothing. Sound is stored chunk by chunk while
 * the person speaks. Chunks are ArrayBuffers: Safari has lost Blobs in IndexedDB.
 */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Part } from "./part.ts";

interface Telling {
  dreamId: string;
  /** Milliseconds since 1970; null: the dream is still being told. */
  filmedAt: number | null;
}

interface Schema extends DBSchema {
  tellings: { key: string; value: Telling };
  parts: { key: string; value: Part; indexes: { dreamId: string } };
  chunks: { key: [partId: string, index: number]; value: ArrayBuffer };
}

/** Recordings of filmed dreams stay for this time, so that a film that failed can be told again. */
const keepFilmedMs = 7 * 24 * 3600 * 1000;

export type PartStore = Awaited<ReturnType<typeof openPartStore>>;

/** Opens the browser's store. @throws DOMException if the browser has none, as in some private windows */
export async function openPartStore(now: () => number = Date.now) {
  const db: IDBPDatabase<Schema> = await openDB<Schema>("dreamreel", 1, {
    upgrade(fresh) {
      fresh.createObjectStore("tellings", { keyPath: "dreamId" });
      fresh.createObjectStore("parts", { keyPath: "id" }).createIndex("dreamId", "dreamId");
      fresh.createObjectStore("chunks");
    },
  });

  const chunksOf = (partId: string) => IDBKeyRange.bound([partId, 0], [partId, Number.MAX_SAFE_INTEGER]);

  async function removeTelling(dreamId: string): Promise<void> {
    const ids = await db.getAllKeysFromIndex("parts", "dreamId", dreamId);
    const change = db.transaction(["tellings", "parts", "chunks"], "readwrite");
    for (const id of ids) {
      void change.objectStore("chunks").delete(chunksOf(id));
      void change.objectStore("parts").delete(id);
    }
    void change.objectStore("tellings").delete(dreamId);
    await change.done;
  }

  return {
    /** The dream that is being told, or null. Removes recordings that are kept no longer. */
    async readCurrent(): Promise<string | null> {
      const all = await db.getAll("tellings");
      for (const { dreamId, filmedAt } of all)
        if (filmedAt !== null && filmedAt < now() - keepFilmedMs) await removeTelling(dreamId);
      return all.find(({ filmedAt }) => filmedAt === null)?.dreamId ?? null;
    },
    begin: (dreamId: string) => db.put("tellings", { dreamId, filmedAt: null }),
    endFilmed: (dreamId: string) => db.put("tellings", { dreamId, filmedAt: now() }),
    has: async (dreamId: string) => (await db.count("tellings", dreamId)) > 0,
    removeTelling,
    /** In their order. */
    readParts: async (dreamId: string): Promise<Part[]> =>
      (await db.getAllFromIndex("parts", "dreamId", dreamId)).sort((a, b) => a.order - b.order),
    putPart: (part: Part) => db.put("parts", part),
    addChunk: (partId: string, index: number, bytes: ArrayBuffer) => db.put("chunks", bytes, [partId, index]),
    /** There is about one chunk for each second. */
    countChunks: (partId: string) => db.count("chunks", chunksOf(partId)),
    /** All chunks of the part as one file. */
    async readSound({ id, type }: Pick<Part, "id" | "type">): Promise<Blob> {
      return new Blob(await db.getAll("chunks", chunksOf(id)), { type });
    },
    async removePart(id: string): Promise<void> {
      const change = db.transaction(["parts", "chunks"], "readwrite");
      void change.objectStore("chunks").delete(chunksOf(id));
      void change.objectStore("parts").delete(id);
      await change.done;
    },
  };
}

/**
 * One dream that is being told: its parts in this browser and in the service. It stores what is recorded,
 * uploads it, and keeps corrections until the service has them.
 */
import type { Segment } from "../../../contract/segment.ts";
import { ApiProblem } from "../../shared/api-problem.ts";
import { createDream } from "../api/api.ts";
import { explainProblem } from "../api/explain-problem.ts";
import {
  deleteSegment,
  listSegments,
  patchSegment,
  postSegment,
  putFile,
  requestUpload,
} from "../api/segments.ts";
import { pauseUntilOnline } from "../watch/network.ts";
import { nextOrder, type Part, type PartView } from "./part.ts";
import type { PartStore } from "./part-store.ts";
import { isTransient, uploadPart } from "./upload-part.ts";
import { createUploadQueue } from "./upload-queue.ts";

type Problem = NonNullable<PartView["problem"]>;

export type Telling = ReturnType<typeof createTelling>;

/** The telling of this dream. `changed` is called after each change. `parts` are those that are stored. */
export function createTelling(dreamId: string, stored: Part[], store: PartStore, changed: () => void) {
  let parts = stored;
  let segments = new Map<string, Segment>();
  const problems = new Map<string, Problem>();
  let waiting: Problem | null = null;
  const saving = new Map<string, Promise<void>>();
  const closed = new AbortController();

  const find = (id: string): Part | undefined => parts.find((part) => part.id === id);
  const pause = (ms: number) => pauseUntilOnline(ms, closed.signal);

  async function put(part: Part): Promise<Part> {
    parts = [...parts.filter(({ id }) => id !== part.id), part].sort((a, b) => a.order - b.order);
    changed();
    await store.putPart(part);
    return part;
  }

  async function forget(id: string): Promise<void> {
    parts = parts.filter((part) => part.id !== id);
    segments.delete(id);
    problems.delete(id);
    changed();
    await store.removePart(id);
  }

  const uploadAll = createUploadQueue<Part>({
    next: () => parts.find(({ id, state }) => state === "recorded" && !problems.has(id)) ?? null,
    upload,
    refused(part, problem) {
      problems.set(part.id, problem);
      changed();
    },
    waiting(problem) {
      waiting = problem;
      changed();
    },
    pause,
  });

  async function upload(part: Part): Promise<void> {
    const sound = await store.readSound(part);
    if (sound.size === 0) return forget(part.id);
    if (part.replaces !== null) await deleteSegment(dreamId, part.replaces).catch(unlessGone);
    const ports = {
      createDream: (id: string) => createDream({ id }),
      requestUpload,
      putFile,
      postSegment,
    };
    const segment = await uploadPart(part, sound, ports);
    const now = find(part.id);
    // The person has deleted it meanwhile.
    if (now === undefined || now.state === "removed")
      return void (await deleteSegment(dreamId, part.id).catch(unlessGone));
    if (segment !== null) segments.set(part.id, segment);
    await put({ ...now, state: "uploaded", replaces: null });
    if (segment === null) await refresh();
    if (now.edited !== null) void save(part.id);
  }

  /** Reads the service's view of all parts. Parts that it does not have any more are uploaded again. */
  async function refresh(): Promise<void> {
    const listed = await listSegments(dreamId, closed.signal).catch(unlessGone);
    segments = new Map((listed ?? []).map((segment) => [segment.segment_id, segment]));
    for (const part of parts)
      if (part.state === "uploaded" && (segments.get(part.id)?.job_id ?? null) === null)
        await put({ ...part, state: "recorded" });
    changed();
    void uploadAll();
  }

  /** Sends the person's text until the service has it. A later text replaces an earlier one. */
  function save(id: string): Promise<void> {
    const before = saving.get(id) ?? Promise.resolve();
    const after = before.then(() => saveNow(id));
    saving.set(id, after);
    return after;
  }

  async function saveNow(id: string): Promise<void> {
    for (let ms = 500; ; ms = Math.min(ms * 2, 15_000)) {
      const part = find(id);
      if (part === undefined || part.state !== "uploaded" || part.edited === null) return;
      try {
        const segment = await patchSegment(dreamId, id, { transcript: part.edited });
        segments.set(id, segment);
        const now = find(id);
        if (now !== undefined) await put({ ...now, edited: now.edited === part.edited ? null : now.edited });
      } catch (error) {
        if (!isTransient(error)) {
          problems.set(id, explainProblem(error));
          return changed();
        }
        await pause(ms);
      }
    }
  }

  /** The part is whole: it replaces the earlier one and is uploaded. */
  async function end(id: string, seconds: number): Promise<void> {
    const part = find(id);
    if (part === undefined) return;
    if (part.replaces !== null && find(part.replaces)) await forget(part.replaces);
    await put({ ...part, state: "recorded", seconds });
    void uploadAll();
  }

  /** Its recording is deleted here when it is deleted there. */
  async function removeFromService(id: string): Promise<void> {
    await untilDone(() => deleteSegment(dreamId, id).catch(unlessGone));
    await forget(id);
  }

  const views = (): PartView[] =>
    parts
      .filter(({ state }) => state !== "removed")
      .map((part) => ({
        part,
        segment: segments.get(part.id) ?? null,
        problem: problems.get(part.id) ?? null,
      }));

  return {
    dreamId,
    refresh,
    uploadAll,
    views,
    /** Why the upload waits; null: it does not. */
    waiting: () => waiting,
    /** The service has a newer view of a part. */
    take(segment: Segment): void {
      if (find(segment.segment_id) === undefined) return;
      segments.set(segment.segment_id, segment);
      changed();
    },
    /** A new part, at the end or in the place of another. */
    async begin(type: string, replaces: string | null): Promise<string> {
      const replaced = replaces === null ? undefined : find(replaces);
      const order = replaced?.order ?? nextOrder(parts);
      const id = crypto.randomUUID();
      const fresh = { state: "recording", seconds: 0, edited: null } as const;
      await put({ id, dreamId, order, type, replaces, ...fresh });
      return id;
    },
    /** Ends what was going on when the page was closed: recordings and deletions. */
    async recover(): Promise<void> {
      for (const { id, state } of parts) {
        if (state === "recording") await end(id, await store.countChunks(id));
        if (state === "removed") void removeFromService(id);
      }
    },
    end,
    async edit(id: string, text: string): Promise<void> {
      const part = find(id);
      if (part === undefined) return;
      await put({ ...part, edited: text });
      await save(id);
    },
    async remove(id: string): Promise<void> {
      const part = find(id);
      if (part === undefined) return;
      await put({ ...part, state: "removed" });
      await removeFromService(id);
    },
    /** Tries again what was refused: the upload, or the transcription. */
    async retry(id: string): Promise<void> {
      problems.delete(id);
      const part = find(id);
      if (part === undefined) return;
      if (segments.get(id)?.status === "failed") {
        await untilDone(() => deleteSegment(dreamId, id).catch(unlessGone));
        segments.delete(id);
      }
      await put({ ...part, state: "recorded" });
      void uploadAll();
    },
    readSound: (id: string) => store.readSound(find(id) as Part),
    /** Resolves when the service has every part and every correction. */
    async untilSent(): Promise<void> {
      await uploadAll();
      await Promise.all(saving.values());
    },
    /** Numbers the parts without gaps: a part that was deleted before its upload leaves one. */
    async closeGaps(): Promise<void> {
      for (const [order, { part }] of views().entries()) {
        if (part.order === order) continue;
        segments.set(part.id, await patchSegment(dreamId, part.id, { order }));
        await put({ ...part, order });
      }
    },
    close: () => closed.abort(),
  };

  async function untilDone(act: () => Promise<unknown>): Promise<void> {
    for (let ms = 500; ; ms = Math.min(ms * 2, 15_000)) {
      try {
        await act();
        return;
      } catch (error) {
        if (!isTransient(error)) throw error;
        await pause(ms);
      }
    }
  }
}

/** Deleting what is gone has succeeded. */
function unlessGone(error: unknown): undefined {
  if (error instanceof ApiProblem && error.status === 404) return undefined;
  throw error;
}

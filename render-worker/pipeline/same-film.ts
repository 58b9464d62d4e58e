/**
 * A film of the same parts that was finished earlier. Signing writes the time and random ids into a film, so
 * the same film made again has other bytes: it is copied instead, which also saves joining and signing it.
 * If the earlier film's files are gone, the film is made again and differs in its signature alone.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { filmKey } from "../../contract/storage.ts";
import type { KeptFile } from "../purchases/asset-store.ts";
import type { FilmContext } from "./film-context.ts";

/** What a film consists of. */
export interface Parts {
  scenes: readonly ScenePart[];
  title: string;
  language: string;
  /** What the content credentials say. */
  origin: object;
}

export interface ScenePart {
  segments: Record<"preview" | "film", Pick<KeptFile, "fingerprint">>;
  sound: Pick<KeptFile, "fingerprint">;
  frames: number;
  /** Of the scene's chapter. */
  title: string;
}

const Finished = z.object({
  dream_id: z.string(),
  job_id: z.string(),
  attempt: z.int(),
  sha256: z.string(),
  size_bytes: z.int(),
  seconds: z.number(),
});

/** A film whose files are in R2 under the attempt's own keys. */
export interface PublishedFilm {
  durationSeconds: number;
  sizeBytes: number;
  sha256: string;
}

export interface SameFilm {
  /**
   * Copies the earlier film's files to the attempt's; null if there is none, or its files are gone.
   *
   * @throws Transient, Rejected, or the signal's reason
   */
  copy(): Promise<PublishedFilm | null>;
  /** Lets later jobs copy this film. Its files must be stored. */
  remember(film: PublishedFilm): void;
}

/** The files that depend on nothing but the parts. */
const files = ["film.mp4", "preview.mp4", "storyboard.jpg"] as const;
/** Goes up when the same parts are joined or shown otherwise. 1 named the parts by their bytes. */
const recipe = 2;
const noteKind = { capability: "film", extension: "json", contentType: "application/json" } as const;

/** An earlier film of these parts of the same owner. A part is known by its fingerprint, and not read. */
export function openSameFilm(parts: Parts, context: FilmContext): SameFilm {
  const { assets, filmSize, previewSize, job, signal, storage, signedBy = "local" } = context;
  const { origin, title, language } = parts;
  const scenes = parts.scenes.map(({ segments, sound, frames, title }) => ({
    ...{ preview: segments.preview.fingerprint, film: segments.film.fingerprint },
    ...{ sound: sound.fingerprint, frames, title },
  }));
  const shape = { recipe, sizes: [filmSize, previewSize], title, language, origin, signedBy, scenes };
  const note = assets.note(noteKind, shape);
  return {
    async copy() {
      const finished = Finished.safeParse(parse(await note.find())).data;
      if (finished === undefined) return null;
      const { dream_id, job_id, attempt } = finished;
      const copies = files.map((file) =>
        storage.copy(
          filmKey(dream_id, job_id, attempt, file),
          filmKey(job.dream_id, job.job_id, job.attempt, file),
          signal,
        ),
      );
      if ((await Promise.all(copies)).includes(false)) return null;
      const { seconds, size_bytes, sha256 } = finished;
      return { durationSeconds: seconds, sizeBytes: size_bytes, sha256 };
    },
    remember({ durationSeconds, sizeBytes, sha256 }) {
      const { dream_id, job_id, attempt } = job;
      const place = { dream_id, job_id, attempt };
      note.keep(JSON.stringify({ ...place, sha256, size_bytes: sizeBytes, seconds: durationSeconds }));
    },
  };
}

/** SHA-256 of a file in hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

function parse(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

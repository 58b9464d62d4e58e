/** An object store in a folder, for tests of what is bought and kept. */
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { ObjectMetadata, Storage } from "../../render-worker/clients/storage.ts";

export interface FakeStorage {
  storage: Storage;
  /** What was put as a file, by its key. */
  objects: Map<string, { path: string; metadata: ObjectMetadata }>;
}

/** A store that never fails. Its files are in `folder`; what is put as text is forgotten. */
export function createFakeStorage(folder: string): FakeStorage {
  const objects: FakeStorage["objects"] = new Map();
  const storage: Storage = {
    async fetchInto(key, path) {
      const object = objects.get(key);
      if (object) await copyFile(object.path, path);
      return object?.metadata ?? null;
    },
    async lookUp(key) {
      return objects.get(key)?.metadata ?? null;
    },
    async put() {},
    async putFile(key, from, _contentType, _signal, metadata = {}) {
      const path = join(folder, `bucket-${key.replaceAll("/", "-")}`);
      await copyFile(from, path);
      objects.set(key, { path, metadata });
    },
    async copy(from, to) {
      const object = objects.get(from);
      if (object) objects.set(to, object);
      return object !== undefined;
    },
  };
  return { storage, objects };
}

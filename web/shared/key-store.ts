import { confirmKey } from "./confirm-key.ts";

/** A key that the person gives once and that is sent to this origin only. */
export interface KeyStore {
  readKey(): string | null;
  keepKey(key: string): void;
  forgetKey(): void;
  /**
   * Takes the key out of an address like `/#key=…` that hands it over, and the address out of the history: a fragment
   * is never sent to a server, and so not logged by one. Where another key is held, the person decides first: a link
   * may come from anybody. Resolves to whether the held key is another one now.
   */
  takeKeyFromAddress(): Promise<boolean>;
}

/** `storage`: the tab's own forgets the key with it, the browser's keeps it. */
export function createKeyStore(storage: Storage, name: string): KeyStore {
  /** A second link that is opened meanwhile changes nothing. */
  let isAsking = false;
  const keepKey = (key: string) => storage.setItem(name, key.trim());
  return {
    readKey: () => storage.getItem(name),
    keepKey,
    forgetKey: () => storage.removeItem(name),
    async takeKeyFromAddress() {
      const [, key] = /^#key=([\w-]+)$/.exec(location.hash) ?? [];
      if (key === undefined) return false;
      history.replaceState(null, "", `${location.pathname}#/`);
      const held = storage.getItem(name);
      if (held === key || isAsking) return false;
      if (held !== null) {
        isAsking = true;
        const isWanted = await confirmKey(held, key);
        isAsking = false;
        if (!isWanted) return false;
      }
      keepKey(key);
      return true;
    },
  };
}

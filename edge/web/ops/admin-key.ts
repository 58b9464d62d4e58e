/** The admin key: asked for once a tab, forgotten with it, sent to this origin only. */
const storageName = "dreamreel.admin-key";

export const readKey = (): string | null => sessionStorage.getItem(storageName);
export const keepKey = (key: string): void => sessionStorage.setItem(storageName, key.trim());
export const forgetKey = (): void => sessionStorage.removeItem(storageName);

/**
 * Takes the key out of an address like `/ops#key=…` that hands it over, and the address out of the history: a fragment
 * is never sent to a server, and so not logged by one.
 */
export function takeKeyFromAddress(): void {
  const [, key] = /^#key=([\w-]+)$/.exec(location.hash) ?? [];
  if (key === undefined) return;
  keepKey(key);
  history.replaceState(null, "", `${location.pathname}#/`);
}

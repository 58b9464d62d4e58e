/** The API key: asked for once, kept by the browser, sent to this origin only. */
const storageName = "dreamreel.key";

export const readKey = (): string | null => localStorage.getItem(storageName);
export const keepKey = (key: string): void => localStorage.setItem(storageName, key.trim());
export const forgetKey = (): void => localStorage.removeItem(storageName);

/**
 * Takes the key out of an address like `/#key=dr_…` that hands it over, and the address out of the history: a fragment
 * is never sent to a server, and so not logged by one.
 */
export function takeKeyFromAddress(): void {
  const [, key] = /^#key=([\w-]+)$/.exec(location.hash) ?? [];
  if (key === undefined) return;
  keepKey(key);
  history.replaceState(null, "", `${location.pathname}#/`);
}

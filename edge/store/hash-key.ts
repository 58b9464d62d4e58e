/** SHA-256 of a text in hex: how API keys are stored, and how requests are compared. */
export async function hashKey(key: string): Promise<string> {
  return hex(await digest(key));
}

/** SHA-256 of a text. */
export async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

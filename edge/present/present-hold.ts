import { type Held, heldMessage } from "../../contract/hold.ts";

/** The hold that `holdOfJob` wrote, as clients and operators read it. */
export function presentHold(hold: string | null): Held | null {
  if (hold === null) return null;
  const { code, since }: { code: string; since: number } = JSON.parse(hold);
  return { code, message: heldMessage(code), since: new Date(since).toISOString() };
}

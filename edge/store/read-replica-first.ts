import type { Session } from "./open.ts";

interface Places {
  replica(): Session;
  primary(): Session;
}

/**
 * Reads from the replica that is near. What is missing there may only be too new for it, a key or a dream of a moment
 * ago, so before anybody is told that there is no such thing, the primary is asked too.
 */
export async function readReplicaFirst<T>(
  { replica, primary }: Places,
  read: (session: Session) => Promise<T | undefined>,
  isThere: (found: T) => boolean = () => true,
): Promise<T | undefined> {
  const near = await read(replica());
  return near !== undefined && isThere(near) ? near : read(primary());
}

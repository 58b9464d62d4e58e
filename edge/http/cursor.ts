import { ApiError } from "../errors/api-error.ts";
import type { Cursor } from "../store/rows.ts";

/** Where the next page starts, as a text that is opaque to clients. */
export const writeCursor = ({ createdAt, id }: Cursor): string =>
  btoa(`${createdAt}.${id}`).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** The cursor that `writeCursor` wrote. @throws ApiError `cursor.invalid` */
export function readCursor(text: string): Cursor {
  let plain = "";
  try {
    plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    // Falls through: the text is not a cursor.
  }
  const [, createdAt, id] = /^([0-9]{1,15})\.([A-Za-z0-9_-]{1,64})$/.exec(plain) ?? [];
  if (createdAt === undefined || id === undefined) throw new ApiError("cursor.invalid");
  return { createdAt: Number(createdAt), id };
}

import type { KnownCastMember } from "../../contract/cast.ts";
import { type MemberRow, sheetsOf } from "../store/cast.ts";

/** The member as its owner sees it. */
export const presentMember = (row: MemberRow): KnownCastMember => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  description: row.description,
  used_at: new Date(row.used_at).toISOString(),
  has_sheet: sheetsOf(row).length > 0,
  photo_added_at: row.photo_at === null ? null : new Date(row.photo_at).toISOString(),
});

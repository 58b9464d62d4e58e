/**
 * How much an owner keeps in D1. The triggers of db/migrations (`storage`) keep one row for each owner, in
 * the transaction of what they count, so a check costs one lookup by key. A check runs before a row is added,
 * so an owner exceeds the bytes by at most one row.
 */
import { type SQL, sql } from "drizzle-orm";
import type { OwnerStorage } from "../env.ts";

/** SQL condition, where `owner` is an owner's id: the owner has the maximum number of dreams or bytes. */
export const hasNoRoom = (owner: SQL, { dreams, bytes }: OwnerStorage) => sql`EXISTS (
  SELECT 1 FROM owner_storage AS kept
  WHERE kept.owner_id = ${owner} AND (kept.dreams >= ${dreams} OR kept.bytes >= ${bytes}))`;

/** SQL condition: the owner has the maximum number of bytes. For changes that add no dream. */
export const hasNoBytes = (owner: SQL, { bytes }: OwnerStorage) => sql`EXISTS (
  SELECT 1 FROM owner_storage AS kept WHERE kept.owner_id = ${owner} AND kept.bytes >= ${bytes})`;

/**
 * How much an owner keeps in D1. The triggers of db/migrations (`storage`) keep one row an owner, in the transaction of
 * what they count, so a check costs one look-up by key and no scan. A check is made before a row is added, so an owner
 * goes beyond the bytes by one row at most.
 */
import { type SQL, sql } from "drizzle-orm";
import type { OwnerStorage } from "../env.ts";

/** SQL condition, where `owner` is an owner's id: another dream would be too many, or all bytes are taken. */
export const hasNoRoom = (owner: SQL, { dreams, bytes }: OwnerStorage) => sql`EXISTS (
  SELECT 1 FROM owner_storage AS kept
  WHERE kept.owner_id = ${owner} AND (kept.dreams >= ${dreams} OR kept.bytes >= ${bytes}))`;

/** SQL condition: all bytes are taken. Holds for what adds no dream. */
export const hasNoBytes = (owner: SQL, { bytes }: OwnerStorage) => sql`EXISTS (
  SELECT 1 FROM owner_storage AS kept WHERE kept.owner_id = ${owner} AND kept.bytes >= ${bytes})`;

/** What an owner has besides dreams: keys, settings, the people of the films, budgets, storage. */
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** API keys. The key itself is shown once and never stored. */
export const apiKeys = sqliteTable("api_keys", {
  hash: text("hash").primaryKey(),
  id: text("id").notNull().unique(),
  ownerId: text("owner_id").notNull(),
  name: text("name"),
  tier: text("tier", { enum: ["standard", "premium"] }).notNull(),
  createdAt: integer("created_at").notNull(),
  revokedAt: integer("revoked_at"),
});

/**
 * What each owner stores in `dreams` and `jobs`. The triggers of db/migrations (`storage`) write it. A dream
 * counts as the bytes of its text and 1,000 for its row; a job as its input and 16,000 for its row, log,
 * charges and messages; a segment as its transcript, what was heard, and 1,000 for its row.
 */
export const ownerStorage = sqliteTable("owner_storage", {
  ownerId: text("owner_id").primaryKey(),
  dreams: integer("dreams").notNull(),
  bytes: integer("bytes").notNull(),
  /** Of uploaded recordings in R2, as their addresses were signed for. */
  recordingBytes: integer("recording_bytes").notNull().default(0),
});

/** What holds for all films of an owner. */
export const ownerSettings = sqliteTable("owner_settings", {
  ownerId: text("owner_id").primaryKey(),
  /** JSON: respelled words, by the word. */
  pronunciations: text("pronunciations").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

/**
 * Who and what an owner's films have shown, so that later films show the same. At most `limits.knownCast` for
 * an owner: the one that was used longest ago makes room.
 */
export const castMembers = sqliteTable(
  "cast_members",
  {
    id: text("id").primaryKey(),
    ownerId: text("owner_id").notNull(),
    kind: text("kind", { enum: ["person", "animal", "place", "object"] }).notNull(),
    name: text("name").notNull(),
    /** The name in small letters. */
    nameKey: text("name_key").notNull(),
    description: text("description").notNull(),
    /** The fingerprints of its newest reference sheets, one for each style, separated by spaces. */
    sheets: text("sheets").notNull(),
    /**
     * The dreams whose films showed it first and last. It goes with the last of them. Of a member that its
     * owner has added, the first is empty: it stays until its owner deletes it.
     */
    firstDreamId: text("first_dream_id").notNull(),
    lastDreamId: text("last_dream_id").notNull(),
    createdAt: integer("created_at").notNull(),
    usedAt: integer("used_at").notNull(),
    /**
     * The uploaded photo's id, which names its file in R2, its SHA-256, and when it was added. Null: no
     * photo.
     */
    photoId: text("photo_id"),
    photoHash: text("photo_hash"),
    photoAt: integer("photo_at"),
  },
  (table) => [
    uniqueIndex("cast_members_by_name").on(table.ownerId, table.kind, table.nameKey),
    index("cast_members_by_use").on(table.ownerId, table.usedAt),
  ],
);

/** Daily budgets of owners that differ from the service's default. */
export const budgets = sqliteTable("budgets", {
  ownerId: text("owner_id").primaryKey(),
  dailyMicroUsd: integer("daily_micro_usd").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

/** Dreams and what is told of them. */
import { sql } from "drizzle-orm";
import { index, integer, real, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { jobStatuses } from "./jobs.ts";

/** Dreams. The video_* columns describe the newest job and change in the same batch as it does. */
export const dreams = sqliteTable(
  "dreams",
  {
    /**
     * The edge's own key: made by the server, never used again, not shown to clients. All other tables refer
     * to it.
     */
    id: text("id").primaryKey(),
    ownerId: text("owner_id").notNull(),
    /**
     * The id that clients use: chosen by the owner or made by the server. Unique within the owner's dreams.
     */
    clientId: text("client_id").notNull().default(""),
    /** As its owner wrote it; null if the owner has not named it. */
    title: text("title"),
    /** The title in the newest storyboard. It is shown if the owner has not named the dream. */
    storyboardTitle: text("storyboard_title"),
    transcript: text("transcript").notNull().default(""),
    /** Code points; 0 if the transcript has no visible character. */
    transcriptChars: integer("transcript_chars").notNull().default(0),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    videoJobId: text("video_job_id"),
    videoStatus: text("video_status", { enum: jobStatuses }),
    /** The film's key in R2. Clients get a signed address made from it. */
    videoUrl: text("video_url"),
    videoMetadata: text("video_metadata"),
    videoStartedAt: integer("video_started_at"),
    videoCompletedAt: integer("video_completed_at"),
    /** Until then a live channel of the dream has listeners. Null: it never had any. */
    watchedUntil: integer("watched_until"),
  },
  (table) => [
    index("dreams_by_owner").on(table.ownerId, table.createdAt, table.id),
    uniqueIndex("dreams_by_client_id").on(table.ownerId, table.clientId),
  ],
);

/**
 * The parts of a dream that are told aloud. A segment's status follows from its transcript and its job. A
 * deleted segment keeps its position, so that a part which has not arrived differs from one that was
 * deleted.
 */
export const segments = sqliteTable(
  "segments",
  {
    /** Made by the server; names the uploaded file. */
    id: text("id").primaryKey(),
    dreamId: text("dream_id").notNull(),
    ownerId: text("owner_id").notNull(),
    /** Chosen by the client. */
    segmentId: text("segment_id").notNull(),
    /** Counted from 0. Null until the client posts the segment. */
    position: integer("position"),
    filename: text("filename"),
    /** As the upload address was signed for. */
    contentType: text("content_type").notNull(),
    sizeBytes: integer("size_bytes").notNull(),
    /** As the client says, until the file is decoded. */
    seconds: real("seconds"),
    /** The newest job that transcribes it. */
    jobId: text("job_id"),
    transcript: text("transcript"),
    /** What the transcription heard, which the owner may have corrected in `transcript`. Null: not known. */
    heard: text("heard"),
    /** Code points; 0 if the transcript has no visible character. */
    chars: integer("chars").notNull().default(0),
    language: text("language"),
    isCorrected: integer("is_corrected", { mode: "boolean" }).notNull().default(false),
    /** The dream's own transcript contains it, because the owner changed that as a whole. */
    isIncluded: integer("is_included", { mode: "boolean" }).notNull().default(false),
    isDeleted: integer("is_deleted", { mode: "boolean" }).notNull().default(false),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    /** When the row is deleted if the client has not posted the segment. */
    expiresAt: integer("expires_at"),
  },
  (table) => [
    uniqueIndex("segments_by_client_id").on(table.dreamId, table.segmentId),
    uniqueIndex("segments_by_position").on(table.dreamId, table.position),
    index("segments_by_job").on(table.jobId),
    index("segments_by_owner").on(table.ownerId, table.updatedAt),
    index("segments_by_expiry").on(table.expiresAt).where(sql`expires_at IS NOT NULL`),
  ],
);

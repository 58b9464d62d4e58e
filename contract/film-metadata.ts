import { z } from "zod";

/**
 * What a worker says of a film that it has completed. A field that is added here is part of the worker's
 * report and of `video_metadata`, where older workers omit it, and of the video's status, where it is then
 * null. The edge and the studio carry it without further code.
 */
export const FilmFields = z.object({
  content_credentials: z
    .boolean()
    .describe("Whether film, preview and poster carry C2PA content credentials that say that AI made them."),
});
export type FilmFields = z.infer<typeof FilmFields>;

type Nullable<T> = { [K in keyof T]: T[K] | null };
export type NullableFilmFields = Nullable<FilmFields>;

/** The film's fields of a status or of `video_metadata`; null where `source` has none. */
export const readFilmFields = (source: Partial<NullableFilmFields> | null): NullableFilmFields =>
  Object.fromEntries(
    Object.keys(FilmFields.shape).map((name) => [name, source?.[name as keyof FilmFields] ?? null]),
  ) as NullableFilmFields;

type StatusShape<S> = { [K in keyof S]: S[K] extends z.ZodType ? z.ZodDefault<z.ZodNullable<S[K]>> : never };

/** The film's fields as a video's status has them. */
export const filmFieldsOfStatus = Object.fromEntries(
  Object.entries<z.ZodType>(FilmFields.shape).map(([name, field]) => [
    name,
    field
      .nullable()
      .default(null)
      .describe(`${field.description} Null until the film is finished, and for films of older workers.`),
  ]),
) as StatusShape<typeof FilmFields.shape>;

/** What is known of a completed film. A worker may add fields, such as where its time went. */
export const FilmMetadata = z.looseObject({
  duration: z.number().min(0).describe("seconds"),
  scenes: z.int().min(0),
  cost: z.number().min(0).describe("US dollars"),
  ...FilmFields.partial().shape,
});
export type FilmMetadata = z.infer<typeof FilmMetadata>;

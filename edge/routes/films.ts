import { z } from "zod";
import { DreamId } from "../../contract/dream.ts";
import { type FilmFile, filmKey } from "../../contract/storage.ts";
import { ApiError } from "../errors/api-error.ts";
import { newRouter } from "../http/api.ts";
import { binary, route } from "../http/route.ts";
import { openGrant } from "../playback/grant.ts";
import { nameDownload } from "../playback/name-download.ts";
import { awaitFile, describeFile, mediaType, sendFile } from "../playback/read-file.ts";
import { isAtWork } from "../store/attempt.ts";
import { readTitle } from "../store/dreams.ts";

export const filmRoutes = newRouter();

const watch = route({
  method: "get",
  path: "/videos/{did}/{job_id}/{grant}/{file{.+}}",
  operationId: "getFilmFile",
  summary: "Read a film or one of its other files",
  description:
    "`film.mp4`, `preview.mp4`, `poster.jpg`, `captions.vtt` and `hls/…`. Take the address from the status: it is signed, " +
    "opens every file of one film, and expires. Answers HEAD, Range, If-Range and If-None-Match. The request waits a few seconds for a playlist that is about to be written.",
  tags: ["Videos"],
  access: "public",
  request: {
    params: z.object({
      did: DreamId,
      job_id: z.string().max(64),
      grant: z.string().max(128),
      file: z.string().max(200),
    }),
    query: z.object({
      download: z
        .string()
        .max(8)
        .optional()
        .describe(
          "Present, with any value: the answer is an attachment that is named after the dream's title.",
        ),
    }),
  },
  responses: {
    200: binary("The file. `Content-Disposition` names it if `download` asks for that.", "video/mp4"),
    206: binary("The requested range.", "video/mp4"),
    304: { description: "The client's copy is current." },
  },
  problems: ["playback.invalid", "playback.expired", "playback.not_found", "playback.range_invalid"],
});

filmRoutes.openapi(watch, async (c) => {
  const { secrets, ports, replica } = c.var;
  const { did, job_id, grant, file } = c.req.valid("param");
  const { download } = c.req.valid("query");
  const { attempt, expiresMs } = await openGrant(secrets.playback, did, job_id, grant, ports.now());
  const type = mediaType(file);
  if (type === null) throw new ApiError("playback.not_found");
  const key = filmKey(did, job_id, attempt, file as FilmFile);
  const isPlaylist = file.endsWith(".m3u8");
  const send = () => (c.req.method === "HEAD" ? describeFile : sendFile)(c.env.MEDIA, key, c.req.raw.headers);
  const response = await send().catch(async (error: unknown) => {
    const isMissing = error instanceof ApiError && error.code === "playback.not_found";
    const isComing = () => isAtWork(replica(), job_id, attempt);
    if (!isMissing || !isPlaylist || !(await awaitFile(c.env.MEDIA, key, isComing))) throw error;
    return send();
  });
  const secondsLeft = Math.floor((expiresMs - ports.now()) / 1000);
  if (download !== undefined) {
    const title = await readTitle(replica(), did);
    response.headers.set("content-disposition", nameDownload(title, file));
  }
  response.headers.set("content-type", type);
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set(
    "cache-control",
    isPlaylist ? "private, no-cache" : `private, max-age=${secondsLeft}, immutable`,
  );
  return response;
});

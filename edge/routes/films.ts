import { z } from "zod";
import { DreamId } from "../../contract/dream.ts";
import { type FilmFile, filmKey } from "../../contract/storage.ts";
import { endpoint } from "../http/endpoint.ts";
import { Refusal } from "../http/refusal.ts";
import { mediaType } from "../playback/film-files.ts";
import { openGrant } from "../playback/grant.ts";
import { describeFile, sendFile } from "../playback/read-file.ts";

const watch = endpoint({
  method: "get",
  path: "/videos/{did}/{job_id}/{grant}/{file+}",
  name: "getFilmFile",
  summary: "A film, or a file beside it",
  description:
    "`film.mp4`, `preview.mp4`, `poster.jpg`, `captions.vtt` and `hls/…`. Take the address from the status: it is signed, " +
    "opens every file of one film, and expires. Answers HEAD, Range, If-Range and If-None-Match.",
  tag: "Videos",
  access: "public",
  params: z.object({
    did: DreamId,
    job_id: z.string().max(64),
    grant: z.string().max(128),
    file: z.string().max(200),
  }),
  answers: {
    200: { description: "The file.", contentType: "video/mp4" },
    206: { description: "The part that Range asks for.", contentType: "video/mp4" },
    304: { description: "The file that the client has is still right." },
  },
  problems: ["playback.invalid", "playback.expired", "playback.not_found", "playback.range_invalid"],
  async handle({ env, secrets, ports, request, params }) {
    const { did, job_id, grant, file } = params;
    const { attempt, expiresMs } = await openGrant(secrets.playback, did, job_id, grant, ports.now());
    const type = mediaType(file);
    if (type === null) throw new Refusal("playback.not_found");
    const key = filmKey(did, job_id, attempt, file as FilmFile);
    const response = await (request.method === "HEAD" ? describeFile : sendFile)(
      env.MEDIA,
      key,
      request.headers,
    );
    const secondsLeft = Math.floor((expiresMs - ports.now()) / 1000);
    response.headers.set("content-type", type);
    response.headers.set("x-content-type-options", "nosniff");
    response.headers.set(
      "cache-control",
      file.endsWith(".m3u8") ? "private, no-cache" : `private, max-age=${secondsLeft}, immutable`,
    );
    // Players on other sites fetch captions and playlists by script.
    response.headers.set("access-control-allow-origin", "*");
    response.headers.set(
      "access-control-expose-headers",
      "accept-ranges, content-length, content-range, etag",
    );
    return response;
  },
});

export const filmEndpoints = [watch];

/**
 * hls.js reads a multivariant playlist once, at the start, when a film in the making has one rendition only. So that it
 * can move on to the sharper one later without starting over, it is told of that one before it is there; the player
 * keeps away from it until the film is whole, and its address is looked up in the real playlist when it is wanted.
 */
import type { HlsConfig, Loader, LoaderCallbacks, LoaderConfiguration, PlaylistLoaderContext } from "hls.js";

type PlaylistLoader = NonNullable<HlsConfig["pLoader"]>;

const foreseen = "#foreseen";

/** The loader of playlists that does so. */
export function foresee(Base: HlsConfig["loader"]): PlaylistLoader {
  return class extends (Base as unknown as new (config: HlsConfig) => Loader<PlaylistLoaderContext>) {
    override load(
      context: PlaylistLoaderContext,
      config: LoaderConfiguration,
      callbacks: LoaderCallbacks<PlaylistLoaderContext>,
    ): void {
      if (context.url.endsWith(foreseen)) {
        void lastVariant(context.url.slice(0, -foreseen.length)).then((url) =>
          super.load({ ...context, url: url ?? context.url }, config, callbacks),
        );
        return;
      }
      const { onSuccess } = callbacks;
      super.load(context, config, {
        ...callbacks,
        onSuccess(response, stats, asked, details) {
          const data =
            context.type === "manifest" && typeof response.data === "string"
              ? addForeseen(response.data, context.url)
              : response.data;
          onSuccess({ ...response, data } as typeof response, stats, asked, details);
        },
      });
    }
  } as unknown as PlaylistLoader;
}

/** The playlist, and a rendition ten times as rich, where it tells of one only. */
export function addForeseen(playlist: string, address: string): string {
  const variants = playlist.match(/^#EXT-X-STREAM-INF:.*$/gm) ?? [];
  const [only] = variants;
  if (only === undefined || variants.length > 1) return playlist;
  const richer = only
    .replace(/BANDWIDTH=(\d+)/, (_, bits) => `BANDWIDTH=${Number(bits) * 10}`)
    .replace(/RESOLUTION=(\d+)x(\d+)/, (_, width, height) => `RESOLUTION=${width * 3}x${height * 3}`);
  return `${playlist.trimEnd()}\n${richer}\n${address}${foreseen}\n`;
}

/** Where the richest rendition's playlist is, or null while there is only one. */
export async function lastVariant(address: string): Promise<string | null> {
  const response = await fetch(address, { cache: "no-store" }).catch(() => null);
  if (!response?.ok) return null;
  const uris = [...(await response.text()).matchAll(/^#EXT-X-STREAM-INF:.*\n(.+)$/gm)].map(([, uri]) => uri);
  const last = uris.length > 1 ? uris.at(-1) : undefined;
  return last === undefined ? null : new URL(last, address).href;
}

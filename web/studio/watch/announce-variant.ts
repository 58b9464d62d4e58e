/**
 * hls.js reads the multivariant playlist once, at the start, when a film that is being made has one rendition
 * only. To let it switch to the sharper rendition later without a restart, the playlist loader adds a
 * placeholder for that rendition. The player does not select it until the film is complete; then the loader
 * reads its address from the real playlist.
 */
import type { HlsConfig, Loader, LoaderCallbacks, LoaderConfiguration, PlaylistLoaderContext } from "hls.js";

type PlaylistLoader = NonNullable<HlsConfig["pLoader"]>;

const placeholder = "#placeholder";

/** The playlist loader that adds and resolves the placeholder. */
export function announceVariant(Base: HlsConfig["loader"]): PlaylistLoader {
  return class extends (Base as unknown as new (config: HlsConfig) => Loader<PlaylistLoaderContext>) {
    override load(
      context: PlaylistLoaderContext,
      config: LoaderConfiguration,
      callbacks: LoaderCallbacks<PlaylistLoaderContext>,
    ): void {
      if (context.url.endsWith(placeholder)) {
        void lastVariant(context.url.slice(0, -placeholder.length)).then((url) =>
          super.load({ ...context, url: url ?? context.url }, config, callbacks),
        );
        return;
      }
      const { onSuccess } = callbacks;
      super.load(context, config, {
        ...callbacks,
        onSuccess(response, stats, context, details) {
          const data =
            context.type === "manifest" && typeof response.data === "string"
              ? addPlaceholder(response.data, context.url)
              : response.data;
          onSuccess({ ...response, data } as typeof response, stats, context, details);
        },
      });
    }
  } as unknown as PlaylistLoader;
}

/** The playlist, with a placeholder of ten times the bandwidth when it lists one rendition only. */
export function addPlaceholder(playlist: string, address: string): string {
  const variants = playlist.match(/^#EXT-X-STREAM-INF:.*$/gm) ?? [];
  const [only] = variants;
  if (only === undefined || variants.length > 1) return playlist;
  const richer = only
    .replace(/BANDWIDTH=(\d+)/, (_, bits) => `BANDWIDTH=${Number(bits) * 10}`)
    .replace(/RESOLUTION=(\d+)x(\d+)/, (_, width, height) => `RESOLUTION=${width * 3}x${height * 3}`);
  return `${playlist.trimEnd()}\n${richer}\n${address}${placeholder}\n`;
}

/** The address of the last (sharpest) rendition's playlist, or null while there is only one. */
export async function lastVariant(address: string): Promise<string | null> {
  const response = await fetch(address, { cache: "no-store" }).catch(() => null);
  if (!response?.ok) return null;
  const uris = [...(await response.text()).matchAll(/^#EXT-X-STREAM-INF:.*\n(.+)$/gm)].map(([, uri]) => uri);
  const last = uris.length > 1 ? uris.at(-1) : undefined;
  return last === undefined ? null : new URL(last, address).href;
}

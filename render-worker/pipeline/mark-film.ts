/** Marks a film's finished files as made by AI, and tells its owner once if one of them stays unmarked. */
import type { MarkedFile, Origin } from "../credentials/describe-media.ts";
import type { MarkMedia } from "../credentials/sign-media.ts";
import type { Providers } from "../runtime/providers.ts";
import type { Progress } from "./progress.ts";

export interface FilmMarks {
  /** The path of what to publish: the file's signed copy, or the file itself if it cannot be signed. */
  mark(file: MarkedFile, origin: Origin, path: string): Promise<string>;
  /** Every file that was given to `mark` was signed. */
  readonly areComplete: boolean;
}

/** The marks of one attempt's film. */
export function createFilmMarks(markMedia: MarkMedia, progress: Pick<Progress, "warn">): FilmMarks {
  let areComplete = true;
  return {
    async mark(file, origin, path) {
      const signed = `${path}-signed`;
      if ((await markMedia(file, origin, path, signed)) === "signed") return signed;
      if (areComplete)
        progress.warn(
          "credentials.missing",
          "The film has no content credentials, because the worker could not sign it.",
          null,
        );
      areComplete = false;
      return path;
    },
    get areComplete() {
      return areComplete;
    },
  };
}

/** What made one scene. */
export interface SceneOrigin {
  /** Null for a placeholder. */
  pictureModel: string | null;
  /** Null in a silent scene, and where a person speaks. */
  voiceModel: string | null;
  isRecorded: boolean;
}

/** What made media that show these scenes. */
export function originOf(
  scenes: readonly SceneOrigin[],
  { providers }: { providers: { text: Pick<Providers["text"], "model"> } },
): Origin {
  const once = (models: (string | null)[]) => [...new Set(models.filter((model) => model !== null))];
  return {
    models: {
      text: [providers.text.model],
      picture: once(scenes.map(({ pictureModel }) => pictureModel)),
      voice: once(scenes.map(({ voiceModel }) => voiceModel)),
    },
    hasOtherParts: scenes.some(({ pictureModel, isRecorded }) => pictureModel === null || isRecorded),
  };
}

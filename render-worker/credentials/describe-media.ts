/** What the content credentials of a film, a preview or a poster say. */
import packageJson from "../../package.json" with { type: "json" };

export type MarkedFile = "film" | "preview" | "poster";

/** How the media came to be. It holds no text of the dream and nothing of its owner. */
export interface Origin {
  /** The models that made a part of it, each once. */
  models: { text: string[]; picture: string[]; voice: string[] };
  /** It has pictures that the worker painted without a model, or a voice that a person recorded. */
  hasOtherParts: boolean;
}

const formats = { film: "video/mp4", preview: "video/mp4", poster: "image/jpeg" } as const;
const tool = { name: "Dreamreel", version: packageJson.version };

/**
 * `trainedAlgorithmicMedia`: created by a model trained on sampled content.
 * `compositeWithTrainedAlgorithmicMedia`: a composite of such media with other media.
 * `algorithmicMedia`: made by an algorithm that is not based on training data.
 *
 * @source cv.iptc.org/newscodes/digitalsourcetype, as Google's documentation of image metadata explains the
 *   terms (developers.google.com/search/docs/appearance/structured-data/image-license-metadata, 2026-11)
 */
const sourceType = (name: string) => `http://cv.iptc.org/newscodes/digitalsourcetype/${name}`;

/** The media type of the file. */
export const mediaType = (file: MarkedFile) => formats[file];

/** The manifest to sign into the file. */
export function describeMedia(file: MarkedFile, { models, hasOtherParts }: Origin) {
  const seen = file === "poster" ? models.picture : [...models.picture, ...models.voice];
  const parts = Object.entries(models).filter(([, names]) => names.length > 0);
  return {
    claim_generator_info: [tool],
    title: `Dreamreel ${file}`,
    format: formats[file],
    assertions: [
      {
        label: "c2pa.actions.v2",
        data: {
          actions: [
            {
              action: "c2pa.created",
              digitalSourceType: sourceType(chooseSourceType(seen.length > 0, hasOtherParts)),
              softwareAgent: tool,
              description: parts.map(([part, names]) => `${part}: ${names.join(", ")}`).join("; "),
              parameters: { "dreamreel.models": Object.fromEntries(parts) },
            },
          ],
          softwareAgents: [...new Set(Object.values(models).flat())].map((name) => ({ name })),
        },
      },
    ],
  };
}

function chooseSourceType(isOfModel: boolean, hasOtherParts: boolean): string {
  if (!isOfModel) return "algorithmicMedia";
  return hasOtherParts ? "compositeWithTrainedAlgorithmicMedia" : "trainedAlgorithmicMedia";
}

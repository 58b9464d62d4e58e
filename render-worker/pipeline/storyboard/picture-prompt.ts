import type { VisualStyle } from "../../../contract/film.ts";

/** The words for each style. */
export const looks: Record<VisualStyle, string> = {
  dreamlike: "dreamlike painterly illustration, soft luminous haze, deep colours, gentle surrealism",
  watercolor: "loose watercolor on textured paper, soft bleeding edges, light washes",
  "oil-painting": "oil painting, visible brushwork, rich chiaroscuro",
  ink: "ink wash drawing, expressive brush lines, restrained colour",
  storybook: "storybook illustration, gouache, warm light, friendly shapes",
  noir: "film noir, high-contrast black and white, hard shadows, mist",
  anime: "hand-painted anime background, clean lines, glowing skies",
  photographic: "cinematic photograph, 35 mm, shallow depth of field, natural light",
};

/**
 * The prompt of a scene's picture. All scenes of a film get the same words for the style, so that they look
 * alike. Another take says so in the prompt: without that a model, or its cache, may return the same picture
 * again.
 *
 * @param isGentle asks for the same scene in a way that a provider which has refused it may paint
 */
export function picturePrompt(
  scene: { picture: string; picture_take: number },
  style: VisualStyle,
  isGentle = false,
): string {
  const gentle = isGentle
    ? "For a children's picture book: only hinted at by light, weather and things left behind, with nothing frightening, violent or undressed in sight, this dream: "
    : "";
  const take = scene.picture_take === 0 ? "" : ` (take ${scene.picture_take + 1}: another composition)`;
  return `${gentle}${scene.picture}${take}\n\nStyle: ${looks[style]}. Cinematic composition, one clear subject, no text, no letters, no watermark, no border.`;
}

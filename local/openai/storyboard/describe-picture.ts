export interface PictureTask {
  narration: string;
  style: string;
  film: string;
  index: number;
}

/** A prompt for the picture of one scene. */
export function describePicture({ narration, style }: PictureTask): string {
  return `${narration} In the style of a ${style} picture.`;
}

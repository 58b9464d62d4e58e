/**
 * What a core that gets free works on next: what somebody can watch soonest. The lowest number goes first, over all
 * jobs of this process.
 *
 * A scene's picture, sound and small rendition come before those of the scenes after it. The large renditions come
 * last: nobody waits for them while the film plays in the small one.
 */
export const urgency = {
  scene: (index: number): number => index,
  /** To be looked at until the scene itself can be played. */
  still: (index: number): number => index + 0.5,
  poster: 100,
  film: (index: number): number => 200 + index,
};

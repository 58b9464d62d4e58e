/**
 * The ranks of encoder work: the lowest number gets the next free core, over all jobs of this process.
 *
 * A scene's picture, sound and small segment come before those of later scenes. Large segments come last:
 * nothing waits for them while the film plays in the small size. That of the first scene comes before the
 * later scenes' small ones: they are needed when the first scene has been played, and a viewer sees the full
 * size from then on.
 */
export const urgency = {
  /** A person who tells a dream waits for its text. */
  recording: -1,
  /** Only this keeps a film from its end. */
  joining: -1,
  scene: (index: number): number => index,
  /** Shown until the scene itself can be played. */
  thumbnail: (index: number): number => index + 0.5,
  poster: 100,
  film: (index: number): number => (index === 0 ? 0.75 : 200 + index),
};

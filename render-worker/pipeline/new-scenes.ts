/** Which scenes of a film get something new, told as soon as it is known: before a provider has made it. */
export interface NewScenes {
  /** A picture or a voice of the scene is about to be bought. */
  announce(scene: number): void;
  /** Resolves when the scene or one beside it gets something new; never, if none does. */
  beside(scene: number): Promise<void>;
}

/** Watches a film of so many scenes. */
export function watchNewScenes(scenes: number): NewScenes {
  const news = Array.from({ length: scenes }, () => Promise.withResolvers<void>());
  return {
    announce: (scene) => news[scene]?.resolve(),
    beside: (scene) =>
      Promise.race(news.slice(Math.max(0, scene - 1), scene + 2).map(({ promise }) => promise)),
  };
}

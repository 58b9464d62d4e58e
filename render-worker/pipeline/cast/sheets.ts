import type { CastMember } from "../../../contract/cast.ts";
import type { Storyboard } from "../../../contract/storyboard.ts";

/** A bought reference sheet. */
export interface Sheet {
  member: CastMember;
  /** The same key always means the same pixels. */
  key: string;
  path: string;
}

export interface Sheets {
  /**
   * The sheets of the scene's cast, without those that could not be bought.
   *
   * @throws what must stop the film
   */
  ofScene(scene: Storyboard["scenes"][number]): Promise<Sheet[]>;
  /** Call it when the provider has refused references: the film goes on without, and its owner is told once. */
  giveUp(): void;
}

/** Of a film without a cast. */
export const noSheets: Sheets = { ofScene: async () => [], giveUp: () => {} };

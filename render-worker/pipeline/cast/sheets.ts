import type { CastMember } from "../../../contract/cast.ts";
import type { Storyboard } from "../../../contract/storyboard.ts";

/** A reference sheet that was found or bought. */
export interface Sheet {
  member: CastMember;
  file(): Promise<string>;
}

/** A member, and the fingerprint of its sheet: the same fingerprint always means the same pixels. */
export interface Reference {
  member: CastMember;
  fingerprint: string;
}

export interface Sheets {
  /** Whom the scene's picture is to be painted from. Empty once the film goes on without references. */
  ofScene(scene: Storyboard["scenes"][number]): readonly Reference[];
  /**
   * Their sheets, found or bought, without those that could not be bought. A sheet is asked for once in a
   * film.
   *
   * @throws what must stop the film
   */
  obtain(references: readonly Reference[]): Promise<Sheet[]>;
  /**
   * Call it when the provider has refused references: the film goes on without, and its owner is told once.
   */
  giveUp(): void;
}

/** Of a film without a cast. */
export const noSheets: Sheets = { ofScene: () => [], obtain: async () => [], giveUp: () => {} };

/**
 * The face that a reference sheet's hash gives to a person: the same in every picture that is painted from
 * the sheet.
 */
import { chanceOf } from "../../chance.ts";

export interface Face {
  /** From the lightest to the darkest of the skin's tones. */
  skin: 0 | 1 | 2 | 3 | 4;
  /** Half the distance between the eyes, in halves of the face's height. */
  eyes: number;
  brows: "arched" | "straight" | "heavy";
  mouth: "smiling" | "straight" | "small";
  extra: "beard" | "glasses" | "moustache" | "freckles" | "none";
}

/** The face of this seed. Without `canBeBearded` it has no beard and no moustache. */
export function faceOf(seed: number, canBeBearded: boolean): Face {
  const chance = chanceOf(`face ${seed}`);
  return {
    skin: chance.pick([0, 1, 2, 3, 4]),
    eyes: chance.pick([0.27, 0.34, 0.41]),
    brows: chance.pick(["arched", "straight", "heavy"]),
    mouth: chance.pick(["smiling", "straight", "small"]),
    extra: canBeBearded
      ? chance.pick(["beard", "glasses", "moustache", "none", "beard", "glasses"])
      : chance.pick(["glasses", "freckles", "none", "glasses"]),
  };
}

/**
 * Whether a text shows anything. Spaces, controls, format characters, what Unicode says to draw as nothing (U+200B, tags,
 * variation selectors, Hangul fillers) and the blank Braille cell show nothing.
 *
 * @source Unicode 17, DerivedCoreProperties.txt: Default_Ignorable_Code_Point
 */
export const hasVisibleText = (value: string): boolean =>
  /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Cs}\u2800]/u.test(value);

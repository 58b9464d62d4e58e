/**
 * Whether a text shows anything. Spaces, controls, format characters, the blank Braille cell, and what
 * Unicode calls ignorable (U+200B, tags, variation selectors, Hangul fillers) show nothing.
 *
 * @source Unicode 17, DerivedCoreProperties.txt: Default_Ignorable_Code_Point
 */
export const hasVisibleText = (value: string): boolean =>
  /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Cs}\u2800]/u.test(value);

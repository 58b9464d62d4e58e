import { expect, it } from "vitest";
import { respell, restoreSpelling } from "./respell.ts";

const names = { Siobhán: "shivawn", "Nguyen Van": "win van", 小明: "xiao ming", "o'Shea": "oh shay" };

it.each([
  ["Siobhán's cat saw SIOBHÁN, and “siobhán” slept.", "shivawn's cat saw shivawn, and “shivawn” slept."],
  ["Siobhánna and xSiobhán and Siobhán1 stay.", "Siobhánna and xSiobhán and Siobhán1 stay."],
  // Two ways of writing the same letter.
  ["Siobha\u0301n came.", "shivawn came."],
  ["Nguyen and Nguyen Van met O’Shea.", "Nguyen and win van met oh shay."],
  ["我看见小明在海边。", "我看见xiao ming在海边。"],
])("says %s as %s", (written, said) => {
  expect(respell(written, names)).toBe(said);
});

it("leaves a text without such words as it is, and finds the written words again", () => {
  expect(respell("A sea.", names)).toBe("A sea.");
  expect(respell("A sea.", {})).toBe("A sea.");
  expect(restoreSpelling("Then Shivawn left.", names)).toBe("Then Siobhán left.");
});

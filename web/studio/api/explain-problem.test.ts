import { expect, it } from "vitest";
import { ApiProblem } from "../../shared/api-problem.ts";
import { explainProblem } from "./explain-problem.ts";

it("asks for other words only where the AI provider refused the dream", () => {
  const words = "Describe the dream in other words and try again.";
  expect(explainProblem(new ApiProblem("openai.refused", 0, "Refused")).advice).toBe(words);
  for (const code of ["retention.policy_missing", "openai.refused_connection", "moderation.unreachable"])
    expect(explainProblem(new ApiProblem(code, 0, "m")).advice).not.toBe(words);
});

it("says which scene of a storyboard the providers refuse", () => {
  const message = "The AI providers do not make a film of the words of scene 2. Change them and try again.";
  expect(explainProblem(new ApiProblem("dream.not_allowed", 0, message)).advice).toBe(message);
});

it("says which of the people the providers refuse", () => {
  const message = "The AI providers refuse the description of “Ann” among your people.";
  expect(explainProblem(new ApiProblem("cast.not_allowed", 0, message))).toEqual({
    ...{ title: "One of your people cannot be shown as described", advice: message },
    code: "cast.not_allowed",
  });
});

it("asks to change what was entered where the request is wrong in itself", () => {
  const advice = "Change what you entered and try again.";
  expect(explainProblem(new ApiProblem("scene.out_of_range", 422, "m")).advice).toBe(advice);
  expect(explainProblem(new ApiProblem("request.timeout", 503, "m")).advice).not.toBe(advice);
});

it.each([
  ["photo.type_unsupported", 415],
  ["photo.too_large", 413],
  ["photo.too_small", 422],
  ["photo.unreadable", 422],
])("asks for another photo at %s", (code, status) => {
  expect(explainProblem(new ApiProblem(code, status, "m")).advice).toMatch(/^Choose (another photo|one of)/);
});

it("gives a title without a full stop, because a sentence follows it", () => {
  const detail = "The film has 3 scenes, counted from 0.";
  expect(explainProblem(new ApiProblem("scene.out_of_range", 422, detail)).title).toBe(detail.slice(0, -1));
});

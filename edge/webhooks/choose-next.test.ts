import { expect, it } from "vitest";
import { chooseNext } from "./choose-next.ts";

const message = (deliveryId: string, url: string, dueAt: number) => ({ deliveryId, url, dueAt });
const names = (chosen: readonly { deliveryId: string }[]) => chosen.map(({ deliveryId }) => deliveryId);

it("takes those that are due for longest, four at once", () => {
  const due = [5, 1, 4, 2, 3].map((at) => message(`m${at}`, `https://h${at}.example/`, at));
  expect(names(chooseNext(due, []))).toEqual(["m1", "m2", "m3", "m4"]);
  expect(names(chooseNext(due, ["a.example", "b.example", "c.example"]))).toEqual(["m1"]);
  expect(chooseNext(due, ["a", "b", "c", "d"])).toEqual([]);
});

it("leaves half of the connections to other hosts, however many webhooks go to one", () => {
  const silent = ["a", "b", "c"].map((path, at) => message(path, `https://silent.example/${path}`, at));
  const due = [...silent, message("fine", "https://fine.example/", 9)];
  expect(names(chooseNext(due, []))).toEqual(["a", "b", "fine"]);
  expect(names(chooseNext(due, ["silent.example", "silent.example"]))).toEqual(["fine"]);
});

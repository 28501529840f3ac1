import assert from "node:assert/strict";
import { remembering, rememberingItems, rememberingOf } from "../../../core/kubernetes/remember.ts";

describe("functions that keep their last results", () => {
  it("compute the result of a text once, and a second time only after so many other texts that it is forgotten", () => {
    const asked: string[] = [];
    const lengthOf = remembering((text) => {
      asked.push(text);
      return text.length;
    }, 2);
    assert.deepEqual(["a", "a", "bb", "ccc", "bb", "a"].map(lengthOf), [1, 1, 2, 3, 2, 1]);
    assert.deepEqual(asked, ["a", "bb", "ccc", "a"]);
  });

  it("also keep results that are undefined", () => {
    let asked = 0;
    const none = remembering(() => {
      asked++;
      return undefined;
    });
    assert.deepEqual([none("a"), none("a"), asked], [undefined, undefined, 1]);
  });

  it("do not keep the results of very long texts", () => {
    let asked = 0;
    const ask = remembering(() => ++asked);
    const long = "x".repeat(20_000);
    assert.deepEqual([ask(long), ask(long)], [1, 2]);
  });

  it("compare lists by identity, not by content", () => {
    let asked = 0;
    const ask = rememberingOf((_list: readonly string[]) => ++asked);
    const list = ["a"];
    assert.deepEqual([ask(list), ask(list), ask(["a"])], [1, 1, 2]);
  });

  it("compare the items of a list by identity, and forget the oldest list", () => {
    let asked = 0;
    const ask = rememberingItems((_items: readonly object[], _beside: string) => ++asked, 2);
    const [one, other] = [{}, {}];
    const list = [one, other];
    assert.deepEqual([ask(list, "a"), ask([one, other], "a"), ask([one], "a"), ask(list, "b")], [1, 1, 2, 3]);
    assert.equal(ask(list, "a"), 4, "only the last two are kept");
    list.pop();
    assert.deepEqual([ask(list, "a"), ask([one, other], "a")], [5, 4]);
  });

  it("are used again with another value only if it counts as the same", () => {
    let asked = 0;
    const ask = rememberingItems(
      (_items: readonly object[], _beside: string) => ++asked,
      2,
      (before, now) => before.length === now.length,
    );
    const list = [{}];
    assert.deepEqual([ask(list, "a"), ask(list, "b"), ask(list, "ab")], [1, 1, 2]);
  });
});

import assert from "node:assert/strict";
import { page, table } from "../../../tools/serving/page.ts";
import { type Played, picture } from "../../../tools/serving/picture.ts";

const answer = (pod: string | undefined, status = 200) => ({ status, pod, body: "", seconds: 0.1 });
const PLAYED: Played = {
  name: "handover <1>",
  says: "Prefill, then decode.",
  pods: [
    { name: "prefill-a", role: "prefill" },
    { name: "decode-a", role: "decode" },
    { name: "decode-b", role: "decode" },
  ],
  sent: [
    { kind: "x", answer: answer("decode-a"), prefill: "prefill-a" },
    { kind: "y", answer: answer("decode-a"), prefill: "prefill-a" },
    { kind: "y", answer: answer(undefined, 503) },
  ],
};
const count = (text: string, word: string): number => text.split(word).length - 1;

describe("the picture of requests over pods", () => {
  const svg = picture(PLAYED);

  it("has a dot for each answer in the lane of its pod, and a ring for each prefill", () => {
    assert.equal(count(svg, "<title>"), 2);
    assert.equal(count(svg, 'fill="#fff" stroke='), 2);
    assert.match(svg, /2 prefilled/);
    assert.match(svg, /2 answered/);
    assert.match(svg, /0 answered/);
  });

  it("is well-formed: names are escaped and every element is closed", () => {
    assert.match(svg, /handover &lt;1&gt;/);
    for (const element of ["text", "svg", "title"])
      assert.equal(count(svg, `<${element}`), count(svg, `</${element}>`));
  });

  it("is part of a self-contained page, with the processes that ran", () => {
    const process = { pod: "p", address: "10.0.0.1", image: "i:1", command: "sim --a=<b>", differs: "is a simulator" };
    const html = page([PLAYED], [process]);
    assert.doesNotMatch(html, /(src|href)="(?!data:)/);
    assert.match(html, /sim --a=&lt;b&gt;/);
  });

  it("is also printed in a terminal, with the failed requests", () => {
    const text = table([PLAYED]);
    assert.match(text, /decode-a +2 answered/);
    assert.match(text, /prefill-a +2 prefilled/);
    assert.match(text, /1 of 3 requests failed/);
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { commandWords, shellWordsOf } from "../../../core/kubernetes/shellwords.ts";
import { betweenActions, isDigit, isMadeOf, isSlash, withoutEnd, withoutStart } from "../../../core/kubernetes/text.ts";

describe("the ends of a text", () => {
  it("trimming removes characters from the ends only", () => {
    assert.equal(withoutEnd("/a//b//", isSlash), "/a//b");
    assert.equal(withoutStart("//a//b/", isSlash), "a//b/");
    assert.equal(withoutEnd("a12b034", isDigit), "a12b");
    for (const text of ["", "///"]) assert.equal(withoutEnd(text, isSlash) + withoutStart(text, isSlash), "");
  });
});

describe("a text between template actions", () => {
  const cases: [text: string, pieces: string[]][] = [
    ["a", ["a"]],
    ["a{{ x }}b{{ y }}", ["a", "b", ""]],
    ["{{ x }}", ["", ""]],
    ["a{{ x", ["a{{ x"]],
    ["a}}b", ["a}}b"]],
  ];
  for (const [text, pieces] of cases)
    it(`is ${JSON.stringify(pieces)} of ${text}`, () => assert.deepEqual(betweenActions(text), pieces));

  it("is part of the expanded text, whatever the actions expand to", () => {
    const pieces = fc.array(fc.stringMatching(/^[ab]{0,2}$/), { minLength: 1, maxLength: 4 });
    const text = fc.stringMatching(/^[ab]{0,8}$/);
    fc.assert(
      fc.property(pieces, text, (parts, whole) => {
        assert.equal(isMadeOf(whole, parts), new RegExp(`^${parts.join(".*")}$`).test(whole));
      }),
    );
  });
});

describe("the items of a command line in one text", () => {
  const cases: [title: string, text: string, items: string[] | undefined][] = [
    ["are its words", "--a=1  --b 'x y'", ["--a=1", "--b", "x y"]],
    ["go on after a line that ends with a backslash", "--a \\\n  --b", ["--a", "--b"]],
    ["keep a variable of Kubernetes", "--a=$(A)", ["--a=$(A)"]],
    ["keep the signs of a shell inside of quotes", "sh -c 'a | b; c'", ["sh", "-c", "a | b; c"]],
    ["are not known for a pipe", "a | b", undefined],
    ["are not known for two commands", "a && b", undefined],
    ["are not known for a quote that nothing closes", "--a 'b c", undefined],
  ];
  for (const [title, text, items] of cases) it(title, () => assert.deepEqual(commandWords(text), items));
});

describe("the words that a shell makes of a text", () => {
  const cases: [title: string, text: string, written: string[], read: string[]][] = [
    ["are cut at white space", " --a  b\n--c=1 ", ["--a", "b", "--c=1"], ["--a", "b", "--c=1"]],
    ["keep quoted white space", `--a='x y' "z w"`, ["--a='x y'", '"z w"'], ["--a=x y", "z w"]],
    [
      "lose the escapes in double quotes",
      String.raw`"a\"b" 'a\b'`,
      [String.raw`"a\"b"`, String.raw`'a\b'`],
      ['a"b', String.raw`a\b`],
    ],
    ["keep other backslashes in double quotes", String.raw`"a\nb"`, [String.raw`"a\nb"`], [String.raw`a\nb`]],
    ["join quoted and bare parts", `a"b"'c'`, [`a"b"'c'`], ["abc"]],
    ["leave out a quote that nothing closes", `a"b 'c`, ["a", "b", "c"], ["a", "b", "c"]],
    ["can be empty", `"" ''`, [`""`, `''`], ["", ""]],
  ];
  for (const [title, text, written, read] of cases) {
    it(title, () => {
      const words = shellWordsOf(text);
      assert.deepEqual(
        words.map((word) => word.written),
        written,
      );
      assert.deepEqual(
        words.map((word) => word.read),
        read,
      );
    });
  }
});

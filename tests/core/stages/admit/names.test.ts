import assert from "node:assert/strict";
import {
  labelProblem,
  labelValueProblem,
  qualifiedNameProblem,
  subdomainProblem,
} from "../../../../core/kubernetes/dns.ts";
import { uriProblem } from "../../../../core/kubernetes/go/gourl.ts";

describe("names of Kubernetes", () => {
  const TABLE: [string, (text: string) => string | undefined, string[], string[]][] = [
    ["label", labelProblem, ["a", "a-1", "1a", "a".repeat(63)], ["", "A", "a.b", "-a", "a-", "a".repeat(64)]],
    ["subdomain", subdomainProblem, ["a.b-c.d", "a".repeat(253)], ["", "a..b", ".a", "A.b", "a".repeat(254)]],
    ["value of a label", labelValueProblem, ["", "A_b.c-1"], ["-a", "a b", "a".repeat(64)]],
    ["key", qualifiedNameProblem, ["a", "a.b/C_d", "A"], ["", "/a", "a/", "a/b/c", "A/b", "a b", "a".repeat(64)]],
  ];
  for (const [what, problem, good, bad] of TABLE) {
    it(`accepts only valid values as a ${what}`, () => {
      for (const text of good) assert.equal(problem(text), undefined, JSON.stringify(text));
      for (const text of bad) assert.equal(typeof problem(text), "string", JSON.stringify(text));
    });
  }
});

describe("URIs of models", () => {
  it("accepts the URIs that Go's net/url accepts", () => {
    const good = [
      "",
      "llama",
      "/a b",
      "hf://o/m",
      "hf://o/m@main:x",
      "s3://b/p?x=%zz",
      "pvc://c",
      "mailto:a b",
      "http://[::1]:80/x",
      "oci+native://h:5000/i",
    ];
    for (const uri of good) assert.equal(uriProblem(uri), undefined, uri);
  });

  it("refuses the URIs that Go's net/url refuses", () => {
    const bad = [
      "::x",
      "a\nb",
      "1a:b",
      "hf://h:port/m",
      "hf://a b/m",
      "hf://o/%zz",
      "http://[::1/x",
      "hf://h%41/x",
      "a b:c",
    ];
    for (const uri of bad) assert.equal(uriProblem(uri)?.message.includes("is not a URI"), true, uri);
  });
});

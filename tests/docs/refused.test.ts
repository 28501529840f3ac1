import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { ISSUE_CODES } from "../../core/contract/issues/issue.ts";
import { CHECK_SEVERITIES } from "../../core/contract/options/checks.ts";
import { entryOf } from "../../core/kubernetes/table.ts";
import { REFUSED_PAGE, refusedPage, SECTIONS } from "../../tools/generate/refused.ts";
import { literalsOf, sourcesOf } from "./literals.ts";

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The texts of the code as patterns that match them with any values; texts with little else are left out. */
function patternsOfTexts(): RegExp[] {
  const texts = sourcesOf(["core", "components"]).flatMap((source) => literalsOf(source).map(({ text }) => text));
  const long = texts.filter((text) => text.replaceAll("…", "").length >= 15);
  return long.map((text) => new RegExp(`^${text.split("…").map(escaped).join(".*")}$`, "s"));
}

describe("docs/refused.md", () => {
  const page = readFileSync(REFUSED_PAGE, "utf8");

  it("is the page that a fresh generation writes, with the messages that plans report", () => {
    assert.equal(page, refusedPage(), "run npm run generate, and look at what changed");
  });

  it("has handwritten messages only with the code and its default severity", () => {
    for (const [code, { message }] of Object.entries(SECTIONS)) {
      if (message === undefined) continue;
      const severity = entryOf(CHECK_SEVERITIES, code) ?? (code === "SecretName" ? "warning" : "error");
      assert.ok(message.startsWith(`${severity} ${code} `), message);
    }
  });

  it("has only handwritten messages and fixes that the code reports", () => {
    const patterns = patternsOfTexts();
    const isReported = (text: string): boolean => patterns.some((pattern) => pattern.test(text));
    for (const { message: line } of Object.values(SECTIONS)) {
      const [, message = "", fix = ""] = /^.*?\): (.*?) — (.*)$/s.exec(line ?? "") ?? [];
      if (line === undefined) continue;
      assert.ok(isReported(message), line);
      assert.ok(isReported(fix) || fix.startsWith("install ") || fix.startsWith("did you mean "), line);
    }
  });

  it("has a separate cause, fix and severity for every issue code, and for no other", () => {
    assert.deepEqual(Object.keys(SECTIONS).sort(), Object.keys(ISSUE_CODES).sort());
    for (const part of ["cause", "fix"] as const) {
      const texts = Object.values(SECTIONS).map((section) => section[part]);
      assert.equal(new Set(texts).size, texts.length, part);
    }
  });

  it("shows the message of each code", () => {
    for (const code of Object.keys(ISSUE_CODES)) {
      const section = page.split(`\n## ${code}\n`)[1]?.split("\n## ", 1)[0] ?? "";
      assert.match(section, new RegExp(`\`\`\`text\n(error|warning|info) ${code} `), code);
    }
  });
});

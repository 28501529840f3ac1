import { parseDocument, type ScalarTag, type Tags } from "yaml";
import { isObject, type JsonObject } from "../json.ts";
import { remembering } from "../remember.ts";
import { entryOf } from "../table.ts";

/**
 * A mapping as Go's sigs.k8s.io/yaml reads it, YAML or JSON; undefined if the text is something else. Presets and
 * services repeat the same few texts, so the last results are kept; callers must not change them. Source:
 * sigs.k8s.io/yaml v1.6.0 over go.yaml.in/yaml/v2 v2.4.2.
 */
export const fromGoYaml = remembering((text: string): JsonObject | undefined => {
  const document = parseDocument(text, OPTIONS);
  if (document.errors.length > 0) return undefined;
  const value = documentValue(document);
  return isObject(value) ? value : undefined;
}, 32);

/** Warnings of the library are not printed: a key that is a mapping, for example, is the user's to correct. */
const OPTIONS = { version: "1.1", uniqueKeys: false, merge: true, customTags: asGoReads, logLevel: "error" } as const;

/** The library throws on aliases that multiply excessively; such a text counts as unreadable too. */
function documentValue(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS();
  } catch {
    return undefined;
  }
}

/** Go's library reads YAML 1.1 without its times and sexagesimal numbers, which are text; a float has a digit before its end. */
function asGoReads(tags: Tags): Tags {
  return tags.flatMap((tag): Tags => {
    if (typeof tag === "string") return [tag];
    const format = "format" in tag ? tag.format : undefined;
    if (tag.tag.endsWith(":timestamp") || format === "TIME") return [];
    const test = tag.tag.endsWith(":float") ? entryOf(FLOATS, format ?? "POINT") : undefined;
    return test === undefined || !("test" in tag) || isWord(tag.test) ? [tag] : [{ ...tag, test } as ScalarTag];
  });
}

/** `.inf` and `.nan` have separate tags that are correct already. */
function isWord(test: RegExp | undefined): boolean {
  return test === undefined || test.test(".inf") || test.test(".nan");
}

const FLOATS: Readonly<Record<string, RegExp>> = {
  EXP: /^[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)[eE][-+]?[0-9]+$/,
  POINT: /^[-+]?(?:\.[0-9][0-9_]*|[0-9][0-9_]*\.[0-9_]*)$/,
};

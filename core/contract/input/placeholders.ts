import { itemAt, type Json, type PathStep } from "../../kubernetes/json.ts";
import { bareStep, pathSteps } from "../../kubernetes/path.ts";
import { indexedPath } from "../issues/indexed.ts";
import type { Issue, IssueCode } from "../issues/issue.ts";

/** Codes of issues about a text that is refused for its form. */
const OF_VALUES: readonly IssueCode[] = ["InvalidValue", "WrongType", "UnsupportedScheme"];
/** `${NAME}` and `$NAME` of a shell or of envsubst. */
const VARIABLE = /\$\{[A-Za-z_]\w*\}|\$[A-Z_][A-Z0-9_]*/;
/** Words of a command line: a shell or the kubelet may expand the variable, so the fault may be another one. */
const WORDS = /\.(?:command|args)(?:\[|$)/;
/**
 * `<your-namespace>` as in documentation. The whole text must have this form; a text that only contains angle brackets
 * does not match.
 */
const BLANK = /^<[^<>]+>$/;

/**
 * Issues of a service whose refused texts are unfilled variables or blanks. The fix is to fill them in, because no
 * other text of that form would help.
 */
export function withPlaceholders(issues: readonly Issue[], document: unknown): Issue[] {
  return issues.map((issue) => {
    const { fixes: _ofAnotherText, ...others } = issue;
    const fix = fixOf(issue, document);
    return fix === undefined ? issue : { ...others, fix };
  });
}

function fixOf({ code, path, layer }: Issue, document: unknown): string | undefined {
  if (layer !== "service" && layer !== "merged") return undefined;
  if (!OF_VALUES.includes(code) || WORDS.test(path)) return undefined;
  const value = itemAt(document as Json, pathSteps(indexedPath(path, document)).map(stepOf));
  if (typeof value !== "string") return undefined;
  const variable = VARIABLE.exec(value)?.[0];
  if (variable !== undefined) return `replace ${variable} with its value, for example with envsubst`;
  return BLANK.test(value) ? `replace ${value} with your value` : undefined;
}

function stepOf(step: string): PathStep {
  return /^\[\d+\]$/.test(step) ? Number(bareStep(step)) : bareStep(step);
}

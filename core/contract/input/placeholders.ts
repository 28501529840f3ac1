import { itemAt, type Json, type PathStep } from "../../kubernetes/json.ts";
import { bareStep, pathSteps } from "../../kubernetes/path.ts";
import type { Issue, IssueCode } from "../issues/issue.ts";

/** Codes of a text that is refused as it stands. */
const OF_VALUES: readonly IssueCode[] = ["InvalidValue", "WrongType", "UnsupportedScheme"];
/** `${NAME}` and `$NAME` of a shell or of envsubst. */
const VARIABLE = /\$\{[A-Za-z_]\w*\}|\$[A-Z_][A-Z0-9_]*/;
/** Words of a command line: a shell or the kubelet may know the variable, so that something else is wrong with them. */
const WORDS = /\.(?:command|args)(?:\[|$)/;
/** `<your-namespace>` of documentation: the whole text, so that what only contains angle brackets is none. */
const BLANK = /^<[^<>]+>$/;

/**
 * Issues of a service whose refused texts are variables or blanks that were to be filled in before: the fix is to do that, and no
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
  const value = itemAt(document as Json, pathSteps(path).map(stepOf));
  if (typeof value !== "string") return undefined;
  const variable = VARIABLE.exec(value)?.[0];
  if (variable !== undefined) return `replace ${variable} with its value, for example with envsubst`;
  return BLANK.test(value) ? `replace ${value} with your value` : undefined;
}

function stepOf(step: string): PathStep {
  return /^\[\d+\]$/.test(step) ? Number(bareStep(step)) : bareStep(step);
}

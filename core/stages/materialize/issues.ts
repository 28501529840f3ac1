import type { Issue } from "../../contract/issues/issue.ts";
import type { MaterializeContext } from "./context.ts";

/** A field that the user set and that no object uses. */
export function unused(path: string, message: string, fix: string): Issue {
  return { code: "UnusedField", severity: "warning", path, layer: "merged", message, fix };
}

/** A refusal of a value in the merged spec. */
export function refusal(code: Issue["code"], path: string, message: string, fix: string): Issue {
  return { code, severity: "error", path, layer: "merged", message, fix };
}

/** A warning about a value that has an effect, though probably not the intended one. */
export function warning(code: Issue["code"], path: string, message: string, fix: string): Issue {
  return { ...refusal(code, path, message, fix), severity: "warning" };
}

/** The context with each finding reported once, though several pods may have it. */
export function reportingOnce(context: MaterializeContext): MaterializeContext {
  const reported = new Set<string>();
  return {
    ...context,
    report: (issue) => {
      const key = `${issue.code} ${issue.path} ${issue.message}`;
      if (reported.has(key)) return;
      reported.add(key);
      context.report(issue);
    },
  };
}

import { copied } from "../../kubernetes/json.ts";
import { withPlaceholders } from "../input/placeholders.ts";
import { NO_ORIGINS, type Provenance } from "../layer.ts";
import type { WrittenSettings } from "../lowering.ts";
import type { CheckSettings } from "../options/options.ts";
import type { Admitted, Plan } from "../plan.ts";
import { asIndexed } from "./indexed.ts";
import { deduplicate, type Issue, type IssueCode } from "./issue.ts";

/**
 * Issues as a stack reads them: each once, at the path where the value was written, with the severity that the stack
 * gives it.
 */
export function reporter(
  { input, lowered: { service, group } }: Pick<Admitted, "input" | "lowered">,
  { trace, provenance }: Plan,
): (issues: readonly Issue[]) => Issue[] {
  const written = trace?.written ?? new Map([["service", service.written ?? new Map()]]);
  return (issues) => {
    const placed = asWritten(withChosenSeverities(deduplicate(issues), input.checks), written, provenance);
    const named = withPlaceholders(placed, service.document);
    // The issues of groups are compared with each other before they get their places in the service.
    return copied(group === undefined ? deduplicate(asIndexed(named, input)) : named);
  };
}

/** Codes that stages report by themselves, and whose severity a stack may set too. */
const ALSO_OF_STAGES: readonly IssueCode[] = ["UnusedField"];

/** Issues of all stages, those of {@link ALSO_OF_STAGES} with the severity that the stack gives them. */
function withChosenSeverities(issues: readonly Issue[], settings: CheckSettings = {}): Issue[] {
  return issues.flatMap((issue): Issue[] => {
    const severity = ALSO_OF_STAGES.includes(issue.code) ? settings[issue.code] : undefined;
    if (severity === "off") return [];
    return [severity === undefined ? issue : { ...issue, severity }];
  });
}

/**
 * Issues of sizes, at the path where the layer that set them wrote them: a user who wrote `tuning` would not look for
 * `parallelism`.
 */
function asWritten(issues: readonly Issue[], written: WrittenSettings, provenance: Provenance = NO_ORIGINS): Issue[] {
  return issues.map((issue) => {
    const layer = provenance.get(issue.path.replace(/^spec\./, ""))?.layer ?? "service";
    const path = written.get(layer)?.get(issue.path);
    return path === undefined ? issue : { ...issue, path };
  });
}

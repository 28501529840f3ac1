import { DRA } from "../../../api/dra.ts";
import type { Finding } from "../../../contract/issues/issue.ts";
import { labelProblem, subdomainProblem } from "../../../kubernetes/dns.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import type { Rule, Subject } from "../rule.ts";

export const DRA_RULES: readonly Rule[] = [
  {
    name: "annotations of a managed device claim can be read",
    source: "validateManagedDRAAnnotations, llm_inference_service_validation.go, KServe v0.20.0",
    judge: judgeAnnotations,
  },
];

function judgeAnnotations({ metadata }: Subject): Finding[] {
  const { annotations } = metadata;
  if (annotations === undefined || annotations === null) return [];
  const at = (key: string): string => `metadata.annotations[${key}]`;
  const value = (key: string): string | undefined => entryOf(annotations, key);
  const invalid = (key: string, message: string, fix: string): Finding => ({
    code: "InvalidValue",
    path: at(key),
    message,
    fix,
  });
  const findings: Finding[] = [];
  const others = [DRA.deviceCount, DRA.celSelector, DRA.containerName].filter((key) => value(key) !== undefined);
  if (value(DRA.deviceClass) === undefined && others.length > 0) {
    const message = `${others.join(", ")} ${others.length > 1 ? "have" : "has"} no effect without a device class`;
    findings.push({ code: "MissingField", path: at(DRA.deviceClass), message, fix: "set the device class" });
  }
  for (const [key, problem] of [
    [DRA.deviceClass, subdomainProblem],
    [DRA.containerName, labelProblem],
  ] as const) {
    const text = value(key)?.trim();
    const why = text === undefined ? undefined : text === "" ? "the value is empty" : problem(text);
    if (why !== undefined)
      findings.push(invalid(key, `${JSON.stringify(value(key))} is not a valid name: ${why}`, "write a valid name"));
  }
  const count = value(DRA.deviceCount)?.trim() ?? "";
  if (count !== "" && !isCount(count)) {
    findings.push(
      invalid(
        DRA.deviceCount,
        `${JSON.stringify(value(DRA.deviceCount))} is not a valid number of devices`,
        "write 1 or more",
      ),
    );
  }
  const selector = value(DRA.celSelector);
  if (selector !== undefined && selector.trim() === "") {
    findings.push(
      invalid(DRA.celSelector, "the value contains no CEL expression", "write one CEL expression per line"),
    );
  }
  return findings;
}

/** An integer that Go's strconv.Atoi reads, and that is 1 or more. */
function isCount(text: string): boolean {
  return /^[+-]?\d+$/.test(text) && Number(text) >= 1 && Number(text) <= Number.MAX_SAFE_INTEGER;
}

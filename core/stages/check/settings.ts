import type { Issue } from "../../contract/issue.ts";
import type { CheckSettings, CheckSeverity } from "../../contract/plan.ts";
import { releaseNumber } from "../../knowledge/engine/release.ts";
import { factsOf } from "../../knowledge/models/facts.ts";
import { nearest } from "../../kubernetes/nearest.ts";
import type { CheckInput } from "./check.ts";
import { CHECK_CODES } from "./checks.ts";

const SEVERITIES: readonly string[] = ["error", "warning", "off"] satisfies CheckSeverity[];

type Settings = Pick<CheckInput, "modelInfo" | "engineVersion"> & { checks?: CheckSettings };

/** What is wrong with what a stack tells the checks: a setting that would be without effect is an error. */
export function judgeSettings({ checks = {}, modelInfo, engineVersion }: Settings): Issue[] {
  const found = Object.entries(checks).flatMap(([code, severity]) => judgeSeverity(code, severity));
  if (engineVersion !== undefined && releaseNumber(engineVersion) === undefined) {
    const message = `${JSON.stringify(engineVersion)} is no release of vLLM`;
    found.push(invalid("engineVersion", message, "write it as 0.23.0"));
  }
  if (modelInfo !== undefined && modelInfo.weightBytes === undefined && factsOf(modelInfo) === undefined) {
    const missing = NEEDED.filter((field) => ({ ...modelInfo, ...modelInfo.text_config })[field] === undefined);
    const message = `the shape of the model does not follow from it: ${missing.join(", ")} ${missing.length > 1 ? "are" : "is"} missing`;
    found.push(
      invalid("modelInfo", message, "give the model's config.json, or weightBytes for a model of the catalogue"),
    );
  }
  return found;
}

const NEEDED = ["num_hidden_layers", "hidden_size", "num_attention_heads", "vocab_size"] as const;

function judgeSeverity(code: string, severity: CheckSeverity): Issue[] {
  if (!CHECK_CODES.some((known) => known === code)) {
    const near = nearest(code, CHECK_CODES);
    const fix = `${near === undefined ? "" : `did you mean ${near}? `}The codes are ${CHECK_CODES.join(", ")}`;
    return [invalid(`checks.${code}`, `no check reports ${code}, or its severity cannot be set`, fix)];
  }
  if (SEVERITIES.includes(severity)) return [];
  const message = `${JSON.stringify(severity)} is no severity`;
  return [invalid(`checks.${code}`, message, `write ${SEVERITIES.join(", ")}`)];
}

function invalid(path: string, message: string, fix: string): Issue {
  return { code: "InvalidValue", severity: "error", path, layer: "settings", message, fix };
}

import { isNotYetKnown } from "../../../contract/input/unknown.ts";
import { NO_ORIGINS } from "../../../contract/layer.ts";
import { inRole, roleAt } from "../../../contract/role.ts";
import { FREE_SCALERS, NUMBERS, REQUIRED, SCALERS } from "../../../knowledge/scalers.ts";
import { didYouMean } from "../../../kubernetes/nearest.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { isTemplate } from "../../../kubernetes/text.ts";
import type { CheckFinding } from "../check.ts";
import type { Written } from "./places.ts";

/** What Go reads as a number. */
const NUMBER = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/** A trigger of KEDA as the merged spec has it. */
interface Trigger {
  type: string;
  metadata: Readonly<Record<string, string>>;
}

/** Triggers that KEDA cannot read: it stores the ScaledObject, and then scales nothing. */
export function judgeScalers({ spec, provenance = NO_ORIGINS }: Pick<Written, "spec" | "provenance">): CheckFinding[] {
  return (["main", "prefill"] as const).flatMap((role) => {
    const workload = role === "main" ? spec : spec.prefill;
    const { triggers = [] } = workload?.scaling?.keda ?? {};
    const layer = provenance.get(inRole(role, "scaling.keda.triggers"))?.layer ?? "merged";
    const found = triggers.flatMap(({ type = "", metadata = {} }, index) => {
      const trigger = { type, metadata };
      const path = `${roleAt(role)}.scaling.keda.triggers[${index}]`;
      return [...judgeType(trigger, path), ...judgeSettings(trigger, path)];
    });
    return found.map((one) => ({ ...one, severity: "warning" as const, layer }));
  });
}

type Found = Pick<CheckFinding, "code" | "path" | "message" | "fix">;

function judgeType({ type }: Trigger, path: string): Found[] {
  if (type === "" || SCALERS.includes(type) || isOpen(type)) return [];
  const fix = didYouMean(type, SCALERS) ?? "write the type of a scaler, for example prometheus";
  return [{ code: "InvalidValue", path: `${path}.type`, message: `KEDA has no scaler ${JSON.stringify(type)}`, fix }];
}

function judgeSettings({ type, metadata }: Trigger, path: string): Found[] {
  if (FREE_SCALERS.includes(type)) return [];
  const at = (name: string): string => `${path}.metadata.${name}`;
  const wrong = Object.entries(metadata).filter(
    ([name, value]) => NUMBERS.has(name) && value !== "" && !isOpen(value) && !NUMBER.test(value),
  );
  const missing = (entryOf(REQUIRED, type) ?? []).filter((name) => (entryOf(metadata, name) ?? "") === "");
  return [
    ...wrong.map(([name, value]): Found => {
      const message = `KEDA reads ${name} as a number, but it is ${JSON.stringify(value)}`;
      return { code: "InvalidValue", path: at(name), message, fix: 'write a number in quotes, for example "5"' };
    }),
    ...missing.map((name): Found => {
      return { code: "MissingField", path: at(name), message: `the scaler ${type} needs ${name}`, fix: `set ${name}` };
    }),
    ...(type === "prometheus" ? judgeAddress(metadata["serverAddress"] ?? "", at("serverAddress")) : []),
  ];
}

/** Go's HTTP client asks only URLs with a scheme. */
function judgeAddress(address: string, path: string): Found[] {
  if (address === "" || isOpen(address) || /^https?:\/\//i.test(address)) return [];
  const message = `KEDA asks Prometheus by HTTP, but ${JSON.stringify(address)} has no scheme`;
  const isPlain = /^[\w.-]+(?::\d+)?(?:\/|$)/.test(address);
  return [
    { code: "InvalidValue", path, message, fix: isPlain ? `write http://${address}` : "write the URL of Prometheus" },
  ];
}

/** Whether a text may become any other. */
function isOpen(text: string): boolean {
  return isTemplate(text) || isNotYetKnown(text);
}

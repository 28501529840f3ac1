import { COMPONENT_TYPE } from "../../core/contract/names.ts";
import { CHECK_SEVERITIES } from "../../core/contract/options/checks.ts";
import { asText, field, objectOf } from "../../core/kubernetes/json.ts";
import { entryOf } from "../../core/kubernetes/table.ts";
import { rule, type StackResource } from "../rule.ts";

const WORDS = /[-_.]/;

export const GATES_RULE = rule({
  name: "gates-on",
  description: "In production, a check that is an error by default cannot be turned off or lowered to a warning.",
  level: "mandatory",
  scope: "stack",
  fields: {
    stacks: {
      type: "array",
      items: { type: "string" },
      description: "Production stacks: names, or words of names as in prod-eu. * stands for all stacks.",
      default: ["prod", "production"],
    },
    allowed: {
      type: "array",
      items: { type: "string" },
      description: "Codes of checks that may be turned off nevertheless.",
      default: [],
    },
  },
  judge: (resources, { stacks, allowed }) =>
    resources
      .filter(({ urn }) => isAmong(stackOf(urn), stacks))
      .flatMap((resource) =>
        checksOf(resource).flatMap(({ at, checks }) =>
          Object.entries(objectOf(checks))
            .filter(([code, severity]) => entryOf(CHECK_SEVERITIES, code) === "error" && severity !== "error")
            .filter(([code]) => !allowed.includes(code))
            .map(([code, severity]) => ({
              urn: resource.urn,
              message: `${at}.${code} is ${asText(severity)}; remove it, so that the check is an error again`,
            })),
        ),
      ),
});

/** The stack in a URN: `urn:pulumi:STACK::PROJECT::…`. */
function stackOf(urn: string): string {
  return (urn.split("::")[0] ?? "").split(":")[2] ?? "";
}

function isAmong(stack: string, names: readonly string[]): boolean {
  const words = [stack, ...stack.split(WORDS)];
  return names.some((name) => name === "*" || words.includes(name));
}

/** The severities that a component sets, with their paths in its outputs. */
function checksOf({ type, props }: StackResource): { at: string; checks: unknown }[] {
  if (type === COMPONENT_TYPE.service) return [{ at: "checks", checks: field(props, "checks") }];
  if (type !== COMPONENT_TYPE.platform) return [];
  const releases = Object.entries(objectOf(field(props, "releases")));
  return [
    { at: "checks", checks: field(field(props, "bundle"), "checks") },
    ...releases.map(([name, release]) => ({ at: `releases.${name}.checks`, checks: field(release, "checks") })),
  ];
}

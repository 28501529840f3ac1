import { groupOf, type KubernetesObject, specOf } from "../../kubernetes/objects.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { isDeployment, templatesOf } from "../../kubernetes/workloads/workloads.ts";
import type { MaterializeContext } from "./context.ts";
import { refusal, unused } from "./issues.ts";

/** The objects with the selectors of the running ones, without the objects that are left as they are. */
export function adoptLive(
  objects: readonly KubernetesObject[],
  { adopt = {}, report }: Pick<MaterializeContext, "adopt" | "report">,
): KubernetesObject[] {
  const { selectors = {}, leave = [] } = adopt;
  const has = (name: string): boolean => objects.some((object) => isNamed(name, object));
  for (const name of Object.keys(selectors).filter((one) => !has(`Deployment/${one}`))) {
    report(unused(`adopt.selectors[${name}]`, `the plan has no Deployment ${name}`, "remove it"));
  }
  leave.forEach((name, index) => {
    if (!has(name)) report(unused(`adopt.leave[${index}]`, `the plan has no object ${name}`, "remove it"));
  });
  const kept = objects.filter((object) => !leave.some((name) => isNamed(name, object)));
  return kept.map((object) => {
    const selector = isDeployment(object) ? entryOf(selectors, object.metadata.name) : undefined;
    return selector === undefined ? object : withSelector(object, selector, report);
  });
}

function isNamed(name: string, { apiVersion, kind, metadata }: KubernetesObject): boolean {
  const key = `${kind}/${metadata.name}`;
  return name === key || name === `${groupOf(apiVersion)}/${key}`;
}

/** The API server refuses a Deployment whose selector does not match its own pods. */
function withSelector(
  object: KubernetesObject,
  selector: Readonly<Record<string, string>>,
  report: MaterializeContext["report"],
): KubernetesObject {
  const labels = templatesOf(object)[0]?.labels ?? {};
  for (const [label, value] of Object.entries(selector).filter(([label, value]) => entryOf(labels, label) !== value)) {
    const path = `adopt.selectors[${object.metadata.name}][${label}]`;
    const theirLabel = entryOf(labels, label);
    const theirs =
      theirLabel === undefined ? "the planned pods lack this label" : `the planned pods have ${theirLabel}`;
    const message = `the live selector requires ${label}=${value}: ${theirs}`;
    report(refusal("Immutable", path, message, `set the label ${label}: ${value} in \`labels\``));
  }
  return { ...object, spec: { ...specOf(object), selector: { matchLabels: { ...selector } } } };
}

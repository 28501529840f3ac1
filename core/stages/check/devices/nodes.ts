import { familyOf } from "../../../knowledge/accelerators/accelerators.ts";
import { classNamesWith, DEVICES } from "../../../knowledge/accelerators/recognise.ts";
import { isOfOtherVendor } from "../../../knowledge/accelerators/vendorlabels.ts";
import type { PodSpec } from "../../../kubernetes/objects.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import type { CheckFinding } from "../check.ts";
import type { Engine } from "../engine.ts";

/**
 * Pods that hardly any node can run, or none: they request accelerators of several kinds, or select the nodes of
 * another kind. Usually one of the two comes from `accelerator`, which devices or an affinity written by hand were
 * meant to replace.
 */
export function judgeNodes(engine: Engine): CheckFinding[] {
  return [...judgeKinds(engine), ...judgeSelector(engine), ...judgeAffinity(engine)];
}

/** Labels of one node selector that name different accelerators: those of `accelerator`, and others written by hand. */
function judgeSelector({ podSpec: { nodeSelector }, path }: Engine): CheckFinding[] {
  const labels = Object.entries(nodeSelector ?? {});
  if (labels.length < 2) return [];
  const named = labels.flatMap(([label, value]) => {
    // A label without a domain may have several meanings.
    const families = label.includes("/") ? classNamesWith(label, value).map(familyOf) : [];
    return families.length === 0 ? [] : [{ label, text: `${label}=${value}`, families }];
  });
  const [first] = named;
  const other = named.find(({ families }) => !families.some((one) => first?.families.includes(one)));
  if (first === undefined || other === undefined) return [];
  return [
    {
      code: "GpuShape",
      severity: "warning",
      path: `${path.slice(0, path.indexOf(".containers["))}.nodeSelector`,
      layer: "merged",
      message: `the pod's nodeSelector asks for ${first.text} and ${other.text}, which are labels of different accelerators: no node has both`,
      fix: `keep one of them: remove ${other.label}, or set accelerator to the one that it names, with the labels of your nodes in nodeLabels`,
    },
  ];
}

function judgeKinds({ container, path }: Engine): CheckFinding[] {
  const names = Object.keys(container.resources?.limits ?? {}).filter((name) => DEVICES.test(name));
  const [first, other] = new Map(names.map((name) => [kindOf(name), name])).values();
  if (first === undefined || other === undefined) return [];
  return [
    {
      code: "GpuShape",
      severity: "warning",
      path: `${path}.resources.limits[${other}]`,
      layer: "merged",
      message: `the pod requests accelerators of several kinds (${first}, ${other}), but an engine uses only one kind, and few nodes have both`,
      fix: "set accelerator and remove the limits, or keep the limits and set accelerator: null",
    },
  ];
}

/** Whole GPUs and slices of them are different kinds; the other vendors have several resources for one device. */
function kindOf(resource: string): string {
  const [domain = resource] = resource.split("/", 1);
  return domain === "nvidia.com" ? resource : domain;
}

interface Expression {
  key: string;
  operator: string;
  values?: string[] | null;
}

function judgeAffinity({ podSpec, container, path }: Engine): CheckFinding[] {
  const { affinity, nodeSelector } = podSpec;
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const resource = Object.keys(container.resources?.limits ?? {}).find((name) => DEVICES.test(name));
  const found = terms.map(({ matchExpressions }) => {
    const all = (matchExpressions ?? []) as Expression[];
    const contradiction = all.find((one) => contradicts(one, nodeSelector));
    return contradiction ? { ...contradiction, certain: true } : all.find((one) => isOfOther(one, resource));
  });
  const [first] = found;
  if (first === undefined || found.includes(undefined)) return [];
  const isCertain = found.every((one) => one !== undefined && "certain" in one);
  const other = isCertain
    ? `nodeSelector asks for ${first.key}=${entryOf(nodeSelector, first.key)}`
    : `it requests ${resource}`;
  return [
    {
      code: "GpuShape",
      ...(!isCertain && { severity: "warning" as const }),
      path: `${path.slice(0, path.indexOf(".containers["))}.affinity.nodeAffinity`,
      layer: "merged",
      message: `the pod's affinity requires ${wordsOf(first)}, but ${other}: no node fits both`,
      fix: "remove the requirement from the affinity: accelerator selects the nodes",
    },
  ];
}

/** Whether no node can match both an expression and the selector. */
function contradicts({ key, operator, values }: Expression, nodeSelector: PodSpec["nodeSelector"]): boolean {
  const wanted = entryOf(nodeSelector, key);
  if (wanted === undefined) return false;
  if (operator === "In") return !(values ?? []).includes(wanted);
  return operator === "DoesNotExist" || (operator === "NotIn" && (values ?? []).includes(wanted));
}

/** Whether an expression requires a label that only nodes with devices of another vendor have. */
function isOfOther({ key, operator }: Expression, resource: string | undefined): boolean {
  return resource !== undefined && operator === "In" && isOfOtherVendor(key, resource);
}

function wordsOf({ key, operator, values }: Expression): string {
  return [key, operator, ...(values ?? [])].join(" ");
}

import type { LLMInferenceServiceSpec } from "../../api/service.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import type { Provenance } from "../../contract/layer.ts";
import { type GuardWords, guardThatRefusesAll, isSidecar } from "../../knowledge/scheduler/sidecar.ts";
import type { Container, PodSpec } from "../../kubernetes/objects.ts";
import { isUsers } from "./place.ts";

const PODS = ["template", "worker"] as const;
const LISTS = ["initContainers", "containers"] as const;
const CODE = "RolesDisagree";

/**
 * The spec with routing sidecars that let decode pods reach prefill. A release that misreads the selector of an
 * InferencePool of `v1` refuses every prefill pod while its guard is on: the guard of a preset is left out, and one
 * that a user wrote stays, with a warning.
 */
export function withSidecars(
  spec: LLMInferenceServiceSpec,
  provenance: Provenance,
  report: (issue: Issue) => void,
): LLMInferenceServiceSpec {
  if (spec.prefill === undefined) return spec;
  const edited = PODS.flatMap((name) => {
    const pod = spec[name];
    return pod === undefined ? [] : [[name, withPod(pod, name, provenance, report)] as const];
  });
  return { ...spec, ...Object.fromEntries(edited) };
}

function withPod(pod: PodSpec, name: string, provenance: Provenance, report: (issue: Issue) => void): PodSpec {
  const lists = LISTS.flatMap((list) => {
    const edit = (container: Container, index: number): Container => {
      const guard = isSidecar(container) ? guardThatRefusesAll(container) : undefined;
      if (guard === undefined) return container;
      const written = `${name}.${list}[name=${container.name}].${guard.field}`;
      if (!isUsers(provenance, written)) return { ...container, [guard.field]: guard.without };
      const { layer = "merged" } = provenance.get(written) ?? {};
      report(warning(guard, { path: `spec.${name}.${list}[${index}].${guard.field}`, layer }));
      return container;
    };
    return pod[list] === undefined ? [] : [[list, pod[list].map(edit)] as const];
  });
  return { ...pod, ...Object.fromEntries(lists) };
}

function warning({ flag, release }: GuardWords, at: { path: string; layer: string }): Issue {
  return {
    ...at,
    code: CODE,
    severity: "warning",
    message: `--${flag} makes the routing sidecar ${release} answer every request that needs prefill with 403: this release cannot read the selector of the InferencePool`,
    fix: `remove --${flag}, or use an image of the sidecar from release 0.10 on`,
  };
}

import { DRA, hasManagedDevices } from "../../api/dra.ts";
import type { LLMInferenceService, LLMInferenceServiceSpec } from "../../api/service.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import { nameOf } from "../../contract/names.ts";
import { mapWorkloadPods, workloadPods } from "../../contract/workloadpods.ts";
import { didYouMean } from "../../kubernetes/nearest.ts";
import type { Container, PodSpec } from "../../kubernetes/objects.ts";

/** The claim's name in pods and containers. */
const MANAGED_CLAIM = "managed-device";

/**
 * Gives every pod of the workloads the claim, and also the container that the annotation names, by default the first.
 */
export function attachManagedDevices(
  spec: LLMInferenceServiceSpec,
  service: LLMInferenceService,
): LLMInferenceServiceSpec {
  if (!hasManagedDevices(service)) return spec;
  const { name, annotations } = service.metadata;
  const template = nameOf(name, "managedDra");
  const wanted = annotations?.[DRA.containerName]?.trim();
  return mapWorkloadPods(spec, (pod) => withClaim(pod, template, wanted));
}

/**
 * Finds the pods without the container that the annotation names: they claim devices that nothing in them uses, and
 * KServe does not report it. Refused if no pod has the container, because then the name is a mistake.
 */
export function checkManagedDevices(
  spec: LLMInferenceServiceSpec,
  service: LLMInferenceService,
  { unclaimedDevices }: Pick<Behaviour, "unclaimedDevices">,
): Issue[] {
  const wanted = service.metadata.annotations?.[DRA.containerName]?.trim() ?? "";
  if (unclaimedDevices === "ignored" || !hasManagedDevices(service) || wanted === "") return [];
  const pods = workloadPods(spec).map(({ path, pod }) => ({
    path: `spec.${path}`,
    names: (pod.containers ?? []).map(({ name }) => name),
  }));
  const lacking = pods.filter(({ names }) => !names.includes(wanted));
  if (lacking.length === 0) return [];
  const everywhere = lacking.length === pods.length;
  const known = [...new Set(pods.flatMap(({ names }) => names))];
  return [
    {
      code: everywhere ? "NotFound" : "UnusedField",
      severity: everywhere ? "error" : "warning",
      path: `metadata.annotations[${DRA.containerName}]`,
      layer: "service",
      message: `${lacking.map(({ path }) => path).join(", ")} ${lacking.length > 1 ? "have" : "has"} no container ${JSON.stringify(wanted)}, so the claimed devices are not used`,
      fix: didYouMean(wanted, known) ?? `name an existing container: ${known.join(", ")}`,
    },
  ];
}

function withClaim(pod: PodSpec, resourceClaimTemplateName: string, wanted: string | undefined): PodSpec {
  const claims = pod.resourceClaims ?? [];
  const resourceClaims = claims.some(isManaged)
    ? claims
    : [...claims, { name: MANAGED_CLAIM, resourceClaimTemplateName }];
  const target = wanted ? pod.containers?.findIndex(({ name }) => name === wanted) : 0;
  const containers = pod.containers?.map((container, i) => (i === target ? claimedBy(container) : container));
  return { ...pod, resourceClaims, ...(containers && { containers }) };
}

function claimedBy(container: Container): Container {
  const claims = container.resources?.claims ?? [];
  if (claims.some(isManaged)) return container;
  return { ...container, resources: { ...container.resources, claims: [...claims, { name: MANAGED_CLAIM }] } };
}

function isManaged({ name }: { name: string }): boolean {
  return name === MANAGED_CLAIM;
}

import type { LLMInferenceServiceSpec } from "../../api/service.ts";
import type { WorkloadSpec } from "../../api/workload.ts";
import type { Provenance } from "../../contract/layer.ts";
import { isRootImage } from "../../knowledge/engine/rootimages.ts";
import type { Container, PodSpec } from "../../kubernetes/objects.ts";
import { withItems } from "../../kubernetes/table.ts";
import { isUsers } from "./place.ts";

/**
 * The spec in which the presets' `runAsNonRoot: true` is dropped if it contradicts what users wrote: user 0, a pod that
 * may be root, an image without a user. The kubelet would not start such a container. A user's `runAsNonRoot`, of the
 * container or of its pod, stays. Source: verifyRunAsNonRoot, pkg/kubelet/kuberuntime/security_context.go, Kubernetes
 * 1.36.
 */
export function withUsers(spec: LLMInferenceServiceSpec, provenance: Provenance): LLMInferenceServiceSpec {
  const pod = (one: PodSpec, path: string): PodSpec => ofPod(one, path, provenance);
  const workload = <Workload extends WorkloadSpec>(one: Workload, path: string): Workload => ({
    ...one,
    ...(one.template && { template: pod(one.template, `${path}template`) }),
    ...(one.worker && { worker: pod(one.worker, `${path}worker`) }),
  });
  const { router } = spec;
  const { scheduler } = router ?? {};
  return {
    ...workload(spec, ""),
    ...(spec.prefill && { prefill: workload(spec.prefill, "prefill.") }),
    ...(scheduler?.template && {
      router: {
        ...router,
        scheduler: { ...scheduler, template: pod(scheduler.template, "router.scheduler.template") },
      },
    }),
  };
}

function ofPod(pod: PodSpec, path: string, provenance: Provenance): PodSpec {
  const at = `${path}.securityContext`;
  const isTrue = pod.securityContext?.runAsNonRoot === true;
  if (isTrue && [`${at}.runAsNonRoot`, at].some((one) => isUsers(provenance, one))) return pod;
  const given = (field: "containers" | "initContainers"): Container[] | undefined =>
    pod[field] && withItems(pod[field], (one) => givenWay(one, pod, `${path}.${field}`, provenance));
  const [containers, initContainers] = [given("containers"), given("initContainers")];
  if (containers === pod.containers && initContainers === pod.initContainers) return pod;
  return { ...pod, ...(containers && { containers }), ...(initContainers && { initContainers }) };
}

function givenWay(container: Container, pod: PodSpec, list: string, provenance: Provenance): Container {
  const { image = "", securityContext: own = {} } = container;
  if (own.runAsNonRoot !== true) return container;
  const user = own.runAsUser ?? pod.securityContext?.runAsUser;
  const isRoot = user === undefined ? pod.securityContext?.runAsNonRoot === false || isRootImage(image) : user === 0;
  if (!isRoot) return container;
  const at = `${list}[name=${container.name}].securityContext`;
  if (isUsers(provenance, `${at}.runAsNonRoot`) || isUsers(provenance, at)) return container;
  return { ...container, securityContext: { ...own, runAsNonRoot: false } };
}

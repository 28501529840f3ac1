import type { LLMInferenceServiceSpec } from "../../api/service.ts";
import type { WorkloadSpec } from "../../api/workload.ts";
import type { Provenance } from "../../contract/layer.ts";
import { isRootImage } from "../../knowledge/engine/rootimages.ts";
import type { Container, PodSpec } from "../../kubernetes/objects.ts";
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
  const isWritten = [`${at}.runAsNonRoot`, at].some((one) => isUsers(provenance, one));
  const isKept = pod.securityContext?.runAsNonRoot === true && isWritten;
  const list = (field: "containers" | "initContainers"): Partial<PodSpec> => {
    const containers = pod[field];
    if (containers === undefined) return {};
    const give = (one: Container): Container =>
      !isKept && givesWay(one, pod, `${path}.${field}[name=${one.name}].securityContext`, provenance)
        ? { ...one, securityContext: { ...one.securityContext, runAsNonRoot: false } }
        : one;
    return { [field]: containers.map(give) };
  };
  return { ...pod, ...list("containers"), ...list("initContainers") };
}

function givesWay(container: Container, pod: PodSpec, at: string, provenance: Provenance): boolean {
  const { image = "", securityContext: own = {} } = container;
  const isWritten = isUsers(provenance, `${at}.runAsNonRoot`) || isUsers(provenance, at);
  if (own.runAsNonRoot !== true || isWritten) return false;
  const user = own.runAsUser ?? pod.securityContext?.runAsUser;
  return user === undefined ? pod.securityContext?.runAsNonRoot === false || isRootImage(image) : user === 0;
}

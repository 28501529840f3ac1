import type { LLMInferenceService, LLMInferenceServiceSpec } from "../../api/service.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import { nameOf } from "../../contract/names.ts";
import type { Settings } from "../../contract/parsesettings.ts";
import type { PodSpec } from "../../kubernetes/objects.ts";
import { mapWorkloadPods } from "./pods.ts";
import { withScheduler } from "./scheduler.ts";

/**
 * Presets mount the Secret of the service's certificate, and let pods start without it. With TLS no pod can serve without
 * it, so there the Secret is needed; and where it is the user's own, it is that one.
 */
export function mountCertificate(
  spec: LLMInferenceServiceSpec,
  { metadata }: LLMInferenceService,
  { enableTLS, tls }: Pick<Settings, "enableTLS" | "tls">,
  { certificate }: Pick<Behaviour, "certificate">,
): LLMInferenceServiceSpec {
  if (certificate === "always" || !enableTLS) return spec;
  const standard = nameOf(metadata.name, "certificate");
  const change = (pod: PodSpec): PodSpec => needing(pod, standard, tls?.secretName ?? standard);
  const { scheduler } = spec.router ?? {};
  const changed = mapWorkloadPods(spec, change);
  return scheduler?.template ? withScheduler(changed, { template: change(scheduler.template) }) : changed;
}

function needing(pod: PodSpec, standard: string, secretName: string): PodSpec {
  const volumes = pod.volumes?.map((volume) => {
    if (volume.secret?.secretName !== standard) return volume;
    const { optional: _optional, ...secret } = volume.secret;
    return { ...volume, secret: { ...secret, secretName } };
  });
  return { ...pod, ...(volumes && { volumes }) };
}

import type { LLMInferenceService, LLMInferenceServiceSpec } from "../../api/service.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import { nameOf } from "../../contract/names.ts";
import type { Settings } from "../../contract/options/settings.ts";
import { mapWorkloadPods } from "../../contract/workloadpods.ts";
import type { PodSpec } from "../../kubernetes/objects.ts";
import { withScheduler } from "./scheduler.ts";

/**
 * Presets mount the Secret of the service's certificate as optional. With TLS no pod can serve without it, so the mount
 * becomes required; if the user has a certificate, that one is mounted.
 */
export function mountCertificate(
  spec: LLMInferenceServiceSpec,
  { metadata }: LLMInferenceService,
  { enableTLS, tls }: Pick<Settings, "enableTLS" | "tls">,
  { certificate }: Pick<Behaviour, "certificate">,
): LLMInferenceServiceSpec {
  if (certificate === "always") return spec;
  const standard = nameOf(metadata.name, "certificate");
  const spared = (pod: PodSpec): PodSpec => withSecrets(pod, standard, (secret) => ({ ...secret, optional: true }));
  if (!enableTLS) return withTokenizer(spec, spared);
  const change = (pod: PodSpec): PodSpec => needing(pod, standard, tls?.secretName ?? standard);
  const { scheduler } = spec.router ?? {};
  const changed = withTokenizer(mapWorkloadPods(spec, change), change);
  return scheduler?.template ? withScheduler(changed, { template: change(scheduler.template) }) : changed;
}

/** KServe's preset of the tokenizer requires the Secret even if there is none. */
function withTokenizer(spec: LLMInferenceServiceSpec, change: (pod: PodSpec) => PodSpec): LLMInferenceServiceSpec {
  const { tokenizer } = spec.router?.scheduler ?? {};
  if (!tokenizer?.template) return spec;
  return withScheduler(spec, { tokenizer: { ...tokenizer, template: change(tokenizer.template) } });
}

function needing(pod: PodSpec, standard: string, secretName: string): PodSpec {
  return withSecrets(pod, standard, ({ optional: _optional, ...secret }) => ({ ...secret, secretName }));
}

type SecretVolume = NonNullable<NonNullable<PodSpec["volumes"]>[number]["secret"]>;

function withSecrets(pod: PodSpec, standard: string, change: (secret: SecretVolume) => SecretVolume): PodSpec {
  const volumes = pod.volumes?.map((volume) =>
    volume.secret?.secretName === standard ? { ...volume, secret: change(volume.secret) } : volume,
  );
  return { ...pod, ...(volumes && { volumes }) };
}

import type { ServiceAccount } from "kubernetes-types/core/v1.js";
import { typeMeta } from "../../../../contract/kinds.ts";
import { COMPONENT, labelsOf, nameOf } from "../../../../contract/names.ts";
import type { KubernetesObject } from "../../../../kubernetes/objects.ts";
import type { MaterializeContext } from "../../context.ts";
import { buildServiceAccount } from "../../kinds/serviceaccount.ts";
import { resolveReference } from "../references.ts";

/** The scheduler's ServiceAccount, and whether the plan creates it. */
export interface SchedulerAccount {
  object: KubernetesObject;
  isOurs: boolean;
}

/**
 * An account that the scheduler's template names must exist. The account that is created here copies the secrets with
 * which the engines fetch the model, because a tokenizer next to the scheduler fetches it too: from the engines'
 * account, otherwise from the namespace's default one. Source: expectedSchedulerServiceAccount in scheduler.go, KServe
 * v0.20.0.
 */
export function buildSchedulerAccount(context: MaterializeContext): SchedulerAccount {
  const { service, spec, known } = context;
  const { name: serviceName, namespace } = service.metadata;
  const own = nameOf(serviceName, "eppServiceAccount");
  const named = spec.router?.scheduler?.template?.serviceAccountName || own;
  if (named !== own) {
    const reference = { ...typeMeta("ServiceAccount"), namespace, name: named };
    const found = resolveReference(
      { ...reference, path: "spec.router.scheduler.template.serviceAccountName" },
      context,
    );
    return {
      isOurs: false,
      object: found ?? { ...typeMeta("ServiceAccount"), metadata: { name: named, namespace } },
    };
  }
  const engines = spec.template?.serviceAccountName;
  const model = known.get("v1", "ServiceAccount", namespace, engines || "default") as ServiceAccount | undefined;
  const annotations = engines ? model?.metadata?.annotations : undefined;
  const object = buildServiceAccount({
    name: own,
    namespace,
    labels: labelsOf(serviceName, COMPONENT.scheduler),
    ...(annotations && { annotations }),
    ...(model?.secrets && { secrets: model.secrets }),
    ...(model?.imagePullSecrets && { imagePullSecrets: model.imagePullSecrets }),
  });
  return { isOurs: true, object };
}

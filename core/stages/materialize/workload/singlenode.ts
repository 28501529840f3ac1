import { workloadNameOf } from "../../../contract/names.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import { buildDeployment } from "../kinds/deployment.ts";
import { carriedAnnotations, podAnnotationsOf, unlessEmpty } from "../metadata.ts";
import { accountOf, buildAccount, buildSidecarAccess } from "./accounts.ts";
import { enginePod } from "./engine.ts";
import { replicasOf } from "./replicas.ts";
import { identityLabels, podLabels, type RoleContext } from "./role.ts";
import { deploymentStrategy } from "./rollout.ts";
import { hasSidecar } from "./sidecar.ts";

/**
 * One pod per engine: a Deployment. A routing sidecar needs an account that may read pods; without a sidecar the pods
 * use the account of their template. Source: workload_single_node.go, KServe v0.20.0.
 */
export function buildSingleNode(context: RoleContext): KubernetesObject[] {
  const { workload, role } = context;
  const proxied = role === "main" && hasSidecar(workload.template);
  const named = workload.template?.serviceAccountName;
  const account = proxied || named ? accountOf(context, "deployment") : undefined;
  const access =
    account && proxied ? [...buildAccount(account), ...buildSidecarAccess(context, account, "deployment")] : [];
  return [
    ...access,
    deployment(context, {
      serviceAccountName: proxied ? account?.name : undefined,
      account: account?.account,
      path: `${context.path}.template`,
    }),
  ];
}

function deployment(context: RoleContext, request: Parameters<typeof enginePod>[1]): KubernetesObject {
  const { service, workload, behaviour } = context;
  const { name, namespace } = service.metadata;
  const labels = podLabels(context, "single");
  const carried = carriedAnnotations(service, false);
  return buildDeployment({
    name: workloadNameOf(name, "deployment", context),
    namespace,
    labels,
    annotations: unlessEmpty(carried),
    replicas: replicasOf(context),
    strategy: deploymentStrategy(workload),
    selector: behaviour.selector === "podLabels" ? labels : identityLabels(context, "single"),
    podLabels: labels,
    podAnnotations: unlessEmpty({ ...carried, ...podAnnotationsOf(workload) }),
    podSpec: workload.template === undefined ? {} : enginePod(workload.template, request, context),
  });
}

import type { ServiceAccount } from "kubernetes-types/core/v1.js";
import { KINDS } from "../../../contract/kinds.ts";
import { COMPONENT, labelsOf, type WorkloadChild, workloadNameOf } from "../../../contract/names.ts";
import { asObject, groupOf, type KubernetesObject, type PodSpec } from "../../../kubernetes/objects.ts";
import { unused } from "../issues.ts";
import { buildRole, buildRoleBinding, type PolicyRule } from "../kinds/rbac.ts";
import { buildServiceAccount } from "../kinds/serviceaccount.ts";
import { groupLabels, type RoleContext } from "./role.ts";
import { hasSidecar } from "./sidecar.ts";

/**
 * How a workload runs: one pod per engine, or groups of pods. Each form has a separate ServiceAccount and separate
 * names.
 */
export type Form = "deployment" | "leaderWorkerSet";

/** The identity of a workload's pods. */
export interface Account {
  name: string;
  /** The known content of the ServiceAccount: its secrets and annotations are the credentials for storage. */
  account: ServiceAccount;
  /** Whether the plan creates the account, or the pods name an existing one. */
  isOwn: boolean;
}

/** The rights of the routing sidecar, which reads the API to forward only to pods of its own pool. */
const SIDECAR_RULES: PolicyRule[] = [
  { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] },
  {
    apiGroups: [KINDS.AlphaInferencePool, KINDS.InferencePool].map(({ apiVersion }) => groupOf(apiVersion)),
    resources: ["inferencepools"],
    verbs: ["get", "list", "watch"],
  },
];

const ACCESS: Readonly<Record<Form, { role: WorkloadChild; binding: WorkloadChild }>> = {
  deployment: { role: "sidecarRole", binding: "sidecarRoleBinding" },
  leaderWorkerSet: { role: "multiNodeRole", binding: "multiNodeRoleBinding" },
};

/** The ServiceAccount that pods name, or the separate one of a workload of this form. */
export function accountOf(context: RoleContext, form: Form): Account {
  const { service, workload } = context;
  const own = workloadNameOf(service.metadata.name, form, context);
  if (form === "leaderWorkerSet") warnOfSecondName(context);
  const named =
    workload.template?.serviceAccountName ||
    (form === "leaderWorkerSet" ? workload.worker?.serviceAccountName : undefined) ||
    own;
  if (named !== own) return { name: named, isOwn: false, account: lookUp(context, named) };
  return { name: own, isOwn: true, account: ownAccount(context, own, form) as ServiceAccount };
}

/** A group has one account: the leader's, if both kinds of pods name one. */
function warnOfSecondName({ workload: { template, worker }, path, report }: RoleContext): void {
  const [first, second] = [template?.serviceAccountName, worker?.serviceAccountName];
  if (!first || !second || first === second) return;
  const message = `all pods of a group use the ServiceAccount of the leader, ${first}`;
  report(unused(`${path}.worker.serviceAccountName`, message, `remove it, or write ${first}`));
}

/** Its secrets are those of the namespace's default account, so that it may pull the same images. */
function ownAccount(context: RoleContext, name: string, form: Form): KubernetesObject {
  const { service, known } = context;
  const { namespace } = service.metadata;
  const standard = known.get("v1", "ServiceAccount", namespace, "default") as ServiceAccount | undefined;
  return buildServiceAccount({
    name,
    namespace,
    labels: { ...accountLabels(service.metadata.name, form), ...groupLabels(context) },
    secrets: standard?.secrets,
    imagePullSecrets: standard?.imagePullSecrets,
  });
}

function accountLabels(service: string, form: Form): Record<string, string> {
  return labelsOf(service, form === "deployment" ? COMPONENT.workload : undefined);
}

function lookUp({ service, known, behaviour, report, path }: RoleContext, name: string): ServiceAccount {
  const { namespace } = service.metadata;
  const found = known.get("v1", "ServiceAccount", namespace, name) as ServiceAccount | undefined;
  if (found !== undefined) return found;
  report({
    code: "NotFound",
    severity: behaviour.unknownReferences,
    path: `${path}.template.serviceAccountName`,
    layer: "merged",
    message: `the ServiceAccount ${namespace}/${name} is not among the known objects; its credentials are not used`,
    fix: "create it, and pass it in `known` (-f)",
  });
  return { metadata: { name, namespace } };
}

/** The account itself, if the plan creates it. */
export function buildAccount({ account, isOwn }: Account): KubernetesObject[] {
  return isOwn ? [asObject(account)] : [];
}

/** The rights of a routing sidecar with this account to read pods and pools. */
export function buildSidecarAccess(
  context: RoleContext,
  { name: serviceAccount }: Account,
  form: Form,
): KubernetesObject[] {
  const { name, namespace } = context.service.metadata;
  const labels = { ...accountLabels(name, form), ...groupLabels(context) };
  const role = workloadNameOf(name, ACCESS[form].role, context);
  const binding = workloadNameOf(name, ACCESS[form].binding, context);
  return [
    buildRole({ name: role, namespace, labels, rules: SIDECAR_RULES }),
    buildRoleBinding({ name: binding, namespace, labels, role, serviceAccount }),
  ];
}

/**
 * Objects that KServe makes for the form that the service does not have, because its builders look at the same pod
 * template: nothing uses them.
 */
export function buildLeftovers(context: RoleContext): KubernetesObject[] {
  const { behaviour, role, workload } = context;
  const template: PodSpec | undefined = workload.template;
  if (!behaviour.leftovers || role === "prefill" || !hasSidecar(template)) return [];
  const form = workload.worker === undefined ? "leaderWorkerSet" : "deployment";
  const account = accountOf(context, form);
  if (form === "leaderWorkerSet") return account.isOwn ? [] : buildSidecarAccess(context, account, form);
  return [...buildAccount(account), ...buildSidecarAccess(context, account, form)];
}

import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import type { MaterializeContext } from "../context.ts";
import { buildResourceClaimTemplate } from "../kinds/resourceclaimtemplate.ts";
import { buildCaBundle } from "../storage/cabundle.ts";
import { buildLeftovers } from "./accounts.ts";
import { buildServingCertificate } from "./certificate.ts";
import { buildGroups } from "./groups.ts";
import { checkLabels, type RoleContext, rolesOf } from "./role.ts";
import { buildSingleNode } from "./singlenode.ts";
import { buildWorkloadService } from "./workloadservice.ts";

/** Deployments or LeaderWorkerSets with their Service, ServiceAccounts, RBAC, certificate and storage. */
export function buildWorkloads(context: MaterializeContext): KubernetesObject[] {
  return [
    ...buildCaBundle(context),
    ...buildServingCertificate(context),
    ...buildResourceClaimTemplate(context),
    ...rolesOf(context).flatMap(buildWorkload),
    buildWorkloadService(context),
  ];
}

function buildWorkload(context: RoleContext): KubernetesObject[] {
  checkLabels(context);
  const own = context.workload.worker === undefined ? buildSingleNode(context) : buildGroups(context);
  return [...buildLeftovers(context), ...own];
}

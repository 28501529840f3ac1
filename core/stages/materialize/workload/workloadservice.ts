import { COMPONENT, labelsOf, nameOf, PORT } from "../../../contract/names.ts";
import { servingPort } from "../../../knowledge/engine/ports.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import type { MaterializeContext } from "../context.ts";
import { buildService } from "../kinds/service.ts";
import { podAnnotationsOf, unlessEmpty } from "../metadata.ts";
import { servingSelector } from "./role.ts";

/** The Service over all pods that serve requests, both decode and prefill. */
export function buildWorkloadService(context: MaterializeContext): KubernetesObject {
  const { service, spec, settings, behaviour, group } = context;
  const { name, namespace } = service.metadata;
  // All replica groups share the Service, so it follows the service's own fields, not those of a group.
  const shared = group === undefined ? spec : service.spec;
  const protocol = settings.enableTLS ? "https" : "http";
  // KServe's Service leads to port 8000 whatever port the engine has (kserve/kserve#5669).
  const targetPort = behaviour.shorthands ? servingPort(spec.template) : PORT.service;
  const fixed = labelsOf(name, COMPONENT.workload);
  return buildService({
    name: nameOf(name, "workloadService"),
    namespace,
    labels: behaviour.selector === "podLabels" ? { ...fixed, ...shared.labels } : { ...shared.labels, ...fixed },
    annotations: unlessEmpty(podAnnotationsOf(shared)),
    type: "ClusterIP",
    selector: servingSelector(name),
    ports: [{ name: protocol, protocol: "TCP", appProtocol: protocol, port: PORT.service, targetPort }],
  });
}

import type { MaterializeContext } from "../../context.ts";
import { modelNames, modelsOf, neighboursOf } from "./members.ts";

/**
 * Reports which known services of the namespace answer to the same model names: their routes match the same header and
 * the same publisher's paths, and a gateway then serves only one of them. Services of one group share names on purpose.
 * Source: findModelNameCollisions in router_validation.go, KServe v0.20.0, where it is an event.
 */
export function checkCollisions(context: MaterializeContext): void {
  const { service, spec, report } = context;
  if (!spec.router?.route?.http?.spec) return;
  const own = modelNames(service.metadata.name, spec);
  const { group } = spec.router.route;
  const rivals = neighboursOf(context)
    .filter((peer) => group === undefined || peer.spec.router?.route?.group !== group)
    .filter((peer) => modelsOf(peer).some((model) => own.includes(model)))
    .map(({ metadata }) => metadata.name)
    .sort();
  if (rivals.length === 0) return;
  report({
    code: "Conflict",
    severity: "warning",
    path: "spec.model.name",
    layer: "merged",
    message: `${rivals.join(", ")} serves a model or adapter with the same name: the gateway routes this name to only one of the services`,
    fix: "use different model names, or add the services to one router.route.group",
  });
}

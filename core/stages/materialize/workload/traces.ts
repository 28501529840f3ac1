import type { PodSpec } from "../../../kubernetes/objects.ts";
import { MAIN, withContainer, withEnv } from "../../../kubernetes/pods.ts";
import { unused } from "../issues.ts";
import { hasArg, tracingEnv } from "../tracing.ts";
import { type RoleContext, servingRole } from "./role.ts";

const SERVICE = "inference-server";

/** Has the engine send its spans: what the user set himself, flag or variable, stays. */
export function withTraces(pod: PodSpec, context: RoleContext): PodSpec {
  const { tracing } = context.spec;
  if (tracing === undefined) return pod;
  const endpoint = tracing.exporterEndpoint;
  if (!endpoint) {
    const message = "engines send no traces, because tracing has no endpoint";
    context.report(unused("spec.tracing", message, "set tracing.exporterEndpoint"));
    return pod;
  }
  const env = tracingEnv(tracing, context.service, serviceName(context));
  const flags = { "--otlp-traces-endpoint": endpoint, "--collect-detailed-traces": "all" };
  return withContainer(pod, MAIN, (engine) => {
    const missing = Object.entries(flags).filter(([flag]) => !hasArg(engine.args, flag));
    return withEnv({ ...engine, args: [...(engine.args ?? []), ...missing.flat()] }, env);
  });
}

function serviceName(context: RoleContext): string {
  const role = servingRole(context);
  if (role !== "both") return `${SERVICE}-${role}`;
  return context.behaviour.undividedRole === "decode" ? `${SERVICE}-decode` : SERVICE;
}

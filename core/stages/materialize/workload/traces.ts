import { type EngineKind, engineOf } from "../../../knowledge/engine/engines.ts";
import { isWritten } from "../../../knowledge/engine/flags/flagplace.ts";
import type { Container, PodSpec } from "../../../kubernetes/objects.ts";
import { MAIN, withContainer, withEnv } from "../../../kubernetes/workloads/pods.ts";
import { unused } from "../issues.ts";
import { hasArg, tracingEnv } from "../tracing.ts";
import { type RoleContext, servingRole } from "./role.ts";

const SERVICE = "inference-server";

/** Makes the engine send its spans: a flag or variable that the user set stays. */
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
  const kind = engineOf(context.spec);
  const flags = FLAGS[kind](endpoint);
  const isSet = (engine: Container, flag: string): boolean =>
    context.behaviour.writtenFlags === "asText" ? hasArg(engine.args, flag) : isWritten(engine, flag, kind);
  return withContainer(pod, MAIN, (engine) => {
    const missing = flags.filter(([flag = ""]) => !isSet(engine, flag));
    return withEnv({ ...engine, args: [...(engine.args ?? []), ...missing.flat()] }, env);
  });
}

/**
 * By engine. Source of SGLang's: sglang/srt/observability/trace.py, which uses gRPC unless
 * OTEL_EXPORTER_OTLP_TRACES_PROTOCOL selects HTTP.
 */
const FLAGS: Readonly<Record<EngineKind, (endpoint: string) => string[][]>> = {
  vllm: (endpoint) => [
    ["--otlp-traces-endpoint", endpoint],
    ["--collect-detailed-traces", "all"],
  ],
  sglang: (endpoint) => [["--enable-trace"], ["--otlp-traces-endpoint", endpoint]],
};

function serviceName(context: RoleContext): string {
  const role = servingRole(context);
  if (role !== "both") return `${SERVICE}-${role}`;
  return context.behaviour.undividedRole === "decode" ? `${SERVICE}-decode` : SERVICE;
}

import type { ServiceAccount } from "kubernetes-types/core/v1.js";
import { COMPONENT, labelsOf, nameOf, PORT } from "../../../../contract/names.ts";
import {
  canCallTokenizer,
  effectiveConfig,
  hasPlugin,
  hasTokenizer,
  PLUGIN,
} from "../../../../knowledge/scheduler/config.ts";
import { STACKS } from "../../../../knowledge/stacks/stacks.ts";
import type { KubernetesObject } from "../../../../kubernetes/objects.ts";
import { MAIN } from "../../../../kubernetes/workloads/pods.ts";
import type { MaterializeContext } from "../../context.ts";
import { warning } from "../../issues.ts";
import { buildDeployment } from "../../kinds/deployment.ts";
import { buildService } from "../../kinds/service.ts";
import { attachModel } from "../../storage/attach.ts";
import { TOKENIZED_MODEL } from "../epp/eppprecise.ts";
import { buildSchedulerAccount } from "./account.ts";

/** The name of the port in its preset. */
const PORT_NAME = "render-http";

/** The address of the service's tokenizer; undefined if schedulers have it as a sidecar. */
export function tokenizerUrl({ service, spec, settings, behaviour }: MaterializeContext): string | undefined {
  if (!hasTokenizer(spec, behaviour)) return undefined;
  const { name, namespace } = service.metadata;
  const scheme = settings.enableTLS ? "https" : "http";
  return `${scheme}://${nameOf(name, "tokenizer")}.${namespace}.svc.cluster.local:${PORT.tokenizer}`;
}

/**
 * The tokenizer that the scheduler calls over HTTP, with its Service. It reads the model's files with the scheduler's
 * account. Source: tokenizer.go, KServe v0.21.
 */
export function buildTokenizer(context: MaterializeContext): KubernetesObject[] {
  if (!hasTokenizer(context.spec, context.behaviour)) return withoutTokenizer(context);
  const { name, namespace } = context.service.metadata;
  const labels = labelsOf(name, COMPONENT.tokenizer);
  const common = { name: nameOf(name, "tokenizer"), namespace, labels, selector: labels };
  const port = { name: PORT_NAME, port: PORT.tokenizer, targetPort: PORT_NAME, protocol: "TCP" };
  return [
    buildDeployment({ ...common, replicas: 1, podLabels: labels, podSpec: tokenizerPod(context) }),
    buildService({ ...common, ports: [port] }),
  ];
}

/** Presets are chosen before references are resolved: a configuration in a ConfigMap is read too late to add one. */
function withoutTokenizer({ spec, behaviour, stack, report }: MaterializeContext): [] {
  const isAsked =
    behaviour.tokenizer === "asPresets" &&
    !spec.router?.scheduler?.pool?.ref?.name &&
    canCallTokenizer(spec) &&
    hasPlugin(effectiveConfig(spec, behaviour), PLUGIN.tokens);
  if (!isAsked) return [];
  const message = `the plugin ${PLUGIN.tokens} of the scheduler calls a tokenizer, but the service has none`;
  const path = "spec.router.scheduler.tokenizer";
  if (stack.tokenizer.kind === "server") {
    const fix = "set router.scheduler.tokenizer to {}";
    report({ ...warning("MissingField", path, message, fix), fixes: [{ path, value: {} }] });
    return [];
  }
  const others = STACKS.filter(({ tokenizer }) => tokenizer.kind === "server").map(({ name }) => name);
  const fix = `set stack to ${others.join(" or ")}: the stack ${stack.name} has no preset for one`;
  report(warning("MissingField", path, message, fix));
  return [];
}

function tokenizerPod(context: MaterializeContext) {
  const { template = {}, tokenizer } = context.spec.router?.scheduler ?? {};
  const account = template.serviceAccountName ? buildSchedulerAccount(context).object : undefined;
  const request = {
    container: MAIN,
    mountPath: TOKENIZED_MODEL,
    ...(account && { serviceAccount: account as ServiceAccount }),
    adapters: false,
    path: "spec.router.scheduler.tokenizer.template",
  };
  return attachModel(tokenizer?.template ?? {}, request, context);
}

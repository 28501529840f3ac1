import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { COMPONENT_TYPE } from "../../core/contract/names.ts";
import { ROOT, type Target } from "./workspace.ts";

interface StateResource {
  urn: string;
  type: string;
  parent?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}
interface Workload {
  kind: string;
  name: string;
  replicas: number;
  gpus: string;
  nodeSelector: string;
}

/** What was created, according to the engine's state, and what to try next. */
export function summarize(run: {
  deployment: unknown;
  target: Target;
  rendered: string;
  changes: Partial<Record<string, number>>;
  seconds: string;
}): string {
  const resources = ((run.deployment as { resources?: StateResource[] })?.resources ?? []) as StateResource[];
  const services = resources.filter(({ type }) => type === COMPONENT_TYPE.service);
  const changed = Object.entries(run.changes).filter(([kind]) => kind !== "same");
  const total = resources.filter(({ type }) => type.startsWith("kubernetes:")).length;
  const lines = [
    "",
    changed.length === 0
      ? `Nothing changed (${total} objects, ${run.seconds} s).`
      : `Up in ${run.seconds} s: ${changed.map(([kind, count]) => `${count} ${kind}`).join(", ")} (${total} objects).`,
    ...services.flatMap((service) => describe(service, resources)),
    "",
    ...(run.target === "yaml" ? applying(run.rendered) : ["Deployed to the current kubeconfig."]),
    "Try next:",
    ...nextSteps(run.target).map(([command, why]) => `  ${command.padEnd(48)} ${why}`),
    "",
  ];
  return lines.join("\n");
}

/**
 * How to apply the rendered YAML. kubectl takes the files of a folder in the order of their names, in which objects of
 * `serving.kserve.io` come before their namespace: so the namespaces are applied first.
 */
function applying(rendered: string): string[] {
  const folder = relative(process.cwd(), rendered) || ".";
  const manifest = join(rendered, "1-manifest");
  const files = existsSync(manifest) ? readdirSync(manifest) : [];
  const namespaces = files.filter((file) => file.startsWith("v1-namespace-")).sort();
  const before = ["0-crd", ...namespaces.map((file) => `1-manifest/${file}`)];
  return [
    `YAML: ${folder}/0-crd and ${folder}/1-manifest. Apply it in this order:`,
    `  kubectl apply${before.map((path) => ` -f ${folder}/${path}`).join("")}`,
    `  kubectl wait --for=condition=Established -f ${folder}/0-crd`,
    `  kubectl apply -f ${folder}/1-manifest`,
  ];
}

function describe(service: StateResource, resources: readonly StateResource[]): string[] {
  const children = resources.filter(({ parent }) => parent === service.urn);
  const { url, mergedSpec } = (service.outputs ?? {}) as { url?: string; mergedSpec?: { model?: { uri?: string } } };
  const kinds = children.map(({ inputs }) => String(inputs?.["kind"]));
  return [
    "",
    `Service        ${service.urn.split("::").at(-1)}`,
    `Model          ${mergedSpec?.model?.uri ?? "?"}`,
    ...children
      .flatMap(workloadOf)
      .flatMap(({ kind, name, replicas, gpus, nodeSelector }) => [
        `${kind.padEnd(14)} ${name}: ${replicas} ${replicas === 1 ? "replica" : "replicas"}`,
        `GPUs           ${gpus}`,
        `Node selector  ${nodeSelector}`,
      ]),
    `Objects        ${kinds.join(", ")}`,
    `URL            ${url ?? "?"}`,
  ];
}

interface Template {
  spec?: {
    nodeSelector?: Record<string, string>;
    containers?: { resources?: { limits?: Record<string, string | number> } }[];
  };
}

function workloadOf({ inputs }: StateResource): Workload[] {
  const { kind, metadata, spec } = (inputs ?? {}) as {
    kind?: string;
    metadata?: { name?: string };
    spec?: {
      replicas?: number;
      template?: Template;
      leaderWorkerTemplate?: { workerTemplate?: Template; size?: number };
    };
  };
  if (kind !== "Deployment" && kind !== "LeaderWorkerSet") return [];
  const pod = (spec?.template ?? spec?.leaderWorkerTemplate?.workerTemplate)?.spec;
  const limits = (pod?.containers ?? []).flatMap(({ resources }) => Object.entries(resources?.limits ?? {}));
  const gpus = limits.filter(([name]) => name.includes("/")).map(([name, count]) => `${count} ${name} per pod`);
  const selector = Object.entries(pod?.nodeSelector ?? {}).map(([label, value]) => `${label}=${value}`);
  const replicas = spec?.replicas ?? 1;
  return [
    {
      kind,
      name: metadata?.name ?? "?",
      replicas,
      gpus: gpus.join(", ") || "none",
      nodeSelector: selector.join(", ") || "any node",
    },
  ];
}

function nextSteps(target: Target): [string, string][] {
  const again = target === "yaml" ? "" : " -- --cluster";
  return [
    [
      `$EDITOR ${relative(process.cwd(), `${ROOT}/examples/quickstart/index.ts`)}; npm run quickstart${again}`,
      "change it",
    ],
    target === "yaml"
      ? ["npm run quickstart -- --cluster", "deploy to the current kubeconfig"]
      : ["kubectl get llminferenceservices,deployments,pods", "see it run"],
    [`npm run quickstart -- --destroy${target === "yaml" ? "" : " --cluster"}`, "delete it again"],
  ];
}

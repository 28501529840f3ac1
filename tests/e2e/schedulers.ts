import { CONFIG_VERSIONS } from "../../core/knowledge/scheduler/configfields.ts";
import { isSchedulerSwitch, schedulerFlag } from "../../core/knowledge/scheduler/flags.ts";
import { parseGoFlags } from "../../core/knowledge/scheduler/goflags.ts";
import { PLUGIN_TYPES } from "../../core/knowledge/scheduler/plugins.ts";
import { type Spans, schedulerRelease, standingOf } from "../../core/knowledge/scheduler/releases.ts";
import { fromGoYaml } from "../../core/kubernetes/go/readgoyaml.ts";
import { listOf, objectOf } from "../../core/kubernetes/json.ts";
import type { Container, KubernetesObject, PodSpec } from "../../core/kubernetes/objects.ts";
import { fileServices, goldenServices, type NamedService } from "../core/services.ts";
import { renderedEverywhere } from "./rendered.ts";

/** The image of the endpoint picker that the toolchain has. */
const BUILT = "ghcr.io/llm-d/llm-d-inference-scheduler:v0.7.1";

export interface Scheduler {
  /** Services and stacks that have it. */
  from: string[];
  container: Container;
  /**
   * The flags, plugins and versions that the built release does not have, by the tables of core/knowledge/scheduler.
   */
  lacks: string[];
}

/**
 * The services of the goldens and of the examples' files, each unchanged and with the release of the scheduler that is
 * built.
 */
function services(): NamedService[] {
  return [...goldenServices(), ...fileServices()].flatMap(({ name, service, configs }) => {
    const older = withBuilt(objectOf(service));
    return [
      { name, service, configs },
      ...(older === undefined ? [] : [{ name: `${name} with 0.7.1`, service: older, configs }]),
    ];
  });
}

function withBuilt(service: ReturnType<typeof objectOf>): object | undefined {
  const spec = objectOf(service["spec"]);
  const router = objectOf(spec["router"]);
  if (router["scheduler"] === undefined) return undefined;
  const scheduler = {
    ...objectOf(router["scheduler"]),
    annotations: { "app.kubernetes.io/version": "0.7.1" },
    template: { containers: [{ name: "main", image: BUILT }] },
  };
  return { ...service, spec: { ...spec, router: { ...router, scheduler } } };
}

/**
 * Every scheduler of the goldens' and examples' services with each release of the stack, and of the examples' programs;
 * equal command lines only once.
 */
export async function schedulers(): Promise<Scheduler[]> {
  const found = new Map<string, Scheduler>();
  for (const { from, objects } of await renderedEverywhere(services())) {
    for (const container of objects.flatMap(pickers)) {
      const key = JSON.stringify([container.command, container.args]);
      const one = found.get(key) ?? { from: [], container, lacks: lacksOf(container) };
      one.from.push(from);
      found.set(key, one);
    }
  }
  return [...found.values()];
}

function pickers(object: KubernetesObject): Container[] {
  if (object.kind !== "Deployment" || !object.metadata.name.endsWith("-router-scheduler")) return [];
  const { template } = object.spec as { template: { spec: PodSpec } };
  return (template.spec.containers ?? []).filter(({ name }) => name === "main");
}

function lacksOf({ command = [], args = [] }: Container): string[] {
  const release = schedulerRelease(BUILT);
  if (release === undefined) throw new Error("the tables do not know the release that is built");
  const isThere = (spans: Spans | undefined): boolean =>
    spans !== undefined && standingOf(spans, release).is === "there";
  const { flags } = parseGoFlags([...command.slice(1), ...args], isSchedulerSwitch);
  const config = objectOf(fromGoYaml(flags.find(({ name }) => name === "config-text")?.value ?? ""));
  const plugins = listOf(config["plugins"]).map((plugin) => String(objectOf(plugin)["type"]));
  const version = String(config["apiVersion"]);
  return [
    ...flags.filter(({ name }) => !isThere(schedulerFlag(name))).map(({ name }) => name),
    ...plugins.filter((type) => !isThere(PLUGIN_TYPES.get(type))),
    ...(isThere(CONFIG_VERSIONS.get(version)) ? [] : [version.replace(/\/.*/, "")]),
  ];
}

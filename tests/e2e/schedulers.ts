import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { DEFAULT_SETTINGS } from "../../core/contract/parsesettings.ts";
import { CONFIG_VERSIONS } from "../../core/knowledge/scheduler/configfields.ts";
import { isSchedulerSwitch, schedulerFlag } from "../../core/knowledge/scheduler/flags.ts";
import { parseGoFlags } from "../../core/knowledge/scheduler/goflags.ts";
import { pluginType } from "../../core/knowledge/scheduler/plugins.ts";
import { type Spans, schedulerRelease, standingOf } from "../../core/knowledge/scheduler/releases.ts";
import { presets, STACKS } from "../../core/knowledge/stacks/stacks.ts";
import { listOf, objectOf } from "../../core/kubernetes/json.ts";
import type { Container, PodSpec } from "../../core/kubernetes/objects.ts";
import { fromGoYaml } from "../../core/kubernetes/readgoyaml.ts";
import { plan } from "../../core/plan.ts";
import { ROOT } from "./engine.ts";

/** The image of the endpoint picker that the toolchain has. */
const BUILT = "ghcr.io/llm-d/llm-d-inference-scheduler:v0.7.1";
const GOLDENS = join(ROOT, "tests/core/stages/materialize/goldens");

interface Scheduler {
  /** Services and stacks that have it. */
  from: string[];
  container: Container;
  /** What the built release does not have of its flags, plugins and versions, by the tables of core/knowledge/scheduler. */
  lacks: string[];
}

/** The services of the goldens, each as it is and with the release of the scheduler that is built. */
function services(): { name: string; service: object }[] {
  return readdirSync(GOLDENS).flatMap((file) => {
    const [given = ""] = readFileSync(join(GOLDENS, file), "utf8").split("---\n", 1);
    const [document] = parseAllDocuments(given);
    const service = objectOf(document?.toJS());
    const name = file.replace(/\.yaml$/, "");
    const older = withBuilt(service);
    return [{ name, service }, ...(older === undefined ? [] : [{ name: `${name} with 0.7.1`, service: older }])];
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

/** Every scheduler that the goldens' services have by each release of the stack; the same command line only once. */
export function schedulers(): Scheduler[] {
  const found = new Map<string, Scheduler>();
  for (const { name, service } of services()) {
    for (const stack of STACKS) {
      const { objects } = plan({
        service,
        configs: [...presets({ namespace: "kserve", stack })],
        settings: DEFAULT_SETTINGS,
      });
      for (const container of objects.flatMap(pickers)) {
        const key = JSON.stringify([container.command, container.args]);
        const one = found.get(key) ?? { from: [], container, lacks: lacksOf(container) };
        one.from.push(`${name}, ${stack.name}`);
        found.set(key, one);
      }
    }
  }
  return [...found.values()];
}

function pickers(object: { kind: string; metadata: { name: string }; spec?: unknown }): Container[] {
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
    ...plugins.filter((type) => !isThere(pluginType(type))),
    ...(isThere(CONFIG_VERSIONS.get(version)) ? [] : [version.replace(/\/.*/, "")]),
  ];
}

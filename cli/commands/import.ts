import { existsSync } from "node:fs";
import { join } from "node:path";
import { connect } from "../../cluster/client.ts";
import type { ClusterChoice } from "../../cluster/kubeconfig.ts";
import { execute, isAdopted, readManaged, runningController } from "../../cluster/managed.ts";
import { readKnown } from "../../core/contract/input/known.ts";
import { isFine } from "../../core/contract/issues/issue.ts";
import { type KubernetesObject, objectKey } from "../../core/kubernetes/objects.ts";
import { type Adoption, adoption, type Managed } from "../../core/views/import/adoption.ts";
import type { Difference } from "../../core/views/import/compare.ts";
import { handOver, orphans, type Step } from "../../core/views/import/handover.ts";
import { managedIn } from "../../core/views/import/managed.ts";
import { programOf } from "../../core/views/import/program.ts";
import { readDocuments, UnreadableInput } from "../input/input.ts";
import { eachOnce } from "../input/repeated.ts";
import { kubernetesObjects } from "../input/request.ts";
import { makeFolder, writeFile } from "../input/write.ts";
import { SECRET } from "../state/state.ts";
import { table } from "../text/table.ts";
import type { Result, Terminal } from "../text/terminal.ts";
import type { Line } from "../text/text.ts";

export interface ImportOptions extends ClusterChoice {
  file?: string[];
  namespace: string;
  systemNamespace: string;
  out?: string;
  restarts?: boolean;
  execute?: boolean;
}

interface Found {
  managed: Managed;
  adopted: Adoption;
  steps: Step[];
}

/**
 * Takes the services of a namespace over from KServe: writes the program and the import file, and prints how KServe
 * releases the objects; with `execute` it makes KServe release them.
 */
export async function importServices(
  names: readonly string[],
  options: ImportOptions,
  terminal: Terminal,
): Promise<Result> {
  if (options.execute && options.file !== undefined) {
    throw new UnreadableInput("--execute reads the live cluster and cannot be combined with --file: remove --file");
  }
  const objects = await readObjects(options, terminal);
  const { services, issues } = managedIn(objects, options.namespace);
  terminal.issues("settings", issues);
  const chosen = services.filter(({ service }) => names.length === 0 || names.includes(service.metadata.name));
  const missing = names.filter((name) => !chosen.some(({ service }) => service.metadata.name === name));
  if (chosen.length === 0 || missing.length > 0) {
    throw new UnreadableInput(`the namespace ${options.namespace} has no LLMInferenceService ${missing.join(", ")}`);
  }
  const found = chosen.map((managed): Found => {
    return { managed, adopted: adoption(managed), steps: handOver(managed.service, managed.objects) };
  });
  const code = options.execute ? await letGo(found, options, terminal) : write(found, options, terminal);
  return terminal.done(code);
}

async function readObjects(
  { file, namespace, systemNamespace, ...choice }: ImportOptions,
  terminal: Terminal,
): Promise<KubernetesObject[]> {
  if (file === undefined) return readManaged(await connect(choice), namespace, systemNamespace);
  const objects = eachOnce(readDocuments(file, terminal), terminal).flatMap((source) =>
    kubernetesObjects(source, terminal),
  );
  // The API server has judged the objects of a cluster; a file may have been edited.
  const { known, issues } = readKnown(objects, "export");
  terminal.issues("export", issues);
  return [...known];
}

function write(found: readonly Found[], { namespace, out, restarts }: ImportOptions, terminal: Terminal): number {
  const refused = found.filter((one) => !isAcceptable(one, restarts === true, terminal));
  for (const { adopted } of found) terminal.print(report(adopted));
  if (refused.length > 0) {
    terminal.tell(["no files are written: the plan of a service differs from what runs"]);
    return 1;
  }
  const files = programOf(
    namespace,
    found.map(({ adopted }) => adopted),
  );
  if (out !== undefined) {
    writeNew(out, files);
    terminal.print([`written to ${out}: ${Object.keys(files).sort().join(", ")}`]);
  }
  terminal.print(["", "After `pulumi import` and `pulumi up`, --execute releases the objects from KServe:"]);
  for (const { adopted, steps } of found) {
    terminal.print(steps.map(({ text }, index) => `${index + 1}. ${text}`));
    for (const { kind, metadata } of orphans(steps, adopted.plan.objects)) {
      terminal.print([`   ${kind} ${metadata.name} is then not managed by any owner`]);
    }
  }
  return 0;
}

/** Whether the plan matches what runs: no pod may restart, and nothing may be replaced. */
function isAcceptable({ adopted }: Found, restarts: boolean, terminal: Terminal): boolean {
  terminal.issues(adopted.service.metadata.name, adopted.plan.issues);
  const harsh = adopted.differences.filter(({ effect }) => effect === "restart" || effect === "replace");
  return isFine(adopted.plan.issues) && (restarts || harsh.length === 0);
}

function report({ service, compat, plan, differences }: Adoption): Line[] {
  const how = compat === undefined ? "without compat, with KServe's presets" : `with compat: ${compat}`;
  const { namespace = "default", name } = service.metadata;
  const head = `${namespace}/${name}: ${plan.objects.length} objects, planned ${how}`;
  return [head, ...(differences.length === 0 ? ["  identical to what runs"] : differencesText(differences))];
}

function differencesText(differences: readonly Difference[]): Line[] {
  const shown = (kind: string, value: unknown): string =>
    value === undefined ? "-" : kind === "Secret" ? SECRET : JSON.stringify(value);
  return table(differences, [
    { title: "OBJECT", cell: ({ kind, name }) => `${kind} ${name}` },
    { title: "FIELD", cell: ({ path }) => (path === "" ? "missing: it will be created" : path) },
    { title: "RUNS", cell: ({ kind, live }) => shown(kind, live), widest: 40 },
    { title: "PLANNED", cell: ({ kind, path, planned }) => (path === "" ? "" : shown(kind, planned)), widest: 40 },
    { title: "EFFECT", cell: ({ effect }) => effect },
  ]);
}

function writeNew(folder: string, files: Record<string, string>): void {
  const present = Object.keys(files).filter((name) => existsSync(join(folder, name)));
  if (present.length > 0)
    throw new UnreadableInput(`${folder} already contains ${present.join(", ")}: choose another folder`);
  makeFolder(folder);
  for (const [name, text] of Object.entries(files)) writeFile(join(folder, name), text);
}

/** Refuses while KServe would take the objects back, or while no other stack manages them. */
async function letGo(found: readonly Found[], options: ImportOptions, terminal: Terminal): Promise<number> {
  const cluster = await connect(options);
  const controller = await runningController(cluster);
  if (controller !== undefined) {
    terminal.tell([
      `KServe's controller is running and would take the objects back: scale ${controller} to 0 during the hand-over`,
    ]);
    return 1;
  }
  const waiting = found.flatMap(({ managed, adopted }) =>
    adopted.plan.objects.filter((planned) => {
      const live = managed.objects.find((object) => objectKey(object) === objectKey(planned));
      return live === undefined || !isAdopted(live);
    }),
  );
  for (const { kind, metadata } of waiting) {
    terminal.tell([
      `${kind} ${metadata.name} is not managed by Pulumi yet: run \`pulumi import\` and \`pulumi up\` first`,
    ]);
  }
  const refused = found.filter(({ adopted }) => !isFine(adopted.plan.issues));
  for (const { adopted } of refused) terminal.issues(adopted.service.metadata.name, adopted.plan.issues);
  if (waiting.length > 0 || refused.length > 0) return 1;
  for (const { steps } of found) await execute(steps, cluster, (step) => terminal.print([step]));
  return 0;
}

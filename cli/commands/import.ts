import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "../../cluster/client.ts";
import type { ClusterChoice } from "../../cluster/kubeconfig.ts";
import { execute, isAdopted, readManaged, runningController } from "../../cluster/managed.ts";
import { isFine } from "../../core/contract/issue.ts";
import { asObject, type KubernetesObject, objectKey } from "../../core/kubernetes/objects.ts";
import { type Adoption, adoption, type Managed } from "../../core/views/import/adoption.ts";
import type { Difference } from "../../core/views/import/compare.ts";
import { handOver, orphans, type Step } from "../../core/views/import/handover.ts";
import { managedIn } from "../../core/views/import/managed.ts";
import { programOf } from "../../core/views/import/program.ts";
import { readDocuments, UnreadableInput } from "../input.ts";
import { printIssues } from "../output.ts";
import { table } from "../table.ts";

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
 * Takes the services of a namespace over from KServe: writes the program and the import file, and tells how KServe lets go;
 * with `execute` it makes KServe let go. Returns the exit code.
 */
export async function importServices(names: readonly string[], options: ImportOptions): Promise<number> {
  if (options.execute && options.file !== undefined) {
    throw new UnreadableInput("--execute reads the cluster as it is now: leave out --file");
  }
  const objects = await readObjects(options);
  const { services, issues } = managedIn(objects, options.namespace);
  printIssues("settings", issues);
  const chosen = services.filter(({ service }) => names.length === 0 || names.includes(service.metadata.name));
  const missing = names.filter((name) => !chosen.some(({ service }) => service.metadata.name === name));
  if (chosen.length === 0 || missing.length > 0) {
    throw new UnreadableInput(`no LLMInferenceService ${missing.join(", ")} in the namespace ${options.namespace}`);
  }
  const found = chosen.map((managed): Found => {
    return { managed, adopted: adoption(managed), steps: handOver(managed.service, managed.objects) };
  });
  return options.execute ? await letGo(found, options) : write(found, options);
}

async function readObjects({
  file,
  namespace,
  systemNamespace,
  ...choice
}: ImportOptions): Promise<KubernetesObject[]> {
  if (file === undefined) return readManaged(await connect(choice), namespace, systemNamespace);
  return readDocuments(file).map(({ document }) => asObject(document));
}

function write(found: readonly Found[], { namespace, out, restarts }: ImportOptions): number {
  const refused = found.filter((one) => !isAcceptable(one, restarts === true));
  for (const { adopted } of found) process.stdout.write(report(adopted));
  if (refused.length > 0) {
    process.stderr.write("nothing is written: a service cannot be planned as it runs\n");
    return 1;
  }
  const files = programOf(
    namespace,
    found.map(({ adopted }) => adopted),
  );
  if (out !== undefined) {
    writeFiles(out, files);
    process.stdout.write(`written to ${out}: ${Object.keys(files).sort().join(", ")}\n`);
  }
  process.stdout.write(`\nKServe lets go, after \`pulumi import\` and \`pulumi up\`, by --execute:\n`);
  for (const { adopted, steps } of found) {
    process.stdout.write(steps.map(({ text }, index) => `${index + 1}. ${text}\n`).join(""));
    for (const { kind, metadata } of orphans(steps, adopted.plan.objects)) {
      process.stdout.write(`   ${kind} ${metadata.name} is managed by nobody then\n`);
    }
  }
  return 0;
}

/** Whether the plan is what runs: pods are not to be restarted, nor anything replaced. */
function isAcceptable({ adopted }: Found, restarts: boolean): boolean {
  printIssues(adopted.service.metadata.name, adopted.plan.issues);
  const harsh = adopted.differences.filter(({ effect }) => effect === "restart" || effect === "replace");
  return isFine(adopted.plan.issues) && (restarts || harsh.length === 0);
}

function report({ service, compat, plan, differences }: Adoption): string {
  const how = compat === undefined ? "by our own rules, with KServe's presets" : `with compat: ${compat}`;
  const head = `${service.metadata.namespace}/${service.metadata.name}: ${plan.objects.length} objects, planned ${how}\n`;
  if (differences.length === 0) return `${head}  as they run\n`;
  return `${head}${differencesText(differences)}`;
}

function differencesText(differences: readonly Difference[]): string {
  const shown = (value: unknown): string => (value === undefined ? "-" : JSON.stringify(value));
  return table(differences, [
    { title: "OBJECT", cell: ({ kind, name }) => `${kind} ${name}` },
    { title: "FIELD", cell: ({ path }) => (path === "" ? "not there: it will be made" : path) },
    { title: "RUNS", cell: ({ live }) => shown(live), widest: 40 },
    { title: "PLANNED", cell: ({ path, planned }) => (path === "" ? "" : shown(planned)), widest: 40 },
    { title: "EFFECT", cell: ({ effect }) => effect },
  ]);
}

function writeFiles(folder: string, files: Record<string, string>): void {
  mkdirSync(folder, { recursive: true });
  const present = Object.keys(files).filter((name) => existsSync(join(folder, name)));
  if (present.length > 0)
    throw new UnreadableInput(`${folder} has ${present.join(", ")} already: choose another folder`);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** Refuses while KServe would take back what it lets go, or while nobody else manages it. */
async function letGo(found: readonly Found[], options: ImportOptions): Promise<number> {
  const cluster = await connect(options);
  const controller = await runningController(cluster);
  if (controller !== undefined) {
    process.stderr.write(
      `KServe's controller runs, and would take back what it lets go: scale ${controller} to 0 meanwhile\n`,
    );
    return 1;
  }
  const waiting = found.flatMap(({ managed, adopted }) =>
    adopted.plan.objects.filter((planned) => {
      const live = managed.objects.find((object) => objectKey(object) === objectKey(planned));
      return live === undefined || !isAdopted(live);
    }),
  );
  for (const { kind, metadata } of waiting) {
    process.stderr.write(
      `${kind} ${metadata.name} is not Pulumi's yet: run \`pulumi import\` and \`pulumi up\` first\n`,
    );
  }
  const refused = found.filter(({ adopted }) => !isFine(adopted.plan.issues));
  for (const { adopted } of refused) printIssues(adopted.service.metadata.name, adopted.plan.issues);
  if (waiting.length > 0 || refused.length > 0) return 1;
  for (const { steps } of found) await execute(steps, cluster, (line) => void process.stdout.write(`${line}\n`));
  return 0;
}

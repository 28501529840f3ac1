import type { LLMInferenceServiceSpec } from "../../api/service.ts";
import type { ParallelismSpec } from "../../api/shorthands/parallelism.ts";
import type { Fix, Issue } from "../../contract/issues/issue.ts";
import { settingAt } from "../../contract/lowering.ts";
import { POD_PATH } from "../../contract/names.ts";
import type { Settings } from "../../contract/options/settings.ts";
import { ENGINE_TITLE, type EngineKind } from "../../knowledge/engine/engines.ts";
import { flagPath } from "../../knowledge/engine/flags/argfields.ts";
import { FLAG_READERS, placeOf } from "../../knowledge/engine/flags/flagplace.ts";
import { ENGINE_FLAGS } from "../../knowledge/engine/flags/known.ts";
import { withFlagInScript } from "../../knowledge/engine/flags/scriptflags.ts";
import { sglangSizes, sharesAttention } from "../../knowledge/engine/sglang/sizes.ts";
import { type EngineStart, engineStart } from "../../knowledge/engine/start/start.ts";
import type { Container } from "../../kubernetes/objects.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { runsOnRay } from "./devices.ts";
import type { DerivePlace } from "./place.ts";

/**
 * The parallel sizes inside one engine. Without `worker`, data-parallel copies are separate engines that do not know
 * each other, unless the container shares the attention of SGLang's between them.
 */
export function parallelFlags(
  parallelism: ParallelismSpec,
  grouped: boolean,
  engine: EngineKind,
  container: Container,
): string[] {
  if (engine !== "sglang") return vllmSizes(parallelism, grouped);
  const isShared = sharesAttention(engineStart(container, "sglang")?.args ?? []);
  return sglangSizes(parallelism, grouped, { sharesAttention: isShared });
}

function vllmSizes(parallelism: ParallelismSpec, grouped: boolean): string[] {
  const { tensor, pipeline, data, dataLocal, dataRPCPort, expert } = parallelism;
  const flag = (name: string, value: number | undefined): string[] =>
    value === undefined ? [] : [`--${name}=${value}`];
  return [
    ...flag("tensor-parallel-size", tensor),
    ...flag("pipeline-parallel-size", pipeline),
    ...(grouped ? flag("data-parallel-size", data) : flag("data-parallel-size", dataLocal)),
    ...(grouped ? flag("data-parallel-size-local", data === undefined ? undefined : (dataLocal ?? 1)) : []),
    ...(grouped ? flag("data-parallel-rpc-port", dataRPCPort) : []),
    ...(expert === true ? ["--enable-expert-parallel"] : []),
  ];
}

export function tlsFlags({ enableTLS }: Settings): string[] {
  if (!enableTLS) return [];
  return [
    `--ssl-certfile=${POD_PATH.certificates}/tls.crt`,
    `--ssl-keyfile=${POD_PATH.certificates}/tls.key`,
    "--enable-ssl-refresh",
  ];
}

export function trustFlags({ trustRemoteCode }: Pick<LLMInferenceServiceSpec, "trustRemoteCode">): string[] {
  return trustRemoteCode === true ? [TRUST] : [];
}

const TRUST = "--trust-remote-code";

/**
 * The container with the flags that its command line lacks. A flag with another value is a contradiction; an engine
 * other than vLLM has none of these flags, and none can be added to a script that does not pass on its arguments.
 */
export function withFlags(container: Container, flags: readonly string[], place: DerivePlace): Container {
  const { engine } = place;
  const { lines } = ENGINE_FLAGS[engine];
  const start = engineStart(container, engine);
  if (start === undefined) return container;
  const missing = flags.filter((flag) => {
    const [name = "", wanted = "true"] = flag.split("=");
    const written = lines.flagValue(start.args, name);
    if (written !== undefined && written !== wanted)
      place.report(flagConflict({ name, written, wanted }, container, start, place));
    return written === undefined;
  });
  if (missing.length === 0) return container;
  if (start.takesArgs) return { ...container, args: lines.mergeArgs(container.args ?? [], missing) };
  reportScript(
    start,
    runsOnRay(container, place) ? missing.filter((flag) => !isSize(flag, place.path)) : missing,
    place,
  );
  return container;
}

/** Ray may spread the ranks of a script over more pods than `parallelism` counts for one engine. */
function isSize(flag: string, path: string): boolean {
  return sourceOf(flag.split("=", 1)[0] ?? flag, path) === sizesPath(path);
}

interface Disagreement {
  name: string;
  written: string;
  wanted: string;
}

function flagConflict(
  { name, written, wanted }: Disagreement,
  container: Container,
  { takesArgs }: EngineStart,
  place: DerivePlace,
): Issue {
  const { path, provenance, engine } = place;
  const flag = ENGINE_FLAGS[engine].book.flagName(name);
  const { field, index, isScript } = placeOf(container, flag, FLAG_READERS[engine], takesArgs);
  const words = `${path}.${field}`;
  const { layer = "merged" } = provenance.get(flagPath(words, flag)) ?? provenance.get(words) ?? {};
  const source = settingOf(name, place) ?? sourceOf(name, path);
  const conflict = {
    code: "Conflict",
    path: `spec.${words}${index === undefined ? "" : `[${index}]`}`,
    layer,
    message: `${name} is ${written} in ${field} (${layer}), but ${source} sets it to ${wanted}`,
  } as const;
  return isScript === true
    ? { ...conflict, ...inScript({ name, written, wanted }, container, { source, path, engine }) }
    : {
        ...conflict,
        severity: "error",
        fix: `remove the flag; ${source} sets it`,
        fixes: [{ path: `spec.${words}[--${flag}]` }],
      };
}

/** What is said of a flag in a script: Ray may spread its ranks over more pods than `parallelism` counts for one engine. */
function inScript(
  { name, written, wanted }: Disagreement,
  container: Container,
  { source, path, engine, engineVersion }: Omit<DerivePlace, "provenance" | "report"> & { source: string },
): Pick<Issue, "severity" | "fix" | "fixes"> {
  const size = entryOf(SIZE_OF, name);
  if (size !== undefined && runsOnRay(container, { engineVersion }))
    return {
      severity: "warning",
      fix: `remove ${source}.${size}: the script sets it, and Ray places the ranks; write the number of devices of each pod into its resources.limits`,
    };
  const fixes = scriptFixes({ name, written, wanted }, container, { path, engine });
  return { severity: "error", fix: scriptFix({ name, written, wanted }, source), ...fixesOf(fixes) };
}

function fixesOf(fixes: readonly Fix[]): Pick<Issue, "fixes"> {
  return fixes.length === 0 ? {} : { fixes };
}

/** The script with the wanted flag, if it is the only word that sets the flag. */
function scriptFixes(
  { name, written, wanted }: Disagreement,
  container: Container,
  { path, engine }: Pick<DerivePlace, "path" | "engine">,
): Fix[] {
  const { book } = ENGINE_FLAGS[engine];
  const changed = (["command", "args"] as const).flatMap((field) =>
    (container[field] ?? []).flatMap((word, index): Fix[] => {
      const value = /\s/.test(word) ? withFlagInScript(word, { flag: name, written, wanted }, book) : undefined;
      return value === undefined ? [] : [{ path: `spec.${path}.${field}[${index}]`, value }];
    }),
  );
  return changed.length === 1 ? changed : [];
}

/** The field of `parallelism` that a flag follows from, whether or not the pods form a group. */
const SIZE_OF: Readonly<Record<string, string>> = {
  "--tensor-parallel-size": "tensor",
  "--pipeline-parallel-size": "pipeline",
};

/** The plan adds no flags to a script, so a flag that is removed there would be missing. */
function scriptFix({ name, written, wanted }: Disagreement, source: string): string {
  const size = entryOf(SIZE_OF, name);
  const other = size === undefined || !/^\d+$/.test(written) ? "" : `, or set ${source}.${size} to ${written}`;
  return `write ${wanted === "true" ? name : `${name}=${wanted}`} in the script${other}`;
}

/** A script may add flags that cannot be read, so no flag is known to be missing. */
function reportScript(
  { complete }: EngineStart,
  missing: readonly string[],
  { path, report, engine }: DerivePlace,
): void {
  if (!complete || missing.length === 0) return;
  const sources = [...new Set(missing.map((flag) => sourceOf(flag.split("=", 1)[0] ?? flag, path)))].join(" and ");
  const flags = missing.join(" ");
  report({
    code: "Conflict",
    severity: "warning",
    path: `spec.${path}.command`,
    layer: "merged",
    message: `the script starts ${ENGINE_TITLE[engine]} without ${flags}, which ${sources} requires, and the plan does not add flags to a script`,
    fix: `write ${flags} into the script`,
  });
}

/** The fields of the sizes that `tuning` may set. */
const SIZE_FIELDS: Readonly<Record<string, string>> = {
  "--tensor-parallel-size": "tensor",
  "--pipeline-parallel-size": "pipeline",
  "--enable-expert-parallel": "expert",
};

/** The field of `tuning` that a size comes from; undefined if it is one of `parallelism`. */
function settingOf(name: string, { path, provenance, written }: DerivePlace): string | undefined {
  const field = entryOf(SIZE_FIELDS, name);
  if (field === undefined) return undefined;
  const at = `${path.startsWith("prefill.") ? "prefill." : ""}parallelism.${field}`;
  return settingAt(`spec.${at}`, provenance.get(at)?.layer, written);
}

function sourceOf(name: string, path: string): string {
  if (name === TRUST) return "spec.trustRemoteCode";
  return name.startsWith("--ssl") || name === "--enable-ssl-refresh" ? "the TLS setting" : sizesPath(path);
}

function sizesPath(path: string): string {
  return `spec.${path.startsWith("prefill.") ? "prefill." : ""}parallelism`;
}

import { join } from "node:path";
import { WAYS } from "../../core/knowledge/stacks/platforms.ts";
import { PLATFORMS, type Stack } from "../../core/knowledge/stacks/stack.ts";
import { DEFAULT_STACK, STACKS } from "../../core/knowledge/stacks/stacks.ts";
import { table } from "./table.ts";

/** The page of docs/ with the parts of each release of the serving stack. */
export const STACKS_PAGE = join(import.meta.dirname, "../../docs/stacks.md");

/** How KServe's autoscaling modes reach llm-d's variant autoscaler. */
const DISCOVERY = {
  objects: "VariantAutoscaling objects",
  annotations: "annotations of the HPA or ScaledObject",
} as const;

export function stacksPage(): string {
  return [
    "# Releases of the serving stack",
    "",
    "This page is generated from `core/knowledge/stacks` (`npm run generate`).",
    "",
    "A release of the stack is a set of images and settings that belong together: the images of the engine by accelerator, of the scheduler, the",
    "sidecar and the tokenizer, their flags, and the way workloads scale. A platform names a release (`stack`). Its bundle and releases record it, so a",
    "service pins it together with the platform's release. A service, and each side of `kserve-llm diff`, can name another one: `kserve-llm diff service.yaml --stack-b NAME` shows what",
    `a move would change. The default is ${DEFAULT_STACK.name}, the oldest one, so a newer version of this package alone does not restart pods.`,
    "",
    "A platform's releases use the platform's `stack` unless they name another. A published release never changes, so write `stack` into the",
    "published releases before you move the platform.",
    ...STACKS.flatMap(sectionOf),
    "",
    "## What engines of a platform need",
    "",
    "The resource that the pod requests selects the image, unless one of your layers sets the image. The flags and variables of the platform are",
    "added unless a layer sets them. Images that name no user run as root.",
    "",
    ...table(
      ["platform", "resource", "flags and variables", "runs as root", "prefill and decode"],
      PLATFORMS.map((platform) => {
        const { title, resources, args = [], env = {}, runsAsRoot = false, noTransfer } = WAYS[platform];
        const ways = [...args, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
        const words = ways.map((way) => `\`${way}\``).join(" ");
        const resource = `\`${patternText(resources)}\``;
        return [
          title,
          resource,
          words,
          runsAsRoot ? "yes" : "no",
          noTransfer === undefined ? "yes" : `no: ${noTransfer}`,
        ];
      }),
    ),
    "",
  ].join("\n");
}

/** A pattern of resource names in a readable form: a whole name, or a beginning with an ellipsis. */
function patternText({ source }: RegExp): string {
  const text = source.replaceAll("\\", "").replace(/^\^/, "");
  return text.endsWith("$") ? text.slice(0, -1) : `${text}…`;
}

function sectionOf(stack: Stack): string[] {
  const { name, presetVersion, vllm, scheduler, sidecar, latencyPredictor, tokenizer, autoscaler, drain } = stack;
  const triggers = autoscaler.triggers === undefined ? "none" : "queue of the scheduler, requests of the engine";
  return [
    "",
    `## ${name}`,
    "",
    ...table(
      ["part", "what"],
      [
        ["presets", presetVersion],
        ["vLLM (CUDA)", vllm],
        ["scheduler", `\`${scheduler.image}\``],
        ["sidecar", `\`${sidecar.image}\``],
        ["tokenizer", `\`${tokenizer.image}\` (${tokenizer.kind})`],
        ["latency predictor", latencyPredictor.tag],
        ["variant autoscaler", `${autoscaler.variantAutoscaler}, by ${DISCOVERY[autoscaler.discovery]}`],
        ["default triggers of KEDA", triggers],
        ["drain", drain === undefined ? "by the engine's defaults" : "`--shutdown-timeout` from the grace period"],
        ["APIs", stack.apis.map(({ group, version, release }) => `${group}/${version} (${release})`).join(", ")],
      ],
    ),
    "",
    ...table(["platform", "image", "driver and firmware of the nodes", "source"], platformRows(stack)),
    ...sglangRows(stack),
  ];
}

/** The images of SGLang, for platforms that have one. */
function sglangRows({ sglang }: Stack): string[] {
  if (sglang === undefined) return [];
  const rows = PLATFORMS.flatMap((platform) => {
    const { image, accelerators = [], source } = sglang.engines[platform] ?? {};
    if (image === undefined) return [];
    const others = accelerators.map(([name, other]) => `\`${name.source}\`: \`${other}\``);
    return [[WAYS[platform].title, [`\`${image}\``, ...others].join("; "), source ?? ""]];
  });
  return ["", `SGLang ${sglang.version}:`, "", ...table(["platform", "image", "source"], rows)];
}

function platformRows({ engines, drivers }: Stack): string[][] {
  return PLATFORMS.map((platform) => {
    const engine = engines[platform];
    if (engine === undefined) return [WAYS[platform].title, "none: set the image", "", ""];
    const { image, roles = {}, source } = engine;
    const others = Object.entries(roles).map(([role, other]) => `${role}: \`${other}\``);
    const { what = "", atLeast } = drivers[platform] ?? {};
    const needed = atLeast === undefined ? what : `${what}, ${atLeast} or later`;
    return [WAYS[platform].title, [`\`${image}\``, ...others].join("; "), needed, source];
  });
}

import { entryOf } from "../../kubernetes/table.ts";

/** Releases of vLLM, and which one an image carries. */

/** A release in a form that compares: 0.11.2 is below 0.12. Undefined for a text that names none. */
export function releaseNumber(release: string): number | undefined {
  const found = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:\.(?:post)?(\d+))?/.exec(release);
  if (found === null) return undefined;
  const [major = 0, minor = 0, patch = 0, post = 0] = found.slice(1).map((part) => Number(part ?? 0));
  return ((major * 1000 + minor) * 1000 + patch) * 1000 + post;
}

/** From a release on, and until one that is no longer of it; a missing bound is open. */
export interface Span {
  from?: string;
  until?: string;
}

/** Where a release is with regard to a span. */
export function positionIn({ from, until }: Span, release: number): "before" | "inside" | "after" {
  if (from !== undefined && release < (releaseNumber(from) ?? 0)) return "before";
  return until !== undefined && release >= (releaseNumber(until) ?? 0) ? "after" : "inside";
}

/** Reads `NAME` or `NAME@FROM-UNTIL`, as the tables write it. */
export function readSpan(token: string): { name: string } & Span {
  const [name = "", range = "-"] = token.split("@");
  const [from, until] = range.split("-");
  return { name, ...(from && { from }), ...(until && { until }) };
}

interface ImageFamily {
  /** Matches the image without registry, tag and digest. */
  name: RegExp;
  /** The vLLM release by the tag's `MAJOR.MINOR`; without it the tag itself names the release. */
  releases?: Readonly<Record<string, string>>;
}

/**
 * Images whose vLLM is known. Source of llm-d's: the component summaries of its releases 0.8 and 0.9 (which name those before
 * them), for 0.3 and 0.4 the changes that set the version (llm-d/llm-d#365, #435). NVIDIA's: its vLLM release notes.
 */
const FAMILIES: readonly ImageFamily[] = [
  {
    name: /^llm-d\/llm-d-(cuda|aws|gke|rocm|xpu|cpu)$/,
    releases: { "0.3": "0.11.0", "0.4": "0.11.2", "0.7": "0.19.1", "0.8": "0.23.0", "0.9": "0.26.0" },
  },
  // Built from Intel's plugin, whose releases are not llm-d's; no tag tells which.
  { name: /^llm-d\/llm-d-hpu$/, releases: {} },
  { name: /^neuron\/pytorch-inference-vllm-neuronx$/, releases: { "0.16": "0.16.0", "0.21": "0.21.0" } },
  { name: /^nvidia\/vllm$/, releases: { "26.1": "0.11.1", "26.3": "0.17.1", "26.5": "0.20.1" } },
  { name: /(^|\/)vllm(-openai|-tpu|-cpu-release-repo)?(-[a-z0-9]+)?$/ },
];

/** The vLLM release of an image, by its name and tag; undefined where they do not tell. */
export function releaseOfImage(image: string): string | undefined {
  const { name, tag } = splitImage(image);
  const family = FAMILIES.find((one) => one.name.test(name));
  const [, major, minor] = /^v?(\d+)\.0*(\d+)/.exec(tag) ?? [];
  if (family === undefined || major === undefined) return undefined;
  if (family.releases !== undefined) return entryOf(family.releases, `${major}.${minor}`);
  return /^v?(0\.\d+\.\d+(?:\.(?:post)?\d+)?)/.exec(tag)?.[1];
}

/** Whether the image starts vLLM when it is given no command. */
export function isEngineImage(image: string): boolean {
  const { name } = splitImage(image);
  return FAMILIES.some((family) => family.name.test(name));
}

/** `REGISTRY/NAME:TAG@DIGEST`: name without the registry, and the tag, "" where there is none. */
function splitImage(image: string): { name: string; tag: string } {
  const [reference = ""] = image.split("@");
  const [, path = reference, tag = ""] = /^(.*?)(?::([^:/]+))?$/.exec(reference) ?? [];
  const parts = path.split("/");
  const [first = ""] = parts;
  const hasRegistry = parts.length > 1 && (/[.:]/.test(first) || first === "localhost");
  return { name: (hasRegistry ? parts.slice(1) : parts).join("/"), tag };
}

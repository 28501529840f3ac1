import { remembering } from "../../kubernetes/remember.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { STACKS } from "../stacks/stacks.ts";
import { ENGINE_TITLE } from "./engines.ts";

/** Images of engines: which vLLM an image contains, and which images contain another engine. */

/** `MAJOR.MINOR` of a tag. */
function seriesOf(tag: string): string | undefined {
  const [, major, minor] = /^v?(\d+)\.0*(\d+)/.exec(tag) ?? [];
  return major === undefined ? undefined : `${major}.${minor}`;
}

/** `REGISTRY/NAME:TAG@DIGEST`: the name without the registry, and the tag, "" without one. */
const splitImage = remembering((image): { name: string; tag: string } => {
  const [reference = ""] = image.split("@");
  const [, path = reference, tag = ""] = /^(.*?)(?::([^:/]+))?$/.exec(reference) ?? [];
  const parts = path.split("/");
  const [first = ""] = parts;
  const hasRegistry = parts.length > 1 && (/[.:]/.test(first) || first === "localhost");
  return { name: (hasRegistry ? parts.slice(1) : parts).join("/"), tag };
});

const OMNI = /(^|\/)vllm(-openai)?-omni(-[a-z0-9]+)?$/;

/** Whether a container runs vLLM-Omni, which assigns devices to its stages in a separate file. */
export function isOmni(image: string | undefined, args: readonly string[]): boolean {
  return args.includes("--omni") || OMNI.test(splitImage(image ?? "").name);
}

/** Images that vLLM itself publishes, under their name on Docker Hub: they contain no plugins. */
const OFFICIAL = /^(?:docker\.io\/)?vllm\/vllm-openai[:@]/;

/**
 * Whether `--omni` may be a flag of the image: it belongs to vLLM-Omni, which any image other than an official one of
 * vLLM may contain.
 */
export function mayReadOmni(image: string): boolean {
  return !OFFICIAL.test(image);
}

/** The tags of a release, for one of its versions of CUDA or one processor. */
const OF_RELEASE = /^v\d+\.\d+\.\d+(?:\.(?:post)?\d+)?(?:-(?:cu\d+|ubuntu\d+|x86_64|aarch64|arm64))*$/;

/** Whether an image is what vLLM publishes of a release: everything in it is in the tables of the release. */
export function isOfficialRelease(image: string): boolean {
  return OFFICIAL.test(image) && OF_RELEASE.test(splitImage(image).tag);
}

interface ImageFamily {
  /** Matches the image without registry, tag and digest. */
  name: RegExp;
  /** The vLLM release by the tag's version, or by its `MAJOR.MINOR`; without it the tag itself names the release. */
  releases?: Readonly<Record<string, string>>;
  /** If a tag does not start with the release, where it contains the release. */
  inTag?: RegExp;
  /** Whether its plugins read flags in addition to vLLM's own. */
  plugins?: true;
}

/** For the images of a platform that releases of the stack run: the release of vLLM by the tag's `MAJOR.MINOR`. */
function releasesOfStacks(platform: "cuda" | "neuron"): Record<string, string> {
  return Object.fromEntries(
    STACKS.flatMap((stack) => {
      const { image = "", vllm = platform === "cuda" ? stack.vllm : undefined } = stack.engines[platform] ?? {};
      const series = seriesOf(splitImage(image).tag);
      return series === undefined || vllm === undefined ? [] : [[series, vllm]];
    }),
  );
}

/** NVIDIA Dynamo's images by the tag's version. Source: the table of backends in the support matrix of its documentation, 0.6 to 1.5. */
const DYNAMO: Readonly<Record<string, string>> = {
  ...{ "0.6": "0.11.0", "0.7": "0.11.0", "0.8": "0.12.0", "0.9.0": "0.14.1" },
  ...{ "1.1.1": "0.19.0", "1.2.0": "0.20.1", "1.3.0": "0.23.0", "1.3.1": "0.23.0", "1.5.0": "0.28.0" },
};

/**
 * Images whose vLLM is known, the first that matches. Source of llm-d's before those that are a stack here: the component summary
 * of its release 0.8, for 0.3 and 0.4 the changes that set the version (llm-d/llm-d#365, #435). NVIDIA's: its vLLM
 * release notes; 26.02 as users of the image report it, and none for 26.01, of which notes (0.11.1) and users (0.13.0) differ. Red Hat's:
 * the product documentation of 3.0, the cards of models that RedHatAI validated on a release (3.2.5, 3.3.0), and the version that the
 * server prints (3.2.1, 3.2.4): its z-stream changes vLLM's minor release, so one that was not read is not known. AMD's: the table of previous
 * images in the documentation of ROCm. The tags of vLLM-Omni and of LMCache's images are releases of those projects, not of vLLM.
 */
const FAMILIES: readonly ImageFamily[] = [
  {
    name: /(^|\/)llm-d\/llm-d-(cuda|aws|gke|rocm|xpu|cpu)$/,
    releases: { "0.3": "0.11.0", "0.4": "0.11.2", "0.7": "0.19.1", ...releasesOfStacks("cuda") },
  },
  // Built from Intel's plugin, whose releases differ from llm-d's; no tag names the release.
  { name: /(^|\/)llm-d\/llm-d-hpu$/, releases: {}, plugins: true },
  { name: /(^|\/)neuron\/pytorch-inference-vllm-neuronx$/, releases: releasesOfStacks("neuron") },
  {
    name: /(^|\/)nvidia\/vllm$/,
    releases: { "25.10": "0.10.2", "26.2": "0.15.1", "26.3": "0.17.1", "26.5": "0.20.1", "26.10": "0.31.0" },
  },
  {
    name: /(^|\/)rhaiis\/vllm-(cuda|rocm)-rhel9$/,
    releases: { "3.0": "0.8.4", "3.2.1": "0.10.0", "3.2.4": "0.11.0", "3.2.5": "0.11.2", "3.3.0": "0.13.0" },
    plugins: true,
  },
  // For Red Hat's other images, and for the product under its later name, no release is known.
  { name: /(^|\/)rhaiis?(-preview|-early-access)?\/vllm-[a-z0-9]+-rhel9$/, releases: {}, plugins: true },
  { name: /(^|\/)ai-dynamo\/vllm-runtime$/, releases: DYNAMO },
  { name: /(^|\/)rocm\/vllm$/, inTag: /vllm_?(0\.\d+\.\d+(?:\.\d+)?)(?:_|$)/ },
  { name: OMNI, releases: {}, plugins: true },
  { name: /(^|\/)lmcache\/vllm-openai$/, releases: {}, plugins: true },
  { name: /(^|\/)vllm-openai(-[a-z0-9]+)?$/ },
  { name: /(^|\/)vllm-cpu-release-repo$/ },
  { name: /(^|\/)vllm(-(ascend|gaudi|hpu|metal|neuron|rbln|spyre))$/, plugins: true },
  // Intel's plugin for Gaudi: its release notes name the release of vLLM, 0.11.2 to 0.21.0, which is its own.
  { name: /(^|\/)habanalabs\/vllm-plugin-[\d.]+$/, plugins: true },
  { name: /(^|\/)vllm(-[a-z0-9]+)?$/ },
];

/** The vLLM release of an image, by its name and tag; undefined if they do not identify it. */
export const releaseOfImage = remembering((image): string | undefined => {
  const { name, tag } = splitImage(image);
  const { releases, inTag = RELEASE } = familyOf(name) ?? NONE;
  if (releases === undefined) return inTag.exec(tag)?.[1];
  const [version] = /^[\d.]+/.exec(tag.replace(/^v/, "")) ?? [];
  const series = seriesOf(tag);
  return (version && entryOf(releases, version)) ?? (series && entryOf(releases, series));
});

/** A tag that starts with vLLM's release. */
const RELEASE = /^v?(0\.\d+\.\d+(?:\.(?:post)?\d+)?)/;
const NONE: Pick<ImageFamily, "releases" | "inTag"> = { releases: {} };

/** Whether the image starts vLLM if no command is given. */
export function isEngineImage(image: string): boolean {
  return familyOf(splitImage(image).name) !== undefined;
}

/** Whether the image's vLLM has plugins that read additional flags: a flag that the table lacks may belong to them. */
export function hasPluginFlags(image: string): boolean {
  return familyOf(splitImage(image).name)?.plugins === true;
}

/**
 * Images of other engines, which do not contain `vllm`. Source: the names under which the projects publish them, NVIDIA
 * Dynamo's images of engines other than vLLM, and the deep learning images that AWS and Google build of them.
 */
const OTHERS: readonly { name: RegExp; engine: string }[] = [
  { name: /(^|\/)(sglang(-[a-z0-9]+)?|sgl-dev)$/, engine: ENGINE_TITLE.sglang },
  { name: /(^|\/)(tensorrt-llm(\/release)?|tensorrtllm-runtime|trtllm[a-z0-9-]*)$/, engine: "TensorRT-LLM" },
  { name: /(^|\/)tritonserver$/, engine: "Triton" },
  {
    name: /(^|\/)((huggingface-)?text-generation-inference[a-z0-9.-]*|huggingface-pytorch-tgi-inference|tgi[a-z0-9-]*)$/,
    engine: "Text Generation Inference",
  },
  { name: /(^|\/)llm-d-inference-sim$/, engine: "llm-d's simulator" },
  { name: /(^|\/)aphrodite-(openai|engine)$/, engine: "Aphrodite" },
  { name: /(^|\/)lmdeploy$/, engine: "LMDeploy" },
  { name: /(^|\/)lorax$/, engine: "LoRAX" },
  { name: /(^|\/)llama\.cpp$/, engine: "llama.cpp" },
  { name: /(^|\/)ollama$/, engine: "Ollama" },
  { name: /^nim\//, engine: "NVIDIA NIM" },
  { name: /(^|\/)(huggingface-)?text-embeddings-inference[a-z0-9.-]*$/, engine: "Text Embeddings Inference" },
  { name: /(^|\/)openvino\/model_server[a-z0-9-]*$/, engine: "OpenVINO Model Server" },
  { name: /(^|\/)huggingfaceserver(-[a-z0-9]+)?$/, engine: "KServe's Hugging Face server" },
  { name: /(^|\/)mindie[a-z0-9-]*$/, engine: "MindIE" },
  { name: /(^|\/)djl-(serving|inference)$/, engine: "DJL Serving" },
];

/** The SGLang release of an image, by its tag; undefined for another image, and if the tag does not contain it. */
export function sglangRelease(image: string): string | undefined {
  const { tag } = splitImage(image);
  return otherEngineOf(image) === ENGINE_TITLE.sglang ? /^v?(\d+\.\d+\.\d+(?:\.post\d+)?)/.exec(tag)?.[1] : undefined;
}

/** The engine other than vLLM that an image contains, if it is known. */
export const otherEngineOf = remembering((image): string | undefined => {
  const { name } = splitImage(image);
  return OTHERS.find((one) => one.name.test(name))?.engine;
});

/** Programs that run next to the engine. */
const BESIDE = /(^|\/)vllm-(benchmark|playground|router|sim|simulator|stack)$/;

const familyOf = remembering((name): ImageFamily | undefined => {
  if (BESIDE.test(name)) return undefined;
  return FAMILIES.find((family) => family.name.test(name));
});

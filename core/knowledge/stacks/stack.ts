import type { LLMInferenceServiceConfigSpec } from "../../api/service.ts";
import type { DefaultTrigger } from "../../contract/lowering.ts";

/** What an engine's image is built for: the vendor's software under vLLM. */
export const PLATFORMS = ["cuda", "rocm", "xpu", "hpu", "tpu", "neuron", "cpu"] as const;
export type Platform = (typeof PLATFORMS)[number];

/** What an engine is there for; images may differ, for only some can move KV blocks. */
export type Role = "general" | "decode" | "prefill";

/** The image of an engine; what runs in it besides is the platform's ({@link PlatformWays}). */
export interface EngineImage {
  image: string;
  /** Images for prefill and decode where they are others. */
  roles?: Partial<Readonly<Record<Role, string>>>;
  /** Images for accelerators that need another one, by their names in the catalogue. */
  accelerators?: readonly (readonly [name: RegExp, image: string])[];
  /** The release of vLLM in it, where it is not built with the image for CUDA and its tag is no release of vLLM. */
  vllm?: string;
  source: string;
}

type EngineImages = Partial<Readonly<Record<Platform, EngineImage>>> & Readonly<Record<"cuda", EngineImage>>;

/** SGLang as the other engine of a release. */
export interface SglangFacts {
  /** The release in its images. */
  version: string;
  engines: EngineImages;
}

/** What engines of a platform need beside the flags and variables of every engine. */
export interface PlatformWays {
  /** What people call it. */
  title: string;
  /** The extended resources that count its devices. */
  resources: RegExp;
  /** Whether its images name no user, so that they run as root: a pod that must not would be refused by the kubelet. */
  runsAsRoot?: boolean;
  /** Flags that are added where no layer sets them. */
  args?: readonly string[];
  /** Variables that are added where no layer sets them. */
  env?: Readonly<Record<string, string>>;
  /** Capabilities of the container beyond those of the presets. */
  capabilities?: readonly string[];
  /** Flags as the presets have them for CUDA, and what takes their place. */
  replaces?: Readonly<Record<string, string>>;
  /** Why the platform cannot move KV blocks as the presets do. */
  noTransfer?: string;
  source: string;
}

/** Driver and firmware that the nodes need. */
export interface DriverRequirement {
  /** What must be installed, for example `NVIDIA driver`. */
  what: string;
  /** The lowest version; undefined where the vendor names none. */
  atLeast?: string;
  /** The label of a node that tells the version, where an operator writes one: its parts, joined by dots. */
  nodeLabels?: readonly string[];
  source: string;
}

/** How llm-d's variant autoscaler discovers a workload: by a VariantAutoscaling object, or by annotations of the actuator. */
type VariantDiscovery = "objects" | "annotations";

interface AutoscalerFacts {
  /** Release of the variant autoscaler that goes with the stack. */
  variantAutoscaler: string;
  discovery: VariantDiscovery;
  /** What KEDA scales by where a service names no trigger; undefined where the release has no such way. */
  triggers?: readonly DefaultTrigger[];
  source: string;
}

export interface SchedulerFacts {
  image: string;
  version: string;
  /** The flag for how long the scheduler goes on after SIGTERM, where it has one. */
  drainFlag?: string;
  source: string;
}

export interface SidecarFacts {
  image: string;
  /** The flag for the port that the engine listens on. */
  portFlag: "vllm-port" | "model-server-port";
  source: string;
}

interface ImageFacts {
  image: string;
  source: string;
}

/** How an engine ends and what it logs; without it the engine's own ways. */
export interface DrainFacts {
  /** Paths whose requests are not logged: probes and metrics. */
  quietPaths: readonly string[];
  source: string;
}

/** An API of a cluster that the objects of this release use. */
interface ApiFacts {
  group: string;
  version: string;
  /** Release of the project that this stack was put together with. */
  release: string;
}

/** One release of the serving stack: all that names an image, a version or a flag of another project. */
export interface Stack {
  name: string;
  /** Version of the presets' content; bundles record it. */
  presetVersion: string;
  /** Release of vLLM in the image for CUDA. */
  vllm: string;
  engines: EngineImages;
  /** Undefined where the release has no presets for it. */
  sglang?: SglangFacts;
  scheduler: SchedulerFacts;
  sidecar: SidecarFacts;
  /** The latency predictor's two servers: what follows the name of each in its image. */
  latencyPredictor: { tag: string; source: string };
  /** Tokenizes for the scheduler: over a socket beside it, or as a server of its own. */
  tokenizer: ImageFacts & { kind: "socket" | "server" };
  autoscaler: AutoscalerFacts;
  drain?: DrainFacts;
  apis: readonly ApiFacts[];
  drivers: Partial<Readonly<Record<Platform, DriverRequirement>>>;
  /** The config defaults, under the names by which KServe looks its own up. */
  presets(): Readonly<Record<string, LLMInferenceServiceConfigSpec>>;
}

/** A release without its presets: what they are made of. */
export type StackFacts = Omit<Stack, "presets">;

import type { LLMInferenceServiceConfigSpec } from "../../api/service.ts";
import type { DefaultTrigger } from "../../contract/lowering.ts";

/** What an engine's image is built for: the vendor's software below vLLM. */
export const PLATFORMS = ["cuda", "rocm", "xpu", "hpu", "tpu", "neuron", "cpu"] as const;
export type Platform = (typeof PLATFORMS)[number];

/** The purpose of an engine; images may differ, because only some can transfer KV blocks. */
export type Role = "general" | "decode" | "prefill";

/** The image of an engine; its further needs are in {@link PlatformWays}. */
export interface EngineImage {
  image: string;
  /** Images for prefill and decode, if they differ. */
  roles?: Partial<Readonly<Record<Role, string>>>;
  /** Images for accelerators that need another one, by their names in the catalogue. */
  accelerators?: readonly (readonly [name: RegExp, image: string])[];
  /** The release of vLLM in it, if it differs from that of the image for CUDA and its tag is not a release of vLLM. */
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

/** What engines of a platform need in addition to the flags and variables of every engine. */
export interface PlatformWays {
  /** The usual name. */
  title: string;
  /** The extended resources that count its devices. */
  resources: RegExp;
  /** Whether its images set no user, so that they run as root: the kubelet would refuse a pod that must not. */
  runsAsRoot?: boolean;
  /** Flags that are added if no layer sets them. */
  args?: readonly string[];
  /** Variables that are added if no layer sets them. */
  env?: Readonly<Record<string, string>>;
  /** Capabilities of the container in addition to those of the presets. */
  capabilities?: readonly string[];
  /** Flags that the presets set for CUDA, and their replacements. */
  replaces?: Readonly<Record<string, string>>;
  /** Why the platform cannot transfer KV blocks as the presets do. */
  noTransfer?: string;
  source: string;
}

/** Driver and firmware that the nodes need. */
export interface DriverRequirement {
  /** What must be installed, for example `NVIDIA driver`. */
  what: string;
  /** The lowest version; undefined where the vendor names none. */
  atLeast?: string;
  /** The label of a node with the version, if an operator writes one: its parts, joined by dots. */
  nodeLabels?: readonly string[];
  source: string;
}

/** How llm-d's variant autoscaler discovers a workload: by a VariantAutoscaling object, or by annotations of the actuator. */
type VariantDiscovery = "objects" | "annotations";

interface AutoscalerFacts {
  /** Release of the variant autoscaler that goes with the stack. */
  variantAutoscaler: string;
  discovery: VariantDiscovery;
  /** The metric by which KEDA scales if a service names no trigger; undefined if the release has none. */
  triggers?: readonly DefaultTrigger[];
  source: string;
}

export interface SchedulerFacts {
  image: string;
  version: string;
  /** The flag for how long the scheduler continues after SIGTERM, if it has one. */
  drainFlag?: string;
  source: string;
}

export interface SidecarFacts {
  image: string;
  /** The flag for the port on which the engine listens. */
  portFlag: "vllm-port" | "model-server-port";
  source: string;
}

interface ImageFacts {
  image: string;
  source: string;
}

/** How an engine stops and what it logs; by default as the engine does itself. */
export interface DrainFacts {
  /** Paths whose requests are not logged: probes and metrics. */
  quietPaths: readonly string[];
  source: string;
}

/** An API of a cluster that the objects of this release use. */
interface ApiFacts {
  group: string;
  version: string;
  /** Release of the project with which this stack was tested. */
  release: string;
}

/** One release of the serving stack: every image, version and flag of another project. */
export interface Stack {
  name: string;
  /** Version of the presets' content; bundles record it. */
  presetVersion: string;
  /** Release of vLLM in the image for CUDA. */
  vllm: string;
  engines: EngineImages;
  /** Undefined if the release has no presets for it. */
  sglang?: SglangFacts;
  scheduler: SchedulerFacts;
  sidecar: SidecarFacts;
  /** The latency predictor's two servers: the suffix of each in its image. */
  latencyPredictor: { tag: string; source: string };
  /** Tokenizes for the scheduler: over a socket in its pod, or as a separate server. */
  tokenizer: ImageFacts & { kind: "socket" | "server" };
  autoscaler: AutoscalerFacts;
  drain?: DrainFacts;
  apis: readonly ApiFacts[];
  drivers: Partial<Readonly<Record<Platform, DriverRequirement>>>;
  /** The config defaults, under the names by which KServe looks its own up. */
  presets(): Readonly<Record<string, LLMInferenceServiceConfigSpec>>;
}

/** A release without its presets: the facts from which they are made. */
export type StackFacts = Omit<Stack, "presets">;

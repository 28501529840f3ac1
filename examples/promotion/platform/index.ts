import * as pulumi from "@pulumi/pulumi";
import { Platform } from "../../../components/index.ts";
import { target } from "../target.ts";

const config = new pulumi.Config();

// Each release is written out in full: what was published under a name never changes again.
const platform = new Platform(
  "serving",
  {
    namespace: { mode: config.get<"create" | "own">("namespaceMode") ?? "create" },
    releases: {
      "2026-10": {
        defaults: { workerSpec: { tuning: { gpuMemoryUtilization: 0.9 } } },
        accelerators: { "our-h100": { resource: "nvidia.com/gpu", memoryGiB: 80, pricePerHour: 2.4 } },
      },
      "2026-11": {
        defaults: {
          workerSpec: {
            tuning: { gpuMemoryUtilization: 0.92, maxNumSeqs: 256 },
            template: { containers: [{ name: "main", env: [{ name: "VLLM_LOGGING_LEVEL", value: "WARNING" }] }] },
          },
        },
        accelerators: { "our-h100": { resource: "nvidia.com/gpu", memoryGiB: 80, pricePerHour: 2.2 } },
      },
      ...config.getObject<Record<string, object>>("moreReleases"),
    },
    // Stacks that pin a release: the platform cannot remove the release while they do.
    consumers: config.getObject<string[]>("consumers") ?? [],
  },
  { providers: { kubernetes: target() } },
);

export const releases = platform.releases;
// For services that follow the platform and pin nothing.
export const bundle = platform.bundle;

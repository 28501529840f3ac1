import { GO_MODULE } from "./home.ts";

/**
 * Settings of each language's generator: names, and the releases of Pulumi and its kubernetes package that an SDK
 * needs. The SDKs carry the version, so that programs start the plugin of their own release.
 */
export const KUBERNETES = "4.34.2";

export const LANGUAGE = {
  nodejs: {
    packageName: "pulumi-kserve-llm-sdk",
    packageDescription: "KServe's LLMInferenceService for Pulumi: the SDK of the component provider",
    dependencies: { "@pulumi/kubernetes": `^${KUBERNETES}`, "@pulumi/pulumi": "^3.142.0" },
    devDependencies: { "@types/node": "^22", typescript: "^5.9.0" },
    respectSchemaVersion: true,
  },
  python: {
    packageName: "pulumi_kserve_llm",
    requires: { pulumi: ">=3.142.0,<4.0.0", "pulumi-kubernetes": `>=${KUBERNETES},<5.0.0` },
    pyproject: { enabled: true },
    inputTypes: "classes",
    respectSchemaVersion: true,
  },
  go: {
    importBasePath: `${GO_MODULE}/kservellm`,
    modulePath: GO_MODULE,
    generateResourceContainerTypes: true,
    respectSchemaVersion: true,
  },
  java: {
    basePackage: "com.pulumi",
    packages: { "kserve-llm": "kservellm" },
    buildFiles: "gradle",
    // What the SDK is compiled against: programs may choose newer ones. Of the kubernetes package only the types of pod templates are used.
    dependencies: { "com.pulumi:pulumi": "1.36.1", "com.pulumi:kubernetes": "4.0.0" },
  },
  csharp: {
    rootNamespace: "Pulumi",
    namespaces: { "kserve-llm": "KserveLlm" },
    packageReferences: { Pulumi: "3.*", "Pulumi.Kubernetes": "4.*" },
    respectSchemaVersion: true,
  },
} as const;

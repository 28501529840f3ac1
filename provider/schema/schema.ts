import type { z } from "zod";
import { structuralOf } from "../../core/kubernetes/schema/structural.ts";
import { configArgs, fitArgs, planArgs, platformArgs, serviceArgs } from "./arguments.ts";
import { DOWNLOAD_URL, LOGO_URL, PUBLISHER, REPOSITORY } from "./home.ts";
import { KUBERNETES, LANGUAGE } from "./language.ts";
import {
  configOutputs,
  explainOutputs,
  fitOutputs,
  platformOutputs,
  renderOutputs,
  serviceOutputs,
  validateOutputs,
} from "./outputs.ts";
import { type NamedTypeSpec, type ObjectTypeSpec, PACKAGE, type PropertySpec, TypeTable } from "./types.ts";

/** A package schema as the engine and the SDK generators read it. */
export interface PackageSchema {
  name: string;
  version: string;
  types: Record<string, NamedTypeSpec>;
  resources: Record<string, ResourceSpec>;
  functions: Record<string, FunctionSpec>;
  [field: string]: unknown;
}
export interface ResourceSpec {
  isComponent: true;
  description: string;
  inputProperties: Record<string, PropertySpec>;
  requiredInputs?: string[];
  properties: Record<string, PropertySpec>;
  required?: string[];
}
export interface FunctionSpec {
  description: string;
  inputs: ObjectTypeSpec;
  outputs: ObjectTypeSpec;
}

interface Entry {
  description: string;
  inputs: z.ZodType;
  outputs: z.ZodType;
}

const RESOURCES: Readonly<Record<string, Entry>> = {
  Platform: {
    description:
      "Installs what services need in a cluster: the CRDs of LLMInferenceService and LLMInferenceServiceConfig, the system namespace, and the config defaults in it.",
    inputs: platformArgs,
    outputs: platformOutputs,
  },
  LLMInferenceServiceConfig: {
    description:
      "A named set of defaults that services refer to in `baseRefs`. It requires the CRDs, so pass the platform. The object in the cluster has the format of KServe: shorthands such as `accelerator` and `tuning` are replaced by the fields that they set.",
    inputs: configArgs,
    outputs: configOutputs,
  },
  LLMInferenceService: {
    description:
      "Serves a large language model. The objects that KServe's controller would create for the service are the children of this component. They are planned from the arguments alone.",
    inputs: serviceArgs,
    outputs: serviceOutputs,
  },
};

const FUNCTIONS: Readonly<Record<string, Entry>> = {
  render: {
    description:
      "Plans a service and returns its Kubernetes objects, without a cluster. A service that is refused is an error.",
    inputs: planArgs,
    outputs: renderOutputs,
  },
  validate: {
    description: "Plans a service and returns whether it is valid, with all errors and warnings.",
    inputs: planArgs,
    outputs: validateOutputs,
  },
  explain: {
    description:
      "Returns for every leaf of the merged spec of a service which layer set it, and which values it overrode.",
    inputs: planArgs,
    outputs: explainOutputs,
  },
  fit: {
    description:
      "Returns for each role of a service whether the model fits into its accelerators, what needs the memory, and the limits of the role.",
    inputs: fitArgs,
    outputs: fitOutputs,
  },
};

/** The schema of the whole package. Pure: the same zod schemas and the same version give the same bytes. */
export function packageSchema(version: string): PackageSchema {
  const table = new TypeTable();
  const each = <T>(entries: Readonly<Record<string, Entry>>, make: (name: string, entry: Entry) => T) =>
    Object.fromEntries(
      Object.entries(entries).map(([name, entry]) => [`${PACKAGE}:index:${name}`, make(name, entry)] as const),
    );
  const resources = each(RESOURCES, (name, entry) => resourceOf(name, entry, table));
  const functions = each(FUNCTIONS, (name, entry) => functionOf(name, entry, table));
  return {
    name: PACKAGE,
    displayName: "KServe LLM",
    version,
    description:
      "KServe's LLMInferenceService on Kubernetes as a Pulumi component: no controller, and a preview of every object.",
    keywords: ["pulumi", "kubernetes", "kserve", "llm", "category/infrastructure", "kind/component"],
    license: "Apache-2.0",
    homepage: REPOSITORY,
    repository: REPOSITORY,
    logoUrl: LOGO_URL,
    pluginDownloadURL: DOWNLOAD_URL,
    publisher: PUBLISHER,
    namespace: PUBLISHER,
    meta: { moduleFormat: "(.*)" },
    language: LANGUAGE,
    config: {},
    provider: { description: "Serves the components; it has no configuration." },
    types: sorted(table.types),
    resources,
    functions,
    // The package whose types and resources those of this package are made of.
    dependencies: [{ name: "kubernetes", version: KUBERNETES }],
  };
}

function resourceOf(name: string, entry: Entry, table: TypeTable): ResourceSpec {
  const inputs = table.propertiesOf(structuralOf(entry.inputs), name);
  const outputs = table.propertiesOf(structuralOf(entry.outputs), name);
  return {
    isComponent: true,
    description: entry.description,
    inputProperties: inputs.properties,
    ...(inputs.required && { requiredInputs: inputs.required }),
    properties: outputs.properties,
    ...(outputs.required && { required: outputs.required }),
  };
}

function functionOf(name: string, entry: Entry, table: TypeTable): FunctionSpec {
  const inputs = table.propertiesOf(structuralOf(entry.inputs), name);
  const outputs = table.propertiesOf(structuralOf(entry.outputs), name);
  return {
    description: entry.description,
    inputs: { type: "object", ...inputs },
    outputs: { type: "object", ...outputs },
  };
}

function sorted<T>(map: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(map).sort(([one], [other]) => (one < other ? -1 : 1)));
}

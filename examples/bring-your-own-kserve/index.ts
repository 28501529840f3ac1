import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { parseAllDocuments } from "yaml";
import { LLMInferenceService, type LLMInferenceServiceArgs } from "../../components/index.ts";

const config = new pulumi.Config();
const folder = resolve(config.get("renderTo") ?? resolve(import.meta.dirname, "rendered"));
const kubernetes = new Provider("yaml", { renderYamlToDirectory: folder, kubeconfig: pulumi.output(undefined) });

interface Document {
  kind: string;
  metadata: { name: string; namespace?: string };
  spec: LLMInferenceServiceArgs;
}
const text = readFileSync(resolve(import.meta.dirname, "service.yaml"), "utf8");
const documents = parseAllDocuments(text).map((document) => document.toJS() as Document);

// The same file that `kserve-llm render -f service.yaml` takes: configs are what `baseRefs` may name, services are made.
const configs = documents.filter(({ kind }) => kind === "LLMInferenceServiceConfig");
for (const { kind, metadata, spec } of documents) {
  if (kind !== "LLMInferenceService") continue;
  new LLMInferenceService(metadata.name, { ...spec, metadata, configs }, { providers: { kubernetes } });
}

import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService, Platform } from "../../../components/index.ts";

/** Services on a platform, for disturbed runs: the number and the change come from the environment, which is fast. */
const count = Number(process.env["FAULTS_SERVICES"] ?? 1);
const level = process.env["FAULTS_LEVEL"] ?? "INFO";
const namespace = process.env["FAULTS_NAMESPACE"] ?? "faults";
const node = process.env["FAULTS_NODE"];
const patience = process.env["FAULTS_PATIENCE"];
const folder = process.env["FAULTS_RENDER"];
const providers = {
  kubernetes: new Provider("cluster", folder === undefined ? {} : { renderYamlToDirectory: folder }),
};

const crds = process.env["FAULTS_CRDS"] === "skip" ? "skip" : "install";
const isPlain = process.env["FAULTS_PLATFORM"] === "none";
const platform = isPlain
  ? undefined
  : new Platform("platform", { namespace: { name: `${namespace}-system`, mode: "own" }, crds }, { providers });
for (let index = 0; index < count; index++) {
  new LLMInferenceService(
    `chat-${index}`,
    {
      metadata: { namespace },
      ...(platform === undefined ? { record: false } : { platform }),
      model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "qwen" },
      operations: { podDisruptionBudget: true, networkPolicy: { from: [{ podSelector: {} }] } },
      template: {
        ...(node !== undefined && { nodeSelector: { "kubernetes.io/hostname": node } }),
        containers: [
          {
            name: "main",
            // A value that Pulumi keeps secret: it must stay secret through a recovery.
            env: [
              { name: "VLLM_LOGGING_LEVEL", value: level },
              { name: "VLLM_API_KEY", value: pulumi.secret("hunter2") },
            ],
          },
        ],
      },
    },
    { providers, ...(patience !== undefined && { customTimeouts: { create: patience, update: patience } }) },
  );
}

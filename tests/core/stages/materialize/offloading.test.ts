import assert from "node:assert/strict";
import { KSERVE_0_20 } from "../../../../core/contract/behaviour.ts";
import { engineIn, issuesIn, make, podIn } from "./given.ts";

const NIXL = { kv_connector: "NixlConnector", kv_role: "kv_both" };
const OFFLOADING = {
  kv_connector: "OffloadingConnector",
  kv_connector_extra_config: { cpu_bytes_to_use: 1073741824, spec_name: "TieringOffloadingSpec" },
  kv_role: "kv_both",
};

function transfer(args: string[] | undefined, kvCacheOffloading: object = { cpu: "1Gi" }) {
  const template = { containers: [{ name: "main", args }] };
  return make({ spec: { template, kvCacheOffloading } });
}
const configOf = (made: ReturnType<typeof transfer>) => {
  const flag = engineIn(made).args?.find((arg) => arg.startsWith("--kv-transfer-config="));
  return flag && JSON.parse(flag.slice("--kv-transfer-config=".length));
};

describe("KV-cache offloading", () => {
  it("is a connector of the engine", () => {
    assert.deepEqual(configOf(transfer(["model", "--x=1"])), OFFLOADING);
  });

  it("is combined with the connector that an engine has, or added to several", () => {
    const beside = configOf(transfer([`--kv-transfer-config=${JSON.stringify(NIXL)}`, "--x=1"]));
    const both = { kv_connector: "MultiConnector", kv_role: "kv_both" };
    assert.deepEqual(beside, { ...both, kv_connector_extra_config: { connectors: [NIXL, OFFLOADING] } });
    const several = { ...both, kv_connector_extra_config: { connectors: [NIXL, NIXL] } };
    const added = configOf(transfer(["--kv-transfer-config", JSON.stringify(several)]));
    assert.deepEqual(added.kv_connector_extra_config.connectors, [NIXL, NIXL, OFFLOADING]);
  });

  it("is combined with a connector in the engine's command, whose flag the later one replaces", () => {
    const command = ["vllm", "serve", "/mnt/models", `--kv_transfer_config=${JSON.stringify(NIXL)}`];
    const template = { containers: [{ name: "main", command }] };
    const { kv_connector_extra_config } = configOf(make({ spec: { template, kvCacheOffloading: { cpu: "1Gi" } } }));
    assert.deepEqual(kv_connector_extra_config.connectors, [NIXL, OFFLOADING]);
  });

  it("is reported if the engine already offloads, or if its value cannot be read", () => {
    for (const written of [JSON.stringify(OFFLOADING), "@file"]) {
      const made = transfer([`--kv-transfer-config=${written}`]);
      assert.deepEqual(engineIn(made).args, [`--kv-transfer-config=${written}`]);
      assert.deepEqual(issuesIn(made), ["warning UnusedField spec.kvCacheOffloading"]);
    }
  });

  it("adds to the volume at /dev/shm, which vLLM fills when it starts", () => {
    const limits = (sizeLimit: string | undefined, cpu: string): unknown => {
      const container = { name: "main", volumeMounts: [{ name: "dshm", mountPath: "/dev/shm" }] };
      const dshm = { name: "dshm", emptyDir: { medium: "Memory", ...(sizeLimit && { sizeLimit }) } };
      const other = { name: "other", emptyDir: { sizeLimit: "1Gi" } };
      const made = make({
        spec: { template: { containers: [container], volumes: [dshm, other] }, kvCacheOffloading: { cpu } },
      });
      const { volumes = [] } = podIn(made);
      return volumes.flatMap(({ name, emptyDir }) => (["dshm", "other"].includes(name) ? [emptyDir?.sizeLimit] : []));
    };
    assert.deepEqual(limits("1Gi", "100Gi"), ["101Gi", "1Gi"]);
    assert.deepEqual(limits("200Gi", "100Gi"), ["200Gi", "1Gi"]);
    assert.deepEqual(limits(undefined, "100Gi"), [undefined, "1Gi"]);
  });

  it("is set by the preset under compat", () => {
    const template = { containers: [{ name: "main", args: ["x"] }] };
    const made = make({ spec: { template, kvCacheOffloading: { cpu: "1Gi" } }, behaviour: KSERVE_0_20 });
    assert.deepEqual(engineIn(made).args, ["x"]);
  });

  it("mounts its tiers, and requests ephemeral storage for tiers on the node", () => {
    const tier = (fileSystem: object) => ({ fileSystem });
    const secondary = [
      tier({ emptyDir: { size: "20Gi" } }),
      tier({ pvc: { ref: { name: "cache", path: "kv" } } }),
      tier({ pvc: { spec: { storageClassName: "fast" } } }),
      tier({ emptyDir: { size: "512Mi" } }),
    ];
    const resources = { requests: { "ephemeral-storage": "1Gi" } };
    const template = { containers: [{ name: "main", resources }] };
    const made = make({ spec: { template, kvCacheOffloading: { cpu: "1Gi", secondary } } });
    const volumes = podIn(made).volumes?.filter(({ name }) => name.startsWith("kv-cache"));
    assert.deepEqual(volumes, [
      { name: "kv-cache-secondary-0", emptyDir: { sizeLimit: "20Gi" } },
      { name: "kv-cache-secondary-1", persistentVolumeClaim: { claimName: "cache" } },
      { name: "kv-cache-secondary-2", ephemeral: { volumeClaimTemplate: { spec: { storageClassName: "fast" } } } },
      { name: "kv-cache-secondary-3", emptyDir: { sizeLimit: "512Mi" } },
    ]);
    const mounts = engineIn(made).volumeMounts?.filter(({ name }) => name.startsWith("kv-cache"));
    assert.deepEqual(mounts?.slice(0, 2), [
      { name: "kv-cache-secondary-0", mountPath: "/mnt/kv-cache-0" },
      { name: "kv-cache-secondary-1", mountPath: "/mnt/kv-cache-1", subPath: "kv" },
    ]);
    assert.deepEqual(engineIn(made).resources?.requests, { "ephemeral-storage": "22016Mi" });
    assert.deepEqual(configOf(made).kv_connector_extra_config.secondary_tiers, [
      { root_dir: "/mnt/kv-cache-0", type: "fs" },
      { root_dir: "/mnt/kv-cache-1", type: "fs" },
      { root_dir: "/mnt/kv-cache-2", type: "fs" },
      { root_dir: "/mnt/kv-cache-3", type: "fs" },
    ]);
  });
});

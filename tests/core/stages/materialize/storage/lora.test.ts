import assert from "node:assert/strict";
import { KSERVE_0_20 } from "../../../../../core/contract/behaviour.ts";
import type { Container } from "../../../../../core/kubernetes/objects.ts";
import { engineIn, type Given, initializerIn, issuesIn, make, podIn } from "../given.ts";

const SQL = { name: "sql", uri: "hf://org/sql" };
const LAW = { name: "law", uri: "pvc://claim/law" };
const PROVISION = "kserve-provision-location";

function serve(lora: object, { container = {}, uri = "hf://org/model", ...given }: Given & Options = {}) {
  const template = { containers: [{ name: "main", ...container }] };
  return make({ ...given, spec: { template, model: { uri, name: "chat", lora } } });
}
interface Options {
  container?: Partial<Container>;
  uri?: string;
}
const module = (name: string, path: string) => JSON.stringify({ name, path });
const MODULES = [
  module("law", "/mnt/lora/law"),
  module("publishers/team/models/law", "/mnt/lora/law"),
  module("sql", "/mnt/lora/sql"),
  module("publishers/team/models/sql", "/mnt/lora/sql"),
];

describe("LoRA adapters", () => {
  it("are added after the engine's flags, by name and by publisher, in the order of their names", () => {
    const container = { args: ["/mnt/models", "--max-loras=2"] };
    const made = serve({ adapters: [SQL, LAW], maxRank: 32, maxAdapters: 4 }, { container });
    const added = ["--enable-lora", "--max-lora-rank=32", "--lora-modules", ...MODULES];
    assert.deepEqual(engineIn(made).args, ["/mnt/models", "--max-loras=2", ...added]);
  });

  it("are quoted for a command that evaluates its arguments", () => {
    const container = { command: ["/bin/bash", "-c", 'eval "vllm serve $@"', "--"], args: [] };
    const quoted = MODULES.map((one) => `'${one}'`);
    assert.deepEqual(engineIn(serve({ adapters: [SQL, LAW] }, { container })).args?.slice(2), quoted);
    const exec = { command: ["/bin/sh", "-c", 'exec vllm serve "$@"', "vllm"], args: [] };
    assert.deepEqual(engineIn(serve({ adapters: [SQL, LAW] }, { container: exec })).args?.slice(2), MODULES);
  });

  it("are quoted and come before all flags under KServe's rule", () => {
    const made = serve({ adapters: [SQL, LAW] }, { container: { args: ["--x"] }, behaviour: KSERVE_0_20 });
    const quoted = MODULES.map((one) => `'${one}'`);
    assert.deepEqual(engineIn(made).args, ["--enable-lora", "--lora-modules", ...quoted, "--x"]);
  });

  it("are downloaded with the model, each mounted at its own path", () => {
    const made = serve({ adapters: [SQL, LAW] });
    assert.deepEqual(initializerIn(made).args, ["hf://org/model", "/mnt/models", "hf://org/sql", "/mnt/lora/sql"]);
    assert.deepEqual(initializerIn(made).volumeMounts, [{ name: PROVISION, mountPath: "/mnt" }]);
    assert.deepEqual(engineIn(made).volumeMounts, [
      { name: PROVISION, mountPath: "/mnt/models", subPath: "models", readOnly: true },
      { name: PROVISION, mountPath: "/mnt/lora/sql", subPath: "lora/sql", readOnly: true },
      { name: "lora-pvc-law", mountPath: "/mnt/lora/law", readOnly: true, subPath: "law" },
    ]);
    assert.deepEqual(podIn(made).volumes, [
      { name: PROVISION, emptyDir: {} },
      { name: "lora-pvc-law", persistentVolumeClaim: { claimName: "claim" } },
    ]);
  });

  it("are downloaded below one mount under KServe's rule", () => {
    const made = serve({ adapters: [SQL] }, { behaviour: KSERVE_0_20 });
    assert.deepEqual(engineIn(made).volumeMounts, [{ name: PROVISION, mountPath: "/mnt", readOnly: true }]);
  });

  it("are downloaded even if the model is not, into the folder that the engine reads", () => {
    const claim = serve({ adapters: [SQL] }, { uri: "pvc://base" });
    assert.deepEqual(initializerIn(claim).args, ["hf://org/sql", "/mnt/lora/sql"]);
    assert.deepEqual(initializerIn(claim).volumeMounts, [{ name: PROVISION, mountPath: "/mnt/lora/sql" }]);
    const image = serve({ adapters: [SQL] }, { uri: "oci://registry/model" });
    assert.deepEqual(engineIn(image).volumeMounts, [{ name: PROVISION, mountPath: "/mnt" }]);
    assert.deepEqual(initializerIn(image).volumeMounts, [{ name: PROVISION, mountPath: "/mnt" }]);
  });

  it("are not loaded by an engine whose args set --lora-modules, which is reported", () => {
    const told: Partial<Container>[] = [
      { args: ["--lora-modules", "x=y"] },
      { args: ["--lora_modules", "x=y"] },
      { args: ["--lora-mod=x=y"] },
      { env: [{ name: "VLLM_ADDITIONAL_ARGS", value: "--lora-modules=x=y" }] },
      { env: [{ name: "VLLM_ADDITIONAL_ARGS", value: "--max-loras 2 --lora_modules 'x=y'" }] },
    ];
    for (const container of told) {
      const made = serve({ adapters: [LAW] }, { container });
      assert.deepEqual(engineIn(made).args, container.args);
      assert.equal(podIn(made).volumes?.at(-1)?.name, "lora-pvc-law");
      assert.deepEqual(issuesIn(made), ["warning UnusedField spec.model.lora.adapters"]);
    }
  });

  it("are found by the text of --lora-modules under KServe's rule", () => {
    const argsFor = (flag: string): readonly string[] | undefined =>
      engineIn(serve({ adapters: [LAW] }, { container: { args: [flag, "x=y"] }, behaviour: KSERVE_0_20 })).args;
    assert.deepEqual(argsFor("--lora-modules"), ["--lora-modules", "x=y"]);
    assert.deepEqual(argsFor("--lora_modules")?.slice(-2), ["--lora_modules", "x=y"]);
    assert.equal(argsFor("--lora_modules")?.includes("--lora-modules"), true);
  });

  it("get no second limit where the command or args set it in any form", () => {
    const words = ["vllm", "serve", "/mnt/models", "--max_lora_rank=64", "--enable_lora"];
    const added = engineIn(serve({ adapters: [SQL], maxRank: 32 }, { container: { command: words } })).args;
    assert.equal(added?.[0], "--lora-modules");
  });

  it("have separate folders: names that would share a folder are refused", () => {
    const twins = {
      adapters: [
        { ...SQL, name: "a b" },
        { ...SQL, name: "a/b" },
      ],
    };
    assert.deepEqual(issuesIn(serve(twins)), ["error Conflict spec.model.lora.adapters"]);
    assert.deepEqual(issuesIn(serve(twins, { behaviour: KSERVE_0_20 })), []);
    assert.match(engineIn(serve({ adapters: [{ ...SQL, name: ".." }] })).args?.at(-1) ?? "", /"\/mnt\/lora\/adapter"/);
  });

  it("on claims have separate volumes, whatever their names; under KServe's rule such a name is refused", () => {
    const adapters = ["My_Law", "my-law"].map((name) => ({ ...LAW, name }));
    const volumes = podIn(serve({ adapters })).volumes?.map(({ name }) => name);
    assert.deepEqual(volumes?.slice(1), ["lora-pvc-my-law-db1000ca", "lora-pvc-my-law"]);
    const issue = "error InvalidValue spec.model.lora.adapters";
    assert.deepEqual(issuesIn(serve({ adapters }, { behaviour: KSERVE_0_20 })), [issue]);
  });

  it("that do not exist leave limits without effect, which is reported", () => {
    const made = serve({ maxRank: 8, adapters: [] });
    assert.equal(engineIn(made).args, undefined);
    assert.deepEqual(issuesIn(made), ["warning UnusedField spec.model.lora.maxRank"]);
    const secret = { adapters: [{ ...SQL, confidential: { enabled: true } }] };
    assert.deepEqual(issuesIn(serve(secret)), ["warning UnusedField spec.model.lora.adapters[0].confidential"]);
  });
});

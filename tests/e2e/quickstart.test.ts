import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { eventually } from "../../tools/cluster/client.ts";
import { quickstart, ROOT, sharedFolder, startQuickstart, withFolder } from "./engine.ts";

interface Deployment {
  spec: {
    replicas: number;
    template: {
      spec: {
        nodeSelector: Record<string, string>;
        containers: {
          name: string;
          image: string;
          command?: string[];
          args?: string[];
          env?: { name: string; value?: string }[];
          resources: { limits: Record<string, string> };
        }[];
      };
    };
  };
}

function rendered(folder: string): string[] {
  const files = ["0-crd", "1-manifest"].flatMap((part) => {
    const dir = join(folder, "rendered", part);
    return existsSync(dir) ? readdirSync(dir).map((name) => join(dir, name)) : [];
  });
  return files.sort();
}

describe("npm run quickstart", () => {
  const shared = sharedFolder(() => ({}));
  let first: Promise<string> | undefined;
  /** Works on the deployment that such cases share; the last of them destroys it. Each case also runs alone. */
  async function whenUp(work: (folder: string, printed: string) => Promise<void>): Promise<void> {
    first ??= quickstart(shared());
    await work(shared(), await first);
  }

  it("renders the platform and the service, and a second run changes nothing", () =>
    whenUp(async (folder, first) => {
      for (const expected of [/Model +hf:\/\/Qwen\/Qwen2\.5-7B-Instruct/, /2 replicas/, /2 nvidia\.com\/gpu per pod/]) {
        assert.match(first, expected);
      }
      const files = rendered(folder);
      const file = files.find((name) => name.endsWith("apps_v1-deployment-default-chat-kserve.yaml"));
      assert.ok(file, files.join("\n"));
      const { spec } = parse(readFileSync(file, "utf8")) as Deployment;
      assert.equal(spec.replicas, 2);
      assert.match(JSON.stringify(spec.template.spec.nodeSelector), /H100/);
      const main = spec.template.spec.containers.find(({ name }) => name === "main");
      assert.ok(main);
      assert.match(main.image, /^ghcr\.io\/llm-d\/llm-d-cuda:v/);
      assert.equal(String(main.resources.limits["nvidia.com/gpu"]), "2");
      const args = [...(main.command ?? []), ...(main.args ?? [])].join(" ");
      for (const flag of [
        /--tensor-parallel-size[= ]2/,
        /--max-model-len[= ]32768/,
        /--gpu-memory-utilization[= ]0\.92/,
      ]) {
        assert.match(args, flag);
      }
      assert.equal(files.filter((name) => name.includes("customresourcedefinition")).length, 2);

      const times = files.map((name) => statSync(name).mtimeMs);
      assert.match(await quickstart(folder), /Nothing changed/);
      assert.deepEqual(rendered(folder), files);
      assert.deepEqual(
        files.map((name) => statSync(name).mtimeMs),
        times,
      );
    }));

  it("prints commands that apply the CRDs and the namespaces before what is in them", () =>
    whenUp(async (folder, printed) => {
      const commands = printed.split("\n").filter((line) => /^ +kubectl /.test(line));
      const paths = commands.map((line) =>
        [...line.matchAll(/ -f (\S+)/g)].map(([, path = ""]) => resolve(ROOT, path)),
      );
      const [crds, manifest] = [join(folder, "rendered/0-crd"), join(folder, "rendered/1-manifest")];
      const namespaces = readdirSync(manifest).filter((name) => name.startsWith("v1-namespace-"));
      assert.ok(namespaces.length > 0);
      assert.deepEqual(paths, [[crds, ...namespaces.map((name) => join(manifest, name))], [crds], [manifest]]);
      assert.deepEqual(
        commands.map((line) => line.trim().split(" ")[1]),
        ["apply", "wait", "apply"],
      );
    }));

  it("renders again after the folder was deleted", () =>
    whenUp(async (folder) => {
      const files = rendered(folder);
      rmSync(join(folder, "rendered"), { recursive: true });
      await quickstart(folder);
      assert.deepEqual(rendered(folder), files);
    }));

  it("continues after a run that was killed", () =>
    withFolder(async (folder) => {
      const running = await startQuickstart(folder);
      await eventually("the engine at work", async () =>
        /LLMInferenceService chat creating/.test(running.output()) ? true : undefined,
      );
      await running.kill();
      assert.match(await quickstart(folder), /Up in|Nothing changed/);
      assert.match(await quickstart(folder), /Nothing changed/);
    }));

  it("deletes all objects except the CRDs, and the CRDs on request", () =>
    whenUp(async (folder) => {
      first = undefined;
      await quickstart(folder, ["--destroy"]);
      assert.equal(rendered(folder).length, 2);
      assert.ok(rendered(folder).every((name) => name.includes("customresourcedefinition")));
      await quickstart(folder, ["--destroy", "--crds"]);
      assert.deepEqual(rendered(folder), []);
    }));

  it("prints its usage after a wrong option", () =>
    withFolder(async (folder) => {
      assert.match(await quickstart(folder, ["--crds"], undefined, 2), /--crds requires --destroy/);
      assert.match(await quickstart(folder, ["--clusterr"], undefined, 2), /npm run quickstart/);
    }));

  it("reports that no cluster can be reached", () =>
    withFolder(async (folder) => {
      const output = await quickstart(folder, ["--cluster"], undefined, 1);
      assert.match(output, /The kubeconfig .* does not exist/);
      assert.doesNotMatch(output, /^ {4}at /m);
    }));
});

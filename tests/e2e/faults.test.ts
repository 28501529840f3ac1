import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "../../tools/cluster/client.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { type Bed, openBed, PLAIN } from "../faults/bed.ts";
import { openFaults, type Project, UP } from "../faults/project.ts";
import { describeStrike, type Strike, survive } from "../faults/strike.ts";
import { withFolder } from "./engine.ts";

/** Moments of every stage; `npm run faults` tries all of them. */
const SAMPLE: readonly Strike[] = [
  { fault: "kill", stage: "up", at: 1, when: "before", next: "back", guarded: true },
  { fault: "kill", stage: "up", at: 1, when: "after", next: "same", guarded: true },
];

describe("a stack whose run is disturbed", () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster({ nodes: [{ name: "node-0" }] });
  });
  after(() => cluster?.stop());

  it("is right again after `kserve-llm recover` and the next run: no object is lost, left behind or there twice", () =>
    withFolder(async (folder) => {
      const bed: Bed = await openBed(cluster, folder, { name: "faults", platform: false });
      try {
        for (const strike of SAMPLE) {
          await survive(bed, strike).catch((error: Error) => {
            throw new Error(`${describeStrike(strike)}: ${error.message}`);
          });
        }
      } finally {
        await bed.stop();
      }
    }));
});

/** A file system of its own, so that it can be made read-only; undefined where that is not allowed. */
function mount(folder: string, kilobytes: number): (() => void) | undefined {
  mkdirSync(folder, { recursive: true });
  const options = ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", folder];
  if (spawnSync("mount", options).status !== 0) return undefined;
  return () => void spawnSync("umount", ["-l", folder]);
}

describe("a stack whose state cannot be written", () => {
  const rendered = (folder: string): Record<string, string> => ({ FAULTS_RENDER: join(folder, "rendered"), ...PLAIN });

  it("is as it was when the folder is read-only, and goes on when it is not", function () {
    return withFolder(async (folder) => {
      const project = await openFaults(folder, undefined, rendered(folder));
      const backend = join(folder, "backend");
      cpSync(backend, join(folder, "kept"), { recursive: true });
      const unmount = mount(backend, 4_096);
      if (unmount === undefined) return this.skip();
      try {
        cpSync(join(folder, "kept"), backend, { recursive: true });
        assert.equal(spawnSync("mount", ["-o", "remount,ro", backend]).status, 0);
        const { code, output } = await project.start(UP).ended;
        assert.notEqual(code, 0);
        assert.match(output, /read-only file system/);
        assert.equal(spawnSync("mount", ["-o", "remount,rw", backend]).status, 0);
        await goesOn(project);
      } finally {
        unmount();
      }
    });
  });

  it("refuses the second of two runs at once, and the first ends as if alone", () =>
    withFolder(async (folder) => {
      const project = await openFaults(folder, undefined, rendered(folder));
      const first = project.start(UP);
      const locks = join(folder, "backend/.pulumi/locks/organization/faults/test");
      const isLocked = async (): Promise<true | undefined> =>
        existsSync(locks) && readdirSync(locks).length > 0 ? true : undefined;
      await eventually("the first run to hold the lock", isLocked);
      const second = await project.start(UP).ended;
      assert.notEqual(second.code, 0);
      assert.match(second.output, /currently locked by 1 lock/);
      const { code, output } = await first.ended;
      assert.equal(code, 0, output);
      await goesOn(project);
    }));
});

/** `recover` puts right what there is to put right, `up` succeeds, and a second one changes nothing. */
async function goesOn(project: Project): Promise<void> {
  const { code, output } = await project.recover();
  assert.equal(code, 0, output);
  await project.run(UP);
  await project.run(["preview", "--expect-no-changes", "--non-interactive"]);
}

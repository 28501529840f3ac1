import assert from "node:assert/strict";
import { existsSync, readdirSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "../../tools/cluster/client.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { type Bed, levelled, openBed, PLAIN } from "../faults/bed.ts";
import { mountOver } from "../faults/disk.ts";
import { DESTROY, openFaults, type Project, UP } from "../faults/project.ts";
import { describeStrike, type Strike, survive } from "../faults/strike.ts";
import { sharedFolder, withFolder } from "./engine.ts";

/** Moments of every stage; `npm run faults` tries all of them. */
const SAMPLE: readonly Strike[] = [
  { fault: "kill", stage: "up", at: 1, when: "before", next: "back", guarded: true },
  { fault: "kill", stage: "up", at: 1, when: "after", next: "same", guarded: true },
  { fault: "kill", stage: "up", at: 3, when: "after", next: "same", guarded: true, stateAtEnd: true },
  { fault: "kill", stage: "update", at: 2, when: "after", next: "back", guarded: true },
  { fault: "state", stage: "up", at: 3, when: "after", next: "back", guarded: true },
  { fault: "lose", stage: "destroy", at: 2, when: "after", next: "back", guarded: true },
];

describe("a stack whose run is disturbed", () => {
  let cluster: Cluster;
  let bed: Bed;
  after(() => bed?.stop());
  const folder = sharedFolder(() => ({ cluster }));
  before(async () => {
    cluster = await startCluster({ nodes: [{ name: "node-0" }] });
    bed = await openBed(cluster, folder(), { name: "faults", platform: false });
  });

  it("is consistent after `kserve-llm recover` and the next run: no object is lost, left over or created twice", async () => {
    for (const strike of SAMPLE) {
      const outcome = await survive(bed, strike).catch((error: Error) => {
        throw new Error(`${describeStrike(strike)}: ${error.message}`);
      });
      assert.equal(outcome, "survived", describeStrike(strike));
    }
  });

  it("recovers after a full disk has truncated its state file and the copy of it", async () => {
    const level = bed.at ?? "INFO";
    await bed.project.run(UP, levelled(level));
    const file = join(folder(), "backend/.pulumi/stacks/faults/test.json");
    for (const damaged of [file, `${file}.bak`]) truncateSync(damaged, 4_096);
    assert.match((await bed.project.start(["stack", "export"]).ended).output, /failed to load checkpoint/);
    const recovered = await bed.project.recover();
    assert.equal(recovered.code, 0, recovered.output);
    assert.match(recovered.output, /The copy replaced the state file/);
    await bed.project.run([...UP, "--refresh"], levelled(level));
    await bed.agree(level);
    await bed.project.run(DESTROY);
  });
});

describe("a stack whose state cannot be written", () => {
  const rendered = (folder: string): Record<string, string> => ({ FAULTS_RENDER: join(folder, "rendered"), ...PLAIN });

  it("is unchanged when the folder is read-only, and can be updated when it is writable again", function () {
    return withFolder(async (folder) => {
      const project = await openFaults(folder, undefined, rendered(folder));
      const disk = mountOver(join(folder, "backend"));
      if (disk === undefined) return this.skip();
      try {
        disk.readOnly(true);
        const { code, output } = await project.start(UP).ended;
        assert.notEqual(code, 0);
        assert.match(output, /read-only file system/);
        disk.readOnly(false);
        await goesOn(project);
      } finally {
        disk.unmount();
      }
    });
  });

  it("refuses the second of two runs at once, and the first ends normally", () =>
    withFolder(async (folder) => {
      const project = await openFaults(folder, undefined, rendered(folder));
      const first = project.start(UP);
      const locks = join(folder, "backend/.pulumi/locks/organization/faults/test");
      const isLocked = async (): Promise<true | undefined> =>
        existsSync(locks) && readdirSync(locks).length > 0 ? true : undefined;
      await eventually("the first run to hold the lock", isLocked);
      first.halt();
      const second = await project.start(UP).ended.finally(() => first.proceed());
      assert.notEqual(second.code, 0);
      assert.match(second.output, /currently locked by 1 lock/);
      const { code, output } = await first.ended;
      assert.equal(code, 0, output);
      await goesOn(project);
    }));
});

/** `recover` repairs the state if necessary, `up` succeeds, and a second one changes nothing. */
async function goesOn(project: Project): Promise<void> {
  const { code, output } = await project.recover();
  assert.equal(code, 0, output);
  await project.run(UP);
  await project.run(["preview", "--expect-no-changes", "--non-interactive"]);
}

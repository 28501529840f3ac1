import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { DEFAULT_SETTINGS } from "../../../../core/contract/options/settings.ts";
import type { Container } from "../../../../core/kubernetes/objects.ts";
import { planOf } from "../check/plan.ts";

interface Case {
  name: string;
  main?: Omit<Container, "name">;
  /** Further containers of the pod. */
  extra?: Container[];
  /** More of the pod. */
  pod?: object;
  spec?: object;
  enableTLS?: boolean;
  args?: string[];
  gpus?: string;
  ports?: number[];
  probe?: number;
  /** Each as `SEVERITY CODE` and a part of its fix. */
  issues?: string[];
}

const CASES = parse(readFileSync(new URL("engines.yaml", import.meta.url), "utf8")) as Case[];
const QUIET = { NoAccelerator: "off", UnknownEngineVersion: "off", SharedMemory: "off", MemoryFit: "off" } as const;
/** Of codes that this stage reports. */
const OURS = /^(error|warning|info) (Conflict|InvalidFlagValue|UnusedField)/;

describe("values that are derived for an engine", () => {
  for (const { name, main, extra = [], pod, spec, enableTLS = false, args, gpus, ports, probe, issues = [] } of CASES) {
    it(name, () => {
      const own = main === undefined ? [] : [{ name: "main", ...main }];
      const template = { ...pod, containers: [...own, ...extra] };
      const written = { model: { uri: "hf://facebook/opt-125m" }, ...spec, template };
      const planned = planOf(written, { settings: { ...DEFAULT_SETTINGS, enableTLS }, checks: QUIET });
      const found = planned.issues.map(({ severity, code, fix }) => `${severity} ${code} ${fix}`);
      const shown = found.filter((line) => OURS.test(line));
      assert.equal(shown.length, issues.length, shown.join("\n"));
      for (const [i, issue] of issues.entries()) assert.ok(shown[i]?.startsWith(issue), shown[i]);
      const derived = planned.trace?.expanded.template?.containers?.[0];
      if (args !== undefined) assert.deepEqual(derived?.args ?? [], args);
      if (gpus !== undefined) assert.equal(derived?.resources?.limits?.["nvidia.com/gpu"], gpus);
      if (ports !== undefined)
        assert.deepEqual(
          derived?.ports?.map(({ containerPort }) => containerPort),
          ports,
        );
      if (probe !== undefined) assert.equal(derived?.startupProbe?.httpGet?.port, probe);
    });
  }
});

import { join } from "node:path";
import type { Compat } from "../../core/contract/behaviour.ts";

const SHARED = join(import.meta.dirname, "../../../shared");

/** Recorded outcomes of a release of KServe. They are not part of the repository: a bare clone has only the tests of our own. */
export interface Recorded {
  folder: string;
  /** How many results the judge counts. */
  results: number;
  /** Cases whose record is wrong by its own README, by name, with the reason: what fails there is no fault of the plan. */
  flawed: Readonly<Record<string, string>>;
}

export const RECORDED: Readonly<Record<Compat, Recorded>> = {
  "kserve-0.20": { folder: join(SHARED, "conformance"), results: 694, flawed: {} },
  "kserve-0.21": {
    folder: join(SHARED, "kserve-0.21"),
    results: 556,
    flawed: {
      "val-scale-cost-empty":
        "the verdict is that of the whole API server: KServe's Go types drop the empty text before the CRD sees it, so every stage by itself accepts the input",
    },
  },
};

/** The program that decides over emitted results of any release. */
export const JUDGE = join(SHARED, "conformance/judge.py");

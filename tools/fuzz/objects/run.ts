import { withCluster } from "../apiserver.ts";
import { type Cell, type Comparison, compare, mutantOf } from "./compare.ts";
import { Server } from "./server.ts";

const AT_ONCE = 6;

/** Compares the plan's verdicts with those of a real API server: the confusion table of N inputs. */
export function compareVerdicts(
  { seed, objects, first = 0 }: { seed: number; objects: number; first?: number },
  log: (line: string) => void,
): Promise<Comparison[]> {
  return withCluster(log, async (cluster) => {
    const server = new Server(cluster);
    const all: Comparison[] = [];
    for (let from = first; from < first + objects; from += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, first + objects - from) }, (_, at) =>
        mutantOf(seed, from + at),
      );
      all.push(...(await Promise.all(some.map((mutant) => compare(server, mutant)))));
    }
    log(`${server.sent.objects} objects and ${server.sent.pods} pods were sent`);
    return all;
  });
}

const CELLS: readonly Cell[] = [
  "both take it",
  "both refuse it",
  "the plan alone takes it",
  "the plan alone refuses it",
  "the kubelet alone refuses it",
  "refused before, by the server too",
  "refused before, and the server takes it",
  "refused before, and not sent",
];
/** The cells in which the two disagree without an excuse. */
export const WRONG: readonly Cell[] = ["the plan alone takes it", "the plan alone refuses it"];

export function confusionTable(all: readonly Comparison[]): string {
  const rows = CELLS.map((cell) => [cell, String(all.filter((one) => one.cell === cell).length)] as const);
  return rows.map(([cell, count]) => `${cell.padEnd(42)}${count.padStart(6)}`).join("\n");
}

/** The comparisons of a cell, each cause once. */
export function examplesOf(all: readonly Comparison[], cell: Cell, most: number): string[] {
  const seen = new Map<string, { one: Comparison; count: number }>();
  for (const one of all.filter((other) => other.cell === cell)) {
    const key = causeOf(one.server[0] ?? one.plan[0] ?? "");
    const before = seen.get(key);
    if (before === undefined) seen.set(key, { one, count: 1 });
    else before.count += 1;
  }
  const sorted = [...seen.values()].sort((a, b) => b.count - a.count);
  return sorted.slice(0, most).map(({ one, count }) => {
    const lines = [`× ${count}, input ${one.index} (${one.base}): ${one.changes.join("; ")}`];
    for (const text of one.plan.slice(0, 2)) lines.push(`  plan: ${text}`);
    for (const text of one.server.slice(0, 1)) lines.push(`  server: ${text.slice(0, 400)}`);
    return lines.join("\n");
  });
}

function causeOf(text: string): string {
  const [, reason = text] = /is invalid: (.*)$/s.exec(text) ?? [];
  return reason
    .replaceAll(/"[^"]*"/g, '"…"')
    .replaceAll(/\[[^\]]*\]/g, "[…]")
    .slice(0, 120);
}

import { roleAt } from "../../../contract/role.ts";
import { isEngineImage } from "../../../knowledge/engine/images.ts";
import { isWhole, scriptAt } from "../../../knowledge/engine/start/start.ts";
import type { CheckFinding, CheckSubject } from "../check.ts";
import type { Engine } from "../engine.ts";

/**
 * Flags that are known only in the pod. A note says so, because otherwise silence would look like a successful check.
 */
export function unreadFit({ role, path, start }: Engine, unknown: readonly string[]): CheckFinding {
  const what =
    start !== undefined && !isWhole(start)
      ? "a script, a variable or a file may give the engine more flags"
      : `the value of ${unknown.map((flag) => `--${flag}`).join(", ")} is known only in the pod`;
  return {
    code: "MemoryFit",
    severity: "info",
    path: roleAt(role),
    layer: "merged",
    message: `${what}, so the memory is not checked (${path})`,
    fix: "write the flags and their values into args",
  };
}

/** A container of vLLM whose start cannot be read: it runs a file, or a script that starts vLLM in several ways. */
export function judgeUnread({ engines }: CheckSubject): CheckFinding[] {
  const unread = engines.filter(({ isVllm, isSglang, pod, container }) => {
    const { image = "", command = [], args = [] } = container;
    return !(isVllm || isSglang) && pod === "template" && isEngineImage(image) && startsHidden([...command, ...args]);
  });
  return unread.map(({ role, path }) => ({
    code: "MemoryFit",
    severity: "info",
    path: roleAt(role),
    layer: "merged",
    message: `the plan cannot read how ${path} starts vLLM, so flags, parallelism and memory are not checked`,
    fix: "start the engine with one vllm serve, and write its flags into args",
  }));
}

/** Whether a command line runs a file, or a script that contains vLLM. */
function startsHidden(argv: readonly string[]): boolean {
  const script = scriptAt(argv);
  return script === undefined
    ? argv.some((word) => /\.(?:sh|bash|py)$/.test(word))
    : /\bvllm\b/.test(argv[script] ?? "");
}

import { inRole } from "../../../contract/role.ts";
import type { Json } from "../../../kubernetes/json.ts";
import type { CheckSubject } from "../check.ts";
import { type Engine, numberOf } from "../engine.ts";
import { hasFlag } from "../flagfixes.ts";
import { inVllmWords, ownFlag } from "../sglang/sglangwords.ts";

/** A size of an engine: its flag in vLLM's words, its field of `parallelism`, and its value. */
interface Size {
  flag: string;
  field: string;
  now: number;
}

const TENSOR = "tensor-parallel-size";
const PIPELINE = "pipeline-parallel-size";
const COPIES = ["data-parallel-size-local", "data-parallel-size"] as const;

/** The presets put each data-parallel rank of a group into one pod. */
export function lowerFix(engine: Engine, most: number, room: number, subject: CheckSubject): string {
  const { worker, parallelism = {} } = engine.workload;
  const lower = lowerSizes(inVllmWords(engine), room, subject);
  const all = lower ?? `lower ${nameOf(inVllmWords(engine), TENSOR, "tensor", subject)} to ${most} or less`;
  if (worker === undefined) return `spread the engine over pods with worker, or ${all}`;
  const { tensor = 1, data = 1 } = parallelism;
  if (tensor <= most || data < 2) return all;
  const at = inRole(engine.role, "");
  return `${all}, or remove ${at}parallelism.data and set ${at}replicas to ${data}: the plan then spreads the tensor-parallel ranks of each group over pods`;
}

/** The sizes that must shrink so that the ranks of a pod have room: first the stages, then the copies, then the ranks of a layer. */
function lowerSizes(engine: Engine, room: number, subject: CheckSubject): string | undefined {
  const { worker, parallelism = {} } = engine.workload;
  const isWhole = worker === undefined;
  const tensor: Size = { flag: TENSOR, field: "tensor", now: parallelism.tensor ?? numberOf(engine, TENSOR) ?? 1 };
  // The stages of a group are in several pods, and so are copies whose number in a pod is not set.
  const stages = isWhole ? (parallelism.pipeline ?? numberOf(engine, PIPELINE) ?? 1) : 1;
  const pipeline: Size = { flag: PIPELINE, field: "pipeline", now: stages };
  const flag = COPIES.find((one) => numberOf(engine, one) !== undefined && (isWhole || one === COPIES[0])) ?? COPIES[0];
  const copies: Size = { flag, field: "dataLocal", now: parallelism.dataLocal ?? numberOf(engine, flag) ?? 1 };
  const fewer = ({ now }: Size, others: number): number => Math.min(now, Math.max(1, Math.floor(room / others)));
  const least = fewer(pipeline, tensor.now * copies.now);
  const sizes = [
    { ...tensor, least: fewer(tensor, 1) },
    { ...pipeline, least },
    { ...copies, least: fewer(copies, tensor.now * least) },
  ].filter((one) => one.least < one.now);
  if (sizes.length === 0) return undefined;
  return `lower ${sizes.map((one) => `${nameOf(engine, one.flag, one.field, subject)} to ${one.least}${one.least > 1 ? " or less" : ""}`).join(" and ")}`;
}

/** What sets a size: the flag where a layer writes it, otherwise the field of its role. */
function nameOf(engine: Engine, flag: string, field: string, subject: CheckSubject): string {
  const own = ownFlag(engine, flag, subject);
  if (own.engine !== engine) return `--${own.flag}`;
  const at = engine.role === "prefill" ? ["prefill"] : [];
  const isFlag = subject.layers?.some(({ spec }) => hasFlag(spec as Json, at, flag)) === true;
  return isFlag ? `--${flag}` : inRole(engine.role, `parallelism.${field}`);
}

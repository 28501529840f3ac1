import type { Fix } from "../../../contract/issues/issue.ts";
import type { Json } from "../../../kubernetes/json.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { type CheckSubject, SIZE_FIELDS } from "../check.ts";
import { type Engine, numberOf } from "../engine.ts";
import { flagAt, hasFlag } from "../flagfixes.ts";
import { ownFlag, ownSize } from "../sglang/sglangwords.ts";
import { countFixes } from "./devicecounts.ts";
import { devicesOf } from "./devices.ts";

/** Another size of an engine, at the place where the layers set it: in its args, otherwise in `parallelism`. */
export function sizeFix(engine: Engine, flag: string, value: number | boolean, subject: CheckSubject): Fix[] {
  const { layers = [] } = subject;
  const own = ownFlag(engine, flag, subject);
  if (own.engine !== engine && typeof value === "number")
    return [{ path: flagAt(own.engine, own.flag), value: String(ownSize(own, value)) }];
  const field = entryOf(SIZE_FIELDS, flag);
  const at = engine.role === "prefill" ? ["prefill"] : [];
  const isFlag = layers.some(({ spec }) => hasFlag(spec as Json, at, flag));
  if (isFlag || field === undefined) return [{ path: flagAt(engine, flag), value: String(value) }];
  return [{ path: ["spec", ...at, "parallelism", field].join("."), value }];
}

/**
 * Another tensor-parallel size, with as many accelerators as it needs if the service sets their number itself. None if
 * the other role would have to follow, or if no node has so many.
 */
export function tensorFixes(engine: Engine, tensor: number, subject: CheckSubject): Fix[] {
  const devices = devicesOf(engine, subject);
  const before = numberOf(engine, "tensor-parallel-size") ?? 1;
  const count = ((devices?.count ?? 0) * tensor) / before;
  const most = devices?.accelerator?.devicesPerNode ?? 8;
  if (devices === undefined || subject.spec.prefill !== undefined || count > most || !Number.isInteger(count))
    return [];
  const counted = countFixes(subject.service, devices.resource, count);
  return [...sizeFix(engine, "tensor-parallel-size", tensor, subject), ...counted];
}

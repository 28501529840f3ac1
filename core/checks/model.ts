import { modelOf } from "../models/catalogue.ts";
import { factsOf, type ModelFacts } from "../models/facts.ts";
import type { CheckInput } from "./check.ts";

/** The shape of a service's model: as it is given, else the catalogue's for its URI or name. */
export function factsFor({ modelInfo, spec }: Pick<CheckInput, "modelInfo" | "spec">): ModelFacts | undefined {
  const known = modelOf(spec.model ?? {});
  if (modelInfo === undefined) return known;
  const { weightBytes } = modelInfo;
  return factsOf(modelInfo) ?? (known && { ...known, ...(weightBytes !== undefined && { weightBytes }) });
}

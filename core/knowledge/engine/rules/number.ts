import { remembering } from "../../../kubernetes/remember.ts";

/** A whole number or a fraction; `4k` and `4K` as vLLM reads them. Undefined for everything else, such as a value that is known only in the pod. */
export function readNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : numberIn(text);
}

const numberIn = remembering((text): number | undefined => {
  const [, digits, unit = ""] = /^(-?\d+(?:\.\d+)?|-?\.\d+)([kKmMgGtT]?)$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const power = ["", "k", "m", "g", "t"].indexOf(unit.toLowerCase());
  return Number(digits) * (unit === unit.toLowerCase() ? 1000 : 1024) ** power;
});

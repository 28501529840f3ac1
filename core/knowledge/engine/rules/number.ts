import { remembering } from "../../../kubernetes/remember.ts";

/**
 * A number as Python reads it (`8_192`, `+8`, `9e-1`), and `4k` and `4K` as vLLM does. Undefined for everything else,
 * such as a value that is known only in the pod.
 */
export function readNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : numberIn(text);
}

const numberIn = remembering((text): number | undefined => {
  const [, digits, unit = ""] = FORM.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const power = ["", "k", "m", "g", "t"].indexOf(unit.toLowerCase());
  return Number(digits.replaceAll("_", "")) * (unit === unit.toLowerCase() ? 1000 : 1024) ** power;
});

const FORM = /^\s*([+-]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)([kKmMgGtT]?)\s*$/;

/** A plain scalar of YAML, as JSON holds it. */
export type Plain = null | boolean | number | string;

/** The meaning of a plain scalar for the two kinds of readers. */
export interface Readings {
  /** For kubectl: YAML 1.1 as sigs.k8s.io/yaml resolves it. */
  kubectl: Plain;
  /** For readers of YAML 1.2. */
  core: Plain;
}

const NULLS = new Set(["", "~", "null", "Null", "NULL"]);
const TRUE = new Set(["true", "True", "TRUE"]);
const FALSE = new Set(["false", "False", "FALSE"]);
const ALSO_TRUE = new Set(["y", "Y", "yes", "Yes", "YES", "on", "On", "ON"]);
const ALSO_FALSE = new Set(["n", "N", "no", "No", "NO", "off", "Off", "OFF"]);
const INFINITE = /^[-+]?\.(inf|Inf|INF)$/;
const NOT_A_NUMBER = /^\.(nan|NaN|NAN)$/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
/** An integer as Go's ParseInt reads it with base 0: a leading zero without a letter makes it octal. */
const GO_INTEGER = /^[-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)$/;
const CORE_INTEGER = /^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/;

/**
 * Both readings of a plain scalar. Base 60 and timestamps are texts for kubectl too, and a number that exceeds every
 * float stays a text there. Source: resolve.go of go.yaml.in/yaml v2.4, which sigs.k8s.io/yaml 1.6 uses.
 */
export function readingsOf(text: string): Readings {
  return { kubectl: kubectlReading(text), core: coreReading(text) };
}

function kubectlReading(text: string): Plain {
  if (ALSO_TRUE.has(text)) return true;
  if (ALSO_FALSE.has(text)) return false;
  const named = namedValue(text);
  if (named !== undefined) return named;
  const plain = /^([-+0-9]|\.[^_])/.test(text) ? text.replaceAll("_", "") : text;
  if (GO_INTEGER.test(plain)) return goInteger(plain);
  if (!FLOAT.test(plain)) return text;
  return Number.isFinite(Number(plain)) ? Number(plain) : text;
}

function coreReading(text: string): Plain {
  const named = namedValue(text);
  if (named !== undefined) return named;
  return CORE_INTEGER.test(text) || FLOAT.test(text) ? Number(text) : text;
}

/** Words that both readers write in the same way. */
function namedValue(text: string): Plain | undefined {
  if (NULLS.has(text)) return null;
  if (TRUE.has(text)) return true;
  if (FALSE.has(text)) return false;
  if (NOT_A_NUMBER.test(text)) return Number.NaN;
  if (INFINITE.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  return undefined;
}

function goInteger(text: string): number {
  const sign = text.startsWith("-") ? -1n : 1n;
  const digits = text.replace(/^[-+]/, "").replace(/^0(?=[0-7])/, "0o");
  return Number(sign * BigInt(digits));
}

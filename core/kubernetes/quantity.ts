/**
 * Kubernetes quantities as its API writes them back: `0.5` is `500m`, `1024Mi` is `1Gi`.
 * Source: ParseQuantity and CanonicalizeBytes of k8s.io/apimachinery/pkg/api/resource v0.34.
 */

type Format = "decimal" | "exponent" | "binary";

/** value × 10^scale, exactly. */
interface Amount {
  value: bigint;
  scale: number;
}

const DECIMAL: Record<string, number> = { n: -9, u: -6, m: -3, "": 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY: Record<string, number> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const QUANTITY = /^([+-]?)(\d*)(?:\.(\d*))?([A-Za-z]*|[eE][+-]?\d+)$/;
const NANO = -9;

/** The canonical text of a quantity; undefined when it is none. */
export function canonicalQuantity(quantity: string | number): string | undefined {
  const text = String(quantity).trim();
  const [, sign = "", whole = "", fraction = "", suffix = ""] = QUANTITY.exec(text) ?? [];
  if (whole === "" && fraction === "") return undefined;
  const kind = readSuffix(suffix);
  if (kind === undefined) return undefined;
  const digits = (whole.replace(/^0+/, "") || "0") + fraction;
  if (isWrittenAsIs(digits, fraction, kind)) return text;
  const magnitude = roundUpToNano({
    value: BigInt(digits) << BigInt(kind.format === "binary" ? kind.exponent : 0),
    scale: (kind.format === "binary" ? 0 : kind.exponent) - fraction.length,
  });
  return writeAmount(sign === "-" ? { ...magnitude, value: -magnitude.value } : magnitude, kind.format);
}

function readSuffix(suffix: string): { format: Format; exponent: number } | undefined {
  const decimal = DECIMAL[suffix];
  if (decimal !== undefined) return { format: "decimal", exponent: decimal };
  const binary = BINARY[suffix];
  if (binary !== undefined) return { format: "binary", exponent: binary };
  return /^[eE][+-]?\d+$/.test(suffix) ? { format: "exponent", exponent: Number(suffix.slice(1)) } : undefined;
}

/** Texts that the API keeps, because its quick test takes them for canonical ones (`1.500` is, `1.50` is not). */
function isWrittenAsIs(digits: string, fraction: string, kind: { format: Format; exponent: number }): boolean {
  if (digits.length > 15) return false;
  if (kind.format === "binary")
    return fraction === "" && (Number(digits) & 7) !== 0 && fitsBinary(digits, kind.exponent);
  const scale = kind.exponent - fraction.length;
  return scale >= NANO && scale % 3 === 0 && !digits.endsWith("000") && !digits.startsWith("0");
}

function fitsBinary(digits: string, exponent: number): boolean {
  return 15 - digits.length - Math.trunc(exponent * 0.3) - 1 >= 0;
}

function roundUpToNano({ value, scale }: Amount): Amount {
  if (scale >= NANO) return { value, scale };
  const unit = 10n ** BigInt(NANO - scale);
  return { value: (value + unit - 1n) / unit, scale: NANO };
}

function writeAmount(amount: Amount, format: Format): string {
  if (amount.value === 0n) return "0";
  const asBinary = format === "binary" && isWhole(amount) && !isBelow1024(amount);
  return asBinary ? writeBinary(amount) : writeDecimal(amount, format);
}

function isWhole({ value, scale }: Amount): boolean {
  return scale >= 0 || value % 10n ** BigInt(-scale) === 0n;
}

function isBelow1024({ value, scale }: Amount): boolean {
  const size = value < 0n ? -value : value;
  return scale < 0 ? size < 1024n * 10n ** BigInt(-scale) : size * 10n ** BigInt(scale) < 1024n;
}

function writeBinary({ value, scale }: Amount): string {
  const unit = 10n ** BigInt(Math.abs(scale));
  let amount = scale < 0 ? value / unit : value * unit;
  let exponent = 0;
  while (amount !== 0n && amount % 1024n === 0n && exponent < 60) {
    amount /= 1024n;
    exponent += 10;
  }
  const suffix = Object.keys(BINARY).find((name) => BINARY[name] === exponent) ?? "";
  return `${amount}${suffix}`;
}

function writeDecimal(amount: Amount, format: Format): string {
  let { value, scale } = amount;
  while (value % 10n === 0n) {
    value /= 10n;
    scale += 1;
  }
  while (scale % 3 !== 0) {
    value *= 10n;
    scale -= 1;
  }
  if (format === "exponent") return scale === 0 ? `${value}` : `${value}e${scale}`;
  const suffix = Object.keys(DECIMAL).find((name) => DECIMAL[name] === scale) ?? "";
  return `${value}${suffix}`;
}

/** The sum of two quantities, exactly, in the first one's format; in the second's where the first is zero. */
export function addQuantities(one: string | number, other: string | number): string {
  const [first, second] = [readAmount(one), readAmount(other)];
  const scale = Math.min(first.scale, second.scale);
  const format = first.value === 0n ? second.format : first.format;
  return writeAmount({ value: inScale(first, scale) + inScale(second, scale), scale }, format);
}

/** Whether one quantity is less than (-1), the same as (0) or more than (1) another, exactly. */
export function compareQuantities(one: string | number, other: string | number): -1 | 0 | 1 {
  const [first, second] = [readAmount(one), readAmount(other)];
  const scale = Math.min(first.scale, second.scale);
  const difference = inScale(first, scale) - inScale(second, scale);
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

function inScale({ value, scale }: Amount, to: number): bigint {
  return value * 10n ** BigInt(scale - to);
}

/** A quantity's amount; zero for what is none. */
function readAmount(quantity: string | number): Amount & { format: Format } {
  const [, sign = "", whole = "", fraction = "", suffix = ""] = QUANTITY.exec(String(quantity).trim()) ?? [];
  const { format, exponent } = readSuffix(suffix) ?? { format: "decimal" as const, exponent: 0 };
  const digits = BigInt(`${whole}${fraction}` || "0") * (sign === "-" ? -1n : 1n);
  const isBinary = format === "binary";
  return {
    value: isBinary ? digits << BigInt(exponent) : digits,
    scale: (isBinary ? 0 : exponent) - fraction.length,
    format,
  };
}

/** A quantity as a number, for sums in which its last digits do not matter; 0 for what is none. */
export function quantityNumber(quantity: string | number): number {
  const { value, scale } = readAmount(quantity);
  return scale < 0 ? Number(value) / 10 ** -scale : Number(value) * 10 ** scale;
}

/** The value of a quantity in whole units, rounded up as Quantity.Value() does; 0 for what is none. */
export function quantityValue(quantity: string | number): bigint {
  const canonical = canonicalQuantity(quantity) ?? "0";
  const [, sign = "", whole = "", fraction = "", suffix = ""] = QUANTITY.exec(canonical) ?? [];
  const kind = readSuffix(suffix) ?? { format: "decimal" as const, exponent: 0 };
  const digits = BigInt(whole + fraction || "0");
  const shifted = kind.format === "binary" ? digits << BigInt(kind.exponent) : digits;
  const scale = (kind.format === "binary" ? 0 : kind.exponent) - fraction.length;
  const unit = 10n ** BigInt(Math.abs(scale));
  const value = scale >= 0 ? shifted * unit : (shifted + unit - 1n) / unit;
  return sign === "-" ? -value : value;
}

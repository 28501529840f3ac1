import { remembering } from "./remember.ts";
import { entryOf } from "./table.ts";

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
/** Longer texts are not sensible quantities, and their digits would be costly to process. */
const LONGEST = 256;
/** Exponents that ParseQuantity preserves: it reads 64 bits and truncates them to 32, which changes larger ones. */
const LARGEST_EXPONENT = 2 ** 31 - 1;
/** The largest amount that Quantity.Value() returns, and that a binary quantity holds: ParseQuantity's maxAllowed. */
const MOST = 2n ** 63n - 1n;
/** Digits that certainly fit into 64 bits: maxInt64Factors. */
const MOST_DIGITS = 18;
/** Powers of ten above which every amount is more than {@link MOST}, whatever its digits. */
const LARGEST_SCALE = 19;

/** The parts of a quantity's text. */
interface Parts {
  text: string;
  sign: bigint;
  /** All digits, including those after the point. */
  digits: string;
  /** How many of them are after the point. */
  places: number;
  format: Format;
  exponent: number;
}

/** Undefined if the text is not a quantity. */
function partsOf(quantity: string): Parts | undefined {
  const text = quantity.trim();
  if (text.length > LONGEST) return undefined;
  const [, sign = "", whole = "", fraction = "", suffix = ""] = QUANTITY.exec(text) ?? [];
  const kind = readSuffix(suffix);
  if (whole + fraction === "" || kind === undefined) return undefined;
  const digits = (whole.replace(/^0+/, "") || "0") + fraction;
  return { text, sign: sign === "-" ? -1n : 1n, digits, places: fraction.length, ...kind };
}

/** The canonical text of a quantity; undefined if it is not one. The cost depends only on the length of the text. */
export function canonicalQuantity(quantity: string | number): string | undefined {
  return canonical(String(quantity));
}

const SPOKEN = /^(\d+(?:\.\d+)?)(?:(cores?|v?cpus?)|([kmgtpe])(i)?(b|bytes?)?)?$/i;
const SPACES = /\s+/g;
const TWO_NUMBERS = /\d\s+\d/;

/** The quantity that a text in everyday words means: `64 Gi`, `64GB`, `8 cores`. Undefined for a quantity, and for any other text. */
export function spokenQuantity(text: string): string | undefined {
  const [, number, cores, unit = "", binary = "", bytes = ""] = SPOKEN.exec(text.replace(SPACES, "")) ?? [];
  if (number === undefined || TWO_NUMBERS.test(text) || canonicalQuantity(text) !== undefined) return undefined;
  // A lower-case m alone is a thousandth.
  if (unit === "m" && binary + bytes === "") return undefined;
  const isKilo = unit.toLowerCase() === "k" && binary === "";
  const suffix = isKilo ? "k" : unit.toUpperCase() + (binary === "" ? "" : "i");
  const quantity = cores === undefined ? number + suffix : number;
  return canonicalQuantity(quantity) === undefined ? undefined : quantity;
}

/** A plan reads the same few quantities again and again. */
const canonical = remembering((quantity): string | undefined => {
  const parts = partsOf(quantity);
  if (parts === undefined) return undefined;
  return isWrittenAsIs(parts) ? parts.text : writeAmount(amountOf(parts), parts.format);
});

/**
 * The amount that ParseQuantity stores: rounded up to a billionth, away from zero, and a binary one no larger than
 * {@link MOST}.
 */
function amountOf({ sign, digits, places, format, exponent }: Parts): Amount {
  const isBinary = format === "binary";
  const rounded = roundUpToNano({
    value: isBinary ? BigInt(digits) << BigInt(exponent) : BigInt(digits),
    scale: (isBinary ? 0 : exponent) - places,
  });
  const isCapped = isBinary && rounded.value > MOST * 10n ** BigInt(-Math.min(rounded.scale, 0));
  const { value, scale } = isCapped ? { value: MOST, scale: 0 } : rounded;
  return { value: sign * value, scale };
}

function readSuffix(suffix: string): { format: Format; exponent: number } | undefined {
  const decimal = entryOf(DECIMAL, suffix);
  if (decimal !== undefined) return { format: "decimal", exponent: decimal };
  const binary = entryOf(BINARY, suffix);
  if (binary !== undefined) return { format: "binary", exponent: binary };
  if (!/^[eE][+-]?\d+$/.test(suffix)) return undefined;
  const exponent = Number(suffix.slice(1));
  return Math.abs(exponent) <= LARGEST_EXPONENT ? { format: "exponent", exponent } : undefined;
}

/** Texts that the API keeps, because its quick test accepts them as canonical (`1.500`, but not `1.50`). */
function isWrittenAsIs({ digits, places, format, exponent }: Parts): boolean {
  if (format === "binary") return places === 0 && fitsBinary(digits, exponent) && (Number(digits) & 7) !== 0;
  if (digits.length > MOST_DIGITS) return false;
  const scale = exponent - places;
  return scale >= NANO && scale % 3 === 0 && !digits.endsWith("000") && !digits.startsWith("0");
}

function fitsBinary(digits: string, exponent: number): boolean {
  return 15 - digits.length - Math.trunc(exponent * 0.3) - 1 >= 0;
}

function roundUpToNano({ value, scale }: Amount): Amount {
  if (scale >= NANO) return { value, scale };
  // A unit with more digits than any value: the result is the smallest possible amount.
  if (NANO - scale > 2 * LONGEST) return { value: value === 0n ? 0n : 1n, scale: NANO };
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
  const suffix = Object.keys(BINARY).find((name) => entryOf(BINARY, name) === exponent) ?? "";
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
  const suffix = Object.keys(DECIMAL).find((name) => entryOf(DECIMAL, name) === scale) ?? "";
  return `${value}${suffix}`;
}

/** The exact sum of two quantities, in the first one's format; in the second's if the first is zero. */
export function addQuantities(one: string | number, other: string | number): string {
  const [first, second] = [readAmount(one), readAmount(other)];
  const scale = Math.min(first.scale, second.scale);
  const format = first.value === 0n ? second.format : first.format;
  return writeAmount({ value: inScale(first, scale) + inScale(second, scale), scale }, format);
}

/** Compares two quantities exactly: less (-1), equal (0) or more (1). */
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

/** A quantity's amount, no further from zero than {@link MOST}; zero for a text that is not a quantity. */
function readAmount(quantity: string | number): ReadAmount {
  return amountIn(String(quantity));
}

interface ReadAmount extends Readonly<Amount> {
  readonly format: Format;
}

const amountIn = remembering((quantity): ReadAmount => {
  const parts = partsOf(quantity);
  if (parts === undefined) return { value: 0n, scale: 0, format: "decimal" };
  const { format } = parts;
  const { value, scale } = amountOf(parts);
  if (value === 0n) return { value, scale: 0, format };
  const most = { value: value < 0n ? -MOST : MOST, scale: 0, format };
  if (scale > LARGEST_SCALE) return most;
  const size = value < 0n ? -value : value;
  const isMore = scale >= 0 ? size * 10n ** BigInt(scale) > MOST : size > MOST * 10n ** BigInt(-scale);
  return isMore ? most : { value, scale, format };
});

/** A quantity as a number, for sums in which its last digits do not matter; 0 for a text that is not a quantity. */
export function quantityNumber(quantity: string | number): number {
  const { value, scale } = readAmount(quantity);
  return scale < 0 ? Number(value) / 10 ** -scale : Number(value) * 10 ** scale;
}

/**
 * The value of a quantity in whole units, rounded up and limited as in Quantity.Value(); 0 for a text that is not a
 * quantity.
 */
export function quantityValue(quantity: string | number): bigint {
  const { value, scale } = readAmount(quantity);
  if (scale >= 0) return value * 10n ** BigInt(scale);
  const unit = 10n ** BigInt(-scale);
  return value < 0n ? value / unit : (value + unit - 1n) / unit;
}

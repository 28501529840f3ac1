import type { Odd } from "./oddvalues.ts";
import type { Random } from "./random.ts";

/** A place in a tree: what contains the value, and by which key or index. */
interface Place {
  holder: Record<string, unknown> | unknown[];
  key: string | number;
  depth: number;
}

/** The same tree with some of its values, keys and items changed. The original stays as it is. */
export function mutated<T>(value: T, random: Random, odd: Odd, changes: number): T {
  const root = { value: structuredClone(value) };
  for (let change = 0; change < changes; change++) {
    const places = placesIn(root.value);
    if (places.length === 0) break;
    // The deeper one of two places: most places that are picked at random are directly below the root.
    const [one, other] = [random.pick(places), random.pick(places)];
    changeAt(one.depth > other.depth ? one : other, random, odd);
  }
  return root.value;
}

/** The places of a tree, up to a number that keeps a change cheap. */
export function placesIn(root: unknown): Place[] {
  const places: Place[] = [];
  const seen = new Set<object>();
  const open: { holder: unknown; depth: number }[] = [{ holder: root, depth: 0 }];
  while (open.length > 0 && places.length < 5000) {
    const { holder, depth } = open.pop() ?? { holder: null, depth: 0 };
    if (typeof holder !== "object" || holder === null || seen.has(holder)) continue;
    seen.add(holder);
    for (const [key, item] of Object.entries(holder)) {
      places.push({ holder: holder as Place["holder"], key: Array.isArray(holder) ? Number(key) : key, depth });
      open.push({ holder: item, depth: depth + 1 });
    }
  }
  return places;
}

type Change = (place: Place, random: Random, odd: Odd) => void;

const CHANGES: readonly [weight: number, change: Change][] = [
  [5, (place, random, odd) => set(place, odd.value(random))],
  [8, (place, random, odd) => set(place, alike(get(place), random, odd))],
  [2, (place) => set(place, null)],
  [2, remove],
  [2, insert],
  [2, repeat],
  [1, rename],
  [2, (place, random, odd) => set(place, altered(get(place), random, odd))],
];

function changeAt(place: Place, random: Random, odd: Odd): void {
  const all = CHANGES.flatMap(([weight, change]) => Array.from({ length: weight }, () => change));
  random.pick(all)(place, random, odd);
}

function get({ holder, key }: Place): unknown {
  return (holder as Record<string | number, unknown>)[key];
}

export function set({ holder, key }: Place, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function remove({ holder, key }: Place): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
}

/** Another value of the same type, which a schema accepts. */
function alike(value: unknown, random: Random, odd: Odd): unknown {
  for (let tries = 0; tries < 20; tries++) {
    const other = typeof value === "string" ? odd.text(random) : odd.value(random);
    if (typeof other === typeof value && Array.isArray(other) === Array.isArray(value)) return other;
  }
  return value;
}

function insert({ holder }: Place, random: Random, odd: Odd): void {
  if (Array.isArray(holder)) holder.splice(random.below(holder.length + 1), 0, odd.value(random));
  else set({ holder, key: odd.key(random), depth: 0 }, odd.value(random));
}

function repeat(place: Place): void {
  const { holder } = place;
  if (Array.isArray(holder)) holder.push(structuredClone(get(place)));
  else set(place, [structuredClone(get(place))]);
}

function rename(place: Place, random: Random, odd: Odd): void {
  const { holder } = place;
  if (Array.isArray(holder)) return;
  const value = get(place);
  remove(place);
  set({ holder, key: odd.key(random), depth: 0 }, value);
}

/** A scalar near to the existing one, because the limits of valid values are near valid values. */
function altered(value: unknown, random: Random, odd: Odd): unknown {
  if (typeof value === "number")
    return random.pick([value + 1, value - 1, -value, value * 1000, value / 2, String(value)]);
  if (typeof value === "boolean") return random.pick([!value, String(value)]);
  if (typeof value !== "string") return odd.value(random);
  const at = random.below(value.length + 1);
  return random.pick([
    value.slice(0, at) + odd.text(random) + value.slice(at),
    value.slice(at),
    value.repeat(random.pick([2, 40])),
    value.toUpperCase(),
    `${value} `,
  ]);
}

/** The value as JSON can carry it; a text replaces a value that contains itself. */
export function asDocument(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value) ?? "null");
  } catch {
    return "a value that contains itself";
  }
}

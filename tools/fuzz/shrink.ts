import { deepFreeze } from "./freeze.ts";

const MOST_TRIES = 3_000;
const MOST_MILLISECONDS = 8_000;

/** A smaller input with the same result: parts are removed one by one, as long as that is so. */
export async function shrunk(input: unknown, fails: (candidate: unknown) => Promise<boolean>): Promise<unknown> {
  const end = performance.now() + MOST_MILLISECONDS;
  let [best, tries] = [input, 0];
  for (let progress = true; progress; ) {
    progress = false;
    for (const candidate of candidatesOf(best, new Set())) {
      tries += 1;
      if (tries > MOST_TRIES || performance.now() > end) return best;
      if (!(await fails(deepFreeze(structuredClone(candidate))))) continue;
      best = candidate;
      progress = true;
      break;
    }
  }
  return best;
}

/** Every tree with one part less. A circular one is left as it is. */
function* candidatesOf(value: unknown, holders: Set<object>): Generator<unknown> {
  if (typeof value === "string") yield* shorter(value);
  if (typeof value !== "object" || value === null || holders.has(value)) return;
  const inside = new Set([...holders, value]);
  if (Array.isArray(value)) {
    for (const index of value.keys()) yield value.filter((_, at) => at !== index);
    for (const [index, item] of value.entries()) {
      for (const smaller of candidatesOf(item, inside))
        yield value.map((other, at) => (at === index ? smaller : other));
    }
    return;
  }
  const entries = Object.entries(value);
  for (const [key] of entries) yield Object.fromEntries(entries.filter(([other]) => other !== key));
  for (const [key, item] of entries) {
    for (const smaller of candidatesOf(item, inside)) {
      yield Object.fromEntries(entries.map(([other, own]) => [other, other === key ? smaller : own]));
    }
  }
}

function* shorter(text: string): Generator<string> {
  if (text.length < 2) return;
  const half = Math.ceil(text.length / 2);
  yield text.slice(0, half);
  yield text.slice(half);
  if (text.length > 60) return;
  for (let at = 0; at < text.length; at++) yield text.slice(0, at) + text.slice(at + 1);
}

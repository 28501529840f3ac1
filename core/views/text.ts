const SHOWN = 5;

/** A list for people: its beginning, and the number of further items. */
export function shortened(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return more <= 0 ? names.join(", ") : `${names.slice(0, SHOWN).join(", ")} and ${more} more`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `KIND/NAME`. */
export function idOf(kind: string, name: string): string {
  return `${kind}/${name}`;
}

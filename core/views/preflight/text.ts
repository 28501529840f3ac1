const SHOWN = 5;

/** A list for people: its beginning, and how many more there are. */
export function shortened(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return more <= 0 ? names.join(", ") : `${names.slice(0, SHOWN).join(", ")} and ${more} more`;
}

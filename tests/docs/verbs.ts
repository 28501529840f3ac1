/** Verbs with which a fix starts. */
const VERBS = new Set(
  `add allow apply attach change check choose configure correct create declare deploy disable enable end extend free give install
  keep label leave list lower mount move name pass pin publish put raise read reduce remove rename replace review run search see
  select send separate serve set shorten spread start store take turn unset update use wake write wrap did`.split(
    /\s+/,
  ),
);

/** Whether the fix of an issue, as it is printed, starts with an imperative verb, or asks what was meant. */
export function startsWithVerb(fix: string): boolean {
  return VERBS.has(/^[a-z]*/i.exec(fix)?.[0].toLowerCase() ?? "");
}

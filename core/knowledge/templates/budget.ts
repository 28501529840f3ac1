import { TemplateValueError } from "./values.ts";

/** Actions and turns of loops that one template may take; the presets' longest takes fewer than a hundred. */
const MOST_STEPS = 100_000;
/** Characters that one template may write: an object that etcd keeps has no more. */
const MOST_CHARACTERS = 1_500_000;

/** What one template may still do. Templates come from users, and a loop of them could run without an end in sight. */
export class Budget {
  #steps = MOST_STEPS;
  #characters = MOST_CHARACTERS;

  take(steps: number): void {
    this.#steps -= Math.max(0, steps);
    if (this.#steps < 0) throw new TemplateValueError(`the template takes more than ${MOST_STEPS} steps`);
  }

  /** The text that an action writes. */
  written(text: string): string {
    this.#characters -= text.length;
    if (this.#characters < 0) throw new TemplateValueError(TOO_LONG);
    return text;
  }
}

const TOO_LONG = `the template writes more than ${MOST_CHARACTERS} characters`;

/** The text that a function gives: printing a variable into itself would double it with every turn of a loop. */
export function bounded(text: string): string {
  if (text.length > MOST_CHARACTERS) throw new TemplateValueError(TOO_LONG);
  return text;
}

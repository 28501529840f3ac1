import { TemplateValueError } from "./values.ts";

/**
 * Maximum number of actions and loop iterations of one template; the longest one of the presets needs fewer than a
 * hundred.
 */
const MOST_STEPS = 100_000;
/** Maximum number of characters that one template may write: an object in etcd cannot have more. */
const MOST_CHARACTERS = 1_500_000;

/** The remaining budget of one template. Users write templates, and a loop could otherwise run without end. */
export class Budget {
  #steps = MOST_STEPS;
  #characters = MOST_CHARACTERS;

  take(steps: number): void {
    this.#steps -= Math.max(0, steps);
    if (this.#steps < 0)
      throw new TemplateValueError(
        `the template takes more than ${MOST_STEPS} steps`,
        "shorten the loops of the template",
      );
  }

  /** Counts the text that an action writes. */
  written(text: string): string {
    this.#characters -= text.length;
    if (this.#characters < 0) throw new TemplateValueError(TOO_LONG, SHORTEN);
    return text;
  }
}

const SHORTEN = "shorten the texts that the template writes";
const TOO_LONG = `the template writes more than ${MOST_CHARACTERS} characters`;

/**
 * Counts the text that a function returns: printing a variable into itself would double it with every iteration of a
 * loop.
 */
export function bounded(text: string): string {
  if (text.length > MOST_CHARACTERS) throw new TemplateValueError(TOO_LONG, SHORTEN);
  return text;
}

/**
 * A value that a preview does not know yet reaches the plan as a text that stands for it (components/inputs/deferred.ts). A text that holds
 * one may become any text, so its form cannot be judged yet; where no text is allowed it is refused like any other.
 */
const PLACEHOLDER = /deferred-5f1c7e-\d+-x/;

export function isNotYetKnown(text: string): boolean {
  return PLACEHOLDER.test(text);
}

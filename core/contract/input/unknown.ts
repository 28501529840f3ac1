/**
 * A value that a preview does not know yet reaches the plan as a text that stands for it
 * (components/inputs/deferred.ts). A text that contains one may become any text, so its form cannot be judged yet; a
 * field that does not take texts refuses it like any other text.
 */
const PLACEHOLDER = /deferred-5f1c7e-\d+-x/;

export function isNotYetKnown(text: string): boolean {
  return PLACEHOLDER.test(text);
}

/** Something that the user can mend; the message says what. */
export class QuickstartError extends Error {}

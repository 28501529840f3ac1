/** A problem that the user can correct; the message contains the fix. */
export class QuickstartError extends Error {}

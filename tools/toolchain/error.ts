/** The toolchain cannot be provided; the message contains the fix. */
export class ToolchainError extends Error {}

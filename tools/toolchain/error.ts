/** The toolchain cannot be had; the message says what to do. */
export class ToolchainError extends Error {}

/** Whether the SDK is configured to report the origin of promises that never resolve. */
const ARE_WANTED = Boolean(process.env["PULUMI_DEBUG_PROMISE_LEAKS"]);

/**
 * Registers something without the texts of call stacks. The SDK (3.270, runtime/debuggable.js and `Resource.callsites`) writes some twenty of them for each
 * resource, each mapped to its sources frame by frame, which was a quarter of a program's processor time. Inside of this package they
 * say nothing: they name its own lines, which the engine would also keep in the state of every object. An error that is made meanwhile
 * has its stack, because V8 writes that when it is read.
 */
export function withoutStacks<Made>(register: () => Made): Made {
  if (ARE_WANTED) return register();
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (error) => String(error);
  try {
    return register();
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}

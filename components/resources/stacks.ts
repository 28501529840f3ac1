import type * as pulumi from "@pulumi/pulumi";

/** Whether the SDK is configured to report the origin of promises that never resolve. */
const ARE_WANTED = Boolean(process.env["PULUMI_DEBUG_PROMISE_LEAKS"]);

/**
 * Registers an object of this package without the texts of call stacks. The SDK (3.270, runtime/debuggable.js and
 * `Resource.callsites`) writes some twenty of them for each resource, each mapped to its sources frame by frame, which
 * took a fifth of a program's processor time. Inside of this package they only name its own lines, which the engine
 * would also keep in the state of every object. An error that is made meanwhile has its stack, because V8 writes that
 * when it is read. Transformations run while an object is registered: with them the stacks stay, because they are the
 * user's code.
 */
export function withoutStacks<Made>(parent: pulumi.Resource, register: () => Made): Made {
  if (ARE_WANTED || hasTransformations(parent)) return register();
  const { prepareStackTrace } = Error;
  const withoutFrames = (error: Error): string => String(error);
  Error.prepareStackTrace = withoutFrames;
  try {
    return register();
  } finally {
    // A module that was loaded meanwhile may have installed another function.
    if (Error.prepareStackTrace === withoutFrames) Error.prepareStackTrace = prepareStackTrace;
  }
}

/** Whether the SDK calls functions of the user when a child is registered, those of all parents included. */
function hasTransformations(parent: pulumi.Resource): boolean {
  const { __transformations: found } = parent as { __transformations?: readonly unknown[] };
  return found !== undefined && found.length > 0;
}

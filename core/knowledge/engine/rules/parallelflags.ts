/** Names of flags of data-parallel ranks, which several rules read. */
export const DATA = "data-parallel-size";
export const LOCAL = "data-parallel-size-local";
export const RANK = "data-parallel-rank";
export const EXTERNAL = "data-parallel-external-lb";

/** The change that removes a flag. */
export const NOTHING = { to: "nothing" } as const;

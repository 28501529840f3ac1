const { homedir } = require("node:os");
const { isAbsolute, join } = require("node:path");

/** Where compiled code is stored: in the user's own cache. Throws for an account without a home folder. */
exports.cacheFolder = () => {
  const { XDG_CACHE_HOME: named = "", LOCALAPPDATA: ofWindows = "" } = process.env;
  const own = [named, process.platform === "win32" ? ofWindows : ""].find((folder) => isAbsolute(folder));
  return join(own ?? join(homedir(), ".cache"), "kserve-llm", "compiled");
};

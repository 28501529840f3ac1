/**
 * Where the package is published. No other place has these names: package.json, the schema, the Go module and the
 * documentation follow, and tests compare them. Change them here when the repository moves.
 */
const OWNER = "pulumi-kserve-llm";
const NAME = "pulumi-kserve-llm";
/** The branch whose files the logo is read from. */
const BRANCH = "main";

export const PUBLISHER = OWNER;
export const REPOSITORY = `https://github.com/${OWNER}/${NAME}`;
/** Where engines look for the archives of a version: the files of the repository's releases. */
export const DOWNLOAD_URL = `github://api.github.com/${OWNER}/${NAME}`;
export const LOGO_URL = `https://raw.githubusercontent.com/${OWNER}/${NAME}/${BRANCH}/docs/logo.svg`;
export const GO_MODULE = `github.com/${OWNER}/${NAME}/sdk/go`;

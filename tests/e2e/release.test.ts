// One file, and therefore one process: a release is built once for all of these.
import "./package.suite.ts";
import "./newcomer.suite.ts";

import { run } from "../toolchain/processes/run.ts";

/** A tar archive whose bytes follow from its contents. */
export async function pack(contents: string, file: string): Promise<void> {
  const plain = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0", "--format=gnu"];
  await run("tar", [...plain, "-I", "gzip -n -6", "-cf", file, "-C", contents, "."]);
}

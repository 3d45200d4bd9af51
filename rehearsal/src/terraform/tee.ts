import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

/** Lines of a plan's details, in Terraform's colours: indented ones, and empty ones. */
const DETAIL = '^(\x1b\\[[0-9;]*m)*(  |$)';

/**
 * Writes a `terraform` that runs the real one and keeps what it prints, and answers the folder to put first in PATH.
 * cdktf 0.21 runs Terraform in a pseudo-terminal and loses the end of its output when it fails, the error above all. It
 * draws all lines anew for each that comes, so its terminal gets no plan's details.
 */
export async function writeTeeTerraform(folder: string, terraform: string, logFile: string): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const script = `#!/bin/sh
log=${quote(logFile)}
case "$1" in
  init | plan | apply | destroy) ;;
  *) exec ${quote(terraform)} "$@" ;; # its standard output is read by a program
esac
echo "$ terraform $*" >>"$log"
code=$(mktemp ${quote(join(folder, 'exit-code.XXXXXX'))})
show() {
  if [ -t 1 ]; then grep --line-buffered -Ev ${quote(DETAIL)}; else cat; fi
}
{ ${quote(terraform)} "$@" 2>&1; echo $? >"$code"; } | tee -a "$log" | show
exit "$(cat "$code")"
`;
  await writeFile(join(bin, 'terraform'), script);
  await chmod(join(bin, 'terraform'), 0o755);
  return bin;
}

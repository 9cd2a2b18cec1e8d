import { posix } from 'node:path';
import { quoteWord } from '../../base/shell-word.ts';
import { toldCommand } from '../../steps/shell-script.ts';

/** Files that tell how sources are built. */
const buildFiles =
  'CMakeLists.txt GNUmakefile Makefile autogen.sh autogen bootstrap bootstrap.sh buildconf configure.ac configure.in makefile meson.build';

/**
 * The function of a script that ends it where a command's own file is missing; a shell would say the same of
 * a file whose first line names a program that is missing. It tells which files there say how to build, else
 * what is there, so that the diagnosis of the log knows the cure.
 */
const missingScript = [
  'missing() {',
  '  cd "$(dirname -- "$1")" 2>/dev/null || true',
  `  beside=$(ls -d ${buildFiles} 2>/dev/null || true)`,
  '  test -n "$beside" || beside=$(ls -A | head -n 12)',
  `  printf 'build.sh: error: The sources have no %s, but: %s\\n' "$1" "$(printf %s "$beside" | tr '\\n' ' ')" >&2`,
  '  exit 127',
  '}',
];

/** The probes of a configure script that failed last, the last first; they are lost with the builder, and they are its reasons. */
const failedProbes = [
  'probes() {',
  '  if test -f config.log; then',
  "    sed '/^## Cache variables/,$d' config.log | grep -E 'error: |undefined reference to |cannot find -l' |",
  "      grep -vE '^\\||^collect2:|^configure:' | tac | head -n 3 | sed 's/^/config.log: /' >&2",
  '  fi',
  '  exit "$1"',
  '}',
];

/** The functions that the commands of a build call where they fail. */
export const failures: readonly string[] = [...missingScript, ...failedProbes];

const interpreters = new Set(['sh', 'bash', 'dash', 'perl', 'python3']);

/** Returns the file of the sources that a command runs, if it is one: `./configure`, `sh autogen.sh`. */
function ownScript([program = '', first = '']: readonly string[]): string | undefined {
  if (program.includes('/')) return posix.isAbsolute(program) ? undefined : program;
  return interpreters.has(program) && /^[^-/]/.test(first) ? first : undefined;
}

/** Writes a command of a build. Its own file is looked for before; what configure saw is told when it fails. */
export function buildLines(argv: readonly string[]): string[] {
  const [tell = '', run = ''] = toldCommand(argv);
  const script = ownScript(argv);
  if (script === undefined) return [tell, run];
  const file = quoteWord(script);
  const told = posix.basename(script) === 'configure' ? `${run} || probes $?` : run;
  return [tell, `test -e ${file} || missing ${file}`, told];
}

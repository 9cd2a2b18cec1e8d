import { quoteWord } from '../base/shell-word.ts';
import { assignments } from './shell-script.ts';
import { ownFolder, ownTools, toolFunction } from './tree-driver.ts';
import { chooseShell, type ShellArgv } from './visitor.ts';

type Environment = Readonly<Record<string, string>>;

const own = `/${ownFolder}`;

/** Functions by which a shell without a tree's programs finds those of the step. */
const functions = `${toolFunction}
${ownTools
  .filter((name) => name !== 'sh')
  .map((name) => `${name}() { tool ${name} "$@"; }`)
  .join('\n')}
`;

/**
 * Becomes a shell of the tree with nothing but the environment of the commands that run there. In a tree
 * without one it is the step's own, which finds the step's few tools.
 */
export const becomeShell = (env: Environment): string => `${toolFunction}
cd /
${chooseShell}
if [ -n "$shell" ]; then
  set -- "$shell" "$@"
else
  echo "The root filesystem has no shell of its own; this is one of the builder's, with its ${ownTools.join(', ')}." >&2
  printf '%s' ${quoteWord(functions)} >"$own/functions"
  set -- "ENV=$own/functions" "$own/loader" --library-path "$own/lib" "$own/bin/sh" "$@"
fi
exec "$own/loader" --library-path "$own/lib" "$own/bin/env" -i ${assignments(env)} \\
  "PS1=$PS1" "TERM=\${TERM:-dumb}" "$@"`;

/** Makes the program that becomes a shell in a tree that is a step's root; `env`: that of its commands. */
export const treeShell = (env: Environment): ShellArgv => [
  ...([`${own}/loader`, '--library-path', `${own}/lib`, `${own}/bin/sh`, '-c'] as const),
  becomeShell(env),
  'sh',
];

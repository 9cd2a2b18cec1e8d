import type { ShellPlace } from './shell-place.ts';
import { assignments } from './shell-script.ts';
import { enterTree } from './tree-driver.ts';
import { becomeShell, treeShell } from './tree-shell.ts';
import { treeWork } from './tree-step.ts';
import type { NamedTree } from './work.ts';

/** Describes the place in which a command runs that has a finished tree as its root. */
export function treePlace(
  rootfs: NamedTree,
  env: Readonly<Record<string, string>>,
  epoch: number,
): ShellPlace {
  const { step, input } = treeWork({ rootfs, script: '', epoch, env, name: 'shell' });
  const { argv: _, ...rest } = step;
  return {
    step: rest,
    input,
    prepare: `${enterTree}exec 4<&- 5<&- 6<&-`,
    command: `exec 1>&3 3>&-
exec "$own/loader" --library-path "$own/lib" "$own/bin/env" -i ${assignments(env)} "$@" </dev/null`,
    shell: `exec 1>&3 3>&- </dev/null\n${becomeShell(env)}`,
    argv: treeShell(env),
  };
}

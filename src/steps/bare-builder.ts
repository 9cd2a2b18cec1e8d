import type { ShellPlace } from './shell-place.ts';
import { buildLimits } from './tree-step.ts';
import { builderShell } from './visitor.ts';
import { inputOf, treeOf } from './work.ts';

/** The builder of a recipe whose commands work on its tree: nothing lies in its work folder. */
export const bareBuilder: ShellPlace = {
  step: { env: {}, limits: buildLimits, capabilities: [] },
  input: inputOf(treeOf([])),
  prepare: 'cd /build',
  command: 'exec "$@" </dev/null',
  shell: 'exec /bin/sh "$@" </dev/null',
  argv: builderShell(['/build']),
};

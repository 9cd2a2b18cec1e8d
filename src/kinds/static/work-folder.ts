import type { Io } from '../../base/events.ts';
import { compilerOf } from '../../recipe/recipe.ts';
import type { StepContext } from '../../steps/builder.ts';
import type { ShellPlace } from '../../steps/shell-place.ts';
import { buildLimits } from '../../steps/tree-step.ts';
import { buildShell, ownPath, type PinnedStatic, packInput, unpackInput } from './build-input.ts';
import { buildEnvironment, writeScript } from './script.ts';

/**
 * Describes the folder in which a recipe's commands build its programs, before the first of them: the
 * sources lie in `/build/src`, and `/build/build.sh` holds the commands. Errors: those of the sources.
 */
export async function staticWorkFolder(
  pinned: PinnedStatic,
  context: StepContext,
  io: Io,
): Promise<ShellPlace> {
  const { input } = await packInput(pinned, context, io, ({ prepare, commands }) => ({
    'prepare.sh': writeScript(...prepare),
    'build.sh': writeScript('cd /build', ...commands),
  }));
  const compiler = compilerOf(context.builder.toolchain);
  return {
    step: {
      env: buildEnvironment(pinned.source, compiler, pinned.epoch, pinned.platform),
      limits: buildLimits,
      capabilities: [],
    },
    input,
    prepare: `${unpackInput}
sh ./prepare.sh </dev/null >prepare.log 2>&1 || { cat prepare.log >&2; exit 1; }
export ${ownPath}
cd src`,
    command: 'exec "$@" </dev/null',
    shell: 'exec /bin/sh "$@" </dev/null',
    argv: buildShell,
  };
}

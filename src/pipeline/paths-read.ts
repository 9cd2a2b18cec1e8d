import { join } from 'node:path';
import { contentLook, type Looks, looksOf } from './earlier-build.ts';
import type { BuildPlan } from './plan.ts';

/** Absolute paths of what a build of the plan has yet to read. */
function pathsToRead({ recipe, toolchain }: BuildPlan): string[] {
  const { from, files, origin } = recipe;
  const beside = [
    ...files.flatMap((file) => ('source' in file ? [file.source] : [])),
    // One that is put there takes the place of the toolchain that ships with mkbase.
    ...(from.kind === 'static' ? [join('toolchains', `${from.static.toolchain}.yaml`)] : []),
    ...(from.kind === 'static' ? [...(from.static.sources ?? []), ...from.static.include] : []),
  ];
  const toolchainFiles = toolchain
    ? toolchain.files.flatMap((file) =>
        'source' in file ? [join(toolchain.origin.folder, file.source)] : [],
      )
    : [];
  return [...toolchainFiles, ...beside.map((path) => join(origin.folder, path))];
}

/**
 * What everything on this machine that a build of the plan is made from looks like now. The recipe
 * and its toolchain have been read already, so they count by the bytes that were read.
 */
export async function looksBefore(plan: BuildPlan): Promise<Looks> {
  const origins = [plan.recipe, ...(plan.toolchain ? [plan.toolchain] : [])].map(
    ({ origin: { file, sha256 } }) => [file, contentLook(sha256)] as const,
  );
  return { ...(await looksOf(pathsToRead(plan))), ...Object.fromEntries(origins) };
}

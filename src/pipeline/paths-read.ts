import { join } from 'node:path';
import type { From } from '../recipe/kinds.ts';
import { contentLook, type Looks, looksOf } from './earlier-build.ts';
import type { BuildPlan } from './plan.ts';

/** Paths beside the recipe that its kind names. */
function pathsOfKind(from: From): readonly string[] {
  switch (from.kind) {
    case 'debs':
      return from.debs.keyrings;
    case 'minirootfs':
      return 'url' in from.minirootfs && from.minirootfs.signature
        ? [from.minirootfs.signature.key]
        : [];
    case 'static': {
      const { toolchain, sources = [], include, archive } = from.static;
      const key = archive && 'url' in archive ? archive.signature?.key : undefined;
      // A toolchain that is put there takes the place of the one that ships with mkbase.
      return [
        join('toolchains', `${toolchain}.yaml`),
        ...sources,
        ...include,
        ...(key ? [key] : []),
      ];
    }
  }
}

/** Absolute paths of what a build of the plan has yet to read. */
function pathsToRead({ recipe, toolchain }: BuildPlan): string[] {
  const { from, files, origin } = recipe;
  const beside = [
    ...files.flatMap((file) => ('source' in file ? [file.source] : [])),
    ...pathsOfKind(from),
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

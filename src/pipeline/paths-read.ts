import { join } from 'node:path';
import { lockFileOf } from './current-lock.ts';
import type { BuildPlan } from './plan.ts';

/** Absolute paths of everything on this machine that a build of the plan reads. */
export function pathsRead(plan: BuildPlan): string[] {
  const { recipe, toolchain } = plan;
  const { from, files, origin } = recipe;
  const beside = [
    ...files.flatMap((file) => ('source' in file ? [file.source] : [])),
    ...(from.kind === 'debs' ? from.debs.keyrings : []),
    ...(from.kind === 'static' ? [...(from.static.sources ?? []), ...from.static.include] : []),
  ];
  const toolchainFiles = toolchain
    ? toolchain.files.flatMap((file) =>
        'source' in file ? [join(toolchain.origin.folder, file.source)] : [],
      )
    : [];
  return [
    origin.file,
    lockFileOf(plan),
    ...(toolchain ? [toolchain.origin.file] : []),
    ...toolchainFiles,
    ...beside.map((path) => join(origin.folder, path)),
  ];
}

import type { ToolchainSettings } from '../../recipe/schema/schema.ts';
import { linkerFolder } from './link-record.ts';
import type { StaticSource } from './schema.ts';

/** What `./configure`, make and CMake take the compiler and its flags from. */
function compilerVariables(
  { flags, linkFlags }: StaticSource,
  toolchain: ToolchainSettings,
): Record<string, string> {
  const link = [...toolchain.linkFlags, ...linkFlags].join(' ');
  return {
    CC: toolchain.cc.join(' '),
    CXX: toolchain.cxx.join(' '),
    LDFLAGS: link,
    ...(flags.length > 0 && { CFLAGS: flags.join(' '), CXXFLAGS: flags.join(' ') }),
  };
}

/**
 * The whole environment of a static build: nothing of the host, and the same number of cores
 * everywhere. The recipe's `env` wins over the toolchain's, and both over these.
 */
export function buildEnvironment(
  source: StaticSource,
  toolchain: ToolchainSettings,
  epoch: number,
): Record<string, string> {
  const jobs = String(source.jobs);
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    // Where GCC looks for the linker first (gcc(1)).
    COMPILER_PATH: `/build/${linkerFolder}`,
    HOME: '/build',
    TMPDIR: '/tmp',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    SOURCE_DATE_EPOCH: String(epoch),
    // What nproc (coreutils) and make take the number of cores from.
    OMP_NUM_THREADS: jobs,
    MAKEFLAGS: `-j${jobs}`,
    ...(source.archive && compilerVariables(source, toolchain)),
    ...toolchain.env,
    ...source.env,
  };
}

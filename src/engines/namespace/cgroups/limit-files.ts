import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { noOverrun, type Overrun } from '../../overrun.ts';
import type { Isolation } from '../isolation.ts';
import type { Controller } from './parents.ts';

/** A file of a control group, and what is written to it. */
interface Setting {
  readonly file: string;
  readonly value: string;
  /** Some kernels do not have it, as those without swap. */
  readonly optional?: true;
}

type Limits = Isolation['limits'];

/**
 * The processes of the engine's own in a group: unshare(1), and process 1, which wait. The group is
 * full before setrlimit(2) refuses a process (isolation.ts), and so can tell.
 */
const ownProcesses = 2;

/** The settings in the order in which they are written: version 1 wants memory before swap. */
function settings(version: 1 | 2, controller: Controller, limits: Limits): Setting[] {
  const memory = String(limits.memoryBytes);
  if (controller === 'pids') {
    return [{ file: 'pids.max', value: String(limits.processes + ownProcesses) }];
  }
  if (version === 1) {
    return [
      { file: 'memory.limit_in_bytes', value: memory },
      // Memory and swap together: as much as memory alone, so no swap, as container says it.
      { file: 'memory.memsw.limit_in_bytes', value: memory, optional: true },
    ];
  }
  return [
    { file: 'memory.max', value: memory },
    { file: 'memory.swap.max', value: '0', optional: true },
    // A build that goes on without one of its processes could come to another result.
    { file: 'memory.oom.group', value: '1', optional: true },
  ];
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Writes the limits of a group. Rejects as fs does, where the kernel does not take one. */
export async function setLimits(
  group: { readonly folder: string; readonly version: 1 | 2 },
  controllers: readonly Controller[],
  limits: Limits,
): Promise<void> {
  for (const { file, value, optional } of controllers.flatMap((each) =>
    settings(group.version, each, limits),
  )) {
    const path = join(group.folder, file);
    if (optional && !(await isThere(path))) continue;
    // The file is the kernel's, and never one to make.
    await writeFile(path, value, { flag: 'r+' });
  }
}

/** The files and the counters that tell of a limit that was hit; version 1 since Linux 4.13. */
const counters = {
  memory: { files: ['memory.events', 'memory.oom_control'], counter: 'oom_kill' },
  processes: { files: ['pids.events'], counter: 'max' },
} as const;

async function isCounted({ files, counter }: (typeof counters)[keyof Overrun], folder: string) {
  const texts = await Promise.all(
    files.map((file) => readFile(join(folder, file), 'latin1').catch(() => '')),
  );
  const counted = texts.flatMap(
    (text) => new RegExp(`^${counter} (\\d+)$`, 'm').exec(text)?.[1] ?? [],
  );
  return counted.some((count) => Number(count) > 0);
}

/** Reads which limits the processes of a group ran into. */
export async function readOverrun(folders: readonly string[]): Promise<Overrun> {
  let found = noOverrun;
  for (const folder of folders) {
    const [memory, processes] = await Promise.all([
      isCounted(counters.memory, folder),
      isCounted(counters.processes, folder),
    ]);
    found = { memory: found.memory || memory, processes: found.processes || processes };
  }
  return found;
}

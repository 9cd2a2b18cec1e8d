import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { hostPlatform } from '../../base/platform.ts';
import type { CommandResult } from '../../base/run-command/command.ts';
import { ownedName } from '../../store/owner.ts';
import { pipeStep } from '../pipe-step.ts';
import { baseEnvironment, type Step } from '../step.ts';
import { openControlGroup } from './cgroups/control-group.ts';
import { openDoor } from './door.ts';
import { idRange } from './ids.ts';
import { isolate } from './isolate.ts';
import type { Machine } from './machine.ts';
import { faultMark } from './scripts.ts';

/** The surroundings in which an engine runs every program. */
export interface Host {
  readonly cacheFolder: string;
  /** As `outerId` gives it. */
  readonly outer: number | undefined;
  readonly machine: Machine;
}

/** Returns the engine's fault in how an isolated program ended, if it was one. */
export function engineFault({ exitCode, stderr, problem, timedOut }: CommandResult) {
  const stillborn = exitCode === undefined && !timedOut;
  if (!stillborn && !(exitCode === 125 && stderr.includes(faultMark))) return undefined;
  return new MkbaseError({
    code: 'ENGINE_FAILED',
    message: `The namespace engine failed: ${stderr.replaceAll(faultMark, '').trim() || problem}`,
    hint: '`mkbase doctor` shows what this machine permits; --engine chooses another engine.',
  });
}

/** Makes a name in the cache that the next run sweeps, should this one be killed just then. */
async function pipeName(cacheFolder: string): Promise<string> {
  const parent = join(cacheFolder, 'tmp');
  await mkdir(parent, { recursive: true });
  return join(parent, await ownedName());
}

/** Runs a step in its toolchain, which is in `folder`. Errors as Engine.runStep. */
export async function runStep<T>(
  { cacheFolder, outer, machine }: Host,
  folder: string,
  step: Step,
  consume: (stdout: AsyncIterable<Uint8Array>) => Promise<T>,
  io: Io,
): Promise<T> {
  const { limits, capabilities, argv, env } = step;
  const ids = step.ids === 'range' ? await idRange(outer) : undefined;
  const pipe = await pipeName(cacheFolder);
  const door = step.hold && (await openDoor(pipe));
  const group = await openControlGroup(machine.parents, limits);
  const command = isolate(
    {
      folder,
      kind: step.root === 'own' ? 'tree' : 'step',
      writesTo: 'memory',
      memoryFolderBytes: limits.memoryBytes,
      env: { ...baseEnvironment, ...env },
      cwd: '/',
      argv,
      capabilities,
      limits,
      groups: group.folders,
      filters: machine.filters,
      pipe,
      ...(ids && { ids }),
      ...(step.hold && { door: step.hold.argv }),
    },
    outer,
  );
  try {
    const judge = {
      machine: hostPlatform().name,
      engineFault,
      overrun: group.overrun,
      ...(door && { entrance: door.entrance }),
    };
    return await pipeStep(step, door?.around(command) ?? command, consume, judge, io);
  } finally {
    await group.remove();
    await door?.remove();
    await Promise.all([pipe, `${pipe}a`].map((path) => rm(path, { force: true })));
  }
}

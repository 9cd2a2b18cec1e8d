import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { CommandResult } from '../../base/run-command/command.ts';
import { ownedName } from '../../store/owner.ts';
import { pipeStep } from '../pipe-step.ts';
import { baseEnvironment, type Step } from '../step.ts';
import { idRange } from './ids.ts';
import { isolate } from './isolate.ts';
import { faultMark } from './scripts.ts';

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
  cacheFolder: string,
  folder: string,
  step: Step,
  consume: (stdout: AsyncIterable<Uint8Array>) => Promise<T>,
  outer: number | undefined,
  io: Io,
): Promise<T> {
  const { limits, capabilities, argv, env } = step;
  const ids = step.ids === 'range' ? await idRange(outer) : undefined;
  const pipe = await pipeName(cacheFolder);
  const command = isolate(
    {
      folder,
      kind: 'step',
      writesTo: 'memory',
      memoryFolderBytes: limits.memoryBytes,
      env: { ...baseEnvironment, ...env },
      cwd: '/',
      argv,
      capabilities,
      limits,
      pipe,
      ...(ids && { ids }),
    },
    outer,
  );
  try {
    return await pipeStep(step, command, consume, engineFault, io);
  } finally {
    await Promise.all([pipe, `${pipe}a`].map((path) => rm(path, { force: true })));
  }
}

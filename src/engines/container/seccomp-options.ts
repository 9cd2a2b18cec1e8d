import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWholeFile } from '../../store/write-whole-file.ts';
import { type Policy, policyFor } from '../seccomp/policy.ts';
import { containerProfile } from '../seccomp/profile.ts';
import type { Step } from '../step.ts';
import type { Cli } from './cli.ts';

/** Writes a profile into the cache, under its own digest, and returns its path. The CLI reads it. */
async function profileFile(cacheFolder: string, policy: Policy): Promise<string> {
  const text = containerProfile(policy);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const folder = join(cacheFolder, 'seccomp');
  const file = join(folder, `${sha256}.json`);
  if ((await readFile(file, 'utf8').catch(() => '')) === text) return file;
  await mkdir(folder, { recursive: true });
  await writeWholeFile(file, text);
  return file;
}

/** In an engine's user namespace, devices have to be mounted, since none can be made (mknod(2)). */
export const mayMount = ({ capabilities }: Pick<Step, 'capabilities'>, { facts }: Cli): boolean =>
  facts.inUserNamespace && capabilities.includes('CAP_MKNOD');

/** Makes the options of `run` that put a container behind the filter of system calls. */
export async function filterOptions(cli: Cli, mounts: boolean): Promise<readonly string[]> {
  if (!cli.facts.filtersCalls) return [];
  const file = await profileFile(cli.cacheFolder, policyFor({ mounts }));
  return ['--security-opt', `seccomp=${file}`];
}

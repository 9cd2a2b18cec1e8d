import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Warning } from '../../base/events.ts';
import { askCommand } from '../../base/run-command.ts';
import type { Entry } from '../../tar/entry.ts';
import { writeTar } from '../../tar/write.ts';
import type { Refusal } from '../engine.ts';
import { idCount } from '../step.ts';

/** The extended attribute that holds the capabilities of a program's file (capabilities(7)). */
const attribute = 'security.capability';

/** The archive beside a tree that prepareScript unpacks over it. */
export const capabilitiesFile = 'capabilities.tar';

/** Options of GNU tar by which it gives files their capabilities, and writes into those that are there. */
export const capabilitiesOptions = `--overwrite --xattrs --xattrs-include=${attribute}`;

/**
 * Returns the files that have capabilities, with no other attribute, and their further names, which a copy
 * in memory would otherwise leave behind. An id that a range has not is root's.
 */
export function filesWithCapabilities(entries: readonly Entry[]): Entry[] {
  const names = new Set<string>();
  return entries.flatMap((entry): Entry[] => {
    const xattrs = entry.xattrs.filter(([name]) => name === attribute);
    if (entry.type === 'hardlink') return names.has(entry.target) ? [{ ...entry, xattrs }] : [];
    if (entry.type !== 'file' || xattrs.length === 0) return [];
    names.add(entry.path);
    const inRange = entry.uid < idCount && entry.gid < idCount;
    return [{ ...entry, xattrs, ...(!inRange && { uid: 0, gid: 0 }) }];
  });
}

/**
 * Writes those files, beside a tree that lacks their capabilities, into an archive. Only in the user
 * namespace can they be given: outside they would be those of the machine's root.
 */
export async function writeCapabilities(entries: readonly Entry[], folder: string): Promise<void> {
  const files = filesWithCapabilities(entries);
  if (files.length === 0) return;
  const archive = createWriteStream(join(folder, capabilitiesFile), { mode: 0o644 });
  await pipeline(writeTar(files), archive);
}

/** Returns why this machine cannot give files their capabilities, if it cannot. */
export async function capabilitiesRefusal(tar = 'tar'): Promise<Refusal | undefined> {
  const version = await askCommand(tar, ['--version'], AbortSignal.timeout(10_000));
  if (version?.includes('GNU tar')) return undefined;
  return { reason: 'GNU tar is not installed', cure: 'Install it.' };
}

export const noCapabilities = ({ reason, cure }: Refusal): Warning => ({
  code: 'no-file-capabilities',
  message: `On the namespace engine the image's programs run without the capabilities of their files: ${reason}.`,
  advice: cure,
});

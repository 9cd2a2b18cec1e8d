import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MkbaseError } from '../base/errors.ts';
import { layoutMarker } from '../oci/blob.ts';
import type { Staged } from '../store/staging.ts';
import type { OutputRequest, StagedOutput } from './contract.ts';

/** Returns a staged file or folder as the output at `dest`, an absolute path. */
export async function stagedFile(
  { type }: OutputRequest,
  dest: string,
  { path, commit, discard }: Staged,
): Promise<StagedOutput> {
  const found = await stat(path);
  const size = found.isFile() ? { size: found.size } : {};
  return { output: { type, dest, ...size }, commit, discard };
}

/** Returns the kind of thing at a path, as far as replacing it goes. */
async function kindOf(path: string): Promise<'nothing' | 'folder' | 'layout' | 'other'> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return 'nothing';
  if (!found.isDirectory()) return 'other';
  const marker = await stat(join(path, layoutMarker.name)).catch(() => undefined);
  return marker?.isFile() ? 'layout' : 'folder';
}

function refuse(dest: string, what: string, hint: string): never {
  throw new MkbaseError({ code: 'USAGE', message: `${dest} is ${what}.`, hint });
}

/** Refuses to replace a folder with a file; another file may be replaced. USAGE. */
export async function refuseFolder(dest: string): Promise<void> {
  const kind = await kindOf(dest);
  if (kind === 'nothing' || kind === 'other') return;
  refuse(dest, 'a folder', 'Name a file, or for an OCI layout as a folder end dest with a slash.');
}

/** Refuses to replace anything but a layout with a layout: other contents would be lost. USAGE. */
export async function refuseOtherFolder(dest: string): Promise<void> {
  const kind = await kindOf(dest);
  if (kind === 'nothing' || kind === 'layout') return;
  refuse(
    dest,
    kind === 'other' ? 'no folder' : 'a folder that holds no OCI layout',
    'Name a folder that does not exist yet, or an OCI layout to replace.',
  );
}

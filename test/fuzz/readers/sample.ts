import { join } from 'node:path';
import type { Image } from '../../../src/image/image.ts';
import type { Lock } from '../../../src/lock/schema.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { makeOutputFolder } from '../../support/output-folder.ts';
import { type Output, readOutput } from '../../support/reseal/output.ts';

/** What a build of a small recipe leaves. */
export interface Sample extends Output {
  readonly image: Image;
  readonly lock: Lock;
}

async function make(): Promise<Sample> {
  const folder = join(temporaryFolder({ lasting: true }), 'out');
  const { image, lock } = await makeOutputFolder(folder);
  return { image, lock, ...(await readOutput(folder)) };
}

let made: Promise<Sample> | undefined;

/** The output of a small recipe, made once. */
export function sampleOutput(): Promise<Sample> {
  made ??= make();
  return made;
}

let folder: string | undefined;

/** The path of a file to write inputs to, for readers that want one. */
export function scratchFile(name: string): string {
  folder ??= temporaryFolder({ lasting: true });
  return join(folder, name);
}

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOf } from '../base/canonical-json.ts';
import { ioError, MkbaseError } from '../base/errors.ts';
import type { Io, Warning } from '../base/events.ts';
import type { Invocation } from '../base/invocation.ts';
import { packageVersion } from '../base/package-root.ts';
import { cacheFolder } from '../store/cache-folder.ts';
import { makeFolder } from '../store/make-folder.ts';
import { writeWholeFile } from '../store/write-whole-file.ts';

/** Fingerprints by absolute path, or by the mark of a tree; two that are equal mean that nothing has changed there. */
export type Fingerprints = Readonly<Record<string, string>>;

/** The record that finished work leaves for the next time that the same is asked for. */
export interface WorkRecord<Result> {
  /** Every file and folder that was read or written, except the outputs. */
  readonly fingerprints: Fingerprints;
  /** Every output that is a file or folder. */
  readonly outputs: Fingerprints;
  readonly result: Result;
}

/** Returns the file that holds the record of a request; requests that are equal share it. */
export const recordFile = (asked: object, { env }: Pick<Invocation, 'env'>): string =>
  join(cacheFolder(env), 'builds', `${digestOf({ ...asked, version: packageVersion })}.json`);

/** Reads a record; undefined if there is none or it is damaged, and then the work is done again. */
export async function readRecord<Result>(file: string): Promise<WorkRecord<Result> | undefined> {
  try {
    const record = JSON.parse(await readFile(file, 'utf8')) as Partial<WorkRecord<Result>> | null;
    const whole = record?.fingerprints && record.outputs && record.result;
    return whole ? (record as WorkRecord<Result>) : undefined;
  } catch {
    return undefined;
  }
}

const notRemembered = ({ message }: MkbaseError): Warning => ({
  code: 'build-not-remembered',
  message: `The next build will not see that nothing has changed. ${message}`,
  advice: 'Make room in the cache, or point XDG_CACHE_HOME elsewhere.',
});

/** Writes a record. The work is done already, so one that cannot be written is no more than a warning. */
export async function writeRecord(
  file: string,
  record: WorkRecord<object>,
  { emit }: Io,
): Promise<void> {
  const folder = dirname(file);
  try {
    await makeFolder(folder).catch((error: unknown) => {
      throw ioError(error, 'making', folder);
    });
    await writeWholeFile(file, JSON.stringify(record));
  } catch (error) {
    if (!(error instanceof MkbaseError)) throw error;
    emit({ type: 'warning', stage: 'image', warning: notRemembered(error) });
  }
}

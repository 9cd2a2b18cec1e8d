import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, onTestFinished, TestRunner } from 'vitest';

interface FolderSettings {
  /** Lets an ordinary user write into the folder, too. */
  readonly shared?: boolean;
  /** The folder to make it in, for tests that need a certain file system. */
  readonly within?: string | undefined;
  /** Keeps the folder for all tests of the file, although a test made it. */
  readonly lasting?: boolean;
}

const untilTheEnd: string[] = [];

const remove = (folder: string) => rmSync(folder, { recursive: true, force: true });

afterAll(() => {
  for (const folder of untilTheEnd) remove(folder);
});

/**
 * Makes an empty folder, whose path has no symbolic links. It is removed at the end of the test, or,
 * when it was made outside a test, after all tests of the file.
 */
export function temporaryFolder({ shared, within, lasting }: FolderSettings = {}): string {
  const folder = realpathSync(mkdtempSync(join(within ?? tmpdir(), 'mkbase-test-')));
  if (shared) chmodSync(folder, 0o777);
  if (TestRunner.getCurrentTest() && !lasting) onTestFinished(() => remove(folder));
  else untilTheEnd.push(folder);
  return folder;
}

/** Gives each test of a file or group a shared folder of its own; the function returns its path. */
export function folderForEachTest(): () => string {
  let folder = '';
  beforeEach(() => {
    folder = temporaryFolder({ shared: true });
  });
  return () => folder;
}

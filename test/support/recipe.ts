import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MkbaseError } from '../../src/base/errors.ts';

/** Writes files below a folder, name → contents. */
export async function writeTree(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [name, contents] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), contents);
  }
}

/** The MkbaseError that something is refused with; anything else fails the test. */
export async function refusal(attempt: Promise<unknown>): Promise<MkbaseError> {
  const outcome = await attempt.then(
    (value) => new Error(`accepted: ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof MkbaseError) return outcome;
  throw outcome;
}

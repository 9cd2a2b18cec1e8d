import { writeWholeFile } from '../store/write-whole-file.ts';
import type { OutcomeOptions } from './build-request.ts';

/** Writes what was made, and its id or digest, to the files that options name. Errors: IO, NO_SPACE. */
export async function writeResultFiles(
  result: object,
  id: string,
  { metadataFile, iidfile }: OutcomeOptions,
): Promise<void> {
  if (metadataFile !== undefined) {
    await writeWholeFile(metadataFile, `${JSON.stringify(result, null, 2)}\n`);
  }
  if (iidfile !== undefined) await writeWholeFile(iidfile, id);
}

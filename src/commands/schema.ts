import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ioError } from '../base/errors.ts';
import { packageRoot } from '../base/package-root.ts';
import type { CommandContext } from './command-context.ts';

/** `mkbase schema`: prints the JSON Schema that ships with mkbase, as it was generated. */
export async function schema(
  kind: 'recipe' | 'toolchain' | 'policy',
  { stdout }: CommandContext,
): Promise<number> {
  const file = join(packageRoot, 'schema', `${kind}.schema.json`);
  try {
    stdout.write(await readFile(file, 'utf8'));
  } catch (error) {
    throw ioError(error, 'reading', file);
  }
  return 0;
}

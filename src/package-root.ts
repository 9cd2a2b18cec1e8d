import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Absolute path of the folder that holds `recipes/`, `toolchains/` and `package.json`. Both this
 * file and the bundle's chunks lie exactly one folder below it.
 */
export const packageRoot: string = fileURLToPath(new URL('..', import.meta.url));

/** Version of this mkbase, from its package.json. */
export const packageVersion: string = (
  JSON.parse(readFileSync(`${packageRoot}package.json`, 'utf8')) as { version: string }
).version;

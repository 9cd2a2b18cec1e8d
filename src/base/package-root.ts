import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The nearest folder at or above `folder` that holds a package.json, with a slash at its end. */
const rootAbove = (folder: string): string =>
  existsSync(join(folder, 'package.json')) ? join(folder, '/') : rootAbove(dirname(folder));

/** Absolute path of the folder that holds `recipes/`, `toolchains/` and `package.json`. */
export const packageRoot: string = rootAbove(dirname(fileURLToPath(import.meta.url)));

/** Version of this mkbase, from its package.json. */
export const packageVersion: string = (
  JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }
).version;

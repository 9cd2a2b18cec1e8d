import { fileURLToPath } from 'node:url';

/**
 * Absolute path of the folder that holds `recipes/`, `toolchains/` and `package.json`. Both this
 * file and the bundle's chunks lie exactly one folder below it.
 */
export const packageRoot: string = fileURLToPath(new URL('..', import.meta.url));

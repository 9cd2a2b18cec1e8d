import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../../src/base/package-root.ts';
import { temporaryFolder } from '../folder.ts';

/**
 * Bundles a program of this project into `dist/` of a temporary package, with the files that ship
 * beside it, so that Node runs it as it runs what is installed. Resolves to the package's folder and
 * the program's path.
 */
export async function bundle(entry: string): Promise<{ folder: string; program: string }> {
  const folder = temporaryFolder();
  const outdir = join(folder, 'dist');
  await mkdir(outdir);
  for (const name of ['package.json', 'recipes', 'toolchains', 'schema', 'src']) {
    await symlink(join(packageRoot, name), join(folder, name));
  }
  await build({
    absWorkingDir: packageRoot,
    entryPoints: { program: entry },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    keepNames: true,
    logLevel: 'error',
    banner: {
      js: "import { createRequire as testCreateRequire } from 'node:module'; const require = testCreateRequire(import.meta.url);",
    },
  });
  return { folder, program: join(outdir, 'program.js') };
}

// Fuzzers of every reader: `npm run fuzz -- READER|all [--seconds N] [--seed S]`. They run in a bundle of
// their own, one file, so that V8's coverage tells which blocks of src/ an input reaches.
import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');
// Below the project, so that the bundle finds the libraries and the project's own files.
const folder = mkdtempSync(join(root, 'node_modules/.mkbase-fuzz-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const outfile = join(folder, 'fuzz.mjs');
await build({
  entryPoints: [join(root, 'test/fuzz/main.ts')],
  outfile,
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  alias: { vitest: join(root, 'test/fuzz/no-vitest.ts') },
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'error',
});
process.setSourceMapsEnabled(true);
await import(pathToFileURL(outfile).href);

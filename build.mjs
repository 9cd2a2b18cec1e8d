// Bundles mkbase into dist/ (or the folder given): cli.js, which starts main.js, and a file for each outside
// library that is imported lazily. What is our own is one file: Node needs more time to find and open a
// hundred of them than to read past the functions that a command does not use.
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const outdir = process.argv[2] ?? 'dist';

/** Imports that stay imports of the bundle; `files` fills with what has to be bundled beside it. */
const beside = (filter, files) => ({
  name: 'beside',
  setup: ({ onResolve }) =>
    onResolve({ filter }, ({ path, kind }) => {
      if (kind !== 'dynamic-import' || path.startsWith('node:')) return undefined;
      const name = path.replace(/^.*\/|\.ts$/g, '');
      files.set(name, path);
      return { path: `./${name}.js`, external: true };
    }),
});

const bundle = (options) =>
  build({
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minify: true,
    sourcemap: 'linked',
    sourcesContent: false,
    // Bundled CommonJS dependencies call require() for Node's own modules.
    banner: {
      js: "import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);",
    },
    ...options,
  });

/** Bundles a library with the exports that Node finds in it, which are more than those of its syntax. */
async function bundleLibrary([name, path]) {
  const exported = Object.keys(await import(path)).filter((each) => /^[\w$]+$/.test(each));
  const contents = `export { ${exported.join(', ')} } from '${path}';`;
  const stdin = { contents, resolveDir: import.meta.dirname };
  await bundle({ stdin, outfile: join(outdir, `${name}.js`) });
}

await rm(outdir, { recursive: true, force: true });
const libraries = new Map();
const main = beside(/^\.\/commands\/main\.ts$/, new Map());
await bundle({ entryPoints: ['src/cli.ts'], outdir, plugins: [main] });
const lazy = beside(/^[^./]/, libraries);
await bundle({ entryPoints: ['src/commands/main.ts'], outdir, plugins: [lazy] });
await Promise.all([...libraries].map(bundleLibrary));
await chmod(`${outdir}/cli.js`, 0o755);

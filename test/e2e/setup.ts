import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** The package as it would be published, in a folder of its own that any user can read. */
function packageInto(folder: string): void {
  execFileSync('node', ['build.mjs', join(folder, 'dist')], { cwd: root, stdio: 'inherit' });
  const manifest = readFileSync(join(root, 'package.json'), 'utf8');
  const { files } = JSON.parse(manifest) as { files: readonly string[] };
  for (const part of ['package.json', ...files.filter((file) => file !== 'dist')]) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  execFileSync('chmod', ['-R', 'a+rX', folder]);
}

/**
 * Packages mkbase once, and gives all end-to-end tests of a run, of both projects, one cache: they share
 * the package store and the toolchains, and leave nothing behind.
 */
export default function setup(): () => void {
  if (process.env.MKBASE_TEST_CACHE !== undefined) return () => {};
  const cache = mkdtempSync(join(tmpdir(), 'mkbase-e2e-'));
  chmodSync(cache, 0o755);
  packageInto(join(cache, 'package'));
  process.env.MKBASE_TEST_CACHE = cache;
  process.env.CONTAINERS_CONF = join(root, 'test/machine/containers.conf');
  const before = new Map(engines.map((engine) => [engine, new Set(imagesOf(engine))]));
  return () => {
    for (const engine of engines) {
      const added = imagesOf(engine).filter((image) => !before.get(engine)?.has(image));
      if (added.length > 0) execFileSync(engine, ['rmi', '-f', ...added], { stdio: 'ignore' });
    }
    rmSync(cache, { recursive: true, force: true });
  };
}

const engines = ['docker', 'podman'];

/** References of the images that mkbase tags; none for an engine that is not there. */
function imagesOf(engine: string): string[] {
  const names = ['mkbase/*', 'mkbase-toolchain/*'].flatMap((name) => [name, `localhost/${name}`]);
  const filters = names.flatMap((name) => ['--filter', `reference=${name}`]);
  const format = ['--format', '{{.Repository}}:{{.Tag}}'];
  try {
    const listed = execFileSync(engine, ['images', ...format, ...filters], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return listed.split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

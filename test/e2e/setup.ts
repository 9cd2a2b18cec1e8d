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
 * Packages mkbase once, and gives all end-to-end tests of a run one cache: they share the
 * package store and the toolchains, and leave nothing behind.
 */
export default function setup(): () => void {
  const cache = mkdtempSync(join(tmpdir(), 'mkbase-e2e-'));
  chmodSync(cache, 0o755);
  packageInto(join(cache, 'package'));
  process.env.MKBASE_TEST_CACHE = cache;
  process.env.CONTAINERS_CONF = join(root, 'test/machine/containers.conf');
  return () => {
    for (const engine of ['docker', 'podman']) removeAll(engine);
    rmSync(cache, { recursive: true, force: true });
  };
}

/** Images that the tests made on an engine: all that mkbase tags. */
function removeAll(engine: string): void {
  try {
    const references = [
      'mkbase/*',
      'mkbase-toolchain/*',
      'localhost/mkbase/*',
      'localhost/mkbase-toolchain/*',
    ];
    const filters = references.flatMap((name) => ['--filter', `reference=${name}`]);
    const ids = execFileSync(engine, ['images', '-q', ...filters], { encoding: 'utf8' });
    const unique = [...new Set(ids.split('\n').filter(Boolean))];
    if (unique.length > 0) execFileSync(engine, ['rmi', '-f', ...unique], { stdio: 'ignore' });
  } catch {
    // An engine that is not there has nothing to remove.
  }
}

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compressions, suffixOf } from '../../../src/image/compress/compressions.ts';
import { folderForEachTest } from '../../support/folder.ts';
import { busyboxRecipe } from '../support/busybox-recipe.ts';
import { missing } from '../support/engines.ts';
import { mkbase } from '../support/mkbase.ts';

const work = folderForEachTest();
const notRoot = missing('chroot needs root', process.getuid?.() === 0);
const more = `files:
  - { path: /etc/motd, content: "made from nothing", mode: "0600", owner: 7, group: 8 }
  - { path: /sh, symlink: busybox }`;

const unpackers = {
  none: ['cat'],
  gzip: ['gzip', '-dc'],
  zstd: ['zstd', '-dc'],
  xz: ['xz', '-dc'],
};

const build = async (...outputs: string[]) => {
  const flags = outputs.flatMap((output) => ['-o', output]);
  const args = [busyboxRecipe(join(work(), 'recipe'), { more }), '--engine', 'namespace', '--json'];
  const run = await mkbase([...args, ...flags], { cwd: work() });
  expect(run).toMatchObject({ code: 0 });
  return JSON.parse(run.stdout) as {
    diffId: string;
    outputs: { type: string; dest: string; size: number }[];
  };
};

describe.each(compressions)('a root filesystem with the compression %s', (compression) => {
  test.skipIf(notRoot)(
    `is unpacked by GNU tar and entered with chroot${notRoot ? `: left out, ${notRoot}` : ''}`,
    async () => {
      const { diffId, outputs } = await build(`type=rootfs,compression=${compression}`);
      const [{ dest = '', size = 0 } = {}] = outputs;
      expect(dest.endsWith(`/rootfs${suffixOf(compression)}`)).toBe(true);
      expect(statSync(dest).size).toBe(size);

      const [file = '', ...args] = unpackers[compression];
      const tar = execFileSync(file, args, { input: readFileSync(dest), maxBuffer: 1e9 });
      expect(`sha256:${createHash('sha256').update(tar).digest('hex')}`).toBe(diffId);

      const root = join(work(), 'root');
      mkdirSync(root);
      execFileSync('tar', ['--extract', '--numeric-owner', '--file', dest, '--directory', root]);
      const script = '/busybox cat /etc/motd; /busybox stat -c " %u:%g %a" /etc/motd';
      const said = execFileSync('chroot', [root, '/sh', '-c', script], { encoding: 'utf8' });
      expect(said).toBe('made from nothing 7:8 600\n');
    },
  );
});

test('the name of the file chooses the compression', async () => {
  const { outputs } = await build(
    ...['a.tar', 'a.tar.gz', 'a.tar.zst', 'a.txz'].map((name) => `type=rootfs,dest=${name}`),
  );
  const starts = outputs.map(({ dest }) => readFileSync(dest).subarray(0, 4).toString('hex'));
  expect(starts.slice(1)).toEqual(['1f8b0800', '28b52ffd', 'fd377a58']);
  expect(outputs.map(({ size }) => size)).toEqual(
    [...outputs.map(({ size }) => size)].sort((a, b) => b - a),
  );
});

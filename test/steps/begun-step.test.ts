import { describe, expect, test } from 'vitest';
import { MkbaseError } from '../../src/base/errors.ts';
import type { Step, ToolchainRef } from '../../src/engines/step.ts';
import { runWork, type Workplace } from '../../src/steps/run-work.ts';
import { treeWork } from '../../src/steps/tree-step.ts';
import { treeOf } from '../../src/steps/work.ts';
import type { Entry } from '../../src/tar/entry.ts';
import { readTar } from '../../src/tar/read.ts';
import { writeTar } from '../../src/tar/write.ts';
import { temporaryFolder } from '../support/folder.ts';
import { noBuilder } from '../support/node.ts';
import { directory, file, hardlink } from '../support/tar.ts';

const held: ToolchainRef = { ...noBuilder, name: 'tree', key: 'd'.repeat(64) };
const clock = file('.mkbase-clock', '1000\n1010\n');
const rootfs = [
  directory('etc'),
  file('etc/hosts', 'own'),
  directory('usr'),
  file('usr/perl', 'perl'),
  hardlink('usr/perl5', 'usr/perl'),
];
const inside = rootfs.filter(({ path }) => path !== 'etc/hosts');
const parted = inside.map((entry) =>
  entry.type === 'hardlink' ? file(entry.path, 'perl') : entry,
);

interface Ran {
  readonly on: string;
  readonly root: Step['root'];
  readonly argv: Step['argv'];
  readonly paths: readonly string[];
}

/** Runs a step on a shared tree; each run hands back the next of the trees that are left, or fails. */
async function run(
  left: readonly (readonly Entry[] | MkbaseError)[],
  more: Partial<Workplace> = {},
) {
  const ran: Ran[] = [];
  const lines: string[] = [];
  const engine = {
    async runStep<T>(step: Step, consume: (stdout: AsyncIterable<Uint8Array>) => Promise<T>) {
      const paths: string[] = [];
      for await (const { entry } of readTar(step.input)) paths.push(entry.path);
      const { toolchain, root, argv } = step;
      const next = left[ran.length]!;
      ran.push({ on: toolchain.name, root, argv, paths });
      if (next instanceof MkbaseError) throw next;
      return consume(writeTar([...next, clock]));
    },
  };
  const io = {
    emit: (event: object) => {
      if ('line' in event) lines.push(String(event.line));
    },
    signal: new AbortController().signal,
  };
  const tree = treeOf(rootfs);
  const work = treeWork({
    ...{ rootfs: tree, isShared: true, script: 'true', epoch: 9, env: {}, name: 'apt' },
  });
  const place = { engine, toolchain: noBuilder, folder: temporaryFolder(), ...more };
  const settled = await runWork(work, { hold: async () => held, ...place }, io);
  return { ran, lines, paths: settled.entries.map(({ path }) => path).sort() };
}

const failure = (code: 'BUILD_FAILED' | 'ENGINE_FAILED' | 'INTERRUPTED') =>
  new MkbaseError({ code, message: 'a folder was not renamed' });

describe('a step begun in its tree', () => {
  test('is sent what it reads, and of the tree what making a container changes', async () => {
    const { ran, lines } = await run([inside]);
    expect(ran).toMatchObject([{ on: 'tree', root: 'own' }]);
    expect(ran[0]?.paths).toEqual([
      '.mkbase-step/step.sh',
      ...['hostname', 'hosts', 'resolv.conf'].map((name) => `.mkbase-step/mounted/etc/${name}`),
      'etc',
    ]);
    expect(ran[0]?.argv[2]).toContain('rm -f -- /.dockerenv /etc/mtab');
    expect(ran[0]?.argv[2]).not.toContain('rm -rf -- "$path"');
    expect(lines).toEqual([]);
  });

  test('leaves the tree that it leaves in a builder that it was sent to', async () => {
    const begun = await run([inside]);
    const sent = await run([inside], { hold: async () => undefined });
    expect(sent.ran.map(({ on }) => on)).toEqual([noBuilder.name]);
    expect(sent.ran[0]?.paths).toContain('usr/perl');
    expect(begun.paths).toEqual(sent.paths);
  });

  test.each([
    ['one file has become two', parted],
    ['it failed', failure('BUILD_FAILED')],
    ['the engine failed, which may have lost the tree', failure('ENGINE_FAILED')],
  ])('is run once more in the builder where %s', async (_, first) => {
    const { ran, lines, paths } = await run([first, inside]);
    expect(ran.map(({ on }) => on)).toEqual(['tree', noBuilder.name]);
    expect(lines).toEqual(['Once more, with the tree sent to the builder.']);
    expect(paths).toEqual((await run([inside])).paths);
  });

  test('is run in the builder alone where the engine fails to take the tree', async () => {
    const hold = () => Promise.reject(failure('ENGINE_FAILED'));
    const { ran, lines } = await run([inside], { hold });
    expect(ran.map(({ on }) => on)).toEqual([noBuilder.name]);
    expect(lines).toHaveLength(1);
  });

  test('is not run once more where it was stopped', () =>
    expect(run([failure('INTERRUPTED'), inside])).rejects.toMatchObject({ code: 'INTERRUPTED' }));

  test('is none where somebody is let into a step that fails', async () => {
    const visitor = { terminal: 'xterm', entering: () => {}, left: () => {} } as never;
    const { ran } = await run([inside], { visitor });
    expect(ran.map(({ on }) => on)).toEqual([noBuilder.name]);
  });
});

import { expect, test } from 'vitest';
import type { Step } from '../../src/engines/step.ts';
import type { StepContext } from '../../src/steps/builder.ts';
import { type TreeWork, treeStep } from '../../src/steps/tree-step.ts';
import { treeOf } from '../../src/steps/work.ts';
import type { Entry } from '../../src/tar/entry.ts';
import { readTar } from '../../src/tar/read.ts';
import { writeTar } from '../../src/tar/write.ts';
import { makeOn } from '../support/works.ts';

const file = (path: string, text: string, mtime = 7): Entry => {
  const bytes = Buffer.from(text);
  const common = { mode: 0o644, uid: 0, gid: 0, mtime, xattrs: [] } as const;
  return { ...common, type: 'file', path, size: bytes.length, content: { bytes } };
};
const folder = (path: string): Entry => ({
  ...{ type: 'directory', path, mode: 0o755, uid: 0, gid: 0, mtime: 7, xattrs: [] },
});

/** Runs a step on an engine that keeps what it is given and hands back what it is told to. */
async function stepOn(
  rootfs: readonly Entry[],
  left: readonly Entry[],
  more: Partial<TreeWork> = {},
) {
  const given: { step?: Step; paths: string[] } = { paths: [] };
  const engine = {
    async runStep<T>(step: Step, consume: (stdout: AsyncIterable<Uint8Array>) => Promise<T>) {
      given.step = step;
      for await (const { entry } of readTar(step.input)) given.paths.push(entry.path);
      return consume(writeTar(left));
    },
  };
  const context = { make: makeOn(engine) } as StepContext;
  const work = { rootfs: treeOf(rootfs), script: 'true', epoch: 9, env: {}, name: 'run', ...more };
  const io = { emit: () => undefined, signal: new AbortController().signal };
  const made = await treeStep(work, context, io);
  return { given, tree: await made.entries() };
}

const clock = file('.mkbase-clock', '1000\n1010\n');

test('a step gets the tree as its root, without what the engine mounts, and no right to make devices', async () => {
  const rootfs = [folder('etc'), file('etc/hosts', 'own'), folder('dev'), file('srv', 'x')];
  const { given } = await stepOn(rootfs, [folder('etc'), clock]);
  expect(given.step).toMatchObject({ root: 'own', ids: 'range' });
  expect(given.step?.capabilities).not.toContain('CAP_MKNOD');
  expect(given.step?.capabilities).not.toContain('CAP_SYS_ADMIN');
  expect(given.paths).toEqual([
    '.mkbase-step/step.sh',
    ...['hostname', 'hosts', 'resolv.conf'].map((name) => `.mkbase-step/mounted/etc/${name}`),
    ...['etc', 'srv'],
  ]);
});

test('a step is told which programs and folders of its builder it keeps', async () => {
  const more = { programs: ['rpm'], builderFolders: ['/usr/lib/rpm'] };
  const { given } = await stepOn([], [folder('etc'), clock], more);
  expect(given.step?.argv.slice(-2)).toEqual(['rpm', '/usr/lib/rpm']);
});

test('nothing of the step or the engine gets out of it, and times within it become the epoch', async () => {
  const left = [
    clock,
    folder('.mkbase-step'),
    file('.mkbase-step/bin/tar', 'evil'),
    folder('etc'),
    file('etc/hosts', 'evil'),
    folder('proc'),
    file('srv', 'made', 1005),
  ];
  const { tree } = await stepOn([folder('etc'), file('etc/hosts', 'own')], left);
  expect(tree.map(({ path, mtime }) => `${path} ${mtime}`)).toEqual([
    ...['etc 7', 'srv 9', 'dev 9', 'etc/hosts 7'],
  ]);
});

test.each(['.mkbase-step', '.mkbase-step/lib/libc.so.6'])('a tree with /%s is refused', (path) =>
  expect(stepOn([file(path, 'own')], [clock])).rejects.toMatchObject({ code: 'ROOTFS_REFUSED' }),
);

test('a tree with a name that only begins so is not', async () => {
  const own = file('.mkbase-steps', 'own');
  const { tree } = await stepOn([own], [own, clock]);
  expect(tree.map(({ path }) => path)).toContain('.mkbase-steps');
});

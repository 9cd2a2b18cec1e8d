import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { copyingEngine, expectedOf, numbered, openNodes, textsOf } from '../support/node.ts';
import { timesOf } from '../support/proofs.ts';
import { bundleChild, filesIn, recordingIo } from '../support/store.ts';

let child: string;
beforeAll(async () => {
  child = await bundleChild('make-nodes', 'nodes');
});

const begin = async (folder: string, count: number) => {
  const running = spawn(process.execPath, [child, folder, `${count}`]);
  let printed = '';
  running.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  const ended = once(running, 'exit').then(([exitCode]) => ({ exitCode, printed }));
  await once(running.stdout, 'data');
  return { running, ended };
};

/** Finds or makes nodes and holds each against what its step makes; resolves to how many had to run. */
async function expectSound(folder: string, count: number): Promise<number> {
  const engine = copyingEngine();
  const { io, events } = recordingIo();
  for (let each = 0; each < count; each++) {
    const nodes = openNodes(folder, engine);
    const { made } = await textsOf(await nodes.make(numbered(each), io));
    expect(made === (await expectedOf(each))).toBe(true);
    await nodes.list();
  }
  expect(events.filter(({ type }) => type === 'warning')).toEqual([]);
  return engine.steps;
}

const kills = timesOf('nodeKills');

test(
  `nothing wrong is found after ${kills} kills of a process that stores results`,
  async () => {
    for (let round = 0; round < kills; round++) {
      const folder = temporaryFolder();
      const { running, ended } = await begin(folder, 1000);
      await pause((round % 10) * 12);
      running.kill('SIGKILL');
      await ended;
      await expectSound(folder, 3);
      expect(await expectSound(folder, 3)).toBe(0);
    }
  },
  kills * 5000,
);

const pairs = timesOf('nodePairs');

test(
  `two processes that make the same results at once do not harm each other, ${pairs} times`,
  async () => {
    for (let round = 0; round < pairs; round++) {
      const folder = temporaryFolder();
      const two = await Promise.all([begin(folder, 4), begin(folder, 4)]);
      for (const { ended } of two) expect(await ended).toMatchObject({ exitCode: 0 });
      expect(await expectSound(folder, 4)).toBe(0);
      const stored = (await filesIn(folder)).filter((path) => path.startsWith('cache/nodes/'));
      expect(stored).toHaveLength(4);
    }
  },
  pairs * 10_000,
);

test.skipIf(process.getuid?.() !== 0)(
  'a full disk leaves nothing of a result, tells so, and the build goes on (needs root to mount a small disk)',
  async () => {
    const folder = temporaryFolder();
    const cache = join(folder, 'cache');
    mkdirSync(cache);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=384k', 'none', cache]);
    expect(mounted.status, String(mounted.stderr)).toBe(0);
    onTestFinished(() => void spawnSync('umount', [cache]));
    const { io, events } = recordingIo();
    const engine = copyingEngine();
    const nodes = openNodes(folder, engine);
    const tree = await nodes.make(numbered(1), io);
    expect((await textsOf(tree)).made === (await expectedOf(1))).toBe(true);
    expect(await nodes.list()).toHaveLength(1);
    expect(events).toMatchObject([{ warning: { code: 'node-not-kept' } }]);
    expect((await filesIn(folder)).filter((path) => !path.endsWith('/sent.tar'))).toEqual([]);
    spawnSync('mount', ['-o', 'remount,size=64m', cache]);
    await expectSound(folder, 2);
    expect(await expectSound(folder, 2)).toBe(0);
  },
);

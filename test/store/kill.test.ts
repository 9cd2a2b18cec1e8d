import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openStore } from '../../src/store/store.ts';
import { temporaryFolder } from '../support/folder.ts';
import { timesOf } from '../support/proofs.ts';
import { bundleChild, filesIn, recordingIo } from '../support/store.ts';

const begin = async (child: string, folder: string, count: number): Promise<ChildProcess> => {
  const running = spawn(process.execPath, [child, folder, `${count}`]);
  await once(running.stdout, 'data');
  return running;
};

/** Every visible blob is whole, and nothing else is there once the store has been opened again. */
async function expectSound(folder: string): Promise<number> {
  const store = await openStore(folder);
  const { io, events } = recordingIo();
  const names = await readdir(join(folder, 'blobs/sha256'));
  for (const name of names) expect(await store.verify(name, io)).toBe(true);
  expect(events).toEqual([]);
  expect(await filesIn(folder)).toHaveLength(names.length);
  return names.length;
}

const times = timesOf('storeKills');

test(
  `a store whose writer is killed ${times} times is never wrong`,
  async () => {
    const folder = temporaryFolder();
    const child = await bundleChild('store-blobs');
    for (let round = 0; round < times; round++) {
      const running = await begin(child, folder, 1_000_000);
      await pause((round % 20) * 3);
      running.kill('SIGKILL');
      await once(running, 'exit');
      await expectSound(folder);
    }
  },
  times * 3000,
);

test('two writers of the same blobs do not harm each other when one is killed', async () => {
  const folder = temporaryFolder();
  const child = await bundleChild('store-blobs');
  const [killed, survivor] = await Promise.all([
    begin(child, folder, 40),
    begin(child, folder, 40),
  ]);
  await pause(20);
  killed.kill('SIGKILL');
  const [exitCode] = await once(survivor, 'exit');
  expect(exitCode).toBe(0);
  expect(await expectSound(folder)).toBe(40);
});

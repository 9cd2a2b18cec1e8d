import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Engine } from '../../../src/engines/engine.ts';
import { lockChanges } from '../../../src/lock/changes.ts';
import { lockText } from '../../../src/lock/lock-file.ts';
import { currentLock, keepLock } from '../../../src/pipeline/inputs/current-lock.ts';
import { fetchInputs, sourcesOfRun } from '../../../src/pipeline/inputs/fetch-inputs.ts';
import type { OpenBuild } from '../../../src/pipeline/open-build.ts';
import { planBuild } from '../../../src/pipeline/plan.ts';
import { openStore } from '../../../src/store/store.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { recordingIo, serving, sha256Of } from '../../support/store.ts';
import { file, tarOf } from '../../support/tar.ts';

const options = { frozen: false, fresh: false };
const signed = 'X-Amz-Credential=me&X-Amz-Signature=hunter2';

/** A server that gives its files only to who knows the query, as buckets with signed URLs do. */
async function bucket(files: ReadonlyMap<string, Uint8Array>) {
  const state = { query: `?${signed}` };
  const server = await serving((request, response) => {
    const url = new URL(request.url ?? '/', 'http://bucket');
    const bytes = url.search === state.query ? files.get(url.pathname) : undefined;
    response.writeHead(bytes === undefined ? 403 : 200).end(bytes);
  });
  return { url: server.url, state };
}

async function opened(folder: string, recipe: string): Promise<OpenBuild> {
  await writeFile(join(folder, 'recipe.yaml'), recipe);
  const invocation = { cwd: folder, env: {}, now: new Date() };
  const request = { recipe: './recipe.yaml', engine: 'auto', outputs: [], tags: [] } as const;
  const flags = { offline: false, noCache: false, noTest: false };
  const plan = await planBuild({ ...request, ...flags }, invocation);
  const store = await openStore(join(folder, 'cache'));
  const sources = sourcesOfRun(plan, { offline: false }, invocation, store);
  const runInBuilder = () => {
    throw new Error('there is no builder');
  };
  return {
    ...{
      plan,
      store,
      sources,
      folder,
      read: {},
      state: join(folder, 'state'),
      fresh: false,
      engine: {} as Engine,
      builders: {} as OpenBuild['builders'],
    },
    locking: { sources: sources.image, builderSources: sources.builder, runInBuilder, folder },
    dispose: async () => {},
  };
}

test('a signed URL is fetched with its query, which no lock, message or progress holds, and which may be renewed', async () => {
  const archive = await tarOf([file('etc/issue', 'welcome')]);
  const motd = Buffer.from('Hello.\n');
  const files = new Map([
    ['/rootfs.tar', archive],
    ['/motd', motd],
  ]);
  const { url, state } = await bucket(files);
  const recipe = (query: string) => `
name: demo
epoch: 7
from: { minirootfs: { url: "${url}/rootfs.tar?${query}", sha256: ${sha256Of(archive)} } }
files:
  - { path: /etc/motd, url: "${url}/motd?${query}", sha256: ${sha256Of(motd)} }
`;
  const { io, events } = recordingIo();
  const first = await opened(temporaryFolder(), recipe(signed));
  const lock = await currentLock(first, options, io);
  await fetchInputs(first.plan, lock, undefined, first.sources, io);
  await keepLock(first.plan, lock, io);
  expect(lockText(lock)).toContain(`${url}/motd`);
  expect(lockText(lock) + JSON.stringify(events)).not.toMatch(/hunter2|X-Amz/);
  const told = events.flatMap((each) => (each.type === 'warning' ? [each.warning.message] : []));
  expect(told).toEqual([
    expect.stringContaining(`${url}/rootfs.tar is fetched with the query`),
    expect.stringContaining(`${url}/motd is fetched with the query`),
  ]);

  state.query = '?X-Amz-Signature=renewed';
  const second = await opened(temporaryFolder(), recipe('X-Amz-Signature=renewed'));
  await keepLock(second.plan, lock, io);
  const again = recordingIo();
  expect(await currentLock(second, options, again.io)).toEqual(lock);
  await fetchInputs(second.plan, lock, undefined, second.sources, again.io);
  expect(await second.store.verify(sha256Of(motd), io)).toBe(true);
  expect(JSON.stringify(again.events)).not.toMatch(/renewed|is fetched with/);

  const third = await opened(temporaryFolder(), recipe('X-Amz-Signature=expired'));
  const refused = await fetchInputs(third.plan, lock, undefined, third.sources, again.io).catch(
    (error: unknown) => String(error),
  );
  expect(refused).toMatch(/the server answers 403/);
  expect(refused).not.toMatch(/expired|X-Amz/);
});

test('two files whose URLs differ in their queries alone stay two inputs of a lock', async () => {
  const folder = temporaryFolder();
  const sums = ['1', '2'].map(sha256Of);
  const recipe = (sums: readonly string[]) => `
name: demo
from: { minirootfs: { url: "file://${folder}/rootfs.tar", sha256: ${sha256Of(Buffer.alloc(1024))} } }
epoch: 7
files:
  - { path: /a, url: "https://mirror.example/get?id=1", sha256: ${sums[0]} }
  - { path: /b, url: "https://mirror.example/get?id=2", sha256: ${sums[1]} }
`;
  await writeFile(join(folder, 'rootfs.tar'), Buffer.alloc(1024));
  const { io } = recordingIo();
  const before = await currentLock(await opened(folder, recipe(sums)), options, io);
  for (const at of [0, 1]) {
    const other = sums.with(at, sha256Of('3'));
    const after = await currentLock(
      await opened(folder, recipe(other)),
      { ...options, fresh: true },
      io,
    );
    expect(lockChanges(before, after)).toMatchObject([
      { name: 'https://mirror.example/get', after: `sha256:${sha256Of('3').slice(0, 12)}` },
    ]);
  }
});

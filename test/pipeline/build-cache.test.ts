import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cachedBuild, fingerprintsOf, rememberBuild } from '../../src/pipeline/build-cache.ts';
import type { BuildRequest, BuildResult } from '../../src/pipeline/request.ts';
import { temporaryFolder } from '../support/folder.ts';

const io = { emit: () => {}, signal: new AbortController().signal };

const request: BuildRequest = {
  recipe: 'hello',
  engine: 'docker',
  outputs: [],
  tags: [],
  offline: false,
  noCache: false,
  noTest: false,
};

const result: BuildResult = {
  recipe: 'hello',
  platform: 'linux/amd64',
  engine: 'docker',
  tags: ['mkbase/hello:latest'],
  imageId: 'sha256:abc',
  diffId: 'sha256:def',
  diffIds: ['sha256:def'],
  manifestDigest: 'sha256:123',
  rootfsBytes: 1,
  outputs: [],
  outDir: '/nowhere',
  tests: [],
  warnings: [],
  cached: false,
  timings: {},
};

/** An invocation with a cache of its own. */
const invocation = () => ({
  cwd: '/',
  env: { XDG_CACHE_HOME: temporaryFolder() },
  now: new Date(),
});

test.each(['', 'null', '{}', '[]', '{"fingerprints":{}}', '1'])(
  'a record that was damaged to %j counts as none',
  async (text) => {
    const place = invocation();
    const builds = join(place.env.XDG_CACHE_HOME, 'mkbase/builds');
    await rememberBuild(request, result, { read: {}, written: [] }, place, io);
    const [name = ''] = await readdir(builds);
    const file = join(builds, name);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      fingerprints: {},
      outputs: {},
      result,
    });
    await writeFile(file, text);
    expect(await cachedBuild(request, place, io)).toBeUndefined();
  },
);

test('a source that changed during or after the build makes it count as none', async () => {
  const folder = temporaryFolder();
  const place = invocation();
  const source = join(folder, 'hello.c');
  await writeFile(source, 'int main;');
  const read = await fingerprintsOf([source]);
  await writeFile(source, 'int main(void) { return 0; }');
  await rememberBuild(request, result, { read, written: [] }, place, io);
  expect(await cachedBuild(request, place, io)).toBeUndefined();
});

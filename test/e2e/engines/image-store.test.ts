import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Io } from '../../../src/base/events.ts';
import { hostPlatform } from '../../../src/base/platform.ts';
import { chooseEngine } from '../../../src/engines/choose.ts';
import type { Engine } from '../../../src/engines/engine.ts';
import type { ImageStore } from '../../../src/engines/image-store.ts';
import { cacheFolder } from '../../../src/store/cache-folder.ts';
import { ownedName } from '../../../src/store/owner.ts';
import { writeTar } from '../../../src/tar/write.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { busyboxToolchain, textFile } from '../../support/toolchain.ts';

const io: Io = { emit: () => {}, signal: new AbortController().signal };
const platform = hostPlatform().name;
const options = { changes: [], message: 'test', platform };

/** A tar that no other test makes. */
const uniqueTar = () => writeTar([textFile('name', `${Math.random()}`)]);

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function* cut(): AsyncGenerator<Uint8Array> {
  for await (const chunk of uniqueTar()) {
    yield chunk;
    throw new Error('cut');
  }
}

describe.each(['docker', 'podman'] as const)('the image store of %s', (name) => {
  let engine: Engine;
  let store: ImageStore;
  let folder: string;
  const ids: string[] = [];
  const cli = (...args: string[]) =>
    execFileSync(name, args, { encoding: 'utf8', stdio: 'pipe' }).trim();
  const imported = async () => {
    const id = await store.importTar(uniqueTar(), options, io);
    ids.push(id);
    return id;
  };

  beforeAll(async () => {
    engine = await chooseEngine(name, cacheFolder(process.env), io);
    store = engine.images!;
    folder = temporaryFolder();
  });

  afterAll(async () => {
    for (const id of ids) {
      try {
        cli('rmi', '--force', id);
      } catch {
        // A test has removed it.
      }
    }
  });

  test('imports a tar untagged and reports the digest of its bytes', async () => {
    const hash = createHash('sha256');
    async function* hashed() {
      for await (const chunk of uniqueTar()) {
        hash.update(chunk);
        yield chunk;
      }
    }
    const changes = ['CMD ["/hello"]', 'LABEL a="b c"'];
    const id = await store.importTar(hashed(), { ...options, changes }, io);
    ids.push(id);
    expect(await store.inspect(id, io)).toMatchObject({
      id,
      diffIds: [`sha256:${hash.digest('hex')}`],
      labels: { a: 'b c' },
      tags: [],
      config: { Cmd: ['/hello'] },
    });
  });

  test('knows no image that is not there, and fails when it cannot know', async () => {
    expect(await store.inspect('mkbase-test/none:1', io)).toBeUndefined();
    const variable = name === 'docker' ? 'DOCKER_HOST' : 'CONTAINERS_STORAGE_CONF';
    const before = process.env[variable];
    process.env[variable] = name === 'docker' ? 'unix:///nonexistent/socket' : '/nonexistent';
    try {
      await expect(store.inspect('mkbase-test/none:1', io)).rejects.toMatchObject({
        code: 'ENGINE_FAILED',
      });
    } finally {
      if (before === undefined) delete process.env[variable];
      else process.env[variable] = before;
    }
  });

  test('tags an image, and removes it only when no tag is left', async () => {
    const id = await imported();
    await store.tag(id, 'mkbase-test/tagged:1', io);
    await store.removeUntagged(id, io);
    expect(await store.inspect('mkbase-test/tagged:1', io)).toMatchObject({
      id,
      tags: ['mkbase-test/tagged:1'],
    });
    cli('tag', await imported(), 'mkbase-test/tagged:1');
    await store.removeUntagged(id, io);
    expect(await store.inspect(id, io)).toBeUndefined();
    await store.removeUntagged(id, io);
  });

  test('loads an archive and names what it loaded', async () => {
    const id = await imported();
    await store.tag(id, 'mkbase-test/saved:1', io);
    const file = join(folder, 'saved.tar');
    cli('save', '--output', file, 'mkbase-test/saved:1');
    cli('rmi', '--force', id);
    const loaded = await store.loadArchive(file, io);
    ids.push(loaded);
    expect(await store.inspect(loaded, io)).toMatchObject({ tags: ['mkbase-test/saved:1'] });
    await expect(store.loadArchive('/nonexistent.tar', io)).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
    });
  });

  test('keeps nothing of a tar that failed on the way', async () => {
    const all = () => cli('images', '--quiet', '--all', '--no-trunc').split('\n').sort();
    const before = all();
    await expect(store.importTar(cut(), options, io)).rejects.toThrow('cut');
    expect(all()).toEqual(before);
  });

  test('has a builder only once it is whole, and gives it up when asked', async () => {
    const toolchain = busyboxToolchain('store');
    await expect(engine.addToolchain(toolchain, cut(), io)).rejects.toThrow('cut');
    expect(await engine.hasToolchain(toolchain, io)).toBe(false);
    await engine.addToolchain(toolchain, uniqueTar(), io);
    expect(await engine.hasToolchain(toolchain, io)).toBe(true);
    const other = { ...toolchain, key: toolchain.key.replace(/.$/, '1') };
    expect(await engine.hasToolchain(other, io)).toBe(false);
    const tag = `mkbase-toolchain/busybox-test:${toolchain.key.slice(0, 16)}`;
    const keys = cli('images', '--quiet', '--filter', 'label=org.mkbase.toolchain').split('\n');
    const keep = new Set(
      (await Promise.all(keys.map((id) => store.inspect(id, io))))
        .map((image) => image?.labels['org.mkbase.toolchain'] ?? '')
        .filter((key) => key !== toolchain.key),
    );
    expect(await engine.removeToolchains(keep, io)).toEqual([{ kind: 'image', id: tag }]);
    expect(await engine.hasToolchain(toolchain, io)).toBe(false);
  });

  test('gives up untagged images of runs that have ended, and no others', async () => {
    const live = await imported();
    const dead = (await ownedName()).replace(/-\d+-\d+-([^-]+)$/, '-4194304-1-$1');
    const printed = execFileSync(name, ['import', '--message', `test (${dead})`, '-'], {
      input: await bytesOf(uniqueTar()),
      stdio: ['pipe', 'pipe', 'ignore'],
      encoding: 'utf8',
    });
    const id = printed.trim().split('\n').at(-1) ?? '';
    const expected = id.startsWith('sha256:') ? id : `sha256:${id}`;
    expect(await engine.removeLeftovers(new Date(), io)).toContainEqual({
      kind: 'image',
      id: expected,
    });
    expect(await store.inspect(expected, io)).toBeUndefined();
    expect(await store.inspect(live, io)).toBeDefined();
  });
});

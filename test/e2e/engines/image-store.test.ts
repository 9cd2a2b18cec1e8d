import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Io } from '../../../src/base/events.ts';
import { hostPlatform } from '../../../src/base/platform.ts';
import { chooseEngine } from '../../../src/engines/choose.ts';
import { socketClient } from '../../../src/engines/container/socket/socket-client.ts';
import type { Engine } from '../../../src/engines/engine.ts';
import type { ImageStore } from '../../../src/engines/image-store.ts';
import type { Step, ToolchainRef } from '../../../src/engines/step.ts';
import { surroundingsOf } from '../../../src/engines/surroundings.ts';
import { ownedName } from '../../../src/store/owner.ts';
import type { Entry } from '../../../src/tar/entry.ts';
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

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const evilTar = () => writeTar([textFile('name', `evil ${Math.random()}`)]);

/** A step that never comes to run. */
const nothingToDo: Omit<Step, 'toolchain'> = {
  argv: ['/evil'],
  env: {},
  capabilities: [],
  limits: { memoryBytes: 64 * 1024 ** 2, processes: 8, seconds: 10, outputBytes: 1024 },
  input: Readable.from([]),
};

/** An OCI archive whose config claims the layer `claimed` and whose manifest has another. */
async function forgedArchive(claimed: Buffer, key: string, tag: string): Promise<Buffer> {
  const digest = (bytes: Uint8Array) => `sha256:${sha256Of(bytes)}`;
  const json = (value: object) => Buffer.from(JSON.stringify(value));
  const layer = await bytesOf(evilTar());
  const config = json({
    ...{ architecture: hostPlatform().ociArchitecture, os: 'linux' },
    config: { Labels: { 'org.mkbase.toolchain': key } },
    rootfs: { type: 'layers', diff_ids: [digest(claimed)] },
    history: [{ created: '2026-01-01T00:00:00Z' }],
  });
  const described = (mediaType: string, bytes: Uint8Array) => ({
    mediaType: `application/vnd.oci.image.${mediaType}`,
    digest: digest(bytes),
    size: bytes.length,
  });
  const manifest = json({
    schemaVersion: 2,
    config: described('config.v1+json', config),
    layers: [described('layer.v1.tar', layer)],
  });
  const annotations = { 'org.opencontainers.image.ref.name': `localhost/${tag}` };
  const index = { ...described('manifest.v1+json', manifest), annotations };
  const blobs = [config, layer, manifest].sort((a, b) => (sha256Of(a) < sha256Of(b) ? -1 : 1));
  return bytesOf(
    writeTar([
      ...blobs.map((bytes) => file(`blobs/sha256/${sha256Of(bytes)}`, bytes)),
      file('index.json', json({ schemaVersion: 2, manifests: [index] })),
      file('oci-layout', json({ imageLayoutVersion: '1.0.0' })),
    ]),
  );
}

const file = (path: string, bytes: Buffer): Entry => ({
  ...textFile(path, ''),
  type: 'file',
  size: bytes.length,
  content: { bytes },
});

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
    engine = await chooseEngine(name, surroundingsOf(process.env), io);
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
    if (name === 'docker') {
      const deaf = socketClient({ socket: '/nonexistent/socket', version: '1.41' });
      await expect(deaf.inspectImage('mkbase-test/none:1', io)).rejects.toMatchObject({
        code: 'ENGINE_FAILED',
      });
      return;
    }
    vi.stubEnv('CONTAINERS_STORAGE_CONF', '/nonexistent');
    await expect(store.inspect('mkbase-test/none:1', io)).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
    });
    vi.unstubAllEnvs();
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
      code: name === 'docker' ? 'IO' : 'ENGINE_FAILED',
    });
  });

  test('keeps nothing of a tar that failed on the way', async () => {
    const all = () => cli('images', '--quiet', '--all', '--no-trunc').split('\n').sort();
    const before = all();
    await expect(store.importTar(cut(), options, io)).rejects.toThrow('cut');
    expect(all()).toEqual(before);
  });

  const tagOf = ({ key }: ToolchainRef) => `mkbase-toolchain/busybox-test:${key.slice(0, 16)}`;

  /** Collects the messages of warnings. */
  const listening = () => {
    const warnings: string[] = [];
    const emit: Io['emit'] = (event) => {
      if (event.type === 'warning') warnings.push(event.warning.message);
    };
    return { io: { ...io, emit }, warnings };
  };

  test('has a builder only once it is whole, and gives it up when asked', async () => {
    const toolchain = busyboxToolchain('store');
    await expect(engine.addToolchain(toolchain, cut(), io)).rejects.toThrow('cut');
    const tree = await engine.addToolchain(toolchain, uniqueTar(), io);
    expect(await engine.hasToolchain(toolchain, tree, io)).toBe(true);
    const other = { ...toolchain, key: toolchain.key.replace(/.$/, '1') };
    expect(await engine.hasToolchain({ ...other, name: 'other' }, tree, io)).toBe(false);
    const tag = tagOf(toolchain);
    expect(await engine.listToolchains(io)).toContainEqual({ name: tag, key: toolchain.key, tree });
    const keys = cli('images', '--quiet', '--filter', 'label=org.mkbase.toolchain').split('\n');
    const keep = new Set(
      (await Promise.all(keys.map((id) => store.inspect(id, io))))
        .map((image) => image?.labels['org.mkbase.toolchain'] ?? '')
        .filter((key) => key !== toolchain.key),
    );
    expect(await engine.removeToolchains(keep, io)).toEqual([{ kind: 'image', id: tag }]);
    expect(await engine.hasToolchain(toolchain, tree, io)).toBe(false);
  });

  describe('a builder', () => {
    const toolchain = busyboxToolchain(`trojan${process.pid}`);
    const label = `LABEL org.mkbase.toolchain=${toolchain.key}`;
    let bytes: Buffer;
    let tree: string;
    let later: Engine;
    beforeAll(async () => {
      bytes = await bytesOf(uniqueTar());
      tree = sha256Of(bytes);
      later = await chooseEngine(name, surroundingsOf(process.env), io);
    });
    afterAll(async () => {
      const filter = ['--filter', `label=org.mkbase.toolchain=${toolchain.key}`];
      ids.push(...cli('images', '--quiet', '--no-trunc', ...filter).split('\n'));
    });
    beforeEach(() => addTo(engine));

    const addTo = async (to: Engine, heard = io) =>
      expect(await to.addToolchain(toolchain, Readable.from([bytes]), heard)).toBe(tree);

    /** Puts another image under the builder's tag, as anybody can who may use the engine. */
    async function put(tar: AsyncIterable<Uint8Array>, ...changes: string[]): Promise<string> {
      const id = await store.importTar(tar, { ...options, changes }, io);
      ids.push(id);
      cli('tag', id, tagOf(toolchain));
      return id;
    }

    /** Looks for the builder as the next run does; resolves to the warnings where it is not there. */
    async function refusal(): Promise<string[]> {
      const { io: heard, warnings } = listening();
      expect(await later.hasToolchain(toolchain, tree, heard)).toBe(false);
      expect(await store.inspect(tagOf(toolchain), io)).toBeUndefined();
      return warnings;
    }

    test('that two make at once is the same for both and for the next', async () => {
      cli('rmi', '--force', tagOf(toolchain));
      await Promise.all([addTo(engine), addTo(later)]);
      const { io: heard, warnings } = listening();
      expect(await later.hasToolchain(toolchain, tree, heard)).toBe(true);
      expect(warnings).toEqual([]);
    });

    test('with the tag and label of ours and other files is told, not run, and made anew', async () => {
      const id = await put(evilTar(), label);
      cli('tag', id, 'mkbase-test/other:1');
      expect(await refusal()).toEqual([
        expect.stringMatching(
          new RegExp(`${tagOf(toolchain)} is .* expected layers sha256:${tree}, found sha256:`),
        ),
      ]);
      const running = later.runStep({ ...nothingToDo, toolchain }, bytesOf, io);
      await expect(running).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
      const others = await store.inspect('mkbase-test/other:1', io);
      expect(others).toMatchObject({ id, tags: ['mkbase-test/other:1'] });
      await addTo(later);
      expect(await later.hasToolchain(toolchain, tree, io)).toBe(true);
    });

    test('with our files and a variable for the loader is told and not run', async () => {
      await put(Readable.from([bytes]), label, 'ENV LD_PRELOAD=/evil.so');
      expect(await refusal()).toEqual([
        expect.stringMatching(/expected config .*, found .*LD_PRELOAD=\/evil\.so/),
      ]);
    });

    test('that claims our layer and has another is told and not run', async () => {
      const file = join(folder, 'forged.tar');
      await writeFile(file, await forgedArchive(bytes, toolchain.key, tagOf(toolchain)));
      cli('rmi', '--force', tagOf(toolchain));
      const loaded = await store.loadArchive(file, io).catch(() => undefined);
      // docker looks at the bytes when it loads them; podman only names them truly.
      const told = [expect.stringMatching(/expected stored layer sha256:.*found sha256:/)];
      expect(await refusal()).toEqual(loaded === undefined ? [] : told);
    });

    test('that stands where ours is to be gives way to it', async () => {
      await put(evilTar(), label);
      const { io: heard, warnings } = listening();
      await addTo(later, heard);
      expect(warnings).toEqual([expect.stringContaining('expected layers')]);
      const stored = await store.inspect(tagOf(toolchain), io);
      expect(stored?.diffIds).toEqual([`sha256:${tree}`]);
    });
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

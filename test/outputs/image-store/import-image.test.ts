import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { MkbaseError } from '../../../src/base/errors.ts';
import { platforms } from '../../../src/base/platform.ts';
import type { ImageStore, StoredImage } from '../../../src/engines/image-store.ts';
import { readImage } from '../../../src/image/read-image.ts';
import { importImage } from '../../../src/outputs/image-store/import-image.ts';
import { lookUp, publish } from '../../../src/outputs/image-store/publish.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { imageOf, makeRootfs, memoryStore, plainFile, quietIo } from '../../support/image.ts';

const io = quietIo();

// Stores that never read the stream let it open its file after the test.
const sample = async () =>
  imageOf(
    await makeRootfs(temporaryFolder({ lasting: true }), [plainFile('file', Buffer.from('x'))]),
  );

describe('importImage', () => {
  test('believes a store that reports our diffID and config', async () => {
    const image = await sample();
    const store = memoryStore(() => ({ config: { ...image.settings, Hostname: '' } }));
    const id = await importImage(image, store, io);
    expect(store.images.get(id)?.diffIds).toEqual([image.rootfs.diffId]);
    expect(store.tags.size).toBe(0);
  });

  test('tells the store what the image was made from', async () => {
    const messages: string[] = [];
    const store = memoryStore();
    const listening: ImageStore = {
      ...store,
      importTar(tar, options) {
        messages.push(options.message);
        return store.importTar(tar, options, io);
      },
    };
    await importImage(await sample(), listening, io);
    expect(messages).toEqual(['mkbase: recipe sample']);
  });

  test.each([
    ['another layer', { diffIds: [`sha256:${'0'.repeat(64)}`] }],
    ['no layer', { diffIds: [] }],
    ['one layer more', { diffIds: ['sha256:a', 'sha256:b'] }],
    ['another label', { config: { Labels: { 'io.mkbase.recipe': 'other' } } }],
    ['no config', { config: {} }],
  ])('refuses and removes an image with %s', async (_, claim) => {
    const store = memoryStore(() => claim);
    await expect(importImage(await sample(), store, io)).rejects.toMatchObject({
      code: 'IMAGE_MISMATCH',
      message: expect.stringMatching(/expected: .*\n.* found: /),
    });
    expect(store.images.size).toBe(0);
  });

  /** A store that takes each import for one of another machine's, and loads an archive as `loaded` says. */
  const foreignStore = (loaded: (diffId: string) => Partial<StoredImage>) => {
    const store = memoryStore(() => ({ architecture: 'other' }));
    const files: string[] = [];
    const loading: ImageStore = {
      ...store,
      async loadArchive(file) {
        files.push(file);
        const { layers, configDigest: id } = await readImage(file, io);
        const diffIds = layers.map(({ sha256 }) => sha256);
        store.images.set(id, { id, diffIds, labels: {}, tags: [], ...loaded(diffIds[0] ?? '') });
        return id;
      },
    };
    return { store, files, loading };
  };

  test("loads an image that an import would mark as one for the store's own machine", async () => {
    const image = await sample();
    const architecture = platforms[image.platform].ociArchitecture;
    const { store, files, loading } = foreignStore(() => ({ architecture }));
    const id = await importImage(image, loading, io);
    expect(id).toBe(image.config.digest);
    expect([...store.images.keys()]).toEqual([id]);
    expect(files.filter((file) => existsSync(file))).toEqual([]);
  });

  test('refuses and removes one that is loaded as something else', async () => {
    const { store, files, loading } = foreignStore(() => ({ architecture: 'other' }));
    await expect(importImage(await sample(), loading, io)).rejects.toMatchObject({
      code: 'IMAGE_MISMATCH',
      message: expect.stringContaining('platform found:    "other"'),
    });
    expect(store.images.size).toBe(0);
    expect(files.filter((file) => existsSync(file))).toEqual([]);
  });

  test('refuses an image that the store does not know afterwards', async () => {
    const store = { ...memoryStore(), inspect: async () => undefined };
    await expect(importImage(await sample(), store, io)).rejects.toMatchObject({
      code: 'IMAGE_MISMATCH',
    });
  });

  test('removes the image when the daemon dies before it can be looked at', async () => {
    const gone = new MkbaseError({ code: 'ENGINE_FAILED', message: 'gone' });
    const store = memoryStore();
    const dying = {
      ...store,
      inspect: async () => {
        throw gone;
      },
    };
    await expect(importImage(await sample(), dying, io)).rejects.toBe(gone);
    expect(store.images.size).toBe(0);
  });

  test("says what to do when the daemon's import does not know an instruction", async () => {
    const message = 'Error response from daemon: stopsignal is not a valid change command';
    const old = {
      ...memoryStore(),
      importTar: () => Promise.reject(new MkbaseError({ code: 'ENGINE_FAILED', message })),
    };
    await expect(importImage(await sample(), old, io)).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: expect.stringContaining('STOPSIGNAL'),
      hint: expect.stringContaining('--output type=docker'),
    });
  });

  test('removes the image also when the build was interrupted', async () => {
    const abort = new AbortController();
    const store = memoryStore();
    const signals: boolean[] = [];
    const stopping = {
      ...store,
      inspect: async () => {
        abort.abort();
        throw new MkbaseError({ code: 'INTERRUPTED', message: 'Interrupted.' });
      },
      removeUntagged: async (id: string, { signal }: typeof io) => {
        signals.push(signal.aborted);
        await store.removeUntagged(id, io);
      },
    };
    const importing = importImage(await sample(), stopping, quietIo(abort.signal));
    await expect(importing).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(signals).toEqual([false]);
    expect(store.images.size).toBe(0);
  });
});

describe('publish', () => {
  const publishAs = async (id: string, tags: string[], store: ImageStore) =>
    publish(id, await lookUp(tags, store, io), store, io);

  const full = new MkbaseError({ code: 'ENGINE_FAILED', message: 'no' });

  /** A store in which one tag cannot be set. */
  const withoutTag = (refused: string, store: ImageStore): ImageStore => ({
    ...store,
    tag: async (id, tag) => {
      if (tag === refused) throw full;
      await store.tag(id, tag, io);
    },
  });

  const twice = async (store = memoryStore()) => {
    const image = await sample();
    const first = await importImage(image, store, io);
    const second = await importImage(image, store, io);
    return { store, first, second };
  };

  test('sets every tag and removes our image that lost its last one', async () => {
    const { store, first, second } = await twice();
    await publishAs(first, ['a:1', 'b:1'], store);
    await publishAs(second, ['a:1'], store);
    expect(store.images.has(first)).toBe(true);
    await publishAs(second, ['b:1'], store);
    expect([...store.images.keys()]).toEqual([second]);
    expect(store.tags).toEqual(
      new Map([
        ['a:1', second],
        ['b:1', second],
      ]),
    );
  });

  test("keeps an image that is not mkbase's", async () => {
    const { store, first, second } = await twice(memoryStore(() => ({ labels: { other: '' } })));
    await publishAs(first, ['a:1'], store);
    await publishAs(second, ['a:1'], store);
    expect([...store.images.keys()]).toEqual([first, second]);
  });

  test('keeps an image that is tagged with what it had', async () => {
    const { store, first } = await twice();
    await publishAs(first, ['a:1'], store);
    await publishAs(first, ['a:1', 'a:1'], store);
    expect(store.images.has(first)).toBe(true);
  });

  test('takes no notice when the old image is in use', async () => {
    const { store, first, second } = await twice();
    await publishAs(first, ['a:1'], store);
    const busy = { ...store, removeUntagged: () => Promise.reject(new Error('in use')) };
    await publishAs(second, ['a:1'], busy);
    expect(store.tags.get('a:1')).toBe(second);
  });

  test('puts the tags back when one of them cannot be set', async () => {
    const { store, first, second } = await twice();
    await publishAs(first, ['a:1', 'b:1'], store);
    const failing = withoutTag('b:1', store);
    await expect(publishAs(second, ['a:1', 'b:1'], failing)).rejects.toBe(full);
    expect(store.tags.get('a:1')).toBe(first);
    expect(store.tags.get('b:1')).toBe(first);
  });

  test('takes off a tag that was not there when another one cannot be set', async () => {
    const { store, first } = await twice();
    const failing = withoutTag('b:1', store);
    await expect(publishAs(first, ['a:1', 'b:1'], failing)).rejects.toBe(full);
    expect(store.tags.size).toBe(0);
  });
});

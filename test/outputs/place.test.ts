import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MkbaseError } from '../../src/base/errors.ts';
import type { Image } from '../../src/image/image.ts';
import type { OutputRequest } from '../../src/outputs/contract.ts';
import { beginOutputs, placeImage } from '../../src/outputs/place.ts';
import { fileBytes } from '../../src/tar/content.ts';
import { temporaryFolder } from '../support/folder.ts';
import { imageOf, makeRootfs, memoryStore, plainFile, quietIo } from '../support/image.ts';

const io = quietIo();
const tags = ['mkbase/sample'];

async function sample(content = 'content') {
  const folder = temporaryFolder();
  const outDir = join(folder, 'out');
  const rootfs = await makeRootfs(folder, [plainFile('file', Buffer.from(content))]);
  return { folder, outDir, image: imageOf(rootfs) };
}

const files: OutputRequest[] = [{ type: 'oci' }, { type: 'docker' }, { type: 'rootfs' }];

describe('placeImage', () => {
  test('shows no file before the commit and all of them after it', async () => {
    const { image, outDir } = await sample();
    const placed = await placeImage(image, files, { outDir, tags, store: undefined }, io);
    const visible = () => readdirSync(outDir).filter((name) => !name.startsWith('.'));
    expect(visible()).toEqual([]);
    await placed.commit();
    expect(readdirSync(outDir)).toEqual(['image.docker.tar', 'image.oci.tar', 'rootfs.tar']);
    expect(placed.outputs).toEqual(
      [...placed.outputs].map(({ type, dest }) => ({
        type,
        dest,
        size: readFileSync(dest).length,
      })),
    );
    expect(placed.outputs.map(({ type }) => type)).toEqual(['oci', 'docker', 'rootfs']);
    expect(placed.imageId).toBeNull();
  });

  test('lets an image in files be tried from its rootfs, without a store', async () => {
    const { image, outDir } = await sample();
    const placed = await placeImage(image, files, { outDir, tags, store: undefined }, io);
    expect(await placed.tryOut(async (runnable) => runnable)).toEqual({
      kind: 'tar',
      tar: image.rootfs.tar,
      config: image.settings,
      platform: 'linux/amd64',
    });
    await placed.discard();
  });

  test('lets an image in the store be tried as it is', async () => {
    const { image, outDir } = await sample();
    const context = { outDir, tags, store: memoryStore() };
    const placed = await placeImage(image, [{ type: 'import' }], context, io);
    const id = await placed.tryOut(async (runnable) => runnable.kind === 'stored' && runnable.id);
    expect(id).toBe(placed.imageId);
    expect(context.store.images.size).toBe(1);
  });

  test('brings an image in files into the store for as long as it is tried', async () => {
    const { folder, outDir } = await sample();
    const rootfs = await makeRootfs(folder, [plainFile('file', Buffer.from('x'))]);
    const image = imageOf(rootfs, { stopsignal: 'SIGINT', healthcheck: { test: ['/x'] } });
    const store = memoryStore();
    const limited = { ...store, importInstructions: new Set(['LABEL']) };
    const placed = await placeImage(image, [{ type: 'oci' }], { outDir, tags, store: limited }, io);
    const failing = placed.tryOut(async (runnable) => {
      expect(runnable).toMatchObject({ kind: 'stored', id: [...store.images.keys()][0] });
      throw new Error('failed');
    });
    await expect(failing).rejects.toThrow('failed');
    expect([store.images.size, store.tags.size]).toEqual([0, 0]);
    await placed.discard();
  });

  test('leaves nothing after a discard, and everything after a commit and a discard', async () => {
    const { image, folder, outDir } = await sample();
    const context = { outDir, tags, store: memoryStore() };
    const outputs: OutputRequest[] = [{ type: 'rootfs' }, { type: 'import' }];
    const dropped = await placeImage(image, outputs, context, io);
    await dropped.discard();
    expect(readdirSync(folder)).toEqual(['rootfs.tar']);
    expect(context.store.images.size).toBe(0);
    const kept = await placeImage(image, outputs, context, io);
    await kept.commit();
    await kept.discard();
    expect(readdirSync(outDir)).toEqual(['rootfs.tar']);
    expect(context.store.tags).toEqual(new Map([['mkbase/sample:latest', kept.imageId]]));
  });

  test('takes over an import that began while the tar was being written', async () => {
    const { image, outDir } = await sample();
    const context = { outDir, tags, store: memoryStore() };
    const outputs: OutputRequest[] = [{ type: 'oci' }, { type: 'import' }];
    const arriving = { ...image, bytes: () => fileBytes(image.rootfs.tar) };
    const early = await beginOutputs(arriving, outputs, context, io);
    await expect.poll(() => context.store.images.size).toBe(1);
    const placed = await placeImage(image, outputs, context, io, early.begun);
    await early.discard();
    expect([...context.store.images.keys()]).toEqual([placed.imageId]);
    await placed.commit();
    expect(context.store.tags).toEqual(new Map([['mkbase/sample:latest', placed.imageId]]));
  });

  test.each([
    ['that is done', (image: Image) => fileBytes(image.rootfs.tar)],
    [
      'whose tar never came to its end',
      async function* (image: Image) {
        yield* fileBytes(image.rootfs.tar);
        throw new Error('the writer failed');
      },
    ],
  ])('removes an import %s when nobody takes it over', async (_, bytes) => {
    const { image, outDir } = await sample();
    const context = { outDir, tags, store: memoryStore() };
    const arriving = { ...image, bytes: () => bytes(image) };
    const early = await beginOutputs(arriving, [{ type: 'import' }], context, io);
    await early.discard();
    await early.discard();
    expect(context.store.images.size).toBe(0);
  });

  test('refuses an import that began with other bytes than the image has in the end', async () => {
    const { image, outDir } = await sample();
    const context = { outDir, tags, store: memoryStore() };
    const outputs: OutputRequest[] = [{ type: 'import' }];
    async function* bytes() {
      yield* fileBytes(image.rootfs.tar);
      yield Buffer.alloc(512);
    }
    const { begun } = await beginOutputs({ ...image, bytes }, outputs, context, io);
    await expect(placeImage(image, outputs, context, io, begun)).rejects.toMatchObject({
      code: 'IMAGE_MISMATCH',
    });
    expect(context.store.images.size).toBe(0);
  });

  test('removes the outputs that worked when one does not', async () => {
    const { image, folder, outDir } = await sample();
    const store = memoryStore(() => ({ diffIds: [`sha256:${'0'.repeat(64)}`] }));
    const outputs: OutputRequest[] = [...files.slice(0, 1), { type: 'import' }];
    await expect(placeImage(image, outputs, { outDir, tags, store }, io)).rejects.toMatchObject({
      code: 'IMAGE_MISMATCH',
    });
    expect(readdirSync(folder)).toEqual(['rootfs.tar']);
    expect([store.images.size, store.tags.size]).toEqual([0, 0]);
  });

  test('writes the same archive bytes each time', async () => {
    const bytes = await Promise.all(
      ['a', 'b'].map(async () => {
        const { image, outDir } = await sample();
        const context = { outDir, tags, store: undefined };
        await (await placeImage(image, files, context, io)).commit();
        return readFileSync(join(outDir, 'image.oci.tar'));
      }),
    );
    expect(bytes[0]).toEqual(bytes[1]);
    const hex = createHash('sha256').update(bytes[0]!).digest('hex');
    await expect(`${hex}  image.oci.tar\n`).toMatchFileSnapshot(
      '../golden/outputs/oci/archive.sha256',
    );
  });

  test("refuses a dest that is a folder, and a layout over a folder that is none's", async () => {
    const { image, folder, outDir } = await sample();
    const taken = join(folder, 'taken');
    mkdirSync(taken);
    writeFileSync(join(taken, 'precious'), '');
    for (const output of [
      { type: 'oci', dest: taken },
      { type: 'rootfs', dest: taken },
      { type: 'oci', dest: `${taken}/` },
      { type: 'oci', dest: `${join(taken, 'precious')}/` },
    ] as OutputRequest[]) {
      const placing = placeImage(image, [output], { outDir, tags, store: undefined }, io);
      await expect(placing).rejects.toMatchObject({ code: 'USAGE' });
    }
    expect(readdirSync(taken)).toEqual(['precious']);
  });

  test('refuses to import without a store, and a tag that is none', async () => {
    const { image, outDir } = await sample();
    const context = { outDir, tags, store: undefined };
    await expect(placeImage(image, [{ type: 'import' }], context, io)).rejects.toMatchObject({
      code: 'USAGE',
      hint: expect.stringContaining('type=oci'),
    });
    const bad = { ...context, tags: ['--rm'] };
    await expect(placeImage(image, files, bad, io)).rejects.toMatchObject({ code: 'USAGE' });
  });

  test.each([
    ['an archive', 'image.oci.tar'],
    ['a folder', 'layout/'],
    ['a rootfs', 'rootfs-copy.tar'],
  ])('notices a rootfs that changed after it was hashed while writing %s', async (_, name) => {
    const { image, folder, outDir } = await sample();
    const tar = readFileSync(image.rootfs.tar);
    tar[600] = 1;
    writeFileSync(image.rootfs.tar, tar);
    const type = name.startsWith('rootfs') ? 'rootfs' : 'oci';
    const output = { type, dest: `${folder}/${name}` } as OutputRequest;
    const placing = placeImage(image, [output], { outDir, tags, store: undefined }, io);
    await expect(placing).rejects.toMatchObject({ code: 'IMAGE_MISMATCH' });
    expect(readdirSync(folder)).toEqual(['rootfs.tar']);
  });

  test('stops when it is asked to, and leaves nothing', async () => {
    const { image, folder, outDir } = await sample();
    const abort = new AbortController();
    abort.abort(new MkbaseError({ code: 'INTERRUPTED', message: 'Interrupted.' }));
    for (const output of files) {
      const context = { outDir, tags, store: undefined };
      await expect(
        placeImage(image, [output], context, quietIo(abort.signal)),
      ).rejects.toMatchObject({ code: 'INTERRUPTED' });
    }
    expect(readdirSync(folder)).toEqual(['rootfs.tar']);
  });
});

test('the OCI layout is written as the golden one', async () => {
  const { image, folder } = await sample();
  const outputs: OutputRequest[] = [{ type: 'oci', dest: `${folder}/layout/` }];
  const context = { outDir: folder, tags: ['mkbase/sample', 'r.example/x:2'], store: undefined };
  await (await placeImage(image, outputs, context, io)).commit();
  const layout = join(folder, 'layout');
  const listed = readdirSync(layout, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(layout.length + 1))
    .sort();
  const blobs = listed.filter((path) => path.startsWith('blobs/'));
  for (const path of blobs) {
    const hex = createHash('sha256')
      .update(readFileSync(join(layout, path)))
      .digest('hex');
    expect(path).toBe(`blobs/sha256/${hex}`);
  }
  expect(listed).toEqual([...blobs, 'index.json', 'oci-layout']);
  await expect(readFileSync(join(layout, 'index.json'), 'utf8')).toMatchFileSnapshot(
    '../golden/outputs/oci/index.json',
  );
  await expect(readFileSync(join(layout, 'oci-layout'), 'utf8')).toMatchFileSnapshot(
    '../golden/outputs/oci/oci-layout.json',
  );
});

import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { layoutOf } from '../../src/store/blobs/layout.ts';
import { ownedName } from '../../src/store/owner.ts';
import { openStore } from '../../src/store/store.ts';
import { temporaryFolder } from '../support/folder.ts';
import { collect, filesIn, patternBytes, recordingIo, sha256Of } from '../support/store.ts';

async function* stream(...chunks: Uint8Array[]) {
  yield* chunks;
}

const bytes = patternBytes(700_000);
const sha256 = sha256Of(bytes);

describe('a stored blob', () => {
  test('lies under its hash, and reads back as it was written', async () => {
    const folder = temporaryFolder();
    const store = await openStore(folder);
    const blob = await store.write(stream(bytes.subarray(0, 5), bytes.subarray(5)), sha256);
    expect(blob).toEqual({ sha256, size: bytes.length });
    expect(await filesIn(folder)).toEqual([`blobs/sha256/${sha256}`]);
    expect(bytes.equals(await collect(store.read(sha256)))).toBe(true);
  });

  test('may be empty', async () => {
    const store = await openStore(temporaryFolder());
    const nothing = sha256Of('');
    expect(await store.write(stream(), nothing)).toEqual({ sha256: nothing, size: 0 });
    expect(await collect(store.read(nothing))).toEqual(Buffer.alloc(0));
  });

  test('with a flipped bit is noticed at the end of reading, and removed', async () => {
    const folder = temporaryFolder();
    const store = await openStore(folder);
    await store.write(stream(bytes), sha256);
    const path = join(folder, 'blobs/sha256', sha256);
    const damaged = Buffer.from(bytes);
    damaged[1234]! ^= 1;
    await writeFile(path, damaged);
    await expect(collect(store.read(sha256))).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringContaining(sha256Of(damaged)),
      hint: expect.stringContaining('fetched again'),
    });
    expect(await filesIn(folder)).toEqual([]);
  });

  test('that was cut short is no blob, and verify says so with a warning', async () => {
    const folder = temporaryFolder();
    const store = await openStore(folder);
    await store.write(stream(bytes), sha256);
    await writeFile(join(folder, 'blobs/sha256', sha256), bytes.subarray(1));
    const { io, events } = recordingIo();
    expect(await store.verify(sha256, io)).toBe(false);
    expect(events).toMatchObject([{ type: 'warning', warning: { code: 'store-damaged' } }]);
    expect(await filesIn(folder)).toEqual([]);
  });

  test('is repaired by writing it again', async () => {
    const folder = temporaryFolder();
    const store = await openStore(folder);
    await mkdir(join(folder, 'blobs/sha256'), { recursive: true });
    await writeFile(join(folder, 'blobs/sha256', sha256), 'damaged');
    await store.write(stream(bytes), sha256);
    expect(await store.verify(sha256, recordingIo().io)).toBe(true);
  });

  test('can be left half read', async () => {
    const store = await openStore(temporaryFolder());
    await store.write(stream(bytes), sha256);
    for await (const chunk of store.read(sha256)) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect(await store.verify(sha256, recordingIo().io)).toBe(true);
  });
});

describe('the store', () => {
  test('refuses bytes of another hash, and keeps nothing of them', async () => {
    const folder = temporaryFolder();
    const store = await openStore(folder);
    await expect(store.write(stream(bytes), sha256Of('other'))).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringContaining(`${sha256}, ${bytes.length} bytes`),
    });
    expect(await filesIn(folder)).toEqual([]);
  });

  test('passes the error of a source on, and keeps nothing', async () => {
    const folder = temporaryFolder();
    const store = await openStore(folder);
    const failure = new Error('the source broke');
    async function* broken() {
      yield bytes;
      throw failure;
    }
    await expect(store.write(broken(), sha256)).rejects.toBe(failure);
    expect(await filesIn(folder)).toEqual([]);
  });

  test('says that a blob which it does not have is gone', async () => {
    const store = await openStore(temporaryFolder());
    await expect(collect(store.read(sha256))).rejects.toMatchObject({ code: 'SOURCE_CORRUPT' });
    expect(await store.verify(sha256, recordingIo().io)).toBe(false);
  });

  test('takes no name that is not a hash for a blob', async () => {
    const store = await openStore(temporaryFolder());
    for (const name of ['../../etc/passwd', '', sha256.toUpperCase(), `${sha256}\n`]) {
      await expect(collect(store.read(name))).rejects.toMatchObject({ code: 'INTERNAL' });
    }
  });

  test('stops verifying when the run is interrupted', async () => {
    const store = await openStore(temporaryFolder());
    await store.write(stream(bytes), sha256);
    const { io } = recordingIo(AbortSignal.abort());
    await expect(store.verify(sha256, io)).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  test('takes twenty writers of one blob at once', async () => {
    const folder = temporaryFolder();
    const store = await openStore(folder);
    await Promise.all(Array.from({ length: 20 }, () => store.write(stream(bytes), sha256)));
    expect(await filesIn(folder)).toEqual([`blobs/sha256/${sha256}`]);
  });

  test('leaves the temporary files of a living run alone when it is opened again', async () => {
    const folder = temporaryFolder();
    await openStore(folder);
    const draft = join(layoutOf(folder).tmp, await ownedName());
    await writeFile(draft, 'being written');
    await openStore(folder);
    expect(await readFile(draft, 'utf8')).toBe('being written');
  });

  test('names the folder that it cannot make', async () => {
    const parent = temporaryFolder();
    await writeFile(join(parent, 'file'), '');
    const folder = join(parent, 'file', 'cache');
    await expect(openStore(folder)).rejects.toMatchObject({
      code: 'IO',
      message: expect.stringContaining(folder),
    });
  });

  test('may lie behind a symbolic link, and in a folder with odd characters', async () => {
    const parent = temporaryFolder();
    const real = join(parent, 'a b\nü%20');
    await mkdir(real);
    await chmod(real, 0o700);
    await symlink(real, join(parent, 'link'));
    const store = await openStore(join(parent, 'link'));
    await store.write(stream(bytes), sha256);
    expect(bytes.equals(await collect(store.read(sha256)))).toBe(true);
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { takeBundle } from '../../../src/lock/bundle/read.ts';
import { writeBundle } from '../../../src/lock/bundle/write.ts';
import { openStore } from '../../../src/store/store.ts';
import type { Entry } from '../../../src/tar/entry.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { blobEntry, digestOf, type Loose } from '../../support/foreign-archive.ts';
import { quietIo } from '../../support/image.ts';
import { makeOutputFolder } from '../../support/output-folder.ts';
import { endMark, entriesOf, file, rawMember, symlink, tarOf } from '../../support/tar.ts';

const io = quietIo();
const scratch = temporaryFolder();
const input = blobEntry('an input');
let members: Entry[];

beforeAll(async () => {
  const store = await openStore(join(scratch, 'store'));
  const sha256 = digestOf(input).replace('sha256:', '');
  await store.write(
    (async function* () {
      yield Buffer.from('an input');
    })(),
    sha256,
  );
  const { lock } = await makeOutputFolder(join(scratch, 'out'));
  const dest = join(scratch, 'inputs.tar');
  await writeBundle(lock, [{ sha256, name: 'input_1.deb' }], dest, store, io);
  members = await entriesOf(readFileSync(dest));
});

const textOf = (entry: Entry | undefined): string =>
  entry?.type === 'file' && 'bytes' in entry.content
    ? Buffer.from(entry.content.bytes).toString()
    : '';

async function take(bytes: Buffer) {
  const folder = temporaryFolder();
  const path = join(folder, 'inputs.tar');
  writeFileSync(path, bytes);
  return takeBundle(path, await openStore(join(folder, 'store')), io);
}

/** The members with another index, or with another manifest that the index names. */
function changed(change: {
  index?: (text: string) => string;
  manifest?: (value: Loose) => string;
}) {
  const index = JSON.parse(textOf(members.find(({ path }) => path === 'index.json')));
  const [descriptor] = index.manifests;
  const path = `blobs/${descriptor.digest.replace(':', '/')}`;
  const old = textOf(members.find((each) => each.path === path));
  const manifest = blobEntry(change.manifest?.(JSON.parse(old)) ?? old);
  Object.assign(descriptor, { digest: digestOf(manifest), size: textOf(manifest).length });
  const text = JSON.stringify(index);
  const others = members.filter((each) => each.path !== path && each.path !== 'index.json');
  return [...others, manifest, file('index.json', change.index?.(text) ?? text)];
}

test('a bundle is taken as it was written, and with its JSON in another form', async () => {
  expect((await take(await tarOf(members))).recipe).toBe('sample');
  expect((await take(await tarOf(changed({})))).recipe).toBe('sample');
});

const attacks: Record<string, () => readonly Entry[]> = {
  'an index twice': () => [...members, file('index.json', '{}')],
  'a blob that nothing names': () => [...members, blobEntry('more')],
  'a file that nothing names': () => [...members, file('notes')],
  'an image for Docker beside it': () => [...members, file('manifest.json', '[]')],
  'a link in the place of a blob': () => [
    ...members.filter(({ path }) => path !== input.path),
    symlink(input.path, '../../index.json'),
  ],
  'a key twice in its index': () =>
    changed({ index: (text) => text.replace('{', '{"manifests":[],') }),
  'a key of another case in its index': () =>
    changed({ index: (text) => text.replace('{', '{"Manifests":[],') }),
  'a layer from elsewhere': () =>
    changed({
      manifest: (manifest) => {
        manifest.layers[0].urls = ['https://example.org/'];
        return JSON.stringify(manifest);
      },
    }),
  'a layer of another size': () =>
    changed({
      manifest: (manifest) => {
        manifest.layers[0].size += 1;
        return JSON.stringify(manifest);
      },
    }),
  'a manifest that is an index as well': () =>
    changed({ manifest: (manifest) => JSON.stringify({ ...manifest, manifests: [] }) }),
};

test.each(Object.entries(attacks))('a bundle with %s is refused', async (_, entries) => {
  await expect(take(await tarOf(entries()))).rejects.toMatchObject({
    code: expect.stringMatching(/^(?:SOURCE_CORRUPT|ARCHIVE_REFUSED)$/),
  });
});

test('a bundle with a second spelling of its index, or bytes after its end, is refused', async () => {
  const whole = await tarOf(members);
  const end = Math.ceil((whole.findLastIndex((byte) => byte !== 0) + 1) / 512) * 512;
  const again = rawMember({ name: './index.json' }, '{}');
  const tars = [
    Buffer.concat([whole.subarray(0, end), again, endMark]),
    Buffer.concat([whole, again, endMark]),
    Buffer.concat([whole, Buffer.from('x')]),
  ];
  for (const tar of tars) {
    await expect(take(tar)).rejects.toMatchObject({ code: 'ARCHIVE_REFUSED' });
  }
});

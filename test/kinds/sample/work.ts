import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MkbaseError } from '../../../src/base/errors.ts';
import { type KindWork, noParts } from '../../../src/kinds/contract.ts';
import { ProvenInput, SignedFile, unproven } from '../../../src/packages/proof.ts';
import { mergeUpdated } from '../../../src/packages/update.ts';
import type { Entry } from '../../../src/tar/entry.ts';
import type { LockedPage, LockedPages, PagesSource } from './pages.ts';

const maxBytes = 1024 ** 2;
const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function* whole(bytes: Uint8Array) {
  yield bytes;
}

const untrusted = (url: string) =>
  new MkbaseError({ code: 'SOURCE_UNTRUSTED', message: `${url} is not signed by the key.` });

const component = 'pages:site';

/** The signature over the index is not pinned: an index that is stored was checked when it was pinned. */
const prove: KindWork<PagesSource, LockedPages>['prove'] = async (
  _,
  { index, pages },
  { store },
  io,
) => {
  if (!(await store.verify(index.sha256, io))) return unproven(pages, 'the index is not stored');
  return {
    signed: [SignedFile.seen(index.sha256, [index.signedBy], true)],
    inputs: pages.map(({ sha256 }) => ProvenInput.seen(sha256, 'index')),
    refusals: [],
  };
};

export const work: KindWork<PagesSource, LockedPages> = {
  async resolve({ source, folder }, { sources: { store, offline } }, io) {
    const url = `${source.site}/${source.edition}/index.json`;
    const index = await store.fetchBytes(url, { maxBytes, offline }, io);
    const signature = await store.fetchBytes(`${url}.sig`, { maxBytes, offline }, io);
    const key = createPublicKey(await readFile(join(folder, source.key)));
    if (!verify(null, index, key, signature)) throw untrusted(url);
    const { date, pages } = JSON.parse(Buffer.from(index).toString()) as {
      date: number;
      pages: LockedPage[];
    };
    await store.write(whole(index), sha256Of(index));
    const signedBy = sha256Of(key.export({ type: 'spki', format: 'der' })).toUpperCase();
    return {
      index: { url, sha256: sha256Of(index), date, signedBy },
      pages: pages.filter(({ name }) => source.pages.includes(name)),
    };
  },
  downloads: async ({ source }, { index, pages }) =>
    pages.map(({ path, sha256, size }) => ({
      urls: [`${source.site}/${source.edition}/${path}`, new URL(path, index.url).href],
      sha256,
      size,
    })),
  prove,
  indexFiles: async () => [],
  update: (before, after, sources) => ({
    ...after,
    pages: mergeUpdated(before.pages, after.pages, ({ name }) => sources.has(name)),
  }),
  build: async ({ locked, epoch }, { store }) => ({
    entries: locked.pages.map(({ name, sha256, size }): Entry => {
      const content = { file: store.pathOf(sha256), offset: 0, size };
      const attributes = { mode: 0o644, uid: 0, gid: 0, mtime: epoch, xattrs: [] };
      return { ...attributes, type: 'file', path: `${name}.txt`, size, content };
    }),
  }),
  special: () => [],
  parts: async ({ name }, { index, pages }) => ({
    ...noParts,
    components: [
      {
        ...{ id: component, kind: 'pages', name, version: index.sha256.slice(0, 12) },
        licence: { expression: 'CC0-1.0', texts: [], basis: 'the site says so' },
        ...{ inputs: [], linked: [] },
      },
    ],
    claims: pages.map((page) => ({
      component,
      path: `${page.name}.txt`,
      expected: { type: 'file', algorithm: 'sha256', digest: page.sha256 },
    })),
  }),
};

import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Io } from '../../src/base/events.ts';
import type { ImageStore, StoredImage } from '../../src/engines/image-store.ts';
import { composeImage } from '../../src/image/compose-image.ts';
import type { Image } from '../../src/image/image.ts';
import { type ImageSettings, imageSettings } from '../../src/recipe/schema/schema.ts';
import type { Rootfs } from '../../src/rootfs/rootfs.ts';
import type { Entry } from '../../src/tar/entry.ts';
import { writeTar } from '../../src/tar/write.ts';

/** 2024-01-01T00:00:00Z */
export const epoch = 1_704_067_200;

export const quietIo = (signal = new AbortController().signal): Io => ({
  emit: () => undefined,
  signal,
});

export const plainFile = (path: string, bytes: Uint8Array, mode = 0o644): Entry => ({
  type: 'file',
  path,
  mode,
  uid: 0,
  gid: 0,
  mtime: epoch,
  xattrs: [],
  size: bytes.length,
  content: { bytes },
});

/** A rootfs of these entries; its tar is `rootfs.tar` in the folder. */
export async function makeRootfs(folder: string, entries: readonly Entry[]): Promise<Rootfs> {
  const tar = join(folder, 'rootfs.tar');
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeTar(entries)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  writeFileSync(tar, bytes);
  const diffId = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return { diffId, size: bytes.length, tar, entries };
}

/** Settings as the schema completes them. */
export const settingsOf = (fields: object): ImageSettings => imageSettings.parse(fields);

export const imageOf = (rootfs: Rootfs, fields: object = {}): Image =>
  composeImage(rootfs, settingsOf(fields), {
    platform: 'linux/amd64',
    created: epoch,
    recipe: 'sample',
  });

/** Everything that the instructions of `docker import --change` can set. */
export const dockerInstructions = new Set(
  'CMD ENTRYPOINT ENV EXPOSE HEALTHCHECK LABEL STOPSIGNAL USER VOLUME WORKDIR'.split(' '),
);

/** An image store in memory that believes what `describe` makes of a tar's bytes. */
export interface MemoryStore extends ImageStore {
  readonly images: Map<string, StoredImage>;
  readonly tags: Map<string, string>;
}

const hex = (text: string) => createHash('sha256').update(text).digest('hex');

/** `describe` says what the store claims of bytes that it was given; by default the truth. */
export function memoryStore(
  describe: (bytes: Buffer) => Partial<StoredImage> = () => ({}),
): MemoryStore {
  const images = new Map<string, StoredImage>();
  const tags = new Map<string, string>();
  const withTags = (image: StoredImage): StoredImage => ({
    ...image,
    tags: [...tags].filter(([, id]) => id === image.id).map(([tag]) => tag),
  });
  return {
    images,
    tags,
    importInstructions: dockerInstructions,
    async importTar(tar) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of tar) chunks.push(Buffer.from(chunk));
      const bytes = Buffer.concat(chunks);
      const id = `sha256:${hex(`image ${images.size}`)}`;
      const diffIds = [`sha256:${createHash('sha256').update(bytes).digest('hex')}`];
      const labels = { 'io.mkbase.recipe': 'sample' };
      images.set(id, { id, diffIds, labels, tags: [], ...describe(bytes) });
      return id;
    },
    async loadArchive() {
      throw new Error('not in memory');
    },
    async inspect(reference) {
      const image = images.get(tags.get(reference) ?? reference);
      return image && withTags(image);
    },
    async tag(id, reference) {
      tags.set(reference, id);
    },
    async untag(reference) {
      tags.delete(reference);
    },
    async removeUntagged(id) {
      if (![...tags.values()].includes(id)) images.delete(id);
    },
  };
}

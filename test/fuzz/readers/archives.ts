import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { MkbaseError } from '../../../src/base/errors.ts';
import { list, record } from '../../../src/base/json.ts';
import { readImage } from '../../../src/image/read-image.ts';
import { takeBundle } from '../../../src/lock/bundle/read.ts';
import { lockText } from '../../../src/lock/lock-file.ts';
import { blobPath } from '../../../src/oci/blob.ts';
import type { Store } from '../../../src/store/store.ts';
import type { Entry } from '../../../src/tar/entry.ts';
import { writeTar } from '../../../src/tar/write.ts';
import { inspectImage } from '../../../src/verify/image/inspect-image.ts';
import { quietIo } from '../../support/image.ts';
import { lockedDeb, lockedDebs, lockOf } from '../../support/lock.ts';
import { resealArchive } from '../../support/reseal/archive.ts';
import { bytesOf, parsedJson } from '../../support/reseal/output.ts';
import { resealLock } from '../../support/reseal/reseal.ts';
import { file, tarOf } from '../../support/tar.ts';
import { Finding, type Reader } from '../reader.ts';
import { gathered } from './bytes.ts';
import { sampleOutput, scratchFile } from './sample.ts';
import { readEntries, withChecksums } from './tar.ts';

const io = quietIo();

/** Writes headers, digests and sizes of an archive of blobs anew, where it can be read at all. */
async function resealedArchive(input: Buffer): Promise<Buffer> {
  const bytes = withChecksums(input);
  try {
    const entries = await readEntries(bytes);
    return await gathered(writeTar(resealArchive(entries)));
  } catch {
    return bytes;
  }
}

const words = [
  ...[
    'index.json',
    'manifest.json',
    'oci-layout',
    'blobs/sha256/',
    'sha256:',
    '"digest"',
    '"size":0',
  ],
  ...[
    '"layers"',
    '"manifests"',
    '"config"',
    '"diff_ids"',
    '[]',
    '{}',
    'null',
    '"mediaType"',
    ',',
    '}',
  ],
];

const digestOf = (bytes: Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** As much of a store as taking a bundle needs: it checks each blob, and keeps none. */
const checkingStore = {
  async write(source, sha256) {
    const bytes = await gathered(source);
    if (digestOf(bytes) === `sha256:${sha256}`) return { sha256, size: bytes.length };
    throw new Finding(`a blob is stored as ${sha256}, and is another`);
  },
} as Pick<Store, 'write'> as Store;

async function bundleSeed(): Promise<Buffer> {
  const locked = resealLock(lockText(lockOf('debs', lockedDebs(lockedDeb('aa')))));
  const input = Buffer.from('an input');
  const descriptor = (mediaType: string, bytes: Buffer) => ({
    ...{ mediaType, digest: digestOf(bytes), size: bytes.length },
  });
  const config = Buffer.from(locked);
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const artifactType = 'application/vnd.mkbase.inputs.v1';
  const manifest = Buffer.from(
    JSON.stringify({
      ...{ schemaVersion: 2, mediaType, artifactType },
      config: descriptor('application/vnd.mkbase.lock.v2+json', config),
      layers: [descriptor('application/octet-stream', input)],
    }),
  );
  const index = JSON.stringify({ schemaVersion: 2, manifests: [descriptor(mediaType, manifest)] });
  const blob = (bytes: Buffer) => file(`blobs/${digestOf(bytes).replace(':', '/')}`, String(bytes));
  return tarOf([
    file('oci-layout', '{"imageLayoutVersion":"1.0.0"}'),
    file('index.json', index),
    ...[manifest, config, input].map(blob),
  ]);
}

export const bundle: Reader = {
  name: 'bundle',
  form: 'bytes',
  seeds: async () => [await bundleSeed()],
  read: async (input) => {
    const path = scratchFile('bundle.tar');
    writeFileSync(path, input);
    return { recipe: (await takeBundle(path, checkingStore, io)).recipe };
  },
  repair: resealedArchive,
  words,
};

const member = (entries: readonly Entry[], path: string) =>
  entries.filter((each) => each.path === path && each.type === 'file');

/** Finds the config that `docker load` takes: that which the last manifest.json of the archive names. */
function dockersConfig(entries: readonly Entry[]): string | undefined {
  const text = bytesOf(member(entries, 'manifest.json').at(-1));
  const path = record(list(parsedJson(text))[0]).Config;
  const config = typeof path === 'string' ? member(entries, path).at(-1) : undefined;
  return config && digestOf(bytesOf(config));
}

/** Reads an archive as `verify` does; what it finds nothing wrong in has to mean one image to everybody. */
async function inspected(input: Buffer, name: string) {
  const path = scratchFile(name);
  writeFileSync(path, input);
  const { image, checks } = await inspectImage({ path, name }, io.signal);
  const wrong = checks.flatMap(({ mismatches }) => mismatches);
  const { configDigest, manifestDigest } = image;
  if (wrong.length > 0 || configDigest === undefined) return undefined;
  const docker = dockersConfig(await readEntries(input));
  if (docker !== undefined && docker !== configDigest) {
    throw new Finding(`verify reads the config ${configDigest}, and docker ${docker}`);
  }
  return { path, configDigest, manifestDigest };
}

export const layout: Reader = {
  name: 'layout',
  form: 'bytes',
  seeds: async () => [await tarOf((await sampleOutput()).archive)],
  read: async (input) => {
    const found = await inspected(input, 'layout.tar');
    const image = await readImage(scratchFile('layout.tar'), io).catch((error: unknown) => {
      if (error instanceof MkbaseError) return undefined;
      throw error;
    });
    if (found === undefined || image === undefined) return undefined;
    if (image.configDigest !== found.configDigest) {
      throw new Finding(
        `export reads the config ${image.configDigest}, verify ${found.configDigest}`,
      );
    }
    return found;
  },
  repair: resealedArchive,
  words,
};

export const docker: Reader = {
  name: 'docker-archive',
  form: 'bytes',
  seeds: async () => {
    const { archive, image } = await sampleOutput();
    const ofLayout = ['index.json', 'oci-layout', blobPath(image.manifest.digest)];
    const own = archive.filter(({ path }) => !ofLayout.includes(path));
    return [await tarOf(own)];
  },
  read: (input) => inspected(input, 'docker.tar'),
  repair: resealedArchive,
  words,
};

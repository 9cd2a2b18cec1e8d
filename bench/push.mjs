// Pushing to a registry on loopback, against skopeo.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bare, peak, remove, timed, work, writeFiles } from './workbench.mjs';

const port = 5799;
const host = `127.0.0.1:${port}`;

let running;

/** Stops the registry, if it runs. */
async function stopRegistry() {
  if (running === undefined) return;
  const ended = new Promise((resolve) => running.once('exit', resolve));
  running.kill();
  await ended;
  running = undefined;
}

/** Starts Debian's registry with an empty folder: skopeo remembers where it has pushed a blob before. */
async function emptyRegistry() {
  await stopRegistry();
  remove('registry');
  const rootdirectory = join(writeFiles('registry', {}), 'data');
  const config = {
    version: '0.1',
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory } },
    http: { addr: host },
  };
  const file = join(writeFiles('registry', { 'config.yml': JSON.stringify(config) }), 'config.yml');
  running = spawn('docker-registry', ['serve', file], { stdio: 'ignore' });
  timed(['sh', '-c', `until curl -s http://${host}/v2/ >/dev/null; do sleep 0.1; done`]);
}

const digestOf = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const type = (name) => `application/vnd.oci.image.${name}`;

/**
 * Writes a layer of so many megabytes in small pieces: a process counts what its parent held when it was started as
 * memory of its own.
 */
function layerIn(blobs, megabytes) {
  const hash = createHash('sha256');
  const path = join(blobs, 'layer');
  for (let at = 0; at < megabytes; at++) {
    const piece = randomBytes(1e6);
    hash.update(piece);
    appendFileSync(path, piece);
  }
  const digest = hash.digest('hex');
  renameSync(path, join(blobs, digest));
  return { mediaType: type('layer.v1.tar'), digest: `sha256:${digest}`, size: megabytes * 1e6 };
}

/** Writes an OCI layout of so many images, each with one layer of so many megabytes; returns its path. */
function layoutOf(name, images, megabytes) {
  const folder = join(work, name);
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
  const blob = (bytes, mediaType) => {
    const digest = digestOf(bytes);
    writeFileSync(join(folder, 'blobs', digest.replace(':', '/')), bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const json = (value, mediaType) => blob(Buffer.from(JSON.stringify(value)), mediaType);
  const manifests = Array.from({ length: images }, (_, at) => {
    const layer = layerIn(join(folder, 'blobs/sha256'), megabytes);
    const platform = { os: 'linux', architecture: 'amd64', variant: `v${at}` };
    const rootfs = { type: 'layers', diff_ids: [layer.digest] };
    const config = json({ ...platform, rootfs }, type('config.v1+json'));
    const mediaType = type('manifest.v1+json');
    return {
      ...json({ schemaVersion: 2, mediaType, config, layers: [layer] }, mediaType),
      platform,
    };
  });
  const mediaType = type('index.v1+json');
  const top =
    images === 1 ? manifests[0] : json({ schemaVersion: 2, mediaType, manifests }, mediaType);
  const named = { ...top, annotations: { 'org.opencontainers.image.ref.name': 'v1' } };
  writeFileSync(
    join(folder, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [named] }),
  );
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  return folder;
}

const copying = (layout) => bare('push', 'copy', `oci:${layout}:v1`, `${host}/mkbase:v1`);

const skopeo = (layout) => [
  ...['skopeo', 'copy', '--quiet', '--all', '--dest-tls-verify=false'],
  ...[`oci:${layout}:v1`, `docker://${host}/skopeo:v1`],
];

/** A form whose sides push the same layout, each time to an empty registry. */
const against = (title, layout, promise) => ({
  ...{ title, pairs: 5, promise },
  prepare() {
    const path = layout();
    const side = (name, argv) => ({ name, before: emptyRegistry, run: () => timed(argv(path)) });
    const sides = [side('mkbase copy', copying), side('skopeo copy --all', skopeo)];
    return { sides, close: stopRegistry };
  },
});

const large = () => layoutOf('push-large', 1, 200);
const several = () => layoutOf('push-several', 10, 2);

const again = {
  title: 'The same index pushed again',
  ...{ pairs: 5, most: 0.3 },
  async prepare() {
    const path = several();
    await emptyRegistry();
    timed(copying(path));
    const sides = [{ name: 'mkbase copy', run: () => timed(copying(path)) }];
    return { sides, close: stopRegistry };
  },
};

const memory = {
  title: 'Peak memory: an image of 200 MB pushed',
  ...{ unit: 'MB', pairs: 3, most: 150 },
  prepare() {
    const path = large();
    const sides = [{ name: 'mkbase copy', before: emptyRegistry, run: () => peak(copying(path)) }];
    return { sides, close: stopRegistry };
  },
};

export const forms = {
  'push-200': against('An image of 200 MB pushed to a registry on loopback', large, 1 / 0.9),
  'push-index': against(
    'An index of ten images of 2 MB pushed to a registry on loopback',
    several,
    1,
  ),
  'push-repeat': again,
  'memory-push-200': memory,
};

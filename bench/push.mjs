// Pushing to a registry on loopback, against skopeo.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bare, peak, timed, work, writeFiles } from './workbench.mjs';

const port = 5799;
const host = `127.0.0.1:${port}`;

/** Starts Debian's registry with a folder of the run's own; resolves to the way to stop it. */
async function startRegistry() {
  const rootdirectory = join(writeFiles('registry', {}), 'data');
  const config = {
    version: '0.1',
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory } },
    http: { addr: host },
  };
  const file = join(writeFiles('registry', { 'config.yml': JSON.stringify(config) }), 'config.yml');
  const child = spawn('docker-registry', ['serve', file], { stdio: 'ignore' });
  timed(['sh', '-c', `until curl -s http://${host}/v2/ >/dev/null; do sleep 0.1; done`]);
  return () => child.kill();
}

const digestOf = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const type = (name) => `application/vnd.oci.image.${name}`;

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
    const layer = blob(randomBytes(megabytes * 1e6), type('layer.v1.tar'));
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

let pushes = 0;
const copying = (layout, repository) =>
  bare('push', 'copy', `oci:${layout}:v1`, `${host}/${repository}:v1`);

const skopeo = (layout) => [
  ...['skopeo', 'copy', '--quiet', '--all', '--dest-tls-verify=false'],
  ...[`oci:${layout}:v1`, `docker://${host}/skopeo/${pushes++}:v1`],
];

/** A form whose sides push the same layout, each time to a repository that is new. */
const against = (title, layout, promise) => ({
  ...{ title, pairs: 5, promise },
  async prepare() {
    const close = await startRegistry();
    const path = layout();
    return {
      close,
      sides: [
        { name: 'mkbase copy', run: () => timed(copying(path, `mkbase/${pushes++}`)) },
        { name: 'skopeo copy --all', run: () => timed(skopeo(path)) },
      ],
    };
  },
});

const alone = (title, unit, most, layout, measure, before = () => {}) => ({
  ...{ title, unit, pairs: 3, most },
  async prepare() {
    const close = await startRegistry();
    const path = layout();
    before(path);
    return { close, sides: [{ name: 'mkbase copy', run: () => measure(path) }] };
  },
});

const large = () => layoutOf('push-large', 1, 200);
const several = () => layoutOf('push-several', 10, 2);

export const forms = {
  'push-200': against('An image of 200 MB pushed to a registry on loopback', large, 1 / 0.9),
  'push-index': against(
    'An index of ten images of 2 MB pushed to a registry on loopback',
    several,
    1,
  ),
  'push-repeat': alone(
    'The same index pushed again',
    's',
    0.3,
    several,
    (path) => timed(copying(path, 'mkbase/again')),
    (path) => timed(copying(path, 'mkbase/again')),
  ),
  'memory-push-200': alone('Peak memory: an image of 200 MB pushed', 'MB', 150, large, (path) =>
    peak(copying(path, `mkbase/${pushes++}`)),
  ),
};

import { describe, expect, test } from 'vitest';
import { platformNames } from '../../src/base/platform.ts';
import { composeImage } from '../../src/image/compose-image.ts';
import { epoch, settingsOf } from '../support/image.ts';

const rootfs = {
  diffId: `sha256:${'ab'.repeat(32)}`,
  size: 10_240,
  tar: '/rootfs.tar',
  entries: [],
};

const everything = settingsOf({
  entrypoint: ['/server'],
  cmd: ['--listen', ':80'],
  env: { PATH: '/bin', LANG: 'C.UTF-8', EMPTY: '' },
  workdir: '/srv/data',
  user: 'app:app',
  expose: ['80', '53/udp'],
  volumes: ['/srv/data', '/a b'],
  labels: { 'org.opencontainers.image.title': 'Server', a: 'b' },
  stopsignal: 'SIGINT',
  healthcheck: {
    test: ['/server', '--check'],
    interval: '90s',
    timeout: '500ms',
    startPeriod: '2m',
    retries: 3,
  },
});

const options = { platform: 'linux/amd64', created: epoch, recipe: 'sample' } as const;
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe('composeImage', () => {
  test('writes a config with every setting', async () => {
    const { config } = composeImage(rootfs, everything, options);
    await expect(text(config.bytes)).toMatchFileSnapshot('../golden/image/config-full.json');
  });

  test('writes nothing that was not set into a config', async () => {
    const { config } = composeImage(rootfs, settingsOf({}), options);
    await expect(text(config.bytes)).toMatchFileSnapshot('../golden/image/config-empty.json');
  });

  test('writes the variant of arm64', async () => {
    const { config } = composeImage(rootfs, settingsOf({}), {
      ...options,
      platform: 'linux/arm64',
    });
    await expect(text(config.bytes)).toMatchFileSnapshot('../golden/image/config-arm64.json');
  });

  test('writes a manifest of one uncompressed layer whose digest is the diffID', async () => {
    const { manifest } = composeImage(rootfs, everything, options);
    await expect(text(manifest.bytes)).toMatchFileSnapshot('../golden/image/manifest.json');
  });

  test('says in the history what the image was made from', () => {
    const lockDigest = 'cd'.repeat(32);
    const { config, comment } = composeImage(rootfs, settingsOf({}), { ...options, lockDigest });
    expect(comment).toBe(`mkbase: recipe sample, lock sha256:${lockDigest}`);
    expect(JSON.parse(text(config.bytes)).history).toEqual([
      { created: '2024-01-01T00:00:00Z', created_by: 'mkbase sample', comment },
    ]);
  });

  test.each(platformNames)('gives equal digests for equal arguments on %s', (platform) => {
    const reversed = settingsOf({ ...Object.fromEntries(Object.entries(everything).reverse()) });
    const one = composeImage(rootfs, everything, { ...options, platform });
    const other = composeImage(rootfs, reversed, { ...options, platform });
    expect(other.manifest).toEqual(one.manifest);
    expect(other.config).toEqual(one.config);
  });

  test('keeps the order of the environment, because a later variable wins', () => {
    const { settings } = composeImage(rootfs, everything, options);
    expect(settings.Env).toEqual(['PATH=/bin', 'LANG=C.UTF-8', 'EMPTY=']);
  });

  test("does not let a recipe's label take the place of mkbase's own", () => {
    const settings = settingsOf({ labels: { 'io.mkbase.recipe': 'other' } });
    expect(composeImage(rootfs, settings, options).settings.Labels).toEqual({
      'io.mkbase.recipe': 'sample',
    });
  });
});

import { expect, test } from 'vitest';
import { hostPlatform } from '../../src/base/platform.ts';
import type { BuildResult } from '../../src/pipeline/request.ts';
import { nextCommand } from '../../src/ui/next-command.ts';
import { firstResult } from '../support/ui/build-events.ts';

const context = { cwd: '/home/me', runCommand: 'mkbase run ./app', runnable: true };
const fileOnly = (result: Partial<BuildResult>): BuildResult => ({
  ...firstResult,
  imageId: null,
  tags: [],
  ...result,
});
const oci = { type: 'oci', dest: '/home/me/out/image.oci.tar', size: 10 } as const;

test('an image in a store is run by its shortest name', () => {
  expect(nextCommand(firstResult, context)).toBe('docker run --rm mkbase/hello');
});

test('another tag and another engine are named', () => {
  const tagged = { ...firstResult, engine: 'podman', tags: ['me/app:1.0'] } as const;
  expect(nextCommand(tagged, context)).toBe('podman run --rm me/app:1.0');
});

test('a base image without a command of its own is looked at', () => {
  const base = { ...context, runnable: false };
  expect(nextCommand(firstResult, base)).toBe('docker image inspect mkbase/hello');
});

test('an archive is loaded where there is an engine with a store', () => {
  expect(nextCommand(fileOnly({ outputs: [oci] }), context)).toBe(
    'docker load --input out/image.oci.tar',
  );
});

test('an archive of the namespace engine is run by mkbase', () => {
  const result = fileOnly({ engine: 'namespace', outputs: [oci] });
  expect(nextCommand(result, context)).toBe('mkbase run ./app');
});

test('a base image in an archive is loaded wherever a daemon is', () => {
  const result = fileOnly({ engine: 'namespace', outputs: [oci] });
  expect(nextCommand(result, { ...context, runnable: false })).toBe(
    'docker load --input out/image.oci.tar',
  );
});

test('a path with spaces is quoted', () => {
  const spaced = { ...oci, dest: '/srv/my images/a.tar' };
  expect(nextCommand(fileOnly({ outputs: [spaced] }), context)).toBe(
    "docker load --input '/srv/my images/a.tar'",
  );
});

test('a folder with a Dockerfile is built, for the platform that it is for', () => {
  const outputs = [{ type: 'dockerfile', dest: '/home/me/my base' }] as const;
  const { name: platform } = hostPlatform();
  expect(nextCommand(fileOnly({ outputs, platform }), context)).toBe(
    "docker build --tag mkbase/hello 'my base'",
  );
  const foreign = platform === 'linux/amd64' ? 'linux/arm64' : 'linux/amd64';
  expect(nextCommand(fileOnly({ outputs, platform: foreign, engine: 'podman' }), context)).toBe(
    `podman build --platform ${foreign} --tag mkbase/hello 'my base'`,
  );
});

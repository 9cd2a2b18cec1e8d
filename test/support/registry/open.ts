import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Blob, jsonBlob, mediaTypes } from '../../../src/oci/blob.ts';
import type { BlobSource } from '../../../src/registry/blobs.ts';
import { type RegistryLimits, registryLimits } from '../../../src/registry/limits.ts';
import type { Shipment } from '../../../src/registry/push.ts';
import { type OpenRepository, openRepository } from '../../../src/registry/session.ts';
import type { Environment } from '../../../src/store/transfer/agent.ts';
import { temporaryFolder } from '../folder.ts';
import { quietIo } from '../image.ts';
import type { Access } from './access.ts';
import { digestOf, type RegistryFaults, startRegistry, type TestRegistry } from './registry.ts';

/** Limits with which a test does not wait. */
export const quickLimits = {
  ...registryLimits,
  ...{ firstPause: 1, longestPause: 50, idle: 2000, settling: 2000, retries: 3 },
};

/** Writes docker's configuration into a new folder and returns an environment that names it. */
export function dockerConfig(config: object | string = {}): Environment {
  const folder = temporaryFolder();
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  writeFileSync(join(folder, 'config.json'), text);
  return { DOCKER_CONFIG: folder, HOME: folder, PATH: process.env.PATH };
}

/** Returns the configuration that `docker login` leaves. */
export const loggedIn = (domain: string, user: string, password: string) => ({
  auths: { [domain]: { auth: Buffer.from(`${user}:${password}`).toString('base64') } },
});

/** Puts a credential helper, a script of the shell, into the PATH of an environment. */
export function withHelper(env: Environment, name: string, script: string): Environment {
  const folder = join(env.HOME ?? '', 'bin');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `docker-credential-${name}`);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return { ...env, PATH: `${folder}:${env.PATH}` };
}

/** Starts a registry that is stopped at the end of the test. */
export async function registryOf(faults?: RegistryFaults, access?: Access): Promise<TestRegistry> {
  const registry = await startRegistry(faults, access);
  onTestFinished(() => registry.server.close());
  return registry;
}

/** Opens a repository of a test's registry, as nobody where no environment is given. */
export const openIn = (
  { domain }: Pick<TestRegistry, 'domain'>,
  path = 'team/app',
  env: Environment = dockerConfig(),
  limits: Partial<RegistryLimits> = {},
): Promise<OpenRepository> =>
  openRepository({ domain, path }, { env, limits: { ...quickLimits, ...limits } }, quietIo());

export const sourceOf = (bytes: Buffer): BlobSource => ({
  ...{ digest: digestOf(bytes), size: bytes.length },
  bytes: () => bytes,
});

/** Streams a blob in several pieces, as from a file. */
export const streamOf = (bytes: Buffer): BlobSource => ({
  ...sourceOf(bytes),
  async *bytes() {
    for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
  },
});

const described = (mediaType: string, { digest, size }: BlobSource) => ({
  mediaType,
  digest,
  size,
});

/** An image of one layer with that text. */
export function sampleImage(text = 'layer'): Shipment & { readonly manifest: Blob } {
  const config = sourceOf(
    Buffer.from(JSON.stringify({ os: 'linux', architecture: 'amd64', text })),
  );
  const layer = streamOf(Buffer.from(text.repeat(1000)));
  const manifest = jsonBlob(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: described(mediaTypes.config, config),
    layers: [described(mediaTypes.layer, layer)],
  });
  return { blobs: [layer, config], manifests: [manifest], manifest };
}

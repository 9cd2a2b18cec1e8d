import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAptSources } from '../../../src/packages/deb/archive/apt-sources.ts';
import { debianMirrors } from '../../../src/packages/deb/archive/mirrors.ts';
import { serve } from '../../support/http-server.ts';
import { alpineRepository } from './alpine-repository.ts';
import type { Staged } from './published-rootfs.ts';

const nothing = async () => undefined;

/** The mirror that this machine uses for the example that names one of its own. */
export async function onDebianMirror(text: string): Promise<Staged> {
  const { main } = debianMirrors({ env: process.env, aptSources: await readAptSources() });
  return { text: text.replace('https://mirror.example.org/debian', main), close: nothing };
}

/** A mirror of Alpine's packages, signed by a key that stands beside the recipe. */
export async function ownRepository(text: string, cwd: string): Promise<Staged> {
  const { key, folder } = await alpineRepository(join(cwd, 'mirror'));
  mkdirSync(join(cwd, 'keys'), { recursive: true });
  writeFileSync(join(cwd, 'keys', key.name), key.publicKey);
  const server = await serve(folder);
  const mirrored = text.replace('https://mirror.example.org/alpine', server.url);
  return { text: mirrored.replace('our-mirror.rsa.pub', key.name), close: server.close };
}

/** The one file that the example fetches. */
export async function servedFile(text: string): Promise<Staged> {
  const bytes = Buffer.from('a certificate\n');
  const server = await serve(new Map([['/our-root.crt', bytes]]));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const local = text.replace('https://example.org', server.url);
  return { text: local.replace(/(?<=sha256: )[0-9a-f]{64}/, sha256), close: server.close };
}

import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alpineMirror } from '../../support/alpine-mirror.ts';
import { compressed } from '../../support/deb.ts';
import { serve } from '../../support/http-server.ts';
import { newKey, signDetached } from '../../support/openpgp-key.ts';
import { file, tarOf } from '../../support/tar.ts';

/** A recipe whose sources are on loopback in place of where its example says. */
export interface Staged {
  readonly text: string;
  close(): Promise<void>;
}

const digest = (algorithm: string, bytes: Uint8Array) =>
  createHash(algorithm).update(bytes).digest('hex');

const withDigests = (text: string, archive: Uint8Array): string =>
  text
    .replace(/(?<=sha256: )[0-9a-f]{64}/, digest('sha256', archive))
    .replace(/(?<=sha512: )[0-9a-f]{128}/, digest('sha512', archive));

/** A mirror without signatures for the example that pins a release of Alpine. */
export async function pinnedAlpine(text: string): Promise<Staged> {
  const files = await alpineMirror();
  const [, archive] = [...files].find(([path]) => path.endsWith('.tar.gz')) ?? [];
  const server = await serve(files);
  const mirrored = text.replace('https://mirror.example.org/alpine', server.url);
  return { text: withDigests(mirrored, archive ?? Buffer.of()), close: server.close };
}

/** The archive, its signature and its key for the example of an archive by URL. */
export async function signedRootfs(text: string, cwd: string): Promise<Staged> {
  const archive = compressed(await tarOf([file('etc/os-release', 'ID=some\n')]), 'xz');
  const key = await newKey();
  writeFileSync(join(cwd, 'some-distro.asc'), key.publicKey);
  const path = '/some-distro-42-rootfs.tar.xz';
  const signature = Buffer.from(await signDetached(archive, key));
  const server = await serve(
    new Map([
      [path, archive],
      [`${path}.sig`, signature],
    ]),
  );
  const local = text.replaceAll('https://example.org', server.url);
  return { text: withDigests(local, archive), close: server.close };
}

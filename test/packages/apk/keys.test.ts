import { createHash, generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { apkKeyFolder, rootfsKeys, shippedKeys } from '../../../src/packages/apk/keys.ts';
import { newApkKey } from '../../support/apk.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { file, symlink } from '../../support/tar.ts';

const key = newApkKey('me@example.org-1.rsa.pub');

const untrusted = (message: string) =>
  expect.objectContaining({ code: 'SOURCE_UNTRUSTED', message: expect.stringContaining(message) });

describe('the keys that ship with mkbase', () => {
  test('are exactly those that the README names, and all can be read', async () => {
    const readme = readFileSync(join(apkKeyFolder, 'README.md'), 'utf8');
    const named = [...readme.matchAll(/^\| `(\S+\/\S+)` \| \d+ bit \| `([0-9a-f]{64})` \|/gm)];
    const found: string[] = [];
    for (const arch of readdirSync(apkKeyFolder).filter((name) => !name.includes('.'))) {
      for (const [name, each] of await shippedKeys(arch)) {
        const der = each.export({ type: 'spki', format: 'der' });
        found.push(`${arch}/${name} ${createHash('sha256').update(der).digest('hex')}`);
      }
    }
    expect(found.sort()).toEqual(named.map(([, path, hash]) => `${path} ${hash}`).sort());
  });

  test('come with those that a recipe names', async () => {
    const own = join(temporaryFolder(), key.name);
    writeFileSync(own, key.publicKey);
    const keys = await shippedKeys('x86_64', [own]);
    expect([...keys.keys()]).toHaveLength(4);
    expect([...keys.keys()]).toContain(key.name);
  });

  test('are no PEM of a private key, no small key and no other algorithm', async () => {
    const folder = temporaryFolder();
    const small = newApkKey('small', 1024);
    const other = generateKeyPairSync('ed25519').publicKey;
    const texts = [
      ['no public key in PEM', key.privateKey.export({ type: 'pkcs8', format: 'pem' })],
      ['rsa of 1024 bits', small.publicKey],
      ['ed25519', other.export({ type: 'spki', format: 'pem' })],
      ['no public key in PEM', 'hello'],
    ] as const;
    for (const [message, text] of texts) {
      const path = join(folder, 'key.rsa.pub');
      writeFileSync(path, text);
      await expect(shippedKeys('aarch64', [path])).rejects.toThrow(untrusted(message));
    }
    await expect(shippedKeys('aarch64', [join(folder, 'none')])).rejects.toThrow(
      expect.objectContaining({ code: 'IO' }),
    );
  });
});

describe('the keys of a root filesystem', () => {
  test('are the files in /etc/apk/keys, by name', async () => {
    const entries = [
      file(`etc/apk/keys/${key.name}`, key.publicKey),
      file('usr/share/apk/keys/other.rsa.pub', newApkKey().publicKey),
      symlink('etc/apk/keys/link.rsa.pub', '/etc/passwd'),
    ];
    expect([...(await rootfsKeys(entries, 'some.tar.gz')).keys()]).toEqual([key.name]);
  });

  test('have to be there', async () => {
    await expect(rootfsKeys([], 'some.tar.gz')).rejects.toThrow(
      untrusted('some.tar.gz has no key in /etc/apk/keys/'),
    );
  });
});

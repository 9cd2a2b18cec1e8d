import { createHash, createPublicKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../../src/base/package-root.ts';
import {
  findShippedKey,
  keyringFolders,
  type ShippedKey,
  shippedKeyrings,
} from '../../../src/packages/keyrings/shipped.ts';
import { readKeyFiles } from '../../../src/packages/openpgp/keys.ts';

const keyrings = await shippedKeyrings();
const all = keyrings.flatMap(({ keys }) => keys);

type Computed = Pick<ShippedKey, 'fingerprint' | 'name' | 'created' | 'expires'>;

const instant = (date: Date) => date.toISOString().replace('.000Z', 'Z');

async function fromOpenPgp(path: string): Promise<Computed> {
  const [key, ...others] = await readKeyFiles([path]);
  expect(others).toEqual([]);
  const expires = await key!.getExpirationTime();
  return {
    fingerprint: key!.getFingerprint().toUpperCase(),
    name: key!.getUserIDs()[0]!.replace(/ <.*>$/, ''),
    created: instant(key!.getCreationTime()),
    expires: expires instanceof Date ? instant(expires) : null,
  };
}

/** abuild-keygen names a key for the second in which it makes it, in hexadecimal. */
function fromApk(path: string): Computed {
  const der = createPublicKey(readFileSync(path)).export({ type: 'spki', format: 'der' });
  const [, name = '', made = ''] = /([^/]+-([0-9a-f]{8}))\.rsa\.pub$/.exec(path) ?? [];
  const created = instant(new Date(Number.parseInt(made, 16) * 1000));
  return {
    fingerprint: createHash('sha256').update(der).digest('hex'),
    ...{ name, created, expires: null },
  };
}

const computed = (path: string) => (path.endsWith('.asc') ? fromOpenPgp(path) : fromApk(path));

const isKey = (path: string) => /\.(?:asc|pub)$/.test(path);

describe.each(keyringFolders.map((folder, at) => [folder, keyrings[at]!] as const))(
  'keys.json in %s',
  (folder, { keys, sources }) => {
    test('says of each key what its file says', async () => {
      for (const { file, fingerprint, name, created, expires } of keys) {
        const found = await computed(join(packageRoot, folder, file));
        expect({ file, fingerprint, name, created, expires }).toEqual({ file, ...found });
      }
    });

    test('has every key that is there and no other', () => {
      const deeper = keyringFolders.filter((each) => each.startsWith(`${folder}/`));
      const files = readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
        .filter(isKey)
        .filter((file) => !deeper.some((each) => join(folder, file).startsWith(each)));
      expect(keys.map(({ file }) => file).sort()).toEqual(files.sort());
    });

    test('names a source for each key, with its hash, that the README names as well', () => {
      const readme = readFileSync(join(packageRoot, folder, 'README.md'), 'utf8');
      const named = new Set(sources.map((source) => source.package));
      for (const { source } of keys) expect([...named]).toContain(source);
      for (const source of sources) {
        expect(readme).toContain(`\`${source.package.replace(/ .*/, '')}\``);
        if (source.version !== null) expect(readme).toContain(source.version);
      }
    });

    test('says the same as the table in the README', () => {
      const readme = readFileSync(join(packageRoot, folder, 'README.md'), 'utf8');
      for (const { file, fingerprint, signs, created, expires, replacedBy } of keys) {
        const row = readme.split('\n').find((line) => line.startsWith(`| \`${file}\` |`)) ?? '';
        const cells = row.split('|').map((cell) => cell.trim().replaceAll('`', ''));
        expect(cells).toContain(fingerprint);
        expect(cells).toContain(created.slice(0, 10));
        if (file.endsWith('.asc')) {
          expect(cells).toEqual(expect.arrayContaining([signs, expires?.slice(0, 10) ?? 'never']));
        }
        const next = keys.find((key) => key.fingerprint === replacedBy)?.file ?? '';
        expect(cells.at(-2)).toBe(next);
      }
    });
  },
);

test('a key is replaced by one that ships as well, is newer and is not replaced itself', async () => {
  for (const { replacedBy, created } of all) {
    if (replacedBy === null) continue;
    const next = await findShippedKey(replacedBy);
    expect(next?.replacedBy).toBeNull();
    expect(Date.parse(next?.created ?? '')).toBeGreaterThan(Date.parse(created));
  }
});

test('a key is found by its fingerprint, and no key by another', async () => {
  for (const key of all) expect(await findShippedKey(key.fingerprint)).toEqual(key);
  expect(await findShippedKey('0'.repeat(40))).toBeUndefined();
  expect(new Set(all.map(({ fingerprint }) => fingerprint)).size).toBe(all.length);
});

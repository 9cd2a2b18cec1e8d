import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { readKey } from 'openpgp';
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyDetached } from '../../../src/packages/openpgp/signature.ts';
import { readMetalink } from '../../../src/packages/rpm/repository/metalink.ts';
import { readModules } from '../../../src/packages/rpm/repository/modules.ts';
import { type ListedRpm, readPrimary } from '../../../src/packages/rpm/repository/primary.ts';
import { readRepomd } from '../../../src/packages/rpm/repository/repomd.ts';
import { type Compression, decompress, type OldCompression } from '../../../src/tar/decompress.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { newKey, nodeRsaKey, signDetached } from '../../support/openpgp-key.ts';
import { buildRpms, everyKind } from '../../support/rpm/build.ts';
import { signV3 } from '../../support/rpm/writer.ts';

const repository = (): string => join(folder, 'repository');
let folder: string;

beforeAll(() => {
  folder = temporaryFolder({ lasting: true });
  mkdirSync(repository());
  for (const file of buildRpms(folder, everyKind))
    renameSync(file, join(repository(), basename(file)));
});

/** Makes the metadata of the repository in a compression, and reads them. */
async function listed(type: 'gz' | 'xz' | 'bz2', form: Compression | OldCompression) {
  const flags = ['--quiet', `--general-compress-type=${type}`, '--revision', '1700000000'];
  execFileSync('createrepo_c', [...flags, repository()], { stdio: 'pipe' });
  const repomd = await readRepomd(
    readFileSync(join(repository(), 'repodata/repomd.xml')),
    'repomd.xml',
  );
  const { href, checksum, size, openSize } = repomd.files.get('primary')!;
  const file = join(repository(), href);
  const packed = readFileSync(file);
  expect(createHash(checksum.algorithm).update(packed).digest('hex')).toBe(checksum.digest);
  expect(packed.length).toBe(size);
  const found: ListedRpm[] = [];
  const limits = { maxBytes: openSize ?? 0, what: 'primary' };
  await readPrimary(
    decompress(createReadStream(file), form, limits),
    (each) => found.push(each),
    'primary',
  );
  return { repomd, found };
}

/** Reads the metadata packed with zstd, which createrepo_c of Debian 12 does not make. */
async function asZstd(): Promise<ListedRpm[]> {
  const script = 'zcat repodata/*-primary.xml.gz | zstd';
  const packed = execFileSync('sh', ['-c', script], { cwd: repository(), stdio: 'pipe' });
  const source = (async function* () {
    yield packed;
  })();
  const found: ListedRpm[] = [];
  const xml = decompress(source, 'zst', { maxBytes: 2 ** 20, what: 'primary' });
  await readPrimary(xml, (each) => found.push(each), 'primary');
  return found;
}

describe('the metadata that createrepo_c makes', () => {
  test.each([
    ['gz', 'gz'],
    ['xz', 'xz'],
    ['bz2', 'bz2'],
  ] as const)('are read in %s', async (type, form) => {
    const { repomd, found } = await listed(type, form);
    expect(repomd.revision).toBe('1700000000');
    expect(repomd.date).toBeGreaterThan(1_600_000_000);
    if (type === 'gz') expect(await asZstd()).toEqual(found);
    const [name = ''] = readdirSync(repository()).filter((each) => each.endsWith('.rpm'));
    const bytes = readFileSync(join(repository(), name));
    expect(found).toEqual([
      {
        name: 'every-kind',
        arch: 'noarch',
        epoch: 2,
        version: '1.2',
        release: '3.td1',
        href: name,
        checksum: { algorithm: 'sha256', digest: createHash('sha256').update(bytes).digest('hex') },
        size: statSync(join(repository(), name)).size,
        built: 1_700_000_000,
        sourceRpm: 'every-kind-1.2-3.td1.src.rpm',
        licence: 'MIT AND GPL-2.0-or-later',
      },
    ]);
  });
});

describe('repomd.xml', () => {
  const bytes = Buffer.from('<?xml version="1.0"?><repomd><revision>1</revision></repomd>');
  const now = new Date('2026-01-01T00:00:00Z');
  const stream = async function* (content: Uint8Array) {
    yield content;
  };

  test('holds by a detached signature, of version 4 in armor and of version 3', async () => {
    const key = await newKey({ rsa: true });
    const check = { keys: [await readKey({ armoredKey: key.publicKey })], what: 'repomd.xml', now };
    const armored = await signDetached(bytes, key, { created: new Date('2025-06-01T00:00:00Z') });
    const old = signV3(bytes, { ...key, node: nodeRsaKey(key) });
    for (const signature of [Buffer.from(armored), old]) {
      expect(await verifyDetached(stream(bytes), signature, check)).toEqual([key.fingerprint]);
      const other = Buffer.from(bytes.toString().replace('>1<', '>2<'));
      await expect(verifyDetached(stream(other), signature, check)).rejects.toMatchObject({
        code: 'SOURCE_UNTRUSTED',
      });
    }
  });

  const data = (inner: string, type = 'primary') => `<data type="${type}">${inner}</data>`;
  const sum = `<checksum type="sha256">${'0'.repeat(64)}</checksum>`;
  const place = '<location href="repodata/p.xml.gz"/>';
  test.each([
    ['a document type', `<!DOCTYPE r [<!ENTITY a "b">]><repomd/>`, 'it has a document type'],
    ['an entity', '<repomd>&a;</repomd>', 'undefined entity'],
    ['another root', '<metalink/>', 'it is no repomd'],
    [
      'SHA-1',
      `<repomd>${data(`<checksum type="sha">${'0'.repeat(40)}</checksum>${place}`)}</repomd>`,
      'a digest is of sha;',
    ],
    [
      'a short digest',
      `<repomd>${data(`<checksum type="sha256">00</checksum>${place}`)}</repomd>`,
      'is no sha256',
    ],
    ['no place', `<repomd>${data(sum)}</repomd>`, 'primary has no location'],
    [
      'a type twice',
      `<repomd>${data(sum + place)}${data(sum + place)}</repomd>`,
      'lists primary twice',
    ],
    ['a digest twice', `<repomd>${data(sum + sum + place)}</repomd>`, 'has a second checksum'],
    [
      'a path that leads out',
      `<repomd>${data(`${sum}<location href="../../etc/p"/>`)}</repomd>`,
      'has a ".." part',
    ],
    ['an absolute path', `<repomd>${data(`${sum}<location href="/p"/>`)}</repomd>`, 'is absolute'],
    [
      'another server',
      `<repomd>${data(`${sum}<location href="https://a.example/p"/>`)}</repomd>`,
      'the path "https:',
    ],
    [
      'another repository',
      `<repomd>${data(`${sum}<location xml:base="https://a.example" href="p"/>`)}</repomd>`,
      'is in another repository',
    ],
    [
      'a time after the year 9999',
      `<repomd>${data(`${sum}${place}<timestamp>253402300800</timestamp>`)}</repomd>`,
      'the timestamp is 253402300800, after the year 9999',
    ],
    ['an end that is missing', '<repomd><data type="primary">', 'unclosed tag'],
    ['too many levels', `<repomd>${'<a>'.repeat(30)}`, 'more than 16 deep'],
    ['bytes that are no text', Buffer.from([0x3c, 0x72, 0xff, 0xfe]), 'not valid'],
  ])('with %s is refused', async (_, text, reason) => {
    await expect(readRepomd(Buffer.from(text), 'repomd.xml')).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringContaining(reason),
    });
  });
});

describe('primary metadata', () => {
  const sample = (change: (text: string) => string = (text) => text) =>
    change(
      `<metadata><package type="rpm"><name>a</name><arch>noarch</arch><version epoch="0" ver="1" rel="2"/><checksum type="sha256" pkgid="YES">${'0'.repeat(64)}</checksum><time file="1" build="2"/><size package="3"/><location href="p/a.rpm"/><format><rpm:license>MIT &amp; more</rpm:license><rpm:provides><rpm:entry name="a"/></rpm:provides></format></package></metadata>`,
    );
  const read = async (text: string, size = 7) => {
    const found: ListedRpm[] = [];
    const bytes = Buffer.from(text);
    const source = (async function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    })();
    await readPrimary(source, (each) => found.push(each), 'primary.xml');
    return found;
  };

  test('are the same in pieces of any size', async () => {
    const whole = await read(sample(), 10_000);
    expect(whole).toMatchObject([{ name: 'a', licence: 'MIT & more', size: 3, built: 2 }]);
    expect(await read(sample(), 1)).toEqual(whole);
  });

  test.each([
    ['a name with a slash', ['<name>a<', '<name>../a<'], 'is no name of a package'],
    ['no name', ['<name>a</name>', ''], 'is no name of a package'],
    ['a second name', ['</name>', '</name><name>b</name>'], 'has a second name'],
    ['a version with a blank', ['ver="1"', 'ver="1 2"'], 'has the version'],
    ['an odd epoch', ['epoch="0"', 'epoch="-1"'], 'the epoch of a is "-1"'],
    ['no checksum', ['<checksum type="sha256"', '<checksum type="md5"'], 'a digest is of md5'],
    ['a place outside', ['p/a.rpm', '../a.rpm'], 'has a ".." part'],
    ['a place that is escaped', ['p/a.rpm', '%2e%2e/a.rpm'], 'is none below a folder'],
    ['no size', ['<size package="3"/>', ''], 'a package has no size'],
    ['a time that no date has', ['build="2"', 'build="999999999999999"'], 'after the year 9999'],
  ] as const)('with %s are refused', async (_, [from, to], reason) => {
    await expect(read(sample((text) => text.replace(from, to)))).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringContaining(reason),
    });
  });
});

describe('a document whose parts have no end', () => {
  const endless = async function* (start: string) {
    yield Buffer.from(start);
    for (let count = 0; count < 100; count += 1) yield Buffer.alloc(64 * 1024, 'a');
  };

  test.each([
    ['an attribute', '<metadata><package type="'],
    ['a name', '<metadata><'],
    ['a comment', '<metadata><!--'],
    ['an instruction', '<metadata><?'],
    ['a text', '<metadata>'],
  ])('is refused before %s fills the memory', async (_, start) => {
    await expect(readPrimary(endless(start), () => {}, 'primary.xml')).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringContaining('pass without an end'),
    });
  });
});

describe('a metalink', () => {
  const link = (inner: string, name = 'repomd.xml') =>
    Buffer.from(
      `<metalink version="3.0" xmlns:mm0="x"><files><file name="${name}"><mm0:timestamp>1700000000</mm0:timestamp><size>10</size>${inner}</file></files></metalink>`,
    );
  const hashes = `<verification><hash type="md5">0</hash><hash type="sha256">${'a'.repeat(64)}</hash><hash type="sha512">${'b'.repeat(128)}</hash></verification>`;
  const url = (text: string, preference: number) => `<url preference="${preference}">${text}</url>`;
  const urls = `<resources>${url('http://a.example/r', 100)}${url('https://b.example/r', 9)}${url('https://c.example/r', 90)}</resources>`;

  test('names the strongest digest, and addresses over https by preference', async () => {
    expect(await readMetalink(link(hashes + urls), 'metalink')).toEqual({
      checksum: { algorithm: 'sha512', digest: 'b'.repeat(128) },
      size: 10,
      date: 1_700_000_000,
      urls: ['https://c.example/r', 'https://b.example/r'],
    });
  });

  test('does not count what it lists as alternatives', async () => {
    const older = `<mm0:alternates><mm0:alternate>${hashes}</mm0:alternate></mm0:alternates>`;
    await expect(readMetalink(link(older + urls), 'metalink')).rejects.toThrow('states no digest');
  });

  test('of another file, without a digest that holds, or without https is refused', async () => {
    const weak = '<verification><hash type="sha1">0</hash></verification>';
    const plain = `<resources>${url('http://a.example/r', 1)}</resources>`;
    for (const bytes of [
      link(hashes + urls, 'other.xml'),
      link(weak + urls),
      link(hashes + plain),
    ]) {
      await expect(readMetalink(bytes, 'metalink')).rejects.toMatchObject({
        code: 'SOURCE_CORRUPT',
      });
    }
  });
});

describe('modules.yaml', () => {
  const stream = (name: string) => `---
document: modulemd
version: 2
data:
  name: app
  stream: "${name}"
  version: 20240101000000
  context: abcdef
  arch: x86_64
  summary: An application
  description: >-
    Some words.
  license: { module: [MIT] }
  profiles:
    default: { rpms: [app, app-libs] }
  artifacts:
    rpms:
    - app-0:${name}-1.noarch
...
`;
  const defaults = `---
document: modulemd-defaults
version: 1
data:
  module: app
  stream: "1.10"
...
`;

  test('lists streams as the file spells them, and defaults', () => {
    const { streams, defaults: found } = readModules(
      stream('1.10') + stream('2') + defaults,
      'modules',
    );
    expect(streams.map((each) => each.stream)).toEqual(['1.10', '2']);
    expect(streams[0]).toMatchObject({
      version: '20240101000000',
      artifacts: ['app-0:1.10-1.noarch'],
    });
    expect(streams[0]?.profiles.get('default')).toEqual(['app', 'app-libs']);
    expect([...found]).toEqual([['app', '1.10']]);
  });

  test('that is damaged is refused', () => {
    for (const text of [
      '---\na: [\n',
      stream('1').replace('  name: app\n', ''),
      '---\na: &b c\n',
    ]) {
      expect(() => readModules(text, 'modules')).toThrow(
        expect.objectContaining({ code: 'SOURCE_CORRUPT' }),
      );
    }
  });
});

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32 } from '../../src/base/crc32.ts';
import { readContent } from '../../src/tar/content.ts';
import type { Entry } from '../../src/tar/entry.ts';
import { spoolZip } from '../../src/tar/zip/read-zip.ts';
import { temporaryFolder } from '../support/folder.ts';
import { python } from '../support/tar.ts';
import { type TestMember, u32, zipOf } from '../support/zip.ts';

const { signal } = new AbortController();

async function entriesOf(bytes: Buffer, maxBytes = 1_000_000): Promise<Entry[]> {
  const folder = temporaryFolder();
  const [zip, spool] = [join(folder, 'a.zip'), join(folder, 'contents')];
  writeFileSync(zip, bytes);
  try {
    return await spoolZip(zip, spool, { source: 'a.zip', maxBytes, signal });
  } catch (error) {
    expect(existsSync(spool)).toBe(false);
    throw error;
  }
}

/** Reads an archive, and returns each member as `type mode path` with its contents or its target. */
async function read(bytes: Buffer, maxBytes?: number): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const entry of await entriesOf(bytes, maxBytes)) {
    const key = `${entry.type} ${entry.mode.toString(8)} ${entry.path}`;
    if (entry.type === 'file') all[key] = (await readContent(entry.content)).toString();
    else all[key] = entry.type === 'symlink' ? entry.target : '';
  }
  return all;
}

const main = { name: 'main.c', content: 'int main(void) { return 0; }' };

test('files, folders, links and who may run a file are read, whatever order they come in', async () => {
  const found = await read(
    zipOf([
      { name: 'demo/', mode: 0o040755 },
      { ...main, name: 'demo/main.c', mode: 0o100644 },
      { name: 'demo/configure', content: '#!/bin/sh', mode: 0o100775 },
      { name: 'demo/link', content: '../demo/main.c', mode: 0o120777 },
      { name: 'demo/stored', content: 'as it is', method: 0 },
      { name: 'demo/na\xc3\xafve', content: 'utf-8', flags: 0x0800 },
      { name: 'demo/empty' },
    ]),
  );
  expect(found).toEqual({
    'directory 755 demo': '',
    'file 644 demo/main.c': main.content,
    'file 755 demo/configure': '#!/bin/sh',
    'symlink 777 demo/link': '../demo/main.c',
    'file 644 demo/stored': 'as it is',
    'file 644 demo/na\xc3\xafve': 'utf-8',
    'file 644 demo/empty': '',
  });
});

test('a comment, times in extra fields and sizes after the contents are taken', async () => {
  const content = 'streamed';
  const packed = deflateRawSync(Buffer.from(content));
  const sizes = u32(crc32(Buffer.from(content)), packed.length, content.length);
  const local = { crc: 0, packed: 0, size: 0 };
  const streamed = { name: 'a', content, flags: 8, local };
  const times = Buffer.from([0x55, 0x54, 5, 0, 3, 1, 2, 3, 4]);
  const archive = zipOf(
    [
      { ...streamed, after: Buffer.concat([Buffer.from('PK\x07\x08'), sizes]) },
      { ...streamed, name: 'b', after: sizes },
      { ...main, extra: times, local: { extra: times } },
    ],
    { comment: Buffer.from('5f3c0d1b') },
  );
  expect(Object.values(await read(archive))).toEqual([content, content, main.content]);
});

const zip64 = Buffer.concat([Buffer.from([1, 0, 16, 0]), Buffer.alloc(16)]);
const otherName = Buffer.concat([
  Buffer.from([0x75, 0x70, 6, 0, 1]),
  Buffer.alloc(4),
  Buffer.from('x'),
]);
const link = { content: 'main.c', mode: 0o120777 };

const hostileMembers: readonly (readonly [what: string, members: readonly TestMember[]])[] = [
  [
    'another name before the contents than in the directory',
    [{ ...main, local: { name: 'Main.c' } }],
  ],
  ['another size there', [{ ...main, local: { size: 3 } }]],
  ['another packed size there', [{ ...main, local: { packed: 3 } }]],
  ['another CRC there', [{ ...main, local: { crc: 3 } }]],
  ['another method there', [{ ...main, local: { method: 0 } }]],
  ['other flags there', [{ ...main, local: { flags: 8 } }]],
  ['a zip64 field there alone', [{ ...main, local: { extra: zip64 } }]],
  ['a zip64 field in the directory', [{ ...main, extra: zip64 }]],
  ['another name in an extra field', [{ ...main, extra: otherName }]],
  [
    'another name in an extra field before the contents',
    [{ ...main, local: { extra: otherName } }],
  ],
  ['an extra field that is cut', [{ ...main, extra: Buffer.from([0x55, 0x54, 9, 0, 1]) }]],
  ['a name twice', [main, main]],
  ['a name twice, once with "./"', [main, { ...main, name: './main.c' }]],
  ['a folder of the name of a file', [main, { name: 'main.c/' }]],
  ['an absolute name', [{ ...main, name: '/etc/passwd' }]],
  ['a name that leads out', [{ ...main, name: 'a/../../main.c' }]],
  ['a backslash', [{ ...main, name: '..\\main.c' }]],
  ['an empty part', [{ ...main, name: 'a//main.c' }]],
  ['an empty name', [{ ...main, name: '' }]],
  ['a NUL in a name', [{ ...main, name: 'a\0b', flags: 0x0800 }]],
  ['a name of unknown encoding', [{ ...main, name: 'na\x8bve.c' }]],
  ['a name that is said to be UTF-8', [{ ...main, name: 'na\x8bve.c', flags: 0x0800 }]],
  [
    'a file below a link',
    [
      { ...link, name: 'a' },
      { ...main, name: 'a/main.c' },
    ],
  ],
  ['a file below a file that comes later', [{ ...main, name: 'main.c/x' }, main]],
  ['a link without a target', [{ name: 'a', mode: 0o120777 }]],
  ['a link with a NUL in its target', [{ ...link, name: 'a', content: 'a\0b' }]],
  ['a link made on DOS', [{ ...link, name: 'a', madeBy: 20 }]],
  ['a device', [{ name: 'a', mode: 0o020666 }]],
  ['a named pipe', [{ name: 'a', mode: 0o010666 }]],
  ['a folder by its mode alone', [{ name: 'a', mode: 0o040755 }]],
  ['a folder by its attributes alone', [{ name: 'a', attributes: 0x10 }]],
  ['a folder by its name alone', [{ name: 'a/', mode: 0o100644 }]],
  ['a folder with contents', [{ ...main, name: 'a/' }]],
  ['an encrypted member', [{ ...main, flags: 1 }]],
  ['a member under AES', [{ ...main, method: 99, bytes: Buffer.alloc(30) }]],
  ['a hidden directory', [{ ...main, flags: 0x2000 }]],
  ['patched data', [{ ...main, flags: 0x20 }]],
  ['bzip2', [{ ...main, method: 12, bytes: Buffer.alloc(30) }]],
  ['zstd', [{ ...main, method: 93, bytes: Buffer.alloc(30) }]],
  ['sizes that should follow and do not', [{ ...main, flags: 8 }]],
  ['other sizes that follow', [{ ...main, flags: 8, after: u32(1, 2, 3) }]],
  ['sizes that follow though nothing says so', [{ ...main, after: u32(1, 2, 3) }]],
  ['stored contents with sizes that follow', [{ name: 'a', flags: 8, after: u32(0, 0, 0) }]],
  ['stored contents with two sizes', [{ ...main, method: 0, size: 3 }]],
  ['bytes between members', [{ ...main, after: Buffer.from('hidden') }, { name: 'b' }]],
  ['two members over the same bytes', [main, { ...main, offset: 0 }]],
  ['a header in the middle of contents', [main, { ...main, name: 'b', offset: 10 }]],
  ['a header behind the directory', [main, { ...main, name: 'b', offset: 0xfffffff0 }]],
  ['a CRC that is not of the contents', [{ ...main, crc: 5 }]],
  ['less than its size', [{ ...main, size: 100 }]],
  ['more than its size', [{ ...main, size: 10 }]],
  [
    'bytes behind the end of what is deflated',
    [
      {
        ...main,
        bytes: Buffer.concat([deflateRawSync(Buffer.from(main.content)), Buffer.from('x')]),
      },
    ],
  ],
  [
    'a stream that is cut',
    [{ ...main, bytes: deflateRawSync(Buffer.from(main.content)).subarray(0, 9) }],
  ],
  ['garbage', [{ ...main, bytes: Buffer.from('garbage') }]],
];

test.each(hostileMembers)('%s is refused', async (_, members) => {
  const reading = read(zipOf(members));
  await expect(reading).rejects.toMatchObject({
    code: 'ARCHIVE_REFUSED',
    hint: expect.any(String),
  });
});

const end = zipOf([]);

test.each([
  ['no archive at all', Buffer.from('hello')],
  ['nothing', Buffer.alloc(0)],
  ['bytes before the first member', zipOf([main], { before: Buffer.from('#!/bin/sh\n') })],
  [
    'a member that the directory leaves out first',
    zipOf([{ name: 'x' }, main], { unlisted: ['x'] }),
  ],
  [
    'a member that the directory leaves out last',
    zipOf([main, { name: 'x' }], { unlisted: ['x'] }),
  ],
  ['bytes behind the end', zipOf([main], { after: Buffer.from('more') })],
  ['a second archive behind the first', Buffer.concat([zipOf([main]), zipOf([{ name: 'x' }])])],
  ['an end record in the comment', zipOf([main], { comment: end })],
  ['the mark of an end record in the comment', zipOf([main], { comment: end.subarray(0, 4) })],
  ['a count that is not so', zipOf([main], { count: 2 })],
  ['a count of zip64', zipOf([main], { count: 0xffff })],
  ['an archive that is cut', zipOf([main]).subarray(0, -1)],
  ['a member without a header', Buffer.concat([Buffer.alloc(4), zipOf([main]).subarray(4)])],
])('%s is refused', async (_, bytes) => {
  await expect(read(bytes)).rejects.toMatchObject({ code: 'ARCHIVE_REFUSED' });
});

test('a bomb is refused: too many bytes, too many for its size, whatever it says of itself', async () => {
  const content = '0'.repeat(100_000);
  await expect(read(zipOf([{ name: 'a', content }]), 99_999)).rejects.toMatchObject({
    code: 'ARCHIVE_REFUSED',
    message: 'a.zip unpacks to more than 99999 bytes.',
  });
  const size = 65 * 1024 ** 2;
  const inflated = read(zipOf([{ ...main, size, local: { size } }]), 1024 ** 3);
  await expect(inflated).rejects.toThrow('more than 400 times its size');
  const modest = zipOf([{ name: 'a', content, size: 10, local: { size: 10 } }]);
  await expect(read(modest)).rejects.toThrow('not of its size');
});

const pythonScript = `
import io, json, sys, zipfile
def archive(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as archive:
        for name, content, mode in members:
            info = zipfile.ZipInfo(name)
            info.external_attr = (0o100000 | mode) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, bytes.fromhex(content))
    read = zipfile.ZipFile(out)
    found = {i.filename: read.read(i).hex() for i in read.infolist()}
    return dict(bytes=out.getvalue().hex(), found=found)
print(json.dumps([archive(members) for members in json.load(sys.stdin)]))
`;

const name = fc
  .stringMatching(/^[a-zé][a-z0-9 é._-]{0,20}$/u)
  .filter((each) => !each.endsWith('.'));
const members = fc.uniqueArray(
  fc.tuple(name, fc.uint8Array({ maxLength: 300 }), fc.constantFrom(0o644, 0o755)),
  { selector: ([name]) => name, maxLength: 8 },
);

test('what Python writes is read as it reads it', async () => {
  const all = fc.sample(members, 40);
  const told = all.map((each) =>
    each.map(([name, content, mode]) => [name, Buffer.from(content).toString('hex'), mode]),
  );
  const written: { bytes: string; found: object }[] = JSON.parse(
    python(pythonScript, told).toString(),
  );
  for (const [at, { bytes, found }] of written.entries()) {
    const read = await entriesOf(Buffer.from(bytes, 'hex'));
    const contents = read.map(async (entry) => {
      if (entry.type !== 'file') throw new Error(`${entry.path} is no file`);
      const path = Buffer.from(entry.path, 'latin1').toString();
      return [path, (await readContent(entry.content)).toString('hex')];
    });
    expect(Object.fromEntries(await Promise.all(contents))).toEqual(found);
    expect(read.map(({ mode }) => mode)).toEqual(all[at]?.map(([, , mode]) => mode));
  }
});

const hasGit = existsSync('/usr/bin/git');

test.skipIf(!hasGit)(
  'what git archive writes is read: links, who may run a file, a comment',
  async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'src/main.c'), main.content);
    writeFileSync(join(folder, 'configure'), '#!/bin/sh\n', { mode: 0o755 });
    symlinkSync('src/main.c', join(folder, 'link'));
    const git = (...words: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...words], {
        cwd: folder,
      });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'a');
    expect(await read(git('archive', '--format=zip', '--prefix=demo/', 'HEAD'))).toEqual({
      'directory 755 demo': '',
      'file 755 demo/configure': '#!/bin/sh\n',
      'symlink 777 demo/link': 'src/main.c',
      'directory 755 demo/src': '',
      'file 644 demo/src/main.c': main.content,
    });
  },
);

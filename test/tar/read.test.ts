import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readContent } from '../../src/tar/content.ts';
import { readTar, spoolTar } from '../../src/tar/read.ts';
import { temporaryFolder } from '../support/folder.ts';
import {
  arbitraryTree,
  archive,
  directory,
  endMark,
  entriesOf,
  file,
  paxMember,
  paxRecord,
  type RawHeader,
  rawHeader,
  rawMember,
  streamOf,
  tarOf,
} from '../support/tar.ts';

const folder = temporaryFolder();

const member = (name: string, more: RawHeader = {}, content = '') =>
  rawMember({ name, ...more }, content);

const read = (...members: Uint8Array[]) => entriesOf(archive(...members), { source: 'test.tar' });

const refused = (bytes: Uint8Array, problem: string | RegExp) =>
  expect(entriesOf(bytes, { source: 'test.tar' })).rejects.toMatchObject({
    code: 'ARCHIVE_REFUSED',
    message: expect.stringMatching(problem),
    hint: expect.any(String),
  });

describe('readTar takes', () => {
  test('an empty archive', async () => {
    expect(await read()).toEqual([]);
  });

  test('V7 headers, whose folders are names that end in a slash', async () => {
    const v7 = { magic: '\0'.repeat(8), type: '\0' };
    expect(await read(member('bin/', v7), member('bin/sh', v7, 'x'))).toMatchObject([
      { type: 'directory', path: 'bin' },
      { type: 'file', path: 'bin/sh', size: 1 },
    ]);
  });

  test('a ustar prefix', async () => {
    const prefix = 'p'.repeat(155);
    expect(await read(member('name', { prefix }))).toMatchObject([{ path: `${prefix}/name` }]);
  });

  test('a name that fills its field without a NUL', async () => {
    expect(await read(member('n'.repeat(100)))).toMatchObject([{ path: 'n'.repeat(100) }]);
  });

  test('GNU long names and long links', async () => {
    const [name, link] = ['n'.repeat(200), 'l'.repeat(300)];
    const long = (type: string, text: string) =>
      rawMember({ name: '././@LongLink', type }, `${text}\0`);
    const entries = await read(long('K', link), long('L', name), member('short', { type: '2' }));
    expect(entries).toMatchObject([{ type: 'symlink', path: name, target: link }]);
  });

  test('base-256 numbers, negative ones for times only', async () => {
    const uid = '\x80\0\0\0\x12\x34\x56\x78';
    const mtime = `${'\xff'.repeat(11)}\xfe`;
    expect(await read(member('a', { uid, mtime }))).toMatchObject([{ uid: 0x12345678, mtime: -2 }]);
    await refused(archive(member('a', { uid: '\xff'.repeat(8) })), /negative uid/);
    await refused(archive(member('a', { size: '\xff'.repeat(12) })), /negative size/);
    await refused(archive(member('a', { size: `\x80${'\xff'.repeat(11)}` })), /no number/);
  });

  test('PAX records, whose values may hold anything', async () => {
    const value = 'a\nb=c\0\xff 12 path=evil\n';
    const body =
      paxRecord('path', 'new\nname') +
      paxRecord('uid', '4294967294') +
      paxRecord('gid', '5') +
      paxRecord('mtime', '12.999') +
      paxRecord('atime', '1.5') +
      paxRecord('uname', 'root') +
      paxRecord('SCHILY.xattr.user.z', value) +
      paxRecord('SCHILY.xattr.user.a', '');
    expect(await read(paxMember(body), member('old'))).toMatchObject([
      {
        path: 'new\nname',
        uid: 4_294_967_294,
        gid: 5,
        mtime: 12,
        xattrs: [
          ['user.a', ''],
          ['user.z', value],
        ],
      },
    ]);
  });

  test('no second record out of a value with a newline', async () => {
    const body = '21 path=abc\n9 path=x\n';
    expect(await read(paxMember(body), member('a'))).toMatchObject([{ path: 'abc\n9 path=x' }]);
  });

  test.each([
    ['-1.5', -2],
    ['-1.0', -1],
    ['-0.2', -1],
    ['0.9', 0],
    ['7.', 7],
  ])('a PAX mtime of %s as %i', async (mtime, seconds) => {
    expect(await read(paxMember(paxRecord('mtime', mtime)), member('a'))).toMatchObject([
      { mtime: seconds },
    ]);
  });

  test('an extended attribute that bsdtar wrote twice, once', async () => {
    const body =
      paxRecord('LIBARCHIVE.xattr.user.a%20b', 'eA==') + paxRecord('SCHILY.xattr.user.a b', 'x');
    expect(await read(paxMember(body), member('a'))).toMatchObject([
      { xattrs: [['user.a b', 'x']] },
    ]);
  });

  test('a global PAX header that is only a comment, as git archive writes it', async () => {
    const global = paxMember(paxRecord('comment', 'c0ffee'), 'g');
    expect(await read(global, member('a'))).toMatchObject([{ path: 'a' }]);
  });

  test('names with a leading "./", and drops the root unless asked', async () => {
    const root = archive(member('./', { type: '5' }), member('./bin/', { type: '5' }));
    expect(await entriesOf(root)).toMatchObject([{ path: 'bin' }]);
    expect(await entriesOf(root, { keepRoot: true })).toMatchObject([
      { path: '' },
      { path: 'bin' },
    ]);
  });

  test('zeros after the end mark', async () => {
    expect(await read(member('a'), endMark, Buffer.alloc(9000))).toHaveLength(1);
  });

  test('members whose content nobody reads, or only in part', async () => {
    const tar = await tarOf([file('a', 'x'.repeat(5000)), file('b', 'y'.repeat(700)), file('c')]);
    const paths: string[] = [];
    for await (const { entry, content } of readTar(streamOf(tar, 100))) {
      paths.push(entry.path);
      if (entry.path === 'b') for await (const _ of content) break;
    }
    expect(paths).toEqual(['a', 'b', 'c']);
  });
});

describe('readTar refuses', () => {
  test('every cut of an archive, wherever it is', async () => {
    const pax = file('n'.repeat(120), 'x'.repeat(600));
    const tar = await tarOf([file('a', 'hello'), directory('d'), pax]);
    for (let cut = 0; cut < tar.length; cut += cut < 600 ? 7 : 37) {
      await refused(tar.subarray(0, cut), /cut|missing/);
    }
    await refused(tar.subarray(0, tar.length - 512), /half an end mark/);
    await refused(tar.subarray(0, tar.length - 1024), /without its end mark/);
    await refused(new Uint8Array(), /without its end mark/);
  });

  test('or reads the same from every archive with one byte changed', async () => {
    const tree = [file('a', 'hello', { xattrs: [['user.x', 'y']] }), file('n'.repeat(120), 'x')];
    const tar = await tarOf(tree);
    await fc.assert(
      fc.asyncProperty(fc.nat(tar.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = Buffer.from(tar);
        changed[at] = (changed[at]! + by) % 256;
        const outcome = await entriesOf(changed).catch((error: { code: string }) => error.code);
        if (typeof outcome === 'string') expect(outcome).toBe('ARCHIVE_REFUSED');
        else expect(outcome).toHaveLength(2);
      }),
      { numRuns: 300 },
    );
  });

  test('garbage, without failing in any other way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 3000 }), async (bytes) => {
        fc.pre(bytes.some((byte) => byte !== 0));
        await refused(bytes, /./);
      }),
    );
  });

  test('a wrong checksum', () =>
    refused(archive(member('a', { checksum: '000001\0 ' })), /checksum/));

  test('what is no tar header, and the format of star', async () => {
    await refused(archive(member('a', { magic: 'USTAR\x0000' })), /no tar header/);
    await refused(archive(member('a', { trailer: `${'\0'.repeat(8)}tar\0` })), /star's own format/);
  });

  test('a field that is no number', async () => {
    await refused(archive(member('a', { mode: '0000648\0' })), /mode field/);
    await refused(archive(member('a', { size: '0x10' })), /size field/);
    await refused(archive(member('a', { uid: '12\x0034' })), /uid field/);
    const body = paxRecord('uid', '-1');
    await refused(archive(paxMember(body), member('a')), /PAX uid/);
  });

  test('a lone zero block, a second archive and anything else after the end', async () => {
    const zero = Buffer.alloc(512);
    await refused(archive(member('a'), zero, member('b')), /lone zero block/);
    await refused(Buffer.concat([archive(member('a')), archive(member('b'))]), /follows the end/);
    await refused(Buffer.concat([archive(member('a')), Buffer.from('x')]), /follows the end/);
  });

  test.each([
    ['../etc/passwd', /"\.\." part/],
    ['a/../b', /"\.\." part/],
    ['..', /"\.\." part/],
    ['/etc/passwd', /absolute/],
    ['/', /absolute/],
    ['a//b', /empty part/],
    ['a//', /empty part/],
    ['.//a', /empty part|absolute/],
    ['a/./b', /"\." part/],
    ['././a', /"\." part/],
    ['', /empty/],
    [`a/${'b'.repeat(256)}`, /255 bytes/],
    [`${'d/'.repeat(2048)}x`, /4096 bytes/],
    ['a\0b', /NUL/],
  ])('the name %j', async (name, problem) => {
    await refused(archive(paxMember(paxRecord('path', name)), member('a')), problem);
    const link = paxMember(paxRecord('linkpath', name));
    await refused(archive(link, member('a', { type: '1' })), problem);
  });

  test('a symlink to nothing, or to a name with a NUL', async () => {
    await refused(archive(member('a', { type: '2' })), /link target that is empty/);
    const link = paxMember(paxRecord('linkpath', 'b\0c'));
    await refused(archive(link, member('a', { type: '2' })), /NUL/);
  });

  test.each([
    ['S', /sparse/],
    ['M', /volume/],
    ['V', /volume label/],
    ['D', /incremental/],
    ['N', /old GNU/],
    ['X', /Solaris/],
    ['Z', /unknown type "Z"/],
  ])('the member type %s', (type, problem) => refused(archive(member('a', { type })), problem));

  test.each([
    ['GNU.sparse.major', '1', /sparse/],
    ['GNU.sparse.map', '0,1', /sparse/],
    ['SCHILY.realsize', '5', /sparse/],
    ['SCHILY.acl.access', 'user::rwx', /access control/],
    ['GNU.dumpdir', 'x', /incremental/],
    ['LIBARCHIVE.xattr.user.a', 'eA==', /does not know/],
    ['VENDOR.thing', 'x', /does not know/],
    ['__proto__', 'x', /does not know/],
    ['constructor', 'x', /does not know/],
    ['SCHILY.xattr.', 'x', /quote/],
    ['SCHILY.xattr.user.a%3Db', 'x', /quote/],
    ['mtime', 'now', /no time/],
    ['mtime', '1e3', /no time/],
    ['size', '0x10', /whole number/],
    ['size', '', /whole number/],
    ['path', '', /empty/],
  ])('the PAX record %s=%s', (keyword, value, problem) =>
    refused(archive(paxMember(paxRecord(keyword, value)), member('a')), problem),
  );

  test.each([
    ['too long', '20 path=abc\n'],
    ['too short', '11 path=abc\n'],
    ['that ends before its newline', '11 path=abc\n\n9 path=x\n'],
    ['without a newline', '12 path=abcd'],
    ['without a keyword', '6 =ab\n'],
    ['without "="', '8 pathx\n'],
    ['with a signed length', '+12 path=abc\n'],
    ['with a padded length', '012 path=abc\n'],
    ['with an endless length', '99999999999 path=abc\n'],
    ['of zeros', '\0\0\0\0'],
  ])('a PAX record %s', (_, body) =>
    refused(archive(paxMember(body), member('a')), /length does not fit/),
  );

  test('bytes behind an extension header, which Python takes for records or for the rest of a name', async () => {
    const hidden = (header: Buffer, more: string) => {
      header.write(more, 512 + 12, 'latin1');
      return header;
    };
    const pax = hidden(paxMember('12 path=abc\n'), '12 path=xyz\n');
    await refused(archive(pax, member('a')), /behind its extension header/);
    for (const type of ['L', 'K']) {
      const long = hidden(rawMember({ name: '././@LongLink', type }, 'n'.repeat(12)), 'nnnn');
      await refused(archive(long, member('a', { type: '2' })), /behind its extension header/);
    }
  });

  test('device numbers that are none, at which Python ends the archive, of any member', async () => {
    for (const type of ['0', '2', '5', '6']) {
      await refused(archive(member('a', { type, linkname: 'b', major: '18' })), /major field/);
      await refused(archive(member('a', { type, linkname: 'b', minor: '18' })), /minor field/);
    }
  });

  test('a prefix where GNU and V7 have none, which Python takes for one', async () => {
    for (const magic of ['ustar  \0', '\0'.repeat(8)]) {
      await refused(archive(member('a', { magic, prefix: 'p' })), /place of a prefix/);
    }
  });

  test('what is said twice', async () => {
    const twice = paxRecord('path', 'a') + paxRecord('path', 'b');
    await refused(archive(paxMember(twice), member('x')), /says "path" twice/);
    const [one, other] = [paxMember(paxRecord('uid', '1')), paxMember(paxRecord('gid', '1'))];
    await refused(archive(one, other, member('x')), /two extension headers/);
  });

  test('a PAX size before a long name', async () => {
    const pax = paxMember(paxRecord('size', '1024'));
    const long = rawMember({ name: '././@LongLink', type: 'L' }, `${'n'.repeat(200)}\0`);
    await refused(archive(pax, long, member('x')), /both PAX and GNU/);
    await refused(archive(long, pax, member('x')), /both PAX and GNU/);
  });

  test('two sizes', async () => {
    const pax = paxMember(paxRecord('size', '1024'));
    await refused(archive(pax, member('x')), /two sizes, 0 in its header and 1024/);
  });

  test('a size on what has no content', async () => {
    for (const type of ['1', '2', '3', '5', '6']) {
      const header = rawHeader({ name: 'x', linkname: 'y', type, size: '00000000777\0' });
      await refused(archive(header, Buffer.alloc(512)), /with a size/);
    }
  });

  test('a global PAX header that says more than a comment', async () => {
    const global = paxMember(paxRecord('comment', 'x') + paxRecord('path', 'evil'), 'g');
    await refused(archive(global, member('a')), /global PAX header \("path"\)/);
  });

  test('ids and device numbers that nothing can store', async () => {
    await refused(archive(paxMember(paxRecord('uid', '4294967295')), member('a')), /uid above/);
    const major = '\x80\0\0\0\xff\xff\xff\xff';
    await refused(archive(member('a', { type: '3', major })), /major number/);
  });

  test('an extension header with nothing after it', () =>
    refused(archive(paxMember(paxRecord('uid', '1'))), /missing after its extension header/));

  test('extension headers beyond their limits', async () => {
    const size = '77777777777\0';
    await refused(archive(rawHeader({ name: 'x', type: 'x', size })), /extension header of/);
    await refused(archive(rawHeader({ name: 'x', type: 'L', size })), /extension header of/);
  });

  test('a root that is no folder', () => refused(archive(member('.')), /in place of the root/));

  test('more bytes or members than allowed, without reading on', async () => {
    let handedOut = 0;
    async function* endless() {
      yield rawHeader({ name: 'bomb', size: '77777777777\0' });
      for (;;) {
        handedOut += 65_536;
        yield Buffer.alloc(65_536);
      }
    }
    const drained = async () => {
      for await (const _ of readTar(endless(), { limits: { maxBytes: 1_000_000 } }));
    };
    await expect(drained()).rejects.toThrow(/limit of 1000000 bytes/);
    expect(handedOut).toBeLessThan(1_200_000);
    const many = archive(member('a'), member('b'), member('c'));
    const options = { limits: { maxEntries: 2 } };
    await expect(entriesOf(many, options)).rejects.toThrow(/limit of 2 members/);
  });

  test('with a message that names archive, member and offset, and steers no terminal', async () => {
    const bad = member('ev\x1b[2Jil', { type: 'S' });
    await expect(
      entriesOf(archive(member('a'), bad), { source: 'data.tar of x.deb' }),
    ).rejects.toThrow(
      'data.tar of x.deb: the member "ev\\u001b[2Jil" at byte 512 is a GNU sparse file',
    );
  });
});

describe('spoolTar', () => {
  test('keeps the bytes in a file and points into it', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryTree(), async (tree) => {
        run += 1;
        const path = join(folder, `spool-${run}`);
        const tar = await tarOf(tree);
        const entries = await spoolTar(streamOf(tar), path);
        expect(readFileSync(path).equals(tar)).toBe(true);
        const loaded = entries.map(async (entry) =>
          entry.type === 'file'
            ? { ...entry, content: { bytes: await readContent(entry.content) } }
            : entry,
        );
        expect(await Promise.all(loaded)).toEqual(tree);
      }),
      { numRuns: 20 },
    );
  });

  test('removes the file when the archive is refused', async () => {
    const path = join(folder, 'refused');
    const tar = (await tarOf([file('a', 'x')])).subarray(0, 1024);
    await expect(spoolTar(streamOf(tar), path)).rejects.toMatchObject({ code: 'ARCHIVE_REFUSED' });
    expect(existsSync(path)).toBe(false);
  });

  test('overwrites nothing', async () => {
    await expect(spoolTar(streamOf(endMark), import.meta.filename)).rejects.toMatchObject({
      code: 'IO',
    });
    expect(readFileSync(import.meta.filename).length).toBeGreaterThan(0);
  });
});

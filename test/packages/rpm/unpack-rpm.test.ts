import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fromByteString } from '../../../src/base/byte-string.ts';
import { openRpm } from '../../../src/packages/rpm/package/open-rpm.ts';
import { type UnpackedRpm, unpackRpm } from '../../../src/packages/rpm/payload/unpack-rpm.ts';
import { readContent } from '../../../src/tar/content.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { buildRpms, everyKind, payloads } from '../../support/rpm/build.ts';
import { noRpmMirror, realPackages, rpmMirror } from '../../support/rpm/mirror.ts';
import { cpioEnd, cpioMember, rpmFile, type TestFile } from '../../support/rpm/writer.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function unpacked(file: string, folder: string): Promise<UnpackedRpm> {
  const opened = await openRpm(createReadStream(file), 'sample.rpm');
  try {
    return await unpackRpm(opened, join(folder, 'spool'), {
      what: 'sample.rpm',
      maxBytes: 2 ** 28,
    });
  } finally {
    await opened.rest.close();
  }
}

/** One line for each file, as both readers see it. */
async function lines({ files }: UnpackedRpm): Promise<string[]> {
  const contents = new Map<string, string>();
  const result: string[] = [];
  for (const { entry } of files) {
    const path = fromByteString(entry.path);
    const common = `${path} ${(entry.mode & 0o7777).toString(8)} ${entry.mtime}`;
    if (entry.type === 'file') {
      contents.set(entry.path, sha256(await readContent(entry.content)));
      result.push(`file ${common} ${contents.get(entry.path)}`);
    } else if (entry.type === 'hardlink') {
      const first = files.find((each) => each.entry.path === entry.target)!;
      if (first.entry.type !== 'file') throw new Error(`${path} links to nothing`);
      result.push(`file ${common} ${sha256(await readContent(first.entry.content))}`);
    } else if (entry.type === 'symlink') result.push(`symlink ${path} ${entry.target}`);
    else result.push(`${entry.type} ${common}`);
  }
  return result.sort();
}

/** The same of what rpm2cpio and cpio unpack. */
function byCpio(file: string, folder: string): string[] {
  const tree = join(folder, 'tree');
  mkdirSync(tree);
  const script = 'rpm2cpio "$0" | cpio --quiet -idm --no-absolute-filenames';
  execFileSync('sh', ['-c', script, file], { cwd: tree, stdio: 'pipe' });
  const listed = execFileSync('rpm', ['-qp', '--qf', '[%{FILENAMES}\n]', file]).toString();
  const names = new Set(listed.split('\n').map((name) => name.slice(1)));
  return readdirSync(tree, { recursive: true, encoding: 'utf8' })
    .filter((path) => names.has(path))
    .map((path) => {
      const stat = lstatSync(join(tree, path));
      const common = `${path} ${(stat.mode & 0o7777).toString(8)} ${Math.floor(stat.mtimeMs / 1000)}`;
      if (stat.isSymbolicLink()) return `symlink ${path} ${readlinkSync(join(tree, path))}`;
      if (stat.isDirectory()) return `directory ${common}`;
      return `file ${common} ${sha256(readFileSync(join(tree, path)))}`;
    })
    .sort();
}

describe.each(Object.entries(payloads))('a package with a payload of %s', (name, payload) => {
  test('unpacks as rpm2cpio and cpio do', async () => {
    const folder = temporaryFolder();
    const [file = ''] = buildRpms(folder, everyKind, payload);
    const ours = await unpacked(file, folder);
    expect(await lines(ours)).toEqual(byCpio(file, folder));
    expect(ours.ghosts).toEqual(['var/lib/kind/ghost']);
    const compressor = execFileSync('rpm', [
      '-qp',
      '--qf',
      '%{PAYLOADCOMPRESSOR}',
      file,
    ]).toString();
    expect(compressor).toBe(name === 'none' ? '(none)' : name);
  });
});

describe('the entries of a package', () => {
  test('have links, owners, capabilities and marks as its header says', async () => {
    const folder = temporaryFolder();
    const [file = ''] = buildRpms(folder, everyKind);
    const { files } = await unpacked(file, folder);
    const find = (path: string) => files.find(({ entry }) => entry.path === path)!;
    expect(find('usr/bin/one').entry).toMatchObject({ type: 'hardlink', target: 'etc/three' });
    expect(find('usr/bin/two').entry).toMatchObject({ type: 'hardlink', target: 'etc/three' });
    expect(find('etc/empty-too').entry).toMatchObject({ type: 'hardlink' });
    expect(find('etc/empty').entry).toMatchObject({ type: 'file', size: 0 });
    expect(find('etc/kind.conf')).toMatchObject({ user: 'root', group: 'kind', config: true });
    expect(find('etc/kind.conf').entry.mtime).toBe(1_600_000_000);
    expect(find('var/lib/kind')).toMatchObject({ user: 'kind', config: false });
    const [[name, value] = ['', '']] = find('usr/bin/one').entry.xattrs;
    expect(name).toBe('security.capability');
    expect(Buffer.from(value, 'latin1').toString('hex')).toBe(
      '0100000200300000000000000000000000000000',
    );
  });
});

/** Unpacks a package that a test wrote; returns the error's code and message. */
async function failure(bytes: Buffer, maxBytes = 2 ** 28) {
  const folder = temporaryFolder();
  const spool = join(folder, 'spool');
  const source = (async function* () {
    yield bytes;
  })();
  try {
    await unpackRpm(await openRpm(source, 'sample.rpm'), spool, { what: 'sample.rpm', maxBytes });
    return 'none';
  } catch (error) {
    expect(existsSync(spool)).toBe(false);
    const { code, message } = error as { code: string; message: string };
    return `${code} ${message}`;
  }
}

describe('a payload', () => {
  const file: TestFile = { path: '/etc/a', content: 'aaaa' };
  const attacks: readonly (readonly [string, readonly TestFile[], string])[] = [
    [
      'a file that its header does not list',
      [{ ...file, member: { name: './etc/b' } }],
      '"./etc/b" is not in its header',
    ],
    [
      'a path that leads out',
      [{ ...file, member: { name: './../etc/a' } }],
      'is not in its header',
    ],
    [
      'other content than its header says',
      [{ ...file, member: { content: 'bbbb' } }],
      'is another than its header says',
    ],
    [
      'more content than its header says',
      [{ ...file, member: { content: 'aaaaa' } }],
      'has 5 bytes, and 4 in its header',
    ],
    [
      'another target than its header says',
      [{ path: '/l', target: 'a', member: { content: 'b' } }],
      'the target of "l" is another',
    ],
    [
      'no file that its header lists',
      [{ ...file, missing: true }],
      'is in its header and not in its payload',
    ],
    [
      'no content for the names of one file',
      [
        { ...file, inode: 7, member: { content: '' } },
        { ...file, path: '/etc/b', inode: 7, member: { content: '' } },
      ],
      'is in its header and not in its payload',
    ],
    [
      'content for a folder',
      [{ path: '/d', mode: 0o40755, member: { content: 'x' } }],
      'has content and is no file',
    ],
    ['a file that its header calls a ghost', [file, { path: '/etc/g', flags: 64 }], 'none'],
  ];
  test.each(attacks)('with %s', async (_, files, reason) => {
    const found = await failure(await rpmFile({ files }));
    if (reason === 'none') expect(found).toBe('none');
    else expect(found).toMatch(/^ARCHIVE_REFUSED sample\.rpm: /);
    expect(found).toContain(reason);
  });

  test('with a member twice, or for a ghost, is refused', async () => {
    const twice = Buffer.concat([
      cpioMember('./etc/a', 'aaaa'),
      cpioMember('/etc/a', 'aaaa'),
      cpioEnd,
    ]);
    expect(await failure(await rpmFile({ files: [file], payload: twice }))).toContain('again');
    const ghost = Buffer.concat([cpioMember('./etc/g', ''), cpioEnd]);
    const files = [{ path: '/etc/g', flags: 64 }];
    expect(await failure(await rpmFile({ files, payload: ghost }))).toContain('again');
  });

  test('that is cut, goes on, or is of another form is refused', async () => {
    const member = cpioMember('./etc/a', 'aaaa');
    const payloadsOf = [
      member,
      Buffer.concat([member, cpioEnd, Buffer.from('x')]),
      Buffer.concat([member, cpioEnd]).subarray(0, 112),
      Buffer.from('070707'.padEnd(200, '0')),
      Buffer.from('07070X0000ffff\0\0'),
    ];
    for (const payload of payloadsOf) {
      expect(await failure(await rpmFile({ files: [file], payload }))).toMatch(/^ARCHIVE_REFUSED/);
    }
    const tags = { 1125: 'lzip' };
    expect(await failure(await rpmFile({ files: [file], tags }))).toContain(
      'compressed with "lzip"',
    );
    expect(
      await failure(await rpmFile({ files: [file], tags: { 1125: 'constructor' } })),
    ).toContain('compressed with');
    expect(await failure(await rpmFile({ files: [file], tags: { 1124: 'drpm' } }))).toContain(
      'not cpio',
    );
  });

  test('that unpacks to more than is allowed is refused', async () => {
    expect(await failure(await rpmFile({ files: [file] }), 100)).toContain('more than 100 bytes');
  });
});

describe('a list of files', () => {
  test.each([
    ['/../etc/passwd', 'has a ".." part'],
    ['/etc//a', 'has an empty part'],
    ['/etc/./a', 'has a "." part'],
  ])('with the path %s is refused', async (path, reason) => {
    expect(await failure(await rpmFile({ files: [{ path, content: 'a' }] }))).toContain(reason);
  });

  test.each([
    ['a name twice', { 1117: ['a', 'a'], 1116: { int32: [0, 0] } }],
    ['a name with a slash', { 1117: ['a', '../b'] }],
    ['a folder that is not there', { 1116: { int32: [0, 9] } }],
    ['fewer modes than names', { 1030: { int16: [0o100644] } }],
    ['names in both forms', { 1027: ['/a', '/b'] }],
    ['a mode that no file has', { 1030: { int16: [0, 0o140644] } }],
  ] as const)('with %s is refused', async (_, tags) => {
    const files = [{ path: '/etc/a' }, { path: '/etc/b' }];
    expect(await failure(await rpmFile({ files, tags }))).toMatch(/^ARCHIVE_REFUSED/);
  });

  test('with other modes or owners for names of one file is refused', async () => {
    const one: TestFile = { path: '/a', inode: 7, content: 'a', member: { content: '' } };
    const other: TestFile = { path: '/b', inode: 7, content: 'a' };
    for (const change of [{ mode: 0o104755 }, { user: 'games' }, { caps: 'cap_chown=ep' }]) {
      expect(await failure(await rpmFile({ files: [one, { ...other, ...change }] }))).toContain(
        'is the same file as "a", with another mode or owner',
      );
    }
    expect(await failure(await rpmFile({ files: [one, other] }))).toBe('none');
  });

  test('with capabilities that are not known is refused', async () => {
    const files = [{ path: '/a', caps: 'cap_fly=ep' }];
    expect(await failure(await rpmFile({ files }))).toContain('"cap_fly" is not known');
    expect(await failure(await rpmFile({ files: [{ path: '/a', caps: 'x' }] }))).toContain(
      'cannot be read',
    );
  });
});

describe.skipIf(noRpmMirror)(`real packages${noRpmMirror ?? ''}`, () => {
  test('of every format and compression unpack as rpm itself unpacks them', async () => {
    const script = `import hashlib, json, subprocess, sys, tarfile, io
for name in sys.argv[1:]:
    tar = subprocess.run(["rpm2archive", "-n"], stdin=open(name, "rb"), capture_output=True, check=True).stdout
    out, archive = [], tarfile.open(fileobj=io.BytesIO(tar))
    for m in archive.getmembers():
        path = m.name[2:] if m.name.startswith("./") else m.name.lstrip("/")
        if m.isdir(): out.append(f"directory {path} {m.mode:o} {int(m.mtime)}")
        elif m.issym(): out.append(f"symlink {path} {m.linkname}")
        else:
            data = archive.extractfile(m).read()
            out.append(f"file {path} {m.mode:o} {int(m.mtime)} {hashlib.sha256(data).hexdigest()}")
    print(json.dumps(sorted(out)))`;
    const names = realPackages().map((name) => join(rpmMirror ?? '', name));
    const words = execFileSync('/usr/bin/python3', ['-c', script, ...names], {
      maxBuffer: 2 ** 28,
    });
    const expected = words
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as string[]);
    for (const [at, name] of names.entries()) {
      const folder = temporaryFolder();
      const ours = await lines(await unpacked(name, folder));
      expect(ours, name).toEqual(expected[at]);
    }
  });
});

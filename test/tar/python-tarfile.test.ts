import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry } from '../../src/tar/entry.ts';
import {
  arbitraryTree,
  archive,
  entriesOf,
  everything,
  paxMember,
  python,
  type RawHeader,
  rawMember,
  tarOf,
} from '../support/tar.ts';

/** How Python's tarfile describes a member; names and values as latin1, contents as hexadecimal. */
interface Described {
  readonly name: string;
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: number;
  readonly link: string;
  readonly device: readonly [number, number];
  readonly content: string;
  readonly xattrs: Readonly<Record<string, string>>;
}

const describeScript = `
import io, json, sys, tarfile
raw = lambda text: text.encode('utf-8', 'surrogateescape').decode('latin1')
members = []
with tarfile.open(fileobj=io.BytesIO(sys.stdin.buffer.read()), encoding='utf-8') as tar:
    for m in tar:
        members.append(dict(
            name=raw(m.name), type=m.type.decode(), mode=m.mode, uid=m.uid, gid=m.gid, size=m.size,
            mtime=m.mtime, link=raw(m.linkname), device=[m.devmajor, m.devminor],
            content=tar.extractfile(m).read().hex() if m.isreg() else '',
            xattrs={raw(k[len('SCHILY.xattr.'):]): raw(v)
                    for k, v in m.pax_headers.items() if k.startswith('SCHILY.xattr.')}))
print(json.dumps(members))
`;

const writeScript = `
import io, json, sys, tarfile
text = lambda raw: raw.encode('latin1').decode('utf-8', 'surrogateescape')
out = io.BytesIO()
tar = tarfile.open(fileobj=out, mode='w', format=getattr(tarfile, sys.argv[1]), encoding='utf-8')
for m in json.load(sys.stdin):
    info = tarfile.TarInfo(text(m['name']))
    info.type = m['type'].encode()
    info.mode, info.uid, info.gid, info.mtime = m['mode'], m['uid'], m['gid'], m['mtime']
    info.linkname = text(m['link'])
    info.devmajor, info.devminor = m['device']
    info.pax_headers = {'SCHILY.xattr.' + k: text(v) for k, v in m['xattrs'].items()}
    content = bytes.fromhex(m['content'])
    info.size = len(content)
    tar.addfile(info, io.BytesIO(content))
tar.close()
sys.stdout.buffer.write(out.getvalue())
`;

const typeflags = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  character: '3',
  block: '4',
  directory: '5',
  fifo: '6',
} as const;

const described = (entry: Entry): Described => ({
  name: entry.path,
  type: typeflags[entry.type],
  mode: entry.mode,
  uid: entry.uid,
  gid: entry.gid,
  size: entry.type === 'file' ? entry.size : 0,
  mtime: entry.mtime,
  link: 'target' in entry ? entry.target : '',
  device: 'major' in entry ? [entry.major, entry.minor] : [0, 0],
  content:
    entry.type === 'file' && 'bytes' in entry.content
      ? Buffer.from(entry.content.bytes).toString('hex')
      : '',
  xattrs: Object.fromEntries(entry.xattrs),
});

/** Python starts slowly: many trees share an archive, each in a folder of its own. */
const forest = (options = everything) =>
  fc.array(arbitraryTree(options), { minLength: 10, maxLength: 20 }).map((trees) =>
    trees.flatMap((tree, index) =>
      tree.map((entry): Entry => {
        const path = `t${index}/${entry.path}`;
        return entry.type === 'hardlink'
          ? { ...entry, path, target: `t${index}/${entry.target}` }
          : { ...entry, path };
      }),
    ),
  );

test("Python's tarfile reads from our archives what we put in", async () => {
  await fc.assert(
    fc.asyncProperty(forest(), async (entries) => {
      const members = JSON.parse(python(describeScript, await tarOf(entries)).toString());
      expect(members).toEqual(entries.map(described));
    }),
    { numRuns: 5 },
  );
});

test.each([
  ['PAX_FORMAT', everything],
  ['GNU_FORMAT', { ...everything, xattrs: false }],
  [
    'USTAR_FORMAT',
    {
      ...everything,
      xattrs: false,
      maxId: 2_097_151,
      partLength: 60,
      times: { min: 0, max: 2 ** 33 - 1 },
    },
  ],
] as const)("we read Python's %s archives as Python meant them", async (format, options) => {
  const short = ({ path, ...rest }: Entry) =>
    path.length < 90 && (!('target' in rest) || rest.target.length < 90);
  await fc.assert(
    fc.asyncProperty(forest(options), async (all) => {
      const entries = format === 'USTAR_FORMAT' ? all.filter(short) : all;
      const tar = python(writeScript, entries.map(described), [format]);
      expect(await entriesOf(tar)).toEqual(entries);
    }),
    { numRuns: 5 },
  );
});

test('we read the ustar prefix that Python splits off', async () => {
  const name = `${'d'.repeat(120)}/${'f'.repeat(90)}`;
  const [entry] = await entriesOf(
    python(
      writeScript,
      [
        {
          ...described({ type: 'fifo', path: name, mode: 0, uid: 0, gid: 0, mtime: 0, xattrs: [] }),
        },
      ],
      ['USTAR_FORMAT'],
    ),
  );
  expect(entry).toMatchObject({ path: name });
});

test('Python reads another archive than its headers say where we refuse one', () => {
  const namesOf = (...members: Uint8Array[]) =>
    (JSON.parse(python(describeScript, archive(...members)).toString()) as Described[]).map(
      ({ name }) => name,
    );
  const plain = (name: string, more: RawHeader = {}) => rawMember({ name, ...more });
  expect(namesOf(plain('a'), plain('b', { major: '18' }), plain('c'))).toEqual(['a']);
  expect(namesOf(plain('a', { magic: 'ustar  \0', prefix: 'p' }))).toEqual(['p/a']);
  const hidden = paxMember('12 path=abc\n');
  hidden.write('12 path=xyz\n', 512 + 12, 'latin1');
  expect(namesOf(hidden, plain('a'))).toEqual(['xyz']);
});

import type { Change, ChangeKind } from './changes.ts';
import type { Output } from './output.ts';
import { pick, type Random } from './random.ts';

const withFile = ({ files, archive }: Output, name: string, text: string): Output => ({
  files: new Map([...files, [name, Buffer.from(text, 'latin1')]]),
  archive,
});

type Edit = (line: string, random: Random) => string | readonly string[];

const mtreeEdits: Readonly<Record<string, Edit>> = {
  mode: (line) => line.replace(/mode=(\d{3})\d/, 'mode=$12'),
  setuid: (line) => line.replace(/mode=0/, 'mode=4'),
  uid: (line) => line.replace(/uid=(\d+)/, 'uid=1$1'),
  gid: (line) => line.replace(/gid=(\d+)/, 'gid=1$1'),
  time: (line) => line.replace(/time=\d/, 'time=2'),
  size: (line) => line.replace(/size=\d+/, 'size=77'),
  sha256: (line) => line.replace(/sha256=(.)/, (_, digit) => `sha256=${digit === 'f' ? 'e' : 'f'}`),
  name: (line) => line.replace(/^\.\/(\w)/, './x$1'),
  link: (line) => line.replace(/link=/, 'link=x'),
  type: (line) => line.replace(/type=\w+/, 'type=fifo'),
  xattr: (line) => line.replace(/ xattr\S+/, ''),
  'new xattr': (line) => `${line} xattr.user.x=eA==`,
  'line removed': () => [],
  'line doubled': (line) => [line, line],
};

function editLine(lines: readonly string[], first: number, edit: Edit, random: Random): string[] {
  const at = first + random(Math.max(1, lines.length - first - 1));
  return lines.flatMap((line, index) => (index === at ? edit(line, random) : [line]));
}

/** Changes a line of rootfs.mtree. */
export const changeMtree: ChangeKind = async (output, random): Promise<Change> => {
  const name = 'rootfs.mtree';
  const lines = String(output.files.get(name) ?? '').split('\n');
  const how = pick(Object.keys(mtreeEdits), random);
  const text = editLine(lines, 2, mtreeEdits[how]!, random).join('\n');
  return { output: withFile(output, name, text), files: [name], where: name, field: '', how };
};

const inReleaseEdits: Readonly<Record<string, Edit>> = {
  'letter changed': (line, random) => {
    const at = random(Math.max(1, line.length));
    return `${line.slice(0, at)}${line[at] === 'a' ? 'b' : 'a'}${line.slice(at + 1)}`;
  },
  'digit changed': (line) => line.replace(/\d/, (digit) => String((Number(digit) + 1) % 10)),
  'line removed': () => [],
  'line doubled': (line) => [line, line],
  'blank at the end': (line) => `${line} `,
  'line added': (line) => [line, 'Origin: Debian'],
};

/** Returns the part of a clear-signed text that its signature covers (RFC 9580, 7.1 and 7.2). */
function covered(text: string): string {
  const [, body = ''] = /\n\n(.*)\n-----BEGIN PGP SIGNATURE-----/s.exec(text) ?? [];
  return body.replace(/[ \t\r]+$/gm, '');
}

/** The field of a change that leaves alone what a signature covers. */
export const notCovered = 'what no signature covers';

const garbage = 'This is no index, and nobody has signed it.\n';

/** Changes the text of a signed index, or puts another text in its place. */
export const changeInRelease: ChangeKind = async (output, random) => {
  const names = [...output.files.keys()].filter((name) => /^trust\/.*\.InRelease$/.test(name));
  if (names.length === 0) return undefined;
  const name = pick(names, random);
  const where = 'trust/*.InRelease';
  const before = output.files.get(name)?.toString('latin1') ?? '';
  const done = (text: string, how: string): Change => ({
    output: withFile(output, name, text),
    ...{ files: [name], where, how },
    field: covered(text) === covered(before) ? notCovered : '',
  });
  if (random(4) === 0) return done(garbage, 'garbage in its place');
  const how = pick(Object.keys(inReleaseEdits), random);
  const lines = before.split('\n');
  return done(editLine(lines, 0, inReleaseEdits[how]!, random).join('\n'), how);
};

import { toByteString } from '../../base/byte-string.ts';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { Step } from '../../engines/step.ts';
import { apkProgram } from '../../packages/apk/apk-program.ts';
import type { NamedApk } from '../../packages/apk/find-apks.ts';
import type { ApkKeys } from '../../packages/apk/keys.ts';
import type { SignedApkIndex } from '../../packages/apk/signed-index.ts';
import type { Entry } from '../../tar/entry.ts';
import { readTar } from '../../tar/read.ts';
import { rootFile } from '../../tar/root-entry.ts';
import { writeTar } from '../../tar/write.ts';
import type { ResolveContext } from '../contract.ts';
import { chosenIn } from './apk-output.ts';

const attributes = { uid: 0, gid: 0, mtime: 0, xattrs: [] } as const;

export const directory = (path: string): Entry => ({
  ...attributes,
  path: toByteString(path),
  mode: 0o755,
  type: 'directory',
});

/** The indexes that apk chooses from, and the root filesystem that it chooses for. */
export interface ApkQuestion {
  /** The tree in which apk is, and which it is asked about. */
  readonly tree: readonly Entry[];
  /** Asks about an empty root in place of the tree, with these keys. */
  readonly fromNothing?: { readonly keys: ApkKeys };
  readonly indexes: readonly SignedApkIndex[];
  readonly wanted: readonly string[];
}

/** The folder into which the tree is unpacked. */
const place = '/build/tree';
/** The folder of files that the step adds to the tree; no package has one of that name. */
const folder = '.mkbase';

const limits: Step['limits'] = {
  memoryBytes: 1024 ** 3,
  processes: 64,
  seconds: 10 * 60,
  outputBytes: 16 * 1024 ** 2,
};

/**
 * A constant: names and options are arguments. The step ends well when packages cannot be had:
 * apk's words and its exit status are the answer.
 */
const asking = [
  'umask 022',
  `mkdir -p ${place} /build/answer`,
  `cd ${place}`,
  'tar -xpf - --no-same-owner',
  'status=0',
  '"$@" >../answer/words 2>&1 </dev/null || status=$?',
  'cd ../answer',
  'echo "$status" >status',
  'exec tar -cf - words status',
].join('\n');

/** Files that a simulation expects in a root; `--initdb` makes them only outside a simulation. */
const emptyDatabase = [
  'etc/apk/world',
  'lib/apk/db/installed',
  'lib/apk/db/scripts.tar',
  'lib/apk/db/triggers',
];

/**
 * Returns the additions to the tree: the indexes as repositories on disk, and the root that is asked
 * about.
 */
function added({ indexes, fromNothing }: ApkQuestion, base: string): Entry[] {
  const paths = indexes.map((_, number) => `${base}/${folder}/${number}\n`);
  const entries = [
    directory(folder),
    rootFile(`${folder}/repositories`, paths.join('')),
    ...indexes.map(({ arch, file }, number) =>
      rootFile(`${folder}/${number}/${arch}/APKINDEX.tar.gz`, file),
    ),
  ];
  if (fromNothing === undefined) return entries;
  for (const [name, key] of fromNothing.keys) {
    const pem = key.export({ type: 'spki', format: 'pem' });
    entries.push(rootFile(`${folder}/root/etc/apk/keys/${name}`, pem.toString()));
  }
  return [...entries, ...emptyDatabase.map((path) => rootFile(`${folder}/root/${path}`, ''))];
}

function stepOf(question: ApkQuestion): Omit<Step, 'toolchain'> {
  const { tree, fromNothing, indexes, wanted } = question;
  // In the tree paths are its own, outside of it the builder's.
  const base = fromNothing ? place : '';
  const program = fromNothing ? apkProgram(tree, place) : ['chroot', place, 'apk'];
  const arch = indexes[0]?.arch ?? '';
  const root = fromNothing ? ['--root', `${base}/${folder}/root`, '--arch', arch] : [];
  const from = ['--repositories-file', `${base}/${folder}/repositories`];
  const options = ['--simulate', '--no-network', '--no-cache', '--no-progress', ...root, ...from];
  // Unpacking devices takes rights, and apk reads none of them to choose.
  const readable = tree.filter(({ type }) => type !== 'character' && type !== 'block');
  return {
    argv: ['/bin/sh', '-euc', asking, 'sh', ...program, 'add', ...options, ...wanted],
    env: {},
    limits,
    capabilities: ['CAP_DAC_OVERRIDE', 'CAP_SYS_CHROOT'],
    input: writeTar([...readable, ...added(question, base)], { reuseMemory: true }),
  };
}

/** The words that apk printed, and its exit status. */
interface Answer {
  readonly words: string;
  readonly status: string;
}

async function readAnswer(stdout: AsyncIterable<Uint8Array>): Promise<Answer> {
  const files = new Map<string, string>();
  for await (const { entry, content } of readTar(stdout, { source: "apk's answer" })) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(Buffer.from(chunk));
    files.set(entry.path, Buffer.concat(chunks).toString('utf8').trim());
  }
  return { words: files.get('words') ?? '', status: files.get('status') ?? '' };
}

/**
 * Asks apk itself, in the builder and without network, which packages it would install: it gets the
 * authenticated indexes as repositories on disk. Throws PACKAGE_CONFLICT, in apk's words, when they
 * do not go together; errors of the step.
 */
export async function chooseApks(
  question: ApkQuestion,
  { runInBuilder }: ResolveContext,
  io: Io,
): Promise<NamedApk[]> {
  const { words, status } = await runInBuilder(stepOf(question), readAnswer, io);
  if (status === '0') return chosenIn(words);
  throw new MkbaseError({
    code: 'PACKAGE_CONFLICT',
    message: `apk cannot install ${question.wanted.join(', ')} together:\n${words}`,
    hint: words.includes('please select')
      ? 'Name under "packages" the one that you want.'
      : 'Leave out, under "packages", one of those that exclude each other, or the version that cannot be had.',
    about: question.wanted.filter((word) => words.includes(word)),
  });
}

import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { Step } from '../../engines/step.ts';
import type { ProposedAlpm, SyncDatabase } from '../../packages/alpm/sync-database.ts';
import { readTar } from '../../tar/read.ts';
import { rootFile } from '../../tar/root-entry.ts';
import { writeTar } from '../../tar/write.ts';
import type { RunInBuilder } from '../contract.ts';
import { pacmanConfiguration } from './configuration.ts';

/** The databases that pacman chooses from. */
export interface PacmanQuestion {
  readonly databases: readonly SyncDatabase[];
  readonly wanted: readonly string[];
  readonly arch: string;
}

const limits: Step['limits'] = {
  memoryBytes: 1024 ** 3,
  processes: 64,
  seconds: 10 * 60,
  outputBytes: 16 * 1024 ** 2,
};

/**
 * A constant: names are arguments. The step ends well when packages cannot be had: pacman's words and its
 * exit status are the answer. To print, pacman looks at no conflicts: it is asked a second time to install,
 * and gets as far as the files, which are not there.
 */
const asking = `
mkdir /build/question /build/answer
cd /build/question
tar -xf - --no-same-owner
mkdir -p root database/local
status=0
pacman --config pacman.conf --noconfirm --sync --print --print-format '%r %n %v' -- "$@" \\
  >../answer/chosen 2>../answer/words </dev/null || status=$?
pacman --config pacman.conf --noconfirm --noprogressbar --sync -- "$@" >conflicts 2>&1 </dev/null || :
case $(cat conflicts) in
  *'failed to prepare transaction'*)
    cat conflicts >>../answer/words
    status=1
    ;;
esac
cd ../answer
echo "$status" >status
exec tar -cf - chosen words status
`;

const place = '/build/question';

function stepOf({ databases, wanted, arch }: PacmanQuestion): Omit<Step, 'toolchain'> {
  const repositories = new Map(
    databases.map(({ repository }) => [repository, 'file:///nowhere'] as const),
  );
  const configuration = pacmanConfiguration({
    root: `${place}/root`,
    database: `${place}/database`,
    own: place,
    arch,
    repositories,
  });
  const entries = [
    rootFile('pacman.conf', configuration),
    ...databases.map(({ repository, bytes }) => rootFile(`database/sync/${repository}.db`, bytes)),
  ];
  return {
    argv: ['/bin/sh', '-euc', asking, 'sh', ...wanted],
    env: { LC_ALL: 'C' },
    limits,
    capabilities: [],
    input: writeTar(entries, { reuseMemory: true }),
  };
}

async function readAnswer(stdout: AsyncIterable<Uint8Array>): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for await (const { entry, content } of readTar(stdout, { source: "pacman's answer" })) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(Buffer.from(chunk));
    files.set(entry.path, Buffer.concat(chunks).toString('utf8').trim());
  }
  return files;
}

/** Finds what pacman chose in the databases. Throws BUILD_FAILED for an answer in other words. */
export function proposedBy(chosen: string, databases: readonly SyncDatabase[]): ProposedAlpm[] {
  const lines = chosen.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const [repository, name = '', version, ...others] = line.split(' ');
    const database = databases.find((each) => each.repository === repository);
    const found = database?.packages.get(name);
    if (found !== undefined && found.version === version && others.length === 0) return found;
    throw new MkbaseError({
      code: 'BUILD_FAILED',
      message: `pacman's answer cannot be understood: the line ${JSON.stringify(line)}.`,
      hint: 'Its databases have no such package; report it with the snapshot.',
    });
  });
}

/**
 * Asks pacman itself, in the builder and without network, which packages it would install. The databases are
 * signed by nobody, so that the answer is a proposal. Throws PACKAGE_CONFLICT, in pacman's words, when they
 * do not go together; errors of the step.
 */
export async function choosePackages(
  question: PacmanQuestion,
  runInBuilder: RunInBuilder,
  io: Io,
): Promise<ProposedAlpm[]> {
  const answer = await runInBuilder(stepOf(question), readAnswer, io);
  if (answer.get('status') === '0') {
    return proposedBy(answer.get('chosen') ?? '', question.databases);
  }
  const words = answer.get('words') ?? '';
  throw new MkbaseError({
    code: 'PACKAGE_CONFLICT',
    message: `pacman cannot install ${question.wanted.join(', ')} together:\n${words}`,
    hint: 'Leave out, under "packages", one of those that exclude each other, or name the repository that has what is missing.',
    about: question.wanted.filter((word) => words.includes(word)),
  });
}

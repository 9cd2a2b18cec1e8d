import * as z from 'zod';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { Step } from '../../engines/step.ts';
import type { SignedRepository } from '../../packages/rpm/fetch/signed-repository.ts';
import type { MetadataFile } from '../../packages/rpm/repository/repomd.ts';
import { xmlText } from '../../packages/rpm/repository/xml.ts';
import type { Store } from '../../store/store.ts';
import type { Entry } from '../../tar/entry.ts';
import { readTar } from '../../tar/read.ts';
import { rootFile } from '../../tar/root-entry.ts';
import { writeTar } from '../../tar/write.ts';
import type { ResolveContext } from '../contract.ts';
import { choosePython, chooseScript } from './choose-script.ts';

/** The lists of repositories that dnf chooses from, which are in the store. */
export interface DnfQuestion {
  readonly repositories: readonly SignedRepository[];
  readonly wanted: readonly string[];
  readonly modules: readonly string[];
  readonly exclude: readonly string[];
  readonly weak: boolean;
  /** In rpm's words. */
  readonly arch: string;
  /** Empty where there is none. */
  readonly release: string;
  readonly platform: string;
}

/** A package as dnf chose it, and the repository that it is to come from. */
export interface NamedRpm {
  readonly repository: string;
  readonly name: string;
  readonly href: string;
  readonly sha256: string;
}

/** The lists that dnf reads: which packages there are, which paths they have, which are of modules. */
export const chosenFrom = ['primary', 'filelists', 'modules'] as const;

const limits: Step['limits'] = {
  memoryBytes: 4 * 1024 ** 3,
  processes: 64,
  seconds: 10 * 60,
  outputBytes: 64 * 1024 ** 2,
};

const answerSchema = z.strictObject({
  packages: z
    .array(
      z.strictObject({
        repository: z.string(),
        name: z.string(),
        href: z.string(),
        sha256: z.string(),
      }),
    )
    .optional(),
  missing: z.array(z.string()).optional(),
  problem: z.string().optional(),
});

type Answer = z.output<typeof answerSchema>;

function listed({ type, href, checksum, size, openChecksum, openSize }: MetadataFile): string {
  const { algorithm, digest } = checksum;
  return [
    `<data type="${xmlText(type)}"><checksum type="${algorithm}">${digest}</checksum>`,
    openChecksum &&
      `<open-checksum type="${openChecksum.algorithm}">${openChecksum.digest}</open-checksum>`,
    `<location href="${xmlText(href)}"/><timestamp>0</timestamp>`,
    size === undefined ? '' : `<size>${size}</size>`,
    openSize === undefined ? '' : `<open-size>${openSize}</open-size>`,
    '</data>',
  ].join('');
}

/**
 * Returns the text of a repomd.xml with just the lists which dnf chooses from: it fetches what the
 * distribution's own names besides.
 */
export const repomdText = (
  files: readonly MetadataFile[],
): string => `<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo"><revision>0</revision>${files.map(listed).join('')}</repomd>
`;

/** Returns a repository on disk that has only the lists which dnf chooses from. */
function onDisk({ asked, repomd }: SignedRepository, { pathOf }: Store): Entry[] {
  const files = chosenFrom.flatMap((type) => repomd.files.get(type) ?? []);
  const folder = `repositories/${asked.name}`;
  return [
    rootFile(`${folder}/repodata/repomd.xml`, repomdText(files)),
    ...files.map(({ href, checksum, size = 0 }) =>
      rootFile(`${folder}/${href}`, { file: pathOf(checksum.digest), offset: 0, size }),
    ),
  ];
}

function stepOf({ repositories, ...asked }: DnfQuestion, store: Store): Omit<Step, 'toolchain'> {
  const names = repositories.map((each) => each.asked.name);
  const question = JSON.stringify({ ...asked, repositories: names });
  return {
    argv: ['/bin/sh', '-euc', chooseScript],
    env: {},
    limits,
    capabilities: [],
    input: writeTar(
      [
        rootFile('choose.py', choosePython),
        rootFile('question.json', question),
        ...repositories.flatMap((each) => onDisk(each, store)),
      ],
      { reuseMemory: true },
    ),
  };
}

async function readAnswer(stdout: AsyncIterable<Uint8Array>): Promise<Answer> {
  const chunks: Uint8Array[] = [];
  for await (const { entry, content } of readTar(stdout, { source: "dnf's answer" })) {
    for await (const chunk of content)
      if (entry.path === 'answer.json') chunks.push(Buffer.from(chunk));
  }
  try {
    return answerSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  } catch (error) {
    throw new MkbaseError({
      code: 'BUILD_OUTPUT',
      message: `dnf's answer cannot be understood: ${(error as Error).message}`,
      hint: 'Run `mkbase gc --all`, which removes builders, and try again.',
      cause: error,
    });
  }
}

/**
 * Asks dnf, in the builder and without network, which packages it would install into an empty root. Throws
 * PACKAGE_CONFLICT, in dnf's words, when they do not go together; errors of the step. Resolves to the names
 * that no package has where there are such.
 */
export async function chooseRpms(
  question: DnfQuestion,
  { runInBuilder, sources }: ResolveContext,
  io: Io,
): Promise<{ readonly chosen: readonly NamedRpm[] } | { readonly missing: readonly string[] }> {
  const step = stepOf(question, sources.store);
  const { packages, missing, problem } = await runInBuilder(step, readAnswer, io);
  if (missing !== undefined) return { missing };
  if (packages !== undefined) return { chosen: packages };
  throw new MkbaseError({
    code: 'PACKAGE_CONFLICT',
    message: `dnf cannot install ${question.wanted.join(', ')} together:\n${problem}`,
    hint: 'Leave out, under "packages", "modules" or "exclude", what dnf names; where a repository lacks something, add the one that has it.',
    about: question.wanted.filter((word) => problem?.includes(word)),
  });
}

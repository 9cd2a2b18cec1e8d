import { MkbaseError } from '../../../base/errors.ts';
import { readTar } from '../../../tar/read.ts';
import { indexUrlPattern } from './choose-script.ts';

/** A package as apt chose it. */
export interface Choice {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Number of the index that it is to come from. */
  readonly index: number;
}

/** The packages that debootstrap and apt chose. */
export interface Answer {
  /** The distribution's own mirror, as debootstrap says; undefined where it was not asked. */
  readonly mirror: string | undefined;
  /** The base set, and what it depends on. */
  readonly base: readonly Choice[];
  /** The same with the packages wanted besides, and what they depend on. */
  readonly all: readonly Choice[];
}

/** The words of the tools, not yet checked. */
interface Words {
  readonly mirror?: string | undefined;
  readonly base?: string;
  readonly all?: string;
  readonly problem?: string;
}

const names = ['mirror', 'base', 'all', 'problem'] as const;

/** A hundred times what a desktop's thousands of packages take. */
export const largestAnswer = 64 * 1024 ** 2;

async function textOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Reads the tar that chooseScript writes; debootstrap names a mirror if it was asked. Throws ARCHIVE_REFUSED,
 * BUILD_OUTPUT.
 */
export async function readWords(
  stdout: AsyncIterable<Uint8Array>,
  asksDebootstrap = true,
): Promise<Words> {
  const limits = { maxBytes: largestAnswer };
  const found: Partial<Record<(typeof names)[number], string>> = {};
  for await (const { entry, content } of readTar(stdout, { source: "apt's answer", limits })) {
    const name = names.find((each) => each === entry.path);
    if (name !== undefined) found[name] = await textOf(content);
  }
  const { mirror = '', ...rest } = found;
  if (!asksDebootstrap) return rest;
  if (!/^https?:\/\/[^\s@]+\n$/.test(mirror)) throw senseless('names no mirror');
  return { ...rest, mirror: mirror.trimEnd() };
}

function senseless(problem: string): MkbaseError {
  return new MkbaseError({
    code: 'BUILD_OUTPUT',
    message: `What the builder chose ${problem}.`,
    hint: 'Run `mkbase gc --all`, which removes builders, and build again.',
  });
}

/**
 * Reads what `apt-get --print-uris` prints: the URL in quotes, the name of the file that it would
 * become (name, version and architecture, joined by "_" and percent-encoded), its size and a hash.
 * Size and hash are not looked at: those of the signed index count.
 */
export function parseChoices(text: string): Choice[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const [, url = '', file = ''] = /^'([^']*)' (\S+)\.deb \d+ /.exec(line) ?? [];
    const index = indexUrlPattern.exec(url)?.[1];
    const [name, version, architecture, ...more] = file.split('_').map(decoded);
    if (!index || !name || !version || !architecture || more.length > 0) {
      throw senseless(`holds the line ${JSON.stringify(line.slice(0, 200))}`);
    }
    return { name, version, architecture, index: Number(index) };
  });
}

function decoded(part: string): string {
  return part.replace(/%([0-9a-f]{2})/gi, (_, digits) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

/** Words of apt's when it can read the indexes and yet finds no set of packages. */
const noWay =
  /broken packages|unmet dependencies|installation candidate|was not found|locate package/;

/**
 * Returns the answer, where there is one. Throws PACKAGE_CONFLICT with apt's own reasons where there is none,
 * and SOURCE_CORRUPT with what apt says of indexes that it cannot read.
 */
export function answerOf({ mirror, base, all, problem }: Words): Answer {
  if (base !== undefined && problem === undefined) {
    return { mirror, base: parseChoices(base), all: parseChoices(all ?? base) };
  }
  const lines = (problem ?? '').split('\n').filter((line) => line.trim() !== '');
  const reasons = lines.map((line) => `  ${line}`).join('\n');
  if (!noWay.test(reasons)) {
    throw new MkbaseError({
      code: 'SOURCE_CORRUPT',
      message: `apt cannot choose from these indexes, though their signatures hold:\n${reasons}`,
      hint: 'The archive itself is at fault; report it to whoever runs it, or use another.',
    });
  }
  throw new MkbaseError({
    code: 'PACKAGE_CONFLICT',
    message: `apt finds no set of packages that holds all that is wanted:\n${reasons}`,
    hint:
      base === undefined
        ? 'The mirror may be in the middle of an update: try again later.'
        : 'Leave one of the packages out of "packages".',
  });
}

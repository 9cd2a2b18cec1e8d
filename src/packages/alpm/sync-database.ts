import { MkbaseError } from '../../base/errors.ts';
import { whole } from '../../base/whole.ts';
import { readTar } from '../../tar/read.ts';
import { type Desc, parseDesc } from './desc.ts';
import { alpmFile, alpmName, alpmVersion } from './locked-alpm.ts';
import { openArchive } from './open-archive.ts';

/** A package as a database proposes it: nothing of it is believed but where to look. */
export interface ProposedAlpm {
  readonly name: string;
  readonly version: string;
  readonly repository: string;
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
}

/** The database of one repository. */
export interface SyncDatabase {
  readonly repository: string;
  /** The file itself, which pacman reads. */
  readonly bytes: Uint8Array;
  readonly packages: ReadonlyMap<string, ProposedAlpm>;
  /** Names under which packages are looked for: their own, what they provide, and groups. */
  readonly names: ReadonlySet<string>;
}

/** Four times what Arch's largest repository has, packed and unpacked. */
export const maxDatabaseBytes = 64 * 1024 * 1024;
const maxUnpacked = 512 * 1024 * 1024;
const maxEntries = 200_000;
const maxDescBytes = 1024 * 1024;

const corrupt = (what: string, problem: string, cause?: unknown) =>
  new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: `${what} is no package database that can be used: ${problem}.`,
    hint: 'Nobody signs package databases: use another mirror with --mirror, and report it to whoever runs this one.',
    cause,
  });

/** Returns the line of a field that has exactly one. Throws SyntaxError. */
function line(desc: Desc, key: string): string {
  const [value, ...others] = desc.get(key) ?? [];
  if (value !== undefined && others.length === 0) return value;
  throw new SyntaxError(`a package has no %${key}%, or several`);
}

function proposedIn(desc: Desc, repository: string): ProposedAlpm {
  const name = line(desc, 'NAME');
  const fields = {
    name,
    version: line(desc, 'VERSION'),
    file: line(desc, 'FILENAME'),
    sha256: line(desc, 'SHA256SUM'),
  };
  const size = line(desc, 'CSIZE');
  const good =
    alpmName.safeParse(name).success &&
    alpmVersion.safeParse(fields.version).success &&
    alpmFile.test(fields.file) &&
    /^[0-9a-f]{64}$/.test(fields.sha256) &&
    /^\d{1,10}$/.test(size);
  if (good) return { ...fields, repository, size: Number(size) };
  throw new SyntaxError(`the fields of ${JSON.stringify(name.slice(0, 100))} are none of pacman's`);
}

/** Returns the names that a package can be asked for by. */
const namesIn = (desc: Desc): string[] => [
  ...(desc.get('NAME') ?? []),
  ...(desc.get('GROUPS') ?? []),
  ...(desc.get('PROVIDES') ?? []).map((each) => each.replace(/[<>=].*$/, '')),
];

async function readDesc(content: AsyncIterable<Uint8Array>): Promise<Desc> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(Buffer.from(chunk));
  return parseDesc(Buffer.concat(chunks).toString('utf8'));
}

/**
 * Reads a database as repo-add makes it: a tar, compressed or not, of a folder with a `desc` for each
 * package. `what` is its URL. Errors: SOURCE_CORRUPT, ARCHIVE_REFUSED.
 */
export async function readSyncDatabase(
  bytes: Uint8Array,
  repository: string,
  what: string,
): Promise<SyncDatabase> {
  const packages = new Map<string, ProposedAlpm>();
  const names = new Set<string>();
  const tar = openArchive(whole(bytes), { maxBytes: maxUnpacked, what });
  const limits = { maxBytes: maxUnpacked, maxEntries };
  try {
    for await (const { entry, content } of readTar(tar, { source: what, limits })) {
      if (!entry.path.endsWith('/desc') || entry.type !== 'file') continue;
      if (entry.size > maxDescBytes) throw new SyntaxError(`${entry.path} is too large`);
      const desc = await readDesc(content);
      const proposed = proposedIn(desc, repository);
      const folder = `${proposed.name}-${proposed.version}`;
      // pacman reads name and version in the name of the folder, too.
      if (entry.path !== `${folder}/desc`)
        throw new SyntaxError(`${entry.path} is that of ${folder}`);
      if (packages.has(proposed.name)) throw new SyntaxError(`${proposed.name} is there twice`);
      packages.set(proposed.name, proposed);
      for (const name of namesIn(desc)) names.add(name);
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw corrupt(what, error.message, error);
  }
  return { repository, bytes, packages, names };
}

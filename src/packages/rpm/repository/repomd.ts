import { whole } from '../../../base/whole.ts';
import { type Checksum, checksum, count, time } from './checksum.ts';
import { locationOf } from './location.ts';
import { readXml, type XmlTag } from './xml.ts';

/** A file of metadata as repomd.xml lists it. */
export interface MetadataFile {
  /** `primary`, `filelists`, `modules`, … */
  readonly type: string;
  /** Path below the repository's folder. */
  readonly href: string;
  readonly checksum: Checksum;
  /** Bytes; undefined where it is not stated. */
  readonly size: number | undefined;
  /** The checksum of what it unpacks to. */
  readonly openChecksum: Checksum | undefined;
  readonly openSize: number | undefined;
}

/** The list of a repository's metadata, `repodata/repomd.xml`. */
export interface Repomd {
  /** Counts up with each state, as whoever makes the repository likes; often seconds since 1970. */
  readonly revision: string | undefined;
  /** The newest time of its files, seconds since 1970. */
  readonly date: number;
  readonly files: ReadonlyMap<string, MetadataFile>;
}

/** The most that is read of a repomd.xml, in bytes. */
export const maxRepomdBytes = 4 * 1024 * 1024;

type Fields = Map<string, string>;

function metadataFile(type: string, fields: Fields, location: string | undefined): MetadataFile {
  if (location === undefined) throw new SyntaxError(`${type} has no location`);
  const open = fields.get('open-checksum');
  const number = (name: string) =>
    fields.has(name) ? count(fields.get(name), `${name} of ${type}`) : undefined;
  return {
    type,
    href: location,
    checksum: checksum(fields.get('checksum type'), fields.get('checksum') ?? ''),
    size: number('size'),
    openChecksum: open === undefined ? undefined : checksum(fields.get('open-checksum type'), open),
    openSize: number('open-size'),
  };
}

/**
 * Reads a repomd.xml, whose signature or hash the caller has checked. Throws SOURCE_CORRUPT for anything
 * that could be read in two ways, and for broken hashes.
 */
export async function readRepomd(bytes: Uint8Array, what: string): Promise<Repomd> {
  const files = new Map<string, MetadataFile>();
  let revision: string | undefined;
  let date = 0;
  let type = '';
  let location: string | undefined;
  let fields: Fields = new Map();
  const open = (tag: XmlTag, path: readonly string[]) => {
    if (path.length === 1 && tag.name !== 'repomd') throw new SyntaxError('it is no repomd');
    if (path.length === 2 && tag.name === 'data') {
      type = tag.attributes.type ?? '';
      if (!/^[\w.-]+$/.test(type)) throw new SyntaxError('a file of metadata has no type');
      fields = new Map();
      location = undefined;
    }
    if (path.length !== 3 || path[1] !== 'data') return;
    if (tag.name === 'location') location = locationOf(tag);
    if (fields.has(tag.name)) throw new SyntaxError(`${type} has a second ${tag.name}`);
    fields.set(`${tag.name} type`, tag.attributes.type ?? '');
  };
  const close = (name: string, text: string, path: readonly string[]) => {
    if (path.length === 2 && name === 'revision') revision = text;
    if (path.length === 3 && path[1] === 'data') {
      fields.set(name, text);
      if (name === 'timestamp') date = Math.max(date, time(text.replace(/\..*$/, ''), 'timestamp'));
    }
    if (path.length !== 2 || name !== 'data') return;
    if (files.has(type)) throw new SyntaxError(`it lists ${type} twice`);
    files.set(type, metadataFile(type, fields, location));
  };
  await readXml(whole(bytes), { open, close }, what);
  return { revision, date, files };
}

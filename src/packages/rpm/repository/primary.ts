import type { Evr } from '../evr.ts';
import { type Checksum, checksum, count, time } from './checksum.ts';
import { locationOf } from './location.ts';
import { readXml, type XmlTag } from './xml.ts';

/** A package as the primary metadata of a repository list it. */
export interface ListedRpm extends Evr {
  readonly name: string;
  readonly arch: string;
  /** Path below the repository's folder. */
  readonly href: string;
  readonly checksum: Checksum;
  /** Bytes of the file. */
  readonly size: number;
  /** The time at which it was built, seconds since 1970. */
  readonly built: number;
  /** File name of the source package; undefined where none is stated. */
  readonly sourceRpm: string | undefined;
  readonly licence: string | undefined;
}

/** Far beyond the largest repository. */
const maxPackages = 500_000;

const nameForm = /^[\w][\w.+-]*$/;
const versionForm = /^[\w.+~^]+$/;

/** The parts of a package that were read so far. */
interface Parts {
  tags: Map<string, XmlTag>;
  texts: Map<string, string>;
}

function required(parts: Parts['tags'], name: string): XmlTag {
  const tag = parts.get(name);
  if (tag === undefined) throw new SyntaxError(`a package has no ${name}`);
  return tag;
}

function listedRpm({ tags, texts }: Parts): ListedRpm {
  const name = texts.get('name') ?? '';
  const arch = texts.get('arch') ?? '';
  if (!nameForm.test(name))
    throw new SyntaxError(`${JSON.stringify(name)} is no name of a package`);
  if (!/^\w+$/.test(arch))
    throw new SyntaxError(`${name} is of architecture ${JSON.stringify(arch)}`);
  const { epoch = '0', ver = '', rel = '' } = required(tags, 'version').attributes;
  if (!versionForm.test(ver) || !versionForm.test(rel)) {
    throw new SyntaxError(`${name} has the version ${JSON.stringify(`${ver}-${rel}`)}`);
  }
  return {
    name,
    arch,
    epoch: count(epoch, `epoch of ${name}`),
    version: ver,
    release: rel,
    href: locationOf(required(tags, 'location')),
    checksum: checksum(required(tags, 'checksum').attributes.type, texts.get('checksum') ?? ''),
    size: count(required(tags, 'size').attributes.package, `size of ${name}`),
    built: time(required(tags, 'time').attributes.build, `time of ${name}`),
    sourceRpm: texts.get('rpm:sourcerpm') || undefined,
    licence: texts.get('rpm:license') || undefined,
  };
}

const wanted = new Set(['name', 'arch', 'version', 'location', 'checksum', 'size', 'time']);
const wantedFormat = new Set(['rpm:sourcerpm', 'rpm:license']);

const isWanted = (name: string, path: readonly string[]): boolean =>
  path.length === 3
    ? wanted.has(name)
    : path.length === 4 && path[2] === 'format' && wantedFormat.has(name);

/**
 * Reads unpacked primary metadata, whose hash the caller has checked, as a stream: `onPackage` is called for
 * each package in their order. Throws SOURCE_CORRUPT; errors of `source` pass through.
 */
export async function readPrimary(
  source: AsyncIterable<Uint8Array>,
  onPackage: (listed: ListedRpm) => void,
  what: string,
): Promise<void> {
  let parts: Parts = { tags: new Map(), texts: new Map() };
  let packages = 0;
  const open = (tag: XmlTag, path: readonly string[]) => {
    if (path.length === 1 && tag.name !== 'metadata') throw new SyntaxError('it is no metadata');
    if (path.length === 2 && tag.name === 'package') {
      packages += 1;
      if (packages > maxPackages)
        throw new SyntaxError(`it lists more than ${maxPackages} packages`);
      parts = { tags: new Map(), texts: new Map() };
    }
    if (!isWanted(tag.name, path)) return;
    if (parts.tags.has(tag.name)) throw new SyntaxError(`a package has a second ${tag.name}`);
    parts.tags.set(tag.name, tag);
  };
  const close = (name: string, text: string, path: readonly string[]) => {
    if (isWanted(name, path)) parts.texts.set(name, text);
    else if (path.length === 2 && name === 'package') onPackage(listedRpm(parts));
  };
  await readXml(source, { open, close }, what);
}

import { whole } from '../../../base/whole.ts';
import { type Checksum, checksum, count, time } from './checksum.ts';
import { badMetadata, readXml, type XmlTag } from './xml.ts';

/** Says of a repository's repomd.xml where it is and which it is: Fedora's repositories are not signed. */
export interface Metalink {
  /** The strongest digest that is stated. */
  readonly checksum: Checksum;
  readonly size: number;
  /** The time at which it was made, seconds since 1970; undefined where that is not stated. */
  readonly date: number | undefined;
  /** Addresses of repomd.xml over https, the preferred ones first. */
  readonly urls: readonly string[];
}

const file = 'metalink files file';
const strength = ['sha256', 'sha384', 'sha512'];

/**
 * Reads a metalink of version 3 for a repomd.xml; older states that it lists as alternatives do not count.
 * Only a server's certificate vouches for it. Throws SOURCE_CORRUPT.
 */
export async function readMetalink(bytes: Uint8Array, what: string): Promise<Metalink> {
  const digests: Checksum[] = [];
  const urls: { url: string; preference: number }[] = [];
  const texts = new Map<string, string>();
  let tag: XmlTag | undefined;
  let names = 0;
  const open = (opened: XmlTag, path: readonly string[]) => {
    tag = opened;
    if (path.join(' ') !== file) return;
    names += 1;
    if (opened.attributes.name !== 'repomd.xml' || names > 1) {
      throw new SyntaxError('it is of another file than one repomd.xml');
    }
  };
  const close = (_: string, text: string, path: readonly string[]) => {
    const place = path.join(' ');
    const attributes = tag?.attributes ?? {};
    if (place === `${file} verification hash`) {
      if (strength.includes(attributes.type ?? '')) digests.push(checksum(attributes.type, text));
    } else if (place === `${file} resources url`) {
      if (!text.startsWith('https://')) return;
      urls.push({ url: new URL(text).href, preference: Number(attributes.preference ?? 0) });
    } else if (place === `${file} size` || place === `${file} mm0:timestamp`) {
      if (texts.has(place)) throw new SyntaxError(`it has ${path.at(-1)} twice`);
      texts.set(place, text);
    }
  };
  await readXml(whole(bytes), { open, close }, what);
  return finished(digests, urls, texts, what);
}

function finished(
  digests: readonly Checksum[],
  urls: readonly { url: string; preference: number }[],
  texts: ReadonlyMap<string, string>,
  what: string,
): Metalink {
  try {
    const [strongest] = [...digests].sort(
      (a, b) => strength.indexOf(b.algorithm) - strength.indexOf(a.algorithm),
    );
    if (strongest === undefined) throw new SyntaxError('it states no digest that holds');
    if (urls.length === 0) throw new SyntaxError('it has no address over https');
    const date = texts.get(`${file} mm0:timestamp`);
    return {
      checksum: strongest,
      size: count(texts.get(`${file} size`), 'size'),
      date: date === undefined ? undefined : time(date, 'timestamp'),
      urls: [...urls].sort((a, b) => b.preference - a.preference).map(({ url }) => url),
    };
  } catch (error) {
    throw badMetadata(what, (error as Error).message, error);
  }
}

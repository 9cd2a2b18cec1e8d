import { hashBytes, maxNumber, type NameTable, nameTableBuilder } from '../name-table.ts';

/** One package of an index, as its stanza states it; fields by their letter (apk-v2(5)). */
export type ApkStanza = ReadonlyMap<string, string>;

/** The packages of one repository for one architecture. */
export interface ApkIndex {
  /** Its maker's description, for instance `v3.20.3-120-g5f6b2ab1cbb`. */
  readonly description: string;
  /** Seconds since 1970. */
  readonly date: number;
  names(): Iterable<string>;
  /** Returns the packages of exactly that name. */
  find(name: string): ApkStanza[];
  /** Returns the packages that provide a name, other than those of that name. */
  providers(name: string): ApkStanza[];
}

/** Offsets of the stanzas in the text, and tables to find them by. */
interface Scan {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly byName: NameTable;
  readonly byProvided: NameTable;
}

const stanzaEnd = Buffer.from('\n\n');

/** Yields the bytes `start` to `end` of each stanza; empty lines separate stanzas. */
function* stanzaRanges(text: Buffer): Generator<readonly [start: number, end: number]> {
  for (let start = 0; start < text.length; ) {
    const mark = text.indexOf(stanzaEnd, start);
    const end = mark < 0 ? text.length : mark;
    if (end > start) yield [start, end];
    start = end + stanzaEnd.length;
  }
}

/** Reads a stanza. Throws SyntaxError for a line that is no field, and for a field that is there twice. */
function parseStanza(text: string): ApkStanza {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [match, letter = '', value = ''] = /^([A-Za-z]):(.*)$/s.exec(line) ?? [];
    if (match === undefined) throw new SyntaxError(`there is a line ${JSON.stringify(line)}`);
    if (fields.has(letter)) throw new SyntaxError(`a stanza says ${letter}: twice`);
    fields.set(letter, value);
  }
  return fields;
}

const bytesHash = (name: string) => {
  const bytes = Buffer.from(name);
  return hashBytes(bytes, 0, bytes.length);
};

/** Checks every stanza once, and keeps its offsets. */
function scan(text: Buffer, arch: string): Scan {
  const starts: number[] = [];
  const ends: number[] = [];
  const byName = nameTableBuilder();
  const byProvided = nameTableBuilder();
  for (const [start, end] of stanzaRanges(text)) {
    const number = starts.length;
    if (number >= maxNumber) throw new SyntaxError(`it has more than ${maxNumber} packages`);
    const stanza = parseStanza(text.toString('utf8', start, end));
    const name = stanza.get('P') ?? '';
    if (name === '') throw new SyntaxError('a stanza names no package');
    const found = stanza.get('A');
    if (found !== arch && found !== 'noarch') {
      throw new SyntaxError(`${name} is for ${found ?? 'no architecture'}, not for ${arch}`);
    }
    starts.push(start);
    ends.push(end);
    byName.add(bytesHash(name), number);
    for (const word of (stanza.get('p') ?? '').split(' ')) {
      if (word !== '') byProvided.add(bytesHash(word.replace(/=.*$/, '')), number);
    }
  }
  return { starts, ends, byName: byName.build(), byProvided: byProvided.build() };
}

/**
 * Reads the text of an APKINDEX for one architecture; only the text itself and offsets of its
 * packages stay in memory. Throws SyntaxError for a text that is no index, and for an index of
 * another architecture.
 */
export function openApkIndex(
  text: Buffer,
  arch: string,
  about: Pick<ApkIndex, 'description' | 'date'>,
): ApkIndex {
  const { starts, ends, byName, byProvided } = scan(text, arch);
  const read = (number: number) => parseStanza(text.toString('utf8', starts[number], ends[number]));
  const providesName = (stanza: ApkStanza, name: string) =>
    (stanza.get('p') ?? '').split(' ').some((word) => word.replace(/=.*$/, '') === name);
  return {
    ...about,
    *names() {
      for (const number of starts.keys()) yield read(number).get('P') ?? '';
    },
    find: (name) =>
      byName
        .find(name)
        .map(read)
        .filter((each) => each.get('P') === name),
    providers: (name) =>
      byProvided
        .find(name)
        .map(read)
        .filter((each) => each.get('P') !== name && providesName(each, name)),
  };
}

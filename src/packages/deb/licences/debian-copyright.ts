import { isExpression } from '../../../base/spdx-expression.ts';
import { exceptionIn } from '../../licences/exceptions.ts';
import { allOf, type Expression, expressionText } from '../../licences/expression.ts';
import { type ExtractedText, type Licence, licenceRef } from '../../licences/licence.ts';
import { type CopyrightFile, parseCopyright, parseSynopsis } from './copyright-format.ts';
import { debianName } from './debian-names.ts';
import { proseLicence } from './prose.ts';

const withException = /^(.*?)\s+with\s+(.*?)(?:\s+exceptions?)?$/i;

/** The surroundings of a name that is translated: its file, and the text under its line. */
interface Reader {
  readonly file: CopyrightFile;
  readonly inline: string;
  readonly known: (id: string) => boolean;
  /** Collects the licences that SPDX does not list. */
  readonly texts: Map<string, ExtractedText>;
}

/** Translates a single name into SPDX's own words; undefined when SPDX has none. */
function listed(name: string, text: string, known: Reader['known']): Expression | undefined {
  const whole = debianName(name) ?? (known(name) ? name : undefined);
  const [, base, exception] = withException.exec(name) ?? [];
  if (whole !== undefined || base === undefined || exception === undefined) return whole;
  const licence = listed(base, '', known);
  const id = exceptionIn(text);
  return typeof licence === 'string' && id !== undefined ? `${licence} WITH ${id}` : undefined;
}

function named(name: string, { file, inline, known, texts }: Reader): Expression {
  const text = file.texts.get(name) ?? inline;
  const spdx = listed(name, text, known);
  if (spdx !== undefined) return spdx;
  const words = text === '' ? `The copyright file names "${name}" and holds no text of it.` : text;
  const reference = licenceRef(name || 'unnamed', words);
  texts.set(reference.id, reference);
  return reference.id;
}

/** Finds the names in a file that are SPDX ids already. */
async function knownNames({ stated }: CopyrightFile): Promise<Set<string>> {
  const names = new Set<string>();
  for (const { synopsis } of stated) {
    parseSynopsis(synopsis, (name) => {
      for (const each of [name, withException.exec(name)?.[1] ?? name]) names.add(each);
      return name;
    });
  }
  const found = new Set<string>();
  for (const name of names) {
    if (/^[A-Za-z0-9. -]+$/.test(name) && (await isExpression(name))) found.add(name);
  }
  return found;
}

async function formatLicence(file: CopyrightFile): Promise<Licence> {
  const names = await knownNames(file);
  const texts = new Map<string, ExtractedText>();
  const parts = file.stated.map(({ synopsis, text }) =>
    parseSynopsis(synopsis, (name) =>
      named(name, { file, inline: text, known: (id) => names.has(id), texts }),
    ),
  );
  return {
    expression: expressionText(allOf(parts)),
    texts: [...texts.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    basis: 'copyright file in format 1.0: all that its paragraphs state',
  };
}

/**
 * Reads the licence of a Debian package out of its copyright file. In the machine-readable format all
 * that its paragraphs state holds together, since the format does not tell which files went into
 * which package of a source; in any other form, all that can be recognised without doubt. `name` is
 * the binary package's.
 */
export async function debianLicence(copyright: string, name: string): Promise<Licence> {
  const file = parseCopyright(copyright);
  return file === undefined ? proseLicence(copyright, name) : formatLicence(file);
}

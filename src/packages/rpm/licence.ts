import { isExpression } from '../../base/spdx-expression.ts';
import { allOf, anyOf, type Expression, expressionText } from '../licences/expression.ts';
import { type Licence, licenceRef, unknownLicence } from '../licences/licence.ts';
import { fedoraNames } from './fedora-names.ts';

const word = /\s*(\(|\)|\b(?:and|or)\b|(?:(?!\s+(?:and|or)\b|[()]).)+)/gy;

/** Splits an older statement into names, `and`, `or` and parentheses. */
const wordsOf = (text: string): string[] =>
  [...text.matchAll(word)].map(([, part = '']) => part.trim()).filter((part) => part !== '');

/** Reads older statements: names of Fedora, joined by `and` and `or`, of which `and` binds closer. */
function parseNames(words: string[]): Expression | undefined {
  const one = (): Expression | undefined => {
    const next = words.shift();
    if (next === '(') {
      const inner = either();
      return words.shift() === ')' ? inner : undefined;
    }
    return next === undefined ? undefined : fedoraNames.get(next);
  };
  const joined = (operator: string, part: () => Expression | undefined) => {
    const parts = [part()];
    while (words[0] === operator) {
      words.shift();
      parts.push(part());
    }
    const whole = parts.filter((each) => each !== undefined);
    return whole.length === parts.length ? whole : undefined;
  };
  const both = (): Expression | undefined => {
    const parts = joined('and', one);
    return parts && allOf(parts);
  };
  const either = (): Expression | undefined => {
    const parts = joined('or', both);
    return parts && anyOf(parts);
  };
  const expression = either();
  return words.length === 0 ? expression : undefined;
}

/**
 * Returns the licence of a package by its own statement: an SPDX expression, as Fedora writes since 2022, or
 * the older names of Fedora. Any other text is kept as the package states it.
 */
export async function rpmLicence(stated: string | undefined): Promise<Licence> {
  const text = stated?.trim().replace(/\s+/g, ' ') ?? '';
  if (text === '') return unknownLicence('the package states none');
  const basis = "the package's own statement";
  if (await isExpression(text)) return { expression: text, texts: [], basis };
  const older = parseNames(wordsOf(text));
  if (older !== undefined) {
    const expression = expressionText(older);
    return { expression, texts: [], basis: `${basis}, by the older names of Fedora` };
  }
  const reference = licenceRef(text, `The package states its licence as "${text}".`);
  return { expression: reference.id, texts: [reference], basis };
}

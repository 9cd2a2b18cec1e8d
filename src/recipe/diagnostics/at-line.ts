import { printed } from '../../base/characters.ts';
import { MkbaseError } from '../../base/errors.ts';
import { treesAt } from '../check.ts';
import { readSource } from '../read.ts';
import type { Recipe } from '../recipe.ts';
import { excerpt, positionOf, type Span } from './excerpt.ts';
import { parseYaml } from './parse-yaml.ts';
import type { Tree } from './yaml-tree.ts';

/** The fields whose words errors are about; in any other field the same word is a coincidence. */
const fields = ['from', 'extends', 'packages', 'files', 'accounts', 'image.user'];

/** Matches a word also where a package has a version or a recipe a release. */
const says = (value: string, word: string): boolean =>
  value === word || value.startsWith(`${word}=`) || value.endsWith(`:${word}`);

function spansOf({ value, span, fields, items = [] }: Tree, word: string): Span[] {
  const inner = [...[...(fields?.values() ?? [])].map(({ tree }) => tree), ...items];
  const own = [value].filter((text) => typeof text === 'string' && says(text, word));
  return [...own.map(() => span), ...inner.flatMap((tree) => spansOf(tree, word))];
}

/** Returns the first place of each word in a recipe's file, as `recipe.yaml:3:14` with the line below. */
async function placesIn(file: string, words: readonly string[], cwd: string): Promise<string[]> {
  const source = await readSource(file, cwd);
  const { tree } = parseYaml(source);
  const asked = fields.flatMap((path) => treesAt(tree, path));
  const spans = words.flatMap((word) => asked.flatMap((each) => spansOf(each, word)).slice(0, 1));
  return spans.map((span) => {
    const { line, column } = positionOf(source.text, span.start);
    return `${printed(source.shownAs)}:${line}:${column}\n${excerpt(source.text, span)}`;
  });
}

/**
 * Adds to an error the lines that hold the words it is about, from the recipe and from those that
 * it extends; recipes that ship with mkbase are not searched. Returns an error about none of them
 * unchanged.
 */
export async function atItsLine(
  error: unknown,
  { origin, ancestors }: Pick<Recipe, 'origin' | 'ancestors'>,
  cwd: string,
): Promise<unknown> {
  if (!(error instanceof MkbaseError) || error.about.length === 0) return error;
  const { code, message, hint, cause, about } = error;
  const own = [origin, ...ancestors].filter(({ builtIn }) => !builtIn);
  const places: string[] = [];
  for (const { file } of own) {
    places.push(...(await placesIn(file, about, cwd).catch(() => [])));
  }
  if (places.length === 0) return error;
  return new MkbaseError({
    code,
    message: [message, ...places].join('\n\n'),
    ...(hint !== undefined && { hint }),
    cause,
  });
}

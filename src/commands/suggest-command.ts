import { MkbaseError } from '../base/errors.ts';
import { commandNames } from './command-names.ts';

/**
 * `mkbase lst` asks for a recipe named lst, but a command may have been meant: then the hint of
 * RECIPE_NOT_FOUND says so, unless a recipe is suggested already. Any other error comes back as it is.
 */
export async function suggestCommand(error: unknown, recipe: string): Promise<unknown> {
  if (!(error instanceof MkbaseError) || error.code !== 'RECIPE_NOT_FOUND') return error;
  const { suggest } = await import('../base/suggest.ts');
  const command = suggest(recipe, commandNames);
  const { message, hint, cause } = error;
  if (command === undefined || hint?.startsWith('Did you mean')) return error;
  const suggestion = `Did you mean the command "mkbase ${command}"?`;
  return new MkbaseError({
    code: 'RECIPE_NOT_FOUND',
    message,
    hint: hint === undefined ? suggestion : `${suggestion} ${hint}`,
    cause,
  });
}

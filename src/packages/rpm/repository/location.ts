import { checkPath } from '../../../tar/names.ts';
import type { XmlTag } from './xml.ts';

/**
 * Reads `location`: a path below the repository's folder. Nothing in signed metadata may lead to another
 * server, or out of the folder. Throws SyntaxError.
 */
export function locationOf({ attributes }: XmlTag): string {
  const { href } = attributes;
  if (href === undefined) throw new SyntaxError('a location has no address');
  if (attributes['xml:base'] !== undefined) {
    throw new SyntaxError(`${JSON.stringify(href)} is in another repository`);
  }
  const { path, problem } = checkPath(href) as { path?: string; problem?: string };
  if (problem !== undefined || path !== href || /[?#%\\:\s]/.test(href)) {
    throw new SyntaxError(
      `the path ${JSON.stringify(href)} ${problem ?? 'is none below a folder'}`,
    );
  }
  return href;
}

import { suggest } from '../base/suggest.ts';

/** Returns a question in brackets for the word that was probably meant; else nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const meant = suggest(word, candidates);
  return meant === undefined ? '' : ` (did you mean ${meant}?)`;
}

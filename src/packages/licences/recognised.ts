/** What was found in prose whose white space is single blanks. */
export interface Recognised {
  /** SPDX ids and expressions. */
  readonly ids: readonly string[];
  /** The prose without the words that they were known by. */
  readonly rest: string;
}

/** A file and the sha256 of its bytes. */
export interface FileSum {
  /** Path below the folder that holds SHA256SUMS, for instance `lock.json` or `trust/trust.json`. */
  readonly name: string;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

const byName = (a: FileSum, b: FileSum): number => (a.name < b.name ? -1 : 1);

/** Writes SHA256SUMS, as `sha256sum --check` reads it (GNU coreutils manual, "md5 invocation"). */
export const sumsText = (sums: readonly FileSum[]): string =>
  [...sums]
    .sort(byName)
    .map(({ name, sha256 }) => `${sha256}  ${name}\n`)
    .join('');

/** A line of SHA256SUMS; its name needs no escape and cannot lead out of the folder. */
const line = /^([0-9a-f]{64}) {2}([A-Za-z0-9][A-Za-z0-9._+-]*(?:\/[A-Za-z0-9][A-Za-z0-9._+-]*)*)$/;

export interface ParsedSums {
  readonly sums: readonly FileSum[];
  /** Numbers, from 1, of the lines that are not in the one form. */
  readonly bad: readonly number[];
}

/** Parses what `sumsText` writes; lists every other line by its number. Never throws. */
export function parseSums(text: string): ParsedSums {
  const sums: FileSum[] = [];
  const bad: number[] = [];
  const lines = text.split('\n');
  if (lines.pop() !== '') bad.push(lines.length + 1);
  for (const [at, each] of lines.entries()) {
    const [, sha256, name] = line.exec(each) ?? [];
    const last = sums.at(-1);
    if (sha256 === undefined || name === undefined) bad.push(at + 1);
    else if (last !== undefined && last.name >= name) bad.push(at + 1);
    else sums.push({ name, sha256 });
  }
  return { sums, bad };
}

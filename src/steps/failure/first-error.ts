/** An error, and the lines of a log that stand around it. */
export interface FoundError {
  readonly before: readonly string[];
  readonly line: string;
  readonly after: readonly string[];
  /** The number of lines that came after the error until the log ended. */
  readonly since: number;
}

/** Reads a log line by line and keeps the first error. */
export interface ErrorFinder {
  take(line: string): void;
  found(): FoundError | undefined;
}

const linesBefore = 4;
const linesAfter = 8;
/** Characters of a line that are kept; the commands of large builds are longer. */
const longestLine = 400;

/** CSI sequences (colours) and OSC sequences (links) of ECMA-48, as compilers write them. */
const styling = /\p{Cc}\[[0-?]*[ -/]*[@-~]|\p{Cc}\][^\p{Cc}]*(?:\p{Cc}\\?)?/gu;

/** Returns a line without colours, links and carriage return. */
export const plainLine = (line: string): string =>
  /\p{Cc}/u.test(line) ? line.replace(styling, '').replace(/\r$/, '') : line;

/** A quoted line of source, a command that is told, a question of a configure script without its end, a warning: no errors. */
const quoted =
  /^\s*\d* *\||^\+ |^@?(?:echo|printf) |^checking (?!.*\.\.\. configure: error: )|(?:^|: )(?:warning|note): /i;

/** The text before `error:`: a file, its place, a program, or nothing; never a part of a command in quotes. */
const origin = String.raw`^(?:[^"'\`$|;&]*: )?`;

/** Errors in a program's sources, of the linker, and of what is missing: each is a cause. */
const causes: readonly RegExp[] = [
  // gcc, clang, lld, as, meson, configure, autoconf, rustc; `0` alone is a count.
  new RegExp(
    String.raw`${origin}(?:(?:fatal|internal compiler) )?error(?:\[\w+\])?: (?!\d+$)\S`,
    'i',
  ),
  /undefined reference to [`'‘]/,
  /\bld(?:\.\w+)?: (?:cannot find|.*(?:multiple definition of|attempted static link|file not recognized|incompatible with|relocation \S+ against))/,
  /^CMake Error/,
  /^(?:[\w./+-]+: )+(?:(?:line )?\d+: )?\S+: (?:command )?not found$/,
  /^[\w./+-]+: \d+: Syntax error|syntax error near unexpected token/,
  /\*\*\* (?:No rule to make target|No targets specified|missing separator)/,
  /^Can't (?:locate|exec|open) |^dpkg(?:-\w+)?: error|^E: |^(?:\w+\.)*\w+(?:Error|Exception): /,
  /^patch: \*\*\*\* |^Hunk #\d+ FAILED|: out of memory|^Killed$/,
  /(?:Could not resolve host|Temporary failure in name resolution|unable to access 'http)/,
];

/** Lines that a probe may print as well, whose failure is no error: it counts where no cause is found. */
const doubtful: readonly RegExp[] = [
  /^Package '?\S+ was not found|^Package '.*, not found$|^No package '/,
  /^\S*configure: (?:line )?\d+: /,
  /^[\w./+-]+: .*(?:cannot|can't|No such file or directory|Permission denied|Operation not permitted|Exec format error)/i,
  /^[\w./+-]+: (?:\d+: )?cannot open /,
  /^[\w./+-]+: (?:bad address |(?:invalid|unknown) (?:user|group)\b)|^System has not been booted/,
];

/** Lines that follow from an error elsewhere. */
const followers: readonly RegExp[] = [
  /^[\w./+-]*make(?:\[\d+\])?: \*\*\* |^FAILED: |^ninja: build stopped|^FAIL: /,
  /^(?:collect2|clang(?:\+\+)?(?:-\d+)?): error: (?:ld returned|linker command failed)/,
];

/** A word of every pattern above: most lines of a log hold none, and a hostile one has millions. */
const telling =
  /error|undefined|cannot|can't|not found|no such|denied|not permitted|\*\*\*|^E: |exception|multiple def|static link|not recognized|incompatible|relocation|hunk #|memory|killed|could not|bad address|unknown |invalid |not been booted|temporary failure|unable to|package |configure|fail|ninja|clang/i;

/** Returns how surely a line is the error: 0 for a cause, 2 for what follows from one; undefined for none. */
function rankOf(line: string): number | undefined {
  if (!telling.test(line) || quoted.test(line)) return undefined;
  const matches = (pattern: RegExp) => pattern.test(line);
  const isFollower = followers.some(matches) && !/\*\*\* (?:No |missing )/.test(line);
  if (isFollower) return 2;
  if (doubtful.some(matches)) return causes[0]?.test(line) ? 0 : 1;
  return causes.some(matches) ? 0 : undefined;
}

interface Kept {
  readonly before: readonly string[];
  readonly line: string;
  readonly after: string[];
  readonly at: number;
}

/** Opens a reader that keeps the first cause of failure, else the first line that may be one. */
export function errorFinder(): ErrorFinder {
  const kept: (Kept | undefined)[] = [];
  const recent: string[] = [];
  let count = 0;
  const take = (raw: string) => {
    const whole = plainLine(raw);
    const line = whole.length > longestLine ? `${whole.slice(0, longestLine)}…` : whole;
    for (const each of kept) if (each && each.after.length < linesAfter) each.after.push(line);
    count += 1;
    const rank = kept[0] === undefined ? rankOf(line) : undefined;
    if (rank !== undefined) kept[rank] ??= { before: [...recent], line, after: [], at: count };
    recent.push(line);
    if (recent.length > linesBefore) recent.shift();
  };
  return {
    take,
    found() {
      const first = kept.find((each) => each !== undefined);
      return first && { ...first, since: count - first.at };
    },
  };
}

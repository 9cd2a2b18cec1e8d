import { MkbaseError } from '../../base/errors.ts';

/** A scriptlet that failed, as rpm names it: `%post(bash-5.2-1.x86_64)`. */
export interface FailedScriptlet {
  readonly scriptlet: string;
  /** Name, version, release and architecture. */
  readonly package: string;
  readonly line: string;
}

/** The names of scriptlets that are not the same as in a spec file. */
const inSpec: Readonly<Record<string, string>> = {
  prein: 'pre',
  postin: 'post',
  preun: 'preun',
  postun: 'postun',
};

/** What a scriptlet printed last may have ended without a newline: rpm's words then follow on its line. */
const failed = /(?:warning|error): (%\w+)\(([^\s()]+)\) scriptlet failed\b/;

/** Of most scriptlets in Lua, rpm says nothing but this. */
const failedLua =
  /error: (?:lua script failed|invalid syntax in lua script\w*): \[string "(%\w+)\(([^\s()]+)\)"\]/;

/** Finds the scriptlets in rpm's words that failed. rpm ends well all the same, but for those before an installation. */
export const failedScriptlets = (words: string): FailedScriptlet[] =>
  words.split('\n').flatMap((line) => {
    const [, name = '', of = ''] = failed.exec(line) ?? failedLua.exec(line) ?? [];
    if (name === '') return [];
    return [{ scriptlet: `%${inSpec[name.slice(1)] ?? name.slice(1)}`, package: of, line }];
  });

/** rpm's words that only tell of what mkbase asked for. */
const idle = /^(?:rpm: |error: rpm: |.*deprecated)/;

/** Returns the words that precede a line, for people. */
function before(words: string, line: string): string {
  const lines = words.split('\n').filter((each) => !idle.test(each));
  const at = lines.indexOf(line);
  return lines
    .slice(Math.max(0, at - 10), at + 1)
    .map((each) => `  ${each}`)
    .join('\n');
}

/** Refuses what rpm could not install whole, by its words and its exit status. Throws BUILD_FAILED. */
export function refuseFailed(words: string, status: string): void {
  const [first] = failedScriptlets(words);
  if (first !== undefined) {
    const name = first.package.replace(/-[^-]+-[^-]+$/, '');
    throw new MkbaseError({
      code: 'BUILD_FAILED',
      message: `The ${first.scriptlet} scriptlet of ${first.package} failed:\n${before(words, first.line)}`,
      hint: `It runs without network, without /proc and without services. Where the image can do without the package, take it out of "packages", or name ${name} under "exclude"; else report it to the package's maker.`,
      about: [name],
    });
  }
  if (status === '0') return;
  const last = words.trim().split('\n').slice(-20);
  throw new MkbaseError({
    code: 'BUILD_FAILED',
    message: `rpm cannot install the packages (exit status ${status}):\n${last.map((each) => `  ${each}`).join('\n')}`,
    hint: 'Take out, under "packages", what rpm names; a conflict of files is a fault of the repository.',
  });
}

import { packageOfTool } from '../../packages/deb/tool-packages.ts';
import { addTool, type Cause, type FailedBuild } from './cause.ts';
import { packageOfModule } from './debian-packages.ts';

const word = String.raw`[\w.+-]+`;

function cureTool(tool: string, build: FailedBuild): string {
  const name = packageOfTool(tool);
  if (name === undefined) {
    return `The builder has no ${tool}. Add the Debian package that has it to \`packages\` of the toolchain; \`apt-file search bin/${tool}\` finds that.`;
  }
  if (build.packages.includes(name)) {
    return `The builder has Debian's package ${name}, but no program of the name ${tool}: it may be there under a name with its version; \`build: [[sh, -c, "ls /usr/bin/${tool}*"]]\` shows that.`;
  }
  return `The builder has no ${tool}, which is in Debian's package ${name}. ${addTool(build, name)}`;
}

const tool = (pattern: RegExp): Cause => ({
  pattern,
  cure: ([name = ''], build) => cureTool(name, build),
});

/** A configure ends in words of its own, which may well mean a library. */
const toolOfConfigure = (words: string): Cause => ({
  pattern: new RegExp(`(?:^|\\.\\.\\. )configure: error: (?:.*? )??${words}`),
  cure: ([name = ''], build) =>
    packageOfTool(name) === undefined || packageOfModule(name) !== undefined
      ? undefined
      : cureTool(name, build),
});

/** The macros that come with a package of their own; autoconf leaves them as they are where it is missing. */
const macros: readonly (readonly [macro: RegExp, name: string])[] = [
  [/^PKG_/, 'pkgconf'],
  [/^(?:LT_|AC_PROG_LIBTOOL)/, 'libtool'],
  [/^(?:AM_GNU_GETTEXT|AM_NLS)/, 'gettext'],
  [/^AX_/, 'autoconf-archive'],
  [/^AM_/, 'automake'],
];

function cureMacro(macro: string, build: FailedBuild): string | undefined {
  const [, name] = macros.find(([pattern]) => pattern.test(macro)) ?? [];
  if (name === undefined) return undefined;
  return `${macro} is a macro of Debian's package ${name}. ${addTool(build, name)}`;
}

export const missingTools: readonly Cause[] = [
  // A shell, by itself or for make.
  tool(new RegExp(`^(?:\\S+: )+(?:line )?\\d+: (${word}): (?:command )?not found$`)),
  tool(new RegExp(`^(?:bash|sh|zsh): (${word}): (?:command )?not found$`)),
  tool(new RegExp(`^(?:g|b)?make(?:\\[\\d+\\])?: (${word}): No such file or directory$`)),
  tool(new RegExp(`^(?:/usr/bin/)?env: ['‘]?(${word})['’]?: No such file or directory$`)),
  tool(new RegExp(`^Can't exec "(${word})"`)),
  tool(new RegExp(`Program ['"](${word})['"].* not found`)),
  tool(new RegExp(`exec: "(${word})": executable file not found`)),
  toolOfConfigure(
    `(${word}) (?:was |is |could )?(?:not |be )*(?:found|required|needed|missing)\\b`,
  ),
  toolOfConfigure(`(?:not find|cannot find|needs?|requires?) (${word})`),
  {
    pattern:
      /(?:^|: )((?:\.{1,2})?\/\S+): not found$|^make(?:\[\d+\])?: (\.{0,2}\/\S+): No such file or directory$/,
    cure: ([told, made]) =>
      `Either there is no ${told ?? made}, or its first line (#!) names a program that the builder has not: add the Debian package of that to \`packages\` of the toolchain.`,
  },
  {
    pattern: /(?:^|: )((?:\.{1,2})?\/\S+): Permission denied$/,
    cure: ([path = '']) =>
      `${path} is no program that may be run: \`chmod +x\` it beside the recipe, or name the one that reads it first, for instance \`[sh, ${path}]\`.`,
  },
  {
    pattern:
      /possibly undefined macro: (\w+)|near unexpected token [`'][^']*'|syntax error.*\b(PKG_\w+)/i,
    cure: ([macro, other], build, line) => cureMacro(macro ?? other ?? configureMacro(line), build),
  },
];

/** Guesses the macro that stands unexpanded in a configure script, by the module that it names. */
const configureMacro = (line: string): string =>
  /token [`'][A-Z]\w*,/.test(line) ? 'PKG_CHECK_MODULES' : '';

import { posix } from 'node:path';
import { addTool, type Cause, type FailedBuild } from './cause.ts';

/** Files that tell how sources are built, and the commands for that. */
const ways: readonly (readonly [file: RegExp, commands: string])[] = [
  [
    /^CMakeLists\.txt$/,
    'the commands of CMake, `[cmake, -S, ., -B, build]` and `[cmake, --build, build]`',
  ],
  [
    /^meson\.build$/,
    'the commands of meson, `[meson, setup, build]` and `[meson, compile, -C, build]`',
  ],
  [/^(?:GNUm|M|m)akefile$/, '`[make]` alone'],
];

function cureConfigure(beside: readonly string[], build: FailedBuild): string | undefined {
  const from = beside.find((file) => /^configure\.(?:ac|in)$/.test(file));
  if (from === undefined) return undefined;
  const own = beside.find((file) => /^(?:autogen|bootstrap|buildconf)(?:\.sh)?$/.test(file));
  const other = own === undefined ? '' : ` (or what the project has for that, ./${own})`;
  return `The sources have ${from}, from which configure is made: let \`[autoreconf, -fi]\`${other} run before. ${addTool(build, 'autoconf', 'automake', 'libtool')}`;
}

function cureScript(script: string, files: string, build: FailedBuild): string {
  const beside = files.split(' ');
  const cure = /^configure$/.test(posix.basename(script)) && cureConfigure(beside, build);
  if (cure) return cure;
  const [, commands] = ways.find(([file]) => beside.some((each) => file.test(each))) ?? [];
  return commands === undefined
    ? 'Commands start at the top of the sources: correct the path, or make the file with a command of `build` before.'
    : `Correct the path, or take ${commands}: the sources have what that needs.`;
}

/** Reads what the script of a build says before it runs a file that is not there (kinds/static/own-script.ts). */
export const missingScripts: readonly Cause[] = [
  {
    pattern: /^build\.sh: error: The sources have no (.+), but: (.*)$/,
    cure: ([script = '', files = ''], build) => cureScript(script, files, build),
  },
];

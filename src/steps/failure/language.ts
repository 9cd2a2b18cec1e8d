import { addFlag, type Cause, type FailedBuild } from './cause.ts';
import { headerOf } from './declared-in.ts';
import { cureOnlyGlibc } from './undefined-references.ts';

/** Functions that a C library declares only where it is asked for what GNU adds to POSIX. */
const ofGnu =
  /^(?:v?asprintf|strcasestr|strchrnul|mempcpy|memmem|memrchr|strverscmp|pipe2|dup3|accept4|secure_getenv|qsort_r|fopencookie|sched_[sg]etaffinity|setns|unshare|syncfs|copy_file_range|ppoll|getopt_long_only|program_invocation\w*|euidaccess|eaccess|fallocate|splice|tee|vmsplice|get_current_dir_name|strsignal|setresuid|setresgid|getresuid|getresgid|prlimit|memfd_create|getline|getdelim|strdup|strndup|usleep|wcwidth|strptime|timegm|setgroups|initgroups|chroot|daemon)$/;

/** The places from which builds of mkbase and those of others take a macro and a flag. */
const define = ({ compiles }: FailedBuild, macro: string): string =>
  compiles ? `\`defines: { ${macro}: true }\`` : addFlag(`-D${macro}`);

const refused = 'GCC 14 refuses a call of what nothing declares:';

function cureImplicit(name: string, build: FailedBuild): string {
  if (/^\w+64(?:_\w+)?$/.test(name) && build.libc === 'musl') {
    return `musl has no ${name}, since its files are large ones always: use the name without 64.`;
  }
  const without = cureOnlyGlibc(name, build);
  if (without !== undefined) return without;
  if (ofGnu.test(name)) {
    return `${refused} include the header that declares ${name}. The C library declares it only with ${define(build, '_GNU_SOURCE')}.`;
  }
  const header = headerOf(name);
  if (header === undefined) {
    return `${refused} include the header that declares ${name}. For older sources that cannot be changed, if it returns an int and no pointer: ${addFlag('-Wno-error=implicit-function-declaration')}.`;
  }
  const other =
    name === 'basename' && build.libc === 'musl' ? ' (only glibc has it in <string.h>, too)' : '';
  const included = addFlag('-include', header);
  // A probe declares the function itself, and fails where a header has done so already; and what is included
  // comes before config.h, which asks for all functions.
  const probed = build.compiles
    ? ''
    : `, or where ./configure probes for functions, for make alone: \`[make, "CFLAGS=-O2 -D_GNU_SOURCE -include ${header}"]\``;
  return `${refused} include <${header}>, which declares ${name}${other}. For sources that cannot be changed: ${included}${probed}.`;
}

/** The names that GCC 14 turned from warnings into errors (its porting guide), besides calls undeclared. */
const stricter =
  /error: .*\[-W(?:error=)?(implicit-int|int-conversion|incompatible-pointer-types|return-mismatch|declaration-missing-parameter-type)\]/;

export const language: readonly Cause[] = [
  {
    pattern:
      /implicit declaration of function ['‘`](\w+)['’]|call to undeclared (?:library )?function '(\w+)'/,
    cure: ([gcc, clang], build) => cureImplicit(gcc ?? clang ?? '', build),
  },
  {
    pattern: stricter,
    cure: ([warning = '']) =>
      `GCC 14 refuses what older ones warned of. Correct it, or for older sources that cannot be changed: ${addFlag(`-Wno-error=${warning}`)}.`,
  },
  {
    pattern: /error: .*\[-Werror(?:=|,-W)?([\w+-]*)/,
    cure: () =>
      `The build itself makes errors of warnings. Leave its -Werror out (many have an option such as --disable-werror or -DCMAKE_COMPILE_WARNING_AS_ERROR=OFF), or set ${addFlag('-Wno-error')}.`,
  },
  {
    pattern: /multiple definition of/,
    cure: () =>
      `Since GCC 10 a variable that a header defines is one of each file. Make it \`extern\` there, or for older sources that cannot be changed: ${addFlag('-fcommon')}.`,
  },
  {
    pattern:
      /relocation \S+ against .* can not be used when making a (?:PIE|shared) object; recompile with -fPI[CE]/,
    cure: () =>
      `Compile everything alike: with ${addFlag('-fPIE')} for -static-pie, or without -pie.`,
  },
  {
    pattern: /(?:unrecognized command-line option|unknown argument:?) ['‘]([^'’]* -[^'’]*)['’]/,
    cure: ([words = '']) =>
      `"${words}" came as one word. Write each flag as a word of its own in the list.`,
  },
  {
    pattern: /C compiler cannot create executables/,
    cure: () =>
      'The compiler refuses the flags that it is given: look at `flags`, `linkFlags` and `env` of the recipe. `build: [[sh, -c, "./configure || cat config.log"]]` shows what it says.',
  },
];

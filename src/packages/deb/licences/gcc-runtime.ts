/** What GCC's copyright file calls the library that a binary package holds. */
const libraries: readonly (readonly [packages: RegExp, library: string])[] = [
  [/^libgcc(?:\d|-)/, 'libgcc'],
  [/^libstdc\+\+/, 'libstdc++-v3'],
  [/^libatomic\d/, 'libatomic'],
  [/^libgomp\d/, 'libgomp'],
  [/^libitm\d/, 'libitm'],
  [/^libssp\d/, 'libssp'],
  [/^libgfortran/, 'libgfortran'],
];

const sentence =
  /The following runtime libraries are licensed under the terms of the GNU General Public License \(v3 or later\) with version 3\.1 of the GCC Runtime Library Exception \(included in this file\):(.*?) The libbacktrace library/;

/**
 * GCC's copyright file covers the compilers and their libraries, and says which of the libraries have
 * the runtime exception. Undefined for any other file, and for a package that it does not name there.
 */
export function gccRuntimeLicence(line: string, name: string): string | undefined {
  const library = libraries.find(([packages]) => packages.test(name))?.[1];
  const listed = sentence
    .exec(line)?.[1]
    ?.split(' - ')
    .map((each) => each.trim().split(/[ (]/)[0]);
  if (library === undefined || !listed?.includes(library)) return undefined;
  return 'GPL-3.0-or-later WITH GCC-exception-3.1';
}

import { developmentPackages } from './development-packages.ts';

/** A Debian package that a build can be given. */
export interface DebianPackage {
  readonly name: string;
  /** Its names for pkg-config. */
  readonly modules: readonly string[];
  /** Names of the libraries of which there is no static one. */
  readonly sharedOnly: readonly string[];
}

interface Row extends DebianPackage {
  readonly headers: readonly string[];
  readonly libraries: readonly string[];
}

const words = (text = ''): string[] => text.split(' ').filter((word) => word !== '');

function rowOf(line: string): Row {
  const [name = '', rest = ''] = line.split(': ');
  const [headers, libraries, modules] = rest.split('|').map(words);
  return {
    name,
    headers: headers ?? [],
    modules: modules ?? [],
    libraries: (libraries ?? []).map((each) => each.replace('!', '')),
    sharedOnly: (libraries ?? []).flatMap((each) =>
      each.endsWith('!') ? [each.slice(0, -1)] : [],
    ),
  };
}

const linesOf = (table: string): string[] => table.trim().split('\n');

/** Reads the table once it is asked: only a build that failed needs it. */
let rows: readonly Row[] | undefined;
const allRows = () => (rows ??= linesOf(developmentPackages).map(rowOf));

/** Finds the package of a header, as it stands in `#include`. */
export function packageOfHeader(header: string): DebianPackage | undefined {
  const holds = (unit: string) => (unit.endsWith('/') ? header.startsWith(unit) : header === unit);
  return allRows().find(({ headers }) => headers.some(holds));
}

/** Finds the package of a library, `z` for `-lz`. */
export const packageOfLibrary = (library: string): DebianPackage | undefined =>
  allRows().find(({ libraries }) => libraries.includes(library));

/** Finds the package of what pkg-config calls by this name. */
export const packageOfModule = (module: string): DebianPackage | undefined =>
  allRows().find(({ modules }) => modules.includes(module));

/** Returns the letters and digits of a name; CMake, Meson and others write `OpenSSL`, `lib-xml-2.0` and the like. */
const bare = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^lib/, '')
    .replace(/[^a-z0-9]/g, '');

/** Finds the package of a dependency as build systems name it: `ZLIB`, `OpenSSL`, `libcurl`, `LibXml2`. */
export function packageOfDependency(name: string): DebianPackage | undefined {
  const wanted = bare(name);
  const called = ({ modules, libraries }: Row) => [...modules, ...libraries];
  return (
    packageOfModule(name) ??
    allRows().find((row) => called(row).some((each) => bare(each) === wanted)) ??
    allRows().find((row) => bare(row.name.replace(/-dev$/, '')) === wanted)
  );
}

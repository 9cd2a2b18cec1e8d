/** The places that pacman works with, and the repositories that it installs from. */
export interface PacmanPlaces {
  readonly root: string;
  readonly database: string;
  /** A folder for files that are no part of the tree. */
  readonly own: string;
  readonly arch: string;
  /** Name → URL, in the order in which they count. */
  readonly repositories: ReadonlyMap<string, string>;
  /** Paths that packages bring and that are not unpacked. */
  readonly leftOut?: readonly string[];
}

/**
 * Writes a pacman.conf(5). pacman asks for no signatures: mkbase has verified those of the packages, and the
 * database of what is installed is mkbase's own. There is no network from which a sandbox would protect it.
 */
export function pacmanConfiguration(places: PacmanPlaces): string {
  const { root, database, own, arch, repositories, leftOut = [] } = places;
  return [
    '[options]',
    `RootDir = ${root}`,
    `DBPath = ${database}`,
    `CacheDir = ${own}/cache`,
    `LogFile = ${own}/pacman.log`,
    `GPGDir = ${own}/gnupg`,
    `Architecture = ${arch}`,
    'SigLevel = Never',
    'LocalFileSigLevel = Never',
    'DisableSandbox',
    ...(leftOut.length > 0 ? [`NoExtract = ${leftOut.join(' ')}`] : []),
    ...[...repositories].flatMap(([name, url]) => [`[${name}]`, `Server = ${url}`]),
    '',
  ].join('\n');
}

import { type ErrorCode, exitCodes } from '../base/errors.ts';
import { wrap } from '../ui/text.ts';

/** Environment variables that mkbase itself reads, for help and documentation. */
export const environmentVariables: Readonly<Record<string, string>> = {
  MKBASE_ENGINE: 'Engine, where --engine is not given.',
  MKBASE_DEBIAN_MIRROR: "Debian mirror, where --mirror is not given; else the host's own.",
  MKBASE_DEBIAN_SECURITY_MIRROR: 'The same for the security suites.',
  MKBASE_SNAPSHOT_MIRROR: 'Archive of past states of Debian, asked where mirrors fail.',
  MKBASE_DEBIAN_ARCHIVE: 'Folder of debian/ and debian-security/ with suites that have ended.',
  MKBASE_UBUNTU_MIRROR: "Ubuntu mirror, where --mirror is not given; else the recipe's.",
  MKBASE_UBUNTU_SECURITY_MIRROR: 'The same for the security suites.',
  MKBASE_UBUNTU_ARCHIVE: 'Folder of ubuntu/ with releases that have ended.',
  MKBASE_ALPINE_MIRROR: "Alpine mirror, where --mirror is not given; else the recipe's.",
  MKBASE_ARCH_MIRROR: "Archive of Arch Linux, where --mirror is not given; else the recipe's.",
  MKBASE_WOLFI_MIRROR: "Wolfi mirror, where --mirror is not given; else the recipe's.",
  MKBASE_SIGN_PASSPHRASE: 'Passphrase of the key that signs, where no file is named.',
  MKBASE_DEBUG: '1 prints stacks with errors.',
  SOURCE_DATE_EPOCH: 'Seconds since 1970: the latest time in an image.',
  XDG_CACHE_HOME: 'Downloads and builders are kept in mkbase/ below it; ~/.cache when unset.',
  XDG_STATE_HOME: 'What mkbase remembers is in mkbase/ below it; ~/.local/state when unset.',
  TMPDIR: 'Folder for temporary files.',
  DOCKER_CONFIG: 'Folder of config.json with the credentials for registries; ~/.docker when unset.',
  SSL_CERT_FILE: 'Certificate authorities (PEM) that registries are believed by, too.',
  DOCKER_HOST: 'Daemon, as the docker CLI takes it; so are DOCKER_CONTEXT and CONTAINER_HOST.',
  HTTPS_PROXY: 'Proxy; so are HTTP_PROXY and NO_PROXY.',
  NO_COLOR: 'No colour, when not empty.',
  FORCE_COLOR: 'Colour without a terminal, when not empty or 0.',
  CI: 'Progress as plain lines even on a terminal; a lock that does not fit is refused.',
};

/** Meanings of the exit codes, for help and documentation; the codes themselves are in errors.ts. */
const meanings: Readonly<Record<number, string>> = {
  0: 'Done.',
  1: 'A defect in mkbase.',
  2: 'The command line is wrong.',
  3: 'The recipe is missing or wrong.',
  4: 'An input could not be had, or cannot be trusted.',
  5: 'No engine can work here, or the engine failed.',
  6: 'The build failed, or its result was refused.',
  7: 'The engine stored something other than what was built.',
  8: 'A smoke test failed.',
  9: 'No space left, or a file could not be read or written.',
  10: 'The lock is missing, damaged, or for something else than the recipe asks for.',
  11: 'What was verified is not as claimed, or what was compared differs.',
  12: 'The image is not what a policy asks for.',
  13: 'A registry refuses, fails, or sends what was not asked for.',
  130: 'Stopped by Ctrl-C; 143 when stopped by SIGTERM.',
};

export interface ExitCodeMeaning {
  readonly exitCode: number;
  readonly meaning: string;
  readonly codes: readonly ErrorCode[];
}

/** Returns every exit code in ascending order, with the error codes that lead to it. */
export function exitCodeMeanings(): ExitCodeMeaning[] {
  const all = Object.entries(exitCodes) as [ErrorCode, number][];
  const numbers = [...new Set([0, ...all.map(([, exitCode]) => exitCode)])].sort((a, b) => a - b);
  return numbers.map((exitCode) => ({
    exitCode,
    meaning: meanings[exitCode] ?? '',
    codes: all.filter(([, number]) => number === exitCode).map(([code]) => code),
  }));
}

/** Help is read in terminals of every width; this one fits them all. */
const columns = 80;

function section(title: string, rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  const indent = ' '.repeat(width + 4);
  const lines = rows.map(([left, right]) => {
    const text = wrap(right, columns - indent.length).join(`\n${indent}`);
    return `  ${left.padEnd(width)}  ${text}`;
  });
  return `\n${title}:\n${lines.join('\n')}`;
}

/** Example command lines of each command that has some. */
export const examples = {
  build: section('Examples', [
    ['mkbase hello', 'a built-in recipe'],
    ['mkbase ./my-app', 'a folder with a recipe.yaml'],
    ['mkbase hello -t me/hello:1.0', 'another tag'],
    ['mkbase hello -o type=oci,dest=hello/', 'an OCI layout folder'],
    ['mkbase hello --platform all', 'every platform, under one index'],
    ['mkbase hello -t HOST/me/hello:1.0 --push', 'into a registry, with its evidence'],
    ['mkbase hello --json | jq -r .diffId', 'for scripts'],
    ['mkbase ./my-app --on-failure shell', 'look into a step that fails'],
    ['mkbase build list', 'a recipe named like a command'],
  ]),
  run: section('Examples', [
    ['mkbase run hello', "the image's own command"],
    ['mkbase run lua -- -v', 'arguments that begin with -'],
    ['mkbase run ./app --watch', 'again whenever a file of it changes'],
  ]),
  watch: section('Examples', [
    ['mkbase watch ./app', 'builds and tests it again after each change'],
    ['mkbase watch ./app -t me/app', 'with a tag of your own'],
  ]),
  shell: section('Examples', [
    ['mkbase shell ./my-app', 'a shell in the builder, beside the sources'],
    ['mkbase shell hello -- cc --version', 'one command there'],
    ['mkbase shell debian', 'a shell in the finished root filesystem'],
    ['mkbase shell hello <script.sh', 'a script there'],
  ]),
  export: section('Examples', [
    ['mkbase export alpine --dockerfile alpine', 'alpine/Dockerfile, alpine/rootfs.tar.xz'],
    ['docker build --tag me/alpine alpine', 'what it is for'],
  ]),
  copy: section('Examples', [
    ['mkbase copy HOST/team/app:1 OTHER/app:1', 'from one registry to another'],
    ['mkbase copy HOST/team/app:1 oci:app', 'into an OCI layout, with its evidence'],
    ['mkbase copy oci-archive:app.tar HOST/app:1', 'from an archive'],
  ]),
  lock: section('Examples', [
    ['mkbase lock ./my-app', 'writes my-app/recipe.lock.json'],
    ['mkbase lock hello', 'a built-in: writes mkbase-out/hello/lock.json'],
  ]),
  update: section('Examples', [
    ['mkbase update ./my-app', 'the newest versions of everything'],
    ['mkbase update ./my-app --only openssl', 'of one package, and its family'],
  ]),
  bundle: section('Examples', [
    ['mkbase bundle hello -o hello-inputs.tar', 'all that hello is made from'],
    ['mkbase hello --inputs hello-inputs.tar --offline', 'and hello made from it'],
  ]),
  verify: section('Examples', [
    ['mkbase verify hello', 'what a build left in mkbase-out/hello'],
    ['mkbase verify image.oci.tar', 'an archive, and the evidence beside it'],
    ['mkbase verify mkbase/hello', 'the image in the engine'],
  ]),
  diff: section('Examples', [
    ['mkbase diff old/ mkbase-out/hello', 'two output folders'],
    ['mkbase diff mkbase/debian:old mkbase/debian', 'two images in the engine'],
    ['mkbase diff a.lock.json b.lock.json --markdown', 'two locks'],
  ]),
  sign: section('Examples', [
    ['mkbase sign --generate-key key.pem', 'a pair: key.pem and key.pem.pub'],
    ['mkbase sign hello --key key.pem', 'what a build left in mkbase-out/hello'],
    ['mkbase verify hello --key key.pem.pub', 'check the signatures'],
  ]),
  init: section('Examples', [
    ['mkbase init my-app', 'a C program, linked statically'],
    ['mkbase init my-base --kind debs', 'Debian packages, without a package manager'],
  ]),
  completion: section('Set up', [
    ['source <(mkbase completion bash)', 'in ~/.bashrc'],
    ['source <(mkbase completion zsh)', 'in ~/.zshrc, after compinit'],
    ['mkbase completion fish | source', 'in ~/.config/fish/config.fish'],
  ]),
};

/** Returns what `mkbase --help` says after commands and options. */
export function rootHelp(): string {
  return [
    section('Examples', [
      ['mkbase hello', 'make the smallest image'],
      ['docker run --rm mkbase/hello', 'run it'],
      ['mkbase run hello', 'run it where no daemon is'],
      ['mkbase list', 'what else there is to make'],
    ]),
    section('Environment', Object.entries(environmentVariables)),
    section(
      'Exit codes',
      exitCodeMeanings().map(({ exitCode, meaning }) => [String(exitCode), meaning]),
    ),
  ].join('\n');
}
